// What the names of migration files tell: kind, version, title, direction, database.
#pragma once

#include "migrations/layout.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

// "a/b/c.sql" → "c.sql"; and "a/b", which is empty for a file without a folder.
std::string_view base_name(std::string_view path);
std::string_view folder_name(std::string_view path);

// SQL for PostgreSQL by its ending: .sql, .pgsql, .psql, .ddl, .sql.postgres.
bool is_sql_file(std::string_view path);
// A script that may have SQL for psql in it: .sh, .bash, and .in behind it, which configure makes one of.
bool is_shell_script(std::string_view path);
// The name without folder and SQL ending; the whole name for other files.
std::string_view stem(std::string_view path);

bool all_digits(std::string_view text);
// Of digits only, of any length: smaller, equal or greater as numbers.
int compare_numbers(std::string_view a, std::string_view b);
// The digits that `text` begins with.
std::string_view leading_digits(std::string_view text);

// <digits>_<title>, as most runners have it.
struct VersionedName {
  std::string_view version;
  std::string_view title;
};
std::optional<VersionedName> versioned_name(std::string_view stem);

// YYYYMMDD_HHmmss_title, cupel's own: the revision YYYYMMDD_HHmmss and the title. Hyphens may take the underscores' place.
std::optional<VersionedName> dated_name(std::string_view stem);

// <digits>_<title>[.<database>][.autocommit].up|down: golang-migrate, sqlx, pop.
struct DirectedName {
  std::string_view version;
  std::string_view title;
  std::string_view database;  // "postgres", "mysql" …; empty: for all
  bool autocommit = false;
  Direction direction = Direction::upgrade;
};
std::optional<DirectedName> directed_name(std::string_view path);

// A database's name as files and folders spell it, in lower case.
bool names_postgres(std::string_view word);
bool names_other_database(std::string_view word);
// The files without those that name another database in a folder, or in a part between dots, or after the last - or _
// beside a twin that names PostgreSQL there. When nothing else would be left, all of them.
std::vector<std::string> without_other_databases(std::vector<std::string> sorted_files);

// Whether the nearest file named `name`, above the folder or in it, is nearer than all of `others`: what a project is written in.
bool is_nearest(const Folder& folder, std::string_view name, std::initializer_list<std::string_view> others);

// SQL files of the folder itself, and a few of their texts for recognition: the first, the last and the one between.
std::vector<std::string_view> direct_sql_files(const Folder& folder);
std::vector<std::string_view> sample(const Folder& folder, const std::vector<std::string_view>& files);

}  // namespace cupel::migrations

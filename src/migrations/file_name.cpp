#include "migrations/file_name.h"

#include "migrations/text_lines.h"

#include <algorithm>
#include <array>

namespace cupel::migrations {
namespace {

constexpr std::array<std::string_view, 5> sql_endings = {".sql", ".pgsql", ".psql", ".ddl", ".sql.postgres"};

std::string_view sql_ending(std::string_view path) {
  for (const std::string_view ending : sql_endings) {
    if (path.size() > ending.size() && equals_ignoring_case(path.substr(path.size() - ending.size()), ending)) return ending;
  }
  return {};
}

// Calls `visit` with each part of `text` between `separator`.
template <class Visit>
bool any_part(std::string_view text, char separator, Visit visit) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find(separator, begin), text.size());
    if (visit(text.substr(begin, end - begin))) return true;
    begin = end + 1;
  }
  return false;
}

bool in_other_database(std::string_view path, const std::vector<std::string>& sorted_files) {
  if (any_part(folder_name(path), '/', names_other_database)) return true;
  const std::string_view name = base_name(path);
  // The part before the first dot is a title: "sqlite.sql" may well be about something else.
  const std::size_t dot = name.find('.');
  if (dot != std::string_view::npos && any_part(name.substr(dot + 1), '.', names_other_database)) return true;

  const std::string_view base = stem(name);
  const std::size_t separator = base.find_last_of("-_");
  if (separator == std::string_view::npos || !names_other_database(base.substr(separator + 1))) return false;
  const std::string before(path.substr(0, path.size() - name.size() + separator + 1));
  for (auto twin = std::lower_bound(sorted_files.begin(), sorted_files.end(), before);
       twin != sorted_files.end() && twin->compare(0, before.size(), before) == 0; ++twin) {
    if (names_postgres(stem(std::string_view(*twin).substr(before.size())))) return true;
  }
  return false;
}

}  // namespace

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view folder_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view{} : path.substr(0, slash);
}

bool is_sql_file(std::string_view path) {
  const std::string_view ending = sql_ending(path);
  return !ending.empty() && path[path.size() - ending.size() - 1] != '/';
}

bool is_shell_script(std::string_view path) {
  if (path.ends_with(".in")) path.remove_suffix(3);
  return path.ends_with(".sh") || path.ends_with(".bash");
}

std::string_view stem(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.substr(0, name.size() - sql_ending(name).size());
}

bool all_digits(std::string_view text) { return !text.empty() && leading_digits(text).size() == text.size(); }

std::string_view leading_digits(std::string_view text) {
  return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

int compare_numbers(std::string_view a, std::string_view b) {
  a.remove_prefix(std::min(a.find_first_not_of('0'), a.size()));
  b.remove_prefix(std::min(b.find_first_not_of('0'), b.size()));
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

std::optional<VersionedName> versioned_name(std::string_view stem) {
  const std::string_view version = leading_digits(stem);
  if (version.empty() || version.size() == stem.size() || stem[version.size()] != '_') return std::nullopt;
  return VersionedName{version, stem.substr(version.size() + 1)};
}

std::optional<VersionedName> dated_name(std::string_view stem) {
  const auto is_separator = [](char c) { return c == '_' || c == '-'; };
  if (stem.size() < 17 || !is_separator(stem[8]) || !is_separator(stem[15])) return std::nullopt;
  if (!all_digits(stem.substr(0, 8)) || !all_digits(stem.substr(9, 6))) return std::nullopt;
  return VersionedName{stem.substr(0, 15), stem.substr(16)};
}

std::optional<DirectedName> directed_name(std::string_view path) {
  if (!is_sql_file(path)) return std::nullopt;
  const std::string_view base = stem(path);
  const std::size_t dot = base.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const std::string_view direction = base.substr(dot + 1);
  if (direction != "up" && direction != "down") return std::nullopt;
  const auto versioned = versioned_name(base.substr(0, dot));
  if (!versioned) return std::nullopt;

  DirectedName name{.version = versioned->version,
                    .title = versioned->title,
                    .database = {},
                    .autocommit = false,
                    .direction = direction == "up" ? Direction::upgrade : Direction::downgrade};
  constexpr std::string_view autocommit = ".autocommit";
  if (name.title.ends_with(autocommit)) {
    name.autocommit = true;
    name.title.remove_suffix(autocommit.size());
  }
  const std::size_t database = name.title.rfind('.');
  if (database != std::string_view::npos) {
    const std::string_view word = name.title.substr(database + 1);
    if (names_postgres(word) || names_other_database(word)) {
      name.database = word;
      name.title = name.title.substr(0, database);
    }
  }
  return name;
}

bool names_postgres(std::string_view word) {
  constexpr std::array<std::string_view, 6> names = {"postgres", "postgresql", "pg", "pgsql", "psql", "postgre"};
  return std::find(names.begin(), names.end(), word) != names.end();
}

bool names_other_database(std::string_view word) {
  constexpr std::array<std::string_view, 24> names = {"mysql",     "mysql5",      "mysql8",     "mariadb",  "sqlite",    "sqlite3",
                                                      "cockroach", "cockroachdb", "crdb",       "mssql",    "sqlserver", "oracle",
                                                      "hsqldb",    "h2",          "clickhouse", "yugabyte", "tidb",      "yugabytedb",
                                                      "spanner",   "db2",         "derby",      "duckdb",   "snowflake", "bigquery"};
  return std::find(names.begin(), names.end(), word) != names.end();
}

std::vector<std::string> without_other_databases(std::vector<std::string> sorted_files) {
  std::vector<std::string> kept;
  kept.reserve(sorted_files.size());
  bool any_sql = false;
  for (const std::string& file : sorted_files) {
    if (in_other_database(file, sorted_files)) continue;
    any_sql = any_sql || is_sql_file(file);
    kept.push_back(file);
  }
  return any_sql ? kept : std::move(sorted_files);
}

bool is_nearest(const Folder& folder, std::string_view name, std::initializer_list<std::string_view> others) {
  const auto distance = folder.levels_up(name);
  return distance && std::all_of(others.begin(), others.end(),
                                 [&](std::string_view other) { return folder.levels_up(other).value_or(*distance + 1) > *distance; });
}

std::vector<std::string_view> direct_sql_files(const Folder& folder) {
  std::vector<std::string_view> found;
  for (const std::string& file : folder.files()) {
    if (file.find('/') == std::string::npos && is_sql_file(file)) found.push_back(file);
  }
  return found;
}

std::vector<std::string_view> sample(const Folder& folder, const std::vector<std::string_view>& files) {
  std::vector<std::string_view> texts;
  if (files.empty()) return texts;
  std::vector<std::size_t> chosen = {0, files.size() / 2, files.size() - 1};
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  for (const std::size_t index : chosen) {
    // The folder keeps what it read, so the view outlives the pointer given here. What cannot be read tells nothing.
    if (const auto source = folder.read(std::string(files[index]))) texts.push_back((*source)->text());
  }
  return texts;
}

}  // namespace cupel::migrations

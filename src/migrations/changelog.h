// What a Liquibase changelog in XML, YAML, JSON or formatted SQL says, as far as order and SQL go.
#pragma once

#include "base/span.h"
#include "migrations/changelog_document.h"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace cupel::migrations {

struct Changelog {
  // One change of a changeset, or one of the steps that take it back.
  struct Change {
    std::vector<Span> sql;  // what is sent, in Changelog::text; empty where it is in a file or no SQL
    std::string file;       // sqlFile: its path as written
    std::string delimiter;  // sqlFile: what ends statements in it; empty: the semicolon
    // Neither: createTable, customChange and the like.
    [[nodiscard]] bool is_unread() const { return sql.empty() && file.empty(); }
  };
  struct Changeset {
    std::string id, author;
    Span heading;
    Span mode_marker;  // runInTransaction, if it turns the transaction off
    bool outside_transaction = false;
    bool repeats = false;  // runOnChange, runAlways
    bool other_database = false;
    std::vector<Change> upgrade, downgrade;
    bool has_downgrade = false;
  };
  // include, includeAll; its path as written.
  struct Include {
    std::string path;
  };
  using Refusal = ChangelogDocument::Refusal;

  std::vector<std::variant<Changeset, Include>> entries;
  // As long as the file, line by line: values with what their escapes stand for.
  std::string text;
  // The same for downgrades where they stand in comments, blank but for what they send; empty: they are in `text`.
  std::string downgrade_text;
  std::string_view format = "SQL";  // "XML", "YAML", "JSON"
  std::optional<Refusal> refused;   // what Liquibase refuses
};

// Nothing for a file that is no changelog: without a databaseChangeLog.
std::optional<Changelog> read_changelog(std::string_view file, std::string_view text);

// Whether the first line that says anything is "--liquibase formatted sql".
bool is_formatted_sql(std::string_view text);
Changelog read_formatted_sql(std::string_view text);

// A list of databases as in the attribute dbms: whether PostgreSQL is not among them.
bool names_other_databases(std::string_view list);
// The pieces of `span` between delimiters other than ";" (endDelimiter), without them. An empty delimiter cuts nothing.
std::vector<Span> cut_at_delimiter(std::string_view text, Span span, std::string_view delimiter);

}  // namespace cupel::migrations

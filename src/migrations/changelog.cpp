// Liquibase 4.31: DatabaseChangeLog.java (include, includeAll), ChangeSet.java (attributes), AbstractSQLChange.java, SQLFileChange.java,
// RollbackContainer in ChangeSet.java.
#include "migrations/changelog.h"

#include "base/ascii.h"
#include "migrations/file_name.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace cupel::migrations {
namespace {

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// In a changeset, and no change.
constexpr std::array<std::string_view, 9> not_changes = {"comment",  "preConditions", "validCheckSum",   "rollback",     "modifySql",
                                                         "property", "changeSetId",   "changeSetAuthor", "changeSetPath"};
// Changes that change nothing.
constexpr std::array<std::string_view, 4> idle_changes = {"tagDatabase", "output", "empty", "stop"};

class Reader {
 public:
  explicit Reader(Changelog& changelog) : changelog_(changelog) {}

  void read(const ChangelogElement& root) {
    for (const ChangelogElement& child : root.children) {
      if (child.name == "include" || child.name == "includeAll") {
        const std::string_view path = child.value_of(child.name == "include" ? "file" : "path");
        if (!path.empty()) changelog_.entries.emplace_back(Changelog::Include{std::string(path)});
      } else if (child.name == "changeSet") {
        changelog_.entries.emplace_back(changeset(child));
      }
    }
  }

 private:
  [[nodiscard]] Changelog::Changeset changeset(const ChangelogElement& element) const {
    Changelog::Changeset result;
    result.id = element.value_of("id");
    result.author = element.value_of("author");
    result.heading = element.place;
    const auto is = [&element](std::string_view name, std::string_view value) {
      return equals_ignoring_case(element.value_of(name), value);
    };
    result.outside_transaction = is("runInTransaction", "false");
    if (result.outside_transaction) result.mode_marker = marker(element);
    result.repeats = is("runOnChange", "true") || is("runAlways", "true");
    result.other_database = names_other_databases(element.value_of("dbms")) || is("ignore", "true");
    // In XML changes stand beside the attributes, elsewhere in a list of their own.
    const ChangelogElement* changes = element.find("changes");
    if (changes != nullptr) read_changes(*changes, result.upgrade);
    else if (!element.children.empty() && element.children.front().attribute) read_changes(element, result.upgrade);
    for (const ChangelogElement& child : element.children) {
      if (child.name != "rollback") continue;
      result.has_downgrade = true;
      // A rollback may be SQL itself.
      if (!child.text.empty()) result.downgrade.push_back({.sql = {child.text}, .file = {}, .delimiter = {}});
      read_changes(child, result.downgrade);
    }
    return result;
  }

  // Where "runInTransaction" stands: an attribute of XML is behind the element's name.
  [[nodiscard]] Span marker(const ChangelogElement& element) const {
    const ChangelogElement& given = *element.find("runInTransaction");
    if (!given.attribute) return given.place;
    const std::size_t at = changelog_.text.find(given.name, given.place.end);
    return span_in(changelog_.text, std::string_view(changelog_.text).substr(at, given.name.size()));
  }

  void read_changes(const ChangelogElement& element, std::vector<Changelog::Change>& changes) const {
    for (const ChangelogElement& child : element.children) {
      if (child.attribute || is_one_of(child.name, not_changes) || is_one_of(child.name, idle_changes)) continue;
      if (names_other_databases(child.value_of("dbms"))) continue;
      add(child, changes);
    }
  }

  void add(const ChangelogElement& element, std::vector<Changelog::Change>& changes) const {
    const std::string_view delimiter = element.value_of("endDelimiter");
    Changelog::Change change;
    if (element.name == "sqlFile") {
      change.file = element.value_of("path");
      change.delimiter = delimiter;
    } else if (element.name == "sql" || element.name == "createProcedure") {
      const ChangelogElement* inner = element.find(element.name == "sql" ? "sql" : "procedureText");
      if (inner == nullptr) inner = element.find("procedureBody");
      const Span text = inner != nullptr && !inner->attribute ? inner->text : element.text;
      if (!text.empty()) change.sql = cut_at_delimiter(changelog_.text, text, delimiter);
    }
    changes.push_back(std::move(change));
  }

  Changelog& changelog_;
};

}  // namespace

std::optional<Changelog> read_changelog(std::string_view file, std::string_view text) {
  if (text.find("databaseChangeLog") == std::string_view::npos) return std::nullopt;
  const std::string name = lower_case(file);
  ChangelogDocument document = name.ends_with(".xml") ? read_xml_document(text) : read_yaml_document(text);
  Changelog changelog;
  changelog.format = name.ends_with(".xml") ? "XML" : name.ends_with(".json") ? "JSON" : "YAML";
  changelog.text = std::move(document.text);
  if (document.refused) {
    changelog.refused = std::move(document.refused);
    return changelog;
  }
  const ChangelogElement* root = document.root.find("databaseChangeLog");
  if (root == nullptr) return std::nullopt;
  Reader(changelog).read(*root);
  return changelog;
}

bool names_other_databases(std::string_view list) {
  bool any = false;
  while (const auto word = next_word(list, ",")) {
    if (word->starts_with('!')) {
      if (names_postgres(lower_case(word->substr(1)))) return true;
      continue;
    }
    if (names_postgres(lower_case(*word))) return false;
    any = true;
  }
  return any;
}

std::vector<Span> cut_at_delimiter(std::string_view text, Span span, std::string_view delimiter) {
  // It is a pattern; those that people write are a word, alone on its line or not.
  if (delimiter.starts_with("\\n")) delimiter.remove_prefix(2);
  if (delimiter.starts_with('^')) delimiter.remove_prefix(1);
  if (delimiter.ends_with('$')) delimiter.remove_suffix(1);
  delimiter = trim(delimiter);
  if (delimiter.empty() || delimiter == ";") return {span};
  std::vector<Span> pieces;
  const auto add = [&](std::uint32_t begin, std::uint32_t end) {
    if (begin < end && !is_blank(Span{begin, end}.of(text))) pieces.push_back({begin, end});
  };
  std::uint32_t begin = span.begin;
  for (std::size_t at = text.find(delimiter, begin); at != std::string_view::npos && at + delimiter.size() <= span.end;
       at = text.find(delimiter, begin)) {
    add(begin, static_cast<std::uint32_t>(at));
    begin = static_cast<std::uint32_t>(at + delimiter.size());
  }
  add(begin, span.end);
  return pieces;
}

}  // namespace cupel::migrations

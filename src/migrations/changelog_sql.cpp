// Liquibase 4.31, formatted SQL: AbstractFormattedChangeLogParser.java (lines that say something, attributes, what is refused),
// FormattedSqlChangeLogParser.java.
#include "base/ascii.h"
#include "migrations/changelog.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {
namespace {

constexpr std::string_view rollback_begin = "/* liquibase rollback";

// What stands behind "--" and white space.
std::optional<std::string_view> comment_of(std::string_view line) {
  const std::string_view words = trim(line);
  return words.starts_with("--") ? std::optional(trim(words.substr(2))) : std::nullopt;
}

bool begins_with(std::string_view words, std::string_view expected) {
  return equals_ignoring_case(words.substr(0, expected.size()), expected);
}

using Changeset = Changelog::Changeset;

// "attribute:value" of a heading; values may be quoted.
std::optional<std::string_view> attribute(std::string_view heading, std::string_view name) {
  for (std::size_t at = heading.find(name); at != std::string_view::npos; at = heading.find(name, at + 1)) {
    if (at == 0 || (heading[at - 1] != ' ' && heading[at - 1] != '\t')) continue;
    std::string_view rest = heading.substr(at + name.size());
    if (!rest.starts_with(":")) continue;
    rest.remove_prefix(1);
    if (rest.starts_with('"')) return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of(" \t"));
  }
  return std::nullopt;
}

// One side of "author:id", which may be quoted.
std::string_view unquoted(std::string_view word) {
  return word.size() > 1 && word.front() == '"' && word.back() == '"' ? word.substr(1, word.size() - 2) : word;
}

class FormattedFile {
 public:
  explicit FormattedFile(std::string_view text) : text_(text), bare_(blank(text)) {
    TextLines lines(text);
    while (const auto line = lines.next()) take(*line, lines.end());
    finish(static_cast<std::uint32_t>(text.size()));
  }

  Changelog take() {
    Changelog changelog;
    changelog.text = text_;
    changelog.downgrade_text = std::move(bare_);
    changelog.refused = std::move(refused_);
    for (Changeset& changeset : changesets_) changelog.entries.emplace_back(std::move(changeset));
    return changelog;
  }

 private:
  static std::string blank(std::string_view text) {
    std::string bare(text);
    std::ranges::replace_if(
        bare, [](char c) { return c != '\n' && c != '\r'; }, ' ');
    return bare;
  }

  void lay_bare(Span span) { std::copy(text_.begin() + span.begin, text_.begin() + span.end, bare_.begin() + span.begin); }

  void take(Span line, std::uint32_t end) {
    const std::string_view words = line.of(text_);
    if (in_rollback_) {
      const std::size_t close = words.find("*/");
      rollback({line.begin, close == std::string_view::npos ? line.end : line.begin + static_cast<std::uint32_t>(close)});
      if (close != std::string_view::npos) in_rollback_ = false;
      begin_ = end;
      return;
    }
    if (begins_with(trim(words), rollback_begin)) {
      finish(line.begin);
      in_rollback_ = words.find("*/") == std::string_view::npos;
      if (!changesets_.empty()) changesets_.back().has_downgrade = true;
      begin_ = end;
      return;
    }
    const auto comment = comment_of(words);
    if (!comment) return;
    if (begins_with(*comment, "changeset")) {
      finish(line.begin);
      heading(*comment, line);
      begin_ = end;
    } else if (begins_with(*comment, "rollback")) {
      finish(line.begin);
      const std::string_view sql = trim(comment->substr(8));
      if (!sql.empty() && !begins_with(sql, "not required") && !begins_with(sql, "empty") && !begins_with(sql, "changesetid")) {
        rollback(span_in(text_, sql));
      } else if (!changesets_.empty()) {
        changesets_.back().has_downgrade = true;
      }
      begin_ = end;
    }
  }

  void rollback(Span span) {
    if (changesets_.empty()) return;
    lay_bare(span);
    changesets_.back().has_downgrade = true;
    std::vector<Changelog::Change>& changes = changesets_.back().downgrade;
    if (changes.empty()) changes.push_back({.sql = {span}, .file = {}, .delimiter = {}});
    else changes.back().sql.back().end = span.end;
  }

  void heading(std::string_view comment, Span line) {
    std::string_view rest = trim(comment.substr(9));
    Changeset changeset;
    changeset.heading = line;
    const std::size_t quote = rest.starts_with('"') ? rest.find('"', 1) : 0;
    const std::size_t colon = rest.find(':', quote == std::string_view::npos ? 0 : quote);
    if (colon == std::string_view::npos) {
      if (!refused_) refused_ = {line, "a changeset is named author:id"};
      return;
    }
    changeset.author = unquoted(trim(rest.substr(0, colon)));
    rest = trim(rest.substr(colon + 1));
    const std::size_t id_end = rest.starts_with('"') ? rest.find('"', 1) + 1 : std::min(rest.find_first_of(" \t"), rest.size());
    changeset.id = unquoted(rest.substr(0, id_end));
    const auto is = [rest](std::string_view name, std::string_view value) {
      const auto given = attribute(rest, name);
      return given && equals_ignoring_case(*given, value);
    };
    changeset.outside_transaction = is("runInTransaction", "false");
    if (changeset.outside_transaction) changeset.mode_marker = span_in(text_, *attribute(rest, "runInTransaction"));
    changeset.repeats = is("runOnChange", "true") || is("runAlways", "true");
    const auto databases = attribute(rest, "dbms");
    changeset.other_database = (databases && names_other_databases(*databases)) || is("ignore", "true");
    delimiter_ = attribute(rest, "endDelimiter").value_or("");
    changesets_.push_back(std::move(changeset));
  }

  // What lies between the last line that said something and this offset belongs to the open changeset.
  void finish(std::uint32_t end) {
    if (!changesets_.empty() && begin_ < end && !is_blank(Span{begin_, end}.of(text_))) {
      std::vector<Changelog::Change>& changes = changesets_.back().upgrade;
      changes.push_back({.sql = cut_at_delimiter(text_, {begin_, end}, delimiter_), .file = {}, .delimiter = {}});
    }
    begin_ = end;
  }

  std::string_view text_;
  std::string bare_;
  std::vector<Changeset> changesets_;
  std::uint32_t begin_ = 0;
  bool in_rollback_ = false;
  std::optional<Changelog::Refusal> refused_;
  std::string delimiter_;
};

}  // namespace

bool is_formatted_sql(std::string_view text) {
  TextLines lines(text);
  while (const auto line = lines.next()) {
    const std::string_view words = trim(line->of(text));
    if (words.empty()) continue;
    const auto comment = comment_of(words);
    return comment && begins_with(*comment, "liquibase formatted");
  }
  return false;
}

Changelog read_formatted_sql(std::string_view text) { return FormattedFile(text).take(); }

}  // namespace cupel::migrations

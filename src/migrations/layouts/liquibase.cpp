// Liquibase 4.31, formatted SQL: AbstractFormattedChangeLogParser.java (lines that say something, attributes, what is refused),
// FormattedSqlChangeLogParser.java. A changeset runs in a transaction of its own unless runInTransaction:false, its statements one by
// one. Of changelogs in XML, YAML and JSON only the order of the files that they include is read; what changes they have themselves
// is not.
#include "base/ascii.h"
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace cupel::migrations::runners {
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

bool is_formatted(std::string_view text) {
  TextLines lines(text);
  while (const auto line = lines.next()) {
    const std::string_view words = trim(line->of(text));
    if (words.empty()) continue;
    const auto comment = comment_of(words);
    return comment && begins_with(*comment, "liquibase formatted");
  }
  return false;
}

struct Changeset {
  std::string id, author;
  Span heading;
  std::vector<Span> upgrade;  // between lines that say something else
  Part downgrade;             // spans of the text with its rollback lines laid bare
  bool has_downgrade = false;
  bool outside_transaction = false;
  bool repeats = false;
  bool other_database = false;
  Span mode_marker;
};

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

// A list of databases: without "!" those it runs on, with it those it does not.
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

  [[nodiscard]] std::vector<Changeset>& changesets() { return changesets_; }
  // The text of downgrades: as long as the file, with its lines, and blank but for what a rollback sends.
  [[nodiscard]] const std::string& bare() const { return bare_; }
  [[nodiscard]] const std::optional<Span>& refused() const { return refused_; }

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
    std::vector<Span>& chunks = changesets_.back().downgrade.chunks;
    if (chunks.empty()) chunks.push_back(span);
    else chunks.back().end = span.end;
  }

  void heading(std::string_view comment, Span line) {
    std::string_view rest = trim(comment.substr(9));
    Changeset changeset;
    changeset.heading = line;
    const std::size_t quote = rest.starts_with('"') ? rest.find('"', 1) : 0;
    const std::size_t colon = rest.find(':', quote == std::string_view::npos ? 0 : quote);
    if (colon == std::string_view::npos) {
      if (!refused_) refused_ = line;
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
    changesets_.push_back(std::move(changeset));
  }

  // What lies between the last line that said something and this offset belongs to the open changeset.
  void finish(std::uint32_t end) {
    if (!changesets_.empty() && begin_ < end && !is_blank(Span{begin_, end}.of(text_))) changesets_.back().upgrade.push_back({begin_, end});
    begin_ = end;
  }

  std::string_view text_;
  std::string bare_;
  std::vector<Changeset> changesets_;
  std::uint32_t begin_ = 0;
  bool in_rollback_ = false;
  std::optional<Span> refused_;
};

bool is_changelog(std::string_view file) {
  constexpr std::array<std::string_view, 4> endings = {".xml", ".yaml", ".yml", ".json"};
  const std::string name = lower_case(base_name(file));
  const bool ending = std::any_of(endings.begin(), endings.end(), [&](std::string_view one) { return name.ends_with(one); });
  return ending && (name.find("changelog") != std::string::npos || name.find("master") != std::string::npos);
}

// The words of a changelog that are paths: in quotes or bare, with an ending that can be included, or behind "path".
std::vector<std::string_view> included_by(std::string_view text) {
  std::vector<std::string_view> paths;
  std::string_view before;
  std::string_view rest = text;
  while (const auto word = next_word(rest, "\"'=<>{}[],")) {
    const std::string_view path = *word;
    const bool file =
        path.ends_with(".sql") || path.ends_with(".xml") || path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json");
    const bool folder = before == "path" || before == "path:";
    if (file || folder) paths.push_back(path);
    if (path != ":") before = path;
  }
  return paths;
}

class Order {
 public:
  explicit Order(const Folder& folder) : folder_(folder) {
    for (const std::string& file : folder.files()) {
      if (is_changelog(file)) changelogs_.push_back(file);
    }
    // Those that no other one includes come first, then whatever is left: changelogs may include each other.
    std::set<std::string> included;
    for (const std::string& changelog : changelogs_) {
      for (const std::string& file : targets(changelog)) {
        if (file != changelog) included.insert(file);
      }
    }
    for (const std::string& changelog : changelogs_) {
      if (!included.contains(changelog)) visit(changelog);
    }
    for (const std::string& changelog : changelogs_) visit(changelog);
    for (const std::string& file : folder.files()) visit(file);
  }
  [[nodiscard]] const std::vector<std::string>& files() const { return ordered_; }

 private:
  void visit(const std::string& file) {
    if (!seen_.insert(file).second) return;
    if (is_changelog(file)) {
      for (const std::string& target : targets(file)) visit(target);
    } else if (is_sql_file(file)) {
      const auto text = folder_.read(file);
      if (!text || is_formatted((*text)->text())) ordered_.push_back(file);
    }
  }

  // The files of the folder that a changelog names: by the longest end of a path that they share.
  [[nodiscard]] std::vector<std::string> targets(const std::string& changelog) const {
    std::vector<std::string> found;
    const auto text = folder_.read(changelog);
    if (!text) return found;
    for (std::string_view path : included_by((*text)->text())) {
      while (path.starts_with("./") || path.starts_with("../") || path.starts_with("classpath:") || path.starts_with('/')) {
        path.remove_prefix(path.starts_with("./") ? 2 : path.starts_with("../") ? 3 : path.starts_with('/') ? 1 : 10);
      }
      while (path.ends_with('/')) path.remove_suffix(1);
      for (std::string_view end = path; !end.empty();) {
        const std::size_t before = found.size();
        for (const std::string& file : folder_.files()) {
          if (matches(file, end)) found.push_back(file);
        }
        if (found.size() > before) break;
        const std::size_t slash = end.find('/');
        end = slash == std::string_view::npos ? std::string_view() : end.substr(slash + 1);
      }
    }
    return found;
  }

  // The file itself, or one below the folder.
  static bool matches(std::string_view file, std::string_view path) {
    const std::string_view folder = folder_name(file);
    const auto ends = [](std::string_view whole, std::string_view end) {
      return whole == end || (whole.ends_with(end) && whole[whole.size() - end.size() - 1] == '/');
    };
    return ends(file, path) || (!folder.empty() && ends(folder, path));
  }

  const Folder& folder_;
  std::vector<std::string> changelogs_;
  std::set<std::string> seen_;
  std::vector<std::string> ordered_;
};

Recognition recognise(const Folder& folder) {
  std::size_t read = 0;
  for (const std::string& file : folder.files()) {
    if (!is_sql_file(file)) continue;
    const auto text = folder.read(file);
    if (text && is_formatted((*text)->text())) return Recognition::certain;
    if (++read == 3) break;  // a folder of other SQL
  }
  return Recognition::no;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "liquibase");
  const Order order(folder);
  std::set<std::string> known;
  bool any_down = false;
  for (const std::string& file : order.files()) {
    const auto source = builder.add_source(file);
    if (!source) continue;
    FormattedFile parsed(builder.text(*source));
    if (parsed.refused()) {
      builder.add_problem("layout-error", *source, *parsed.refused(), "liquibase refuses this file: a changeset is named author:id");
    }
    std::optional<std::size_t> bare;
    for (Changeset& changeset : parsed.changesets()) {
      if (changeset.other_database) continue;
      Migration migration;
      migration.revision = fmt::format("{}::{}::{}", base_name(file), changeset.id, changeset.author);
      migration.title = changeset.id;
      migration.repeatable = changeset.repeats;
      if (!known.insert(file + "::" + changeset.id + "::" + changeset.author).second) {
        builder.add_problem("duplicate-version", *source, changeset.heading,
                            fmt::format("changeset {}:{} is in this file twice: liquibase refuses it", changeset.author, changeset.id));
      }
      Part part;
      part.source = *source;
      part.mode = changeset.outside_transaction ? TransactionMode::none : TransactionMode::per_file;
      part.mode_marker = changeset.mode_marker;
      if (changeset.has_downgrade) {
        any_down = true;
        if (!bare) {
          bare = builder.set().sources.size();
          builder.set().sources.push_back(std::make_shared<const SourceText>(builder.set().sources[*source]->name(), parsed.bare()));
        }
        migration.downgrade = part;
        migration.downgrade->source = *bare;
        migration.downgrade->chunks = changeset.downgrade.chunks;
        if (migration.downgrade->chunks.empty()) migration.downgrade->chunks = {{changeset.heading.end, changeset.heading.end}};
      }
      part.chunks = changeset.upgrade;
      if (part.chunks.empty()) part.chunks = {{changeset.heading.end, changeset.heading.end}};
      migration.upgrade = std::move(part);
      builder.set().migrations.push_back(std::move(migration));
    }
  }
  for (Migration& migration : builder.set().migrations) migration.downgrade_expected = any_down;
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

constexpr Record records[] = {
    {.table = "databasechangelog",
     .applied = "SELECT regexp_replace(filename, '^.*/', '') || '::' || id || '::' || author FROM databasechangelog"},
};

extern const Layout layout_liquibase;
const Layout layout_liquibase = {
    .name = "liquibase",
    .title = "Liquibase, formatted SQL (--changeset author:id, --rollback)",
    .files = "*.sql that begin with --liquibase formatted sql; changelogs in XML, YAML and JSON for their order",
    .order = "as the changelogs include them, then file name",
    .downgrade = "--rollback lines",
    .transactions = "Statements one by one in a transaction per changeset; 'runInTransaction:false' turns it off for the changeset.",
    .opt_out = "runInTransaction:false",
    .late_migration = "liquibase runs this one after it, out of order",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners

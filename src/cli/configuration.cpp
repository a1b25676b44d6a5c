#include "cli/configuration.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

// toml++ asserts that files say nothing unexpected ("[%]", "[.]") just before it reports that as a mistake; with NDEBUG and clang++ it even
// lets the compiler assume it. Neither is right for what a user writes.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")
#include "base/suggest.h"
#include "effects/effects.h"
#include "migrations/layout.h"
#include "migrations/new_revision.h"
#include "schema/settings.h"

#include <cassert>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

// Reads one document; the first mistake ends it.
class Reader {
 public:
  Reader(const std::string& name, std::string folder) : name_(name), folder_(std::move(folder)) {}

  Result<Configuration> read(const toml::table& document) {
    static constexpr std::array<std::string_view, 17> keys = {"pg_version",
                                                              "layout",
                                                              "paths",
                                                              "fail_on",
                                                              "base_branch",
                                                              "schema_dump",
                                                              "suppressions",
                                                              "assume_lock_timeout",
                                                              "small_table_rows",
                                                              "require_suppression_reason",
                                                              "threads",
                                                              "rules",
                                                              "groups",
                                                              "tables",
                                                              "revision",
                                                              "database",
                                                              "cxx"};
    for (const auto& [key, value] : document) {
      const std::string_view word = key.str();
      if (word == "pg_version") {
        TRY_ASSIGN(const std::int64_t version, integer(word, value, effects::first_version, effects::last_version));
        configuration_.lint.postgres_version = static_cast<int>(version);
      } else if (word == "layout") {
        TRY_ASSIGN(configuration_.layout, string(word, value));
        if (migrations::find_layout(configuration_.layout) == nullptr) return unknown_layout(value);
      } else if (word == "paths") {
        TRY_VOID(read_paths(value));
      } else if (word == "fail_on") {
        TRY_ASSIGN(const std::string when, string(word, value));
        const std::optional<FailOn> parsed = parse_fail_on(when);
        if (!parsed) return mistake(value, fmt::format("fail_on is error, warning, info or never, not \"{}\"", when));
        configuration_.fail_on = *parsed;
      } else if (word == "suppressions") {
        TRY_VOID(read_suppressions(value));
      } else if (word == "base_branch") {
        TRY_ASSIGN(configuration_.base_branch, string(word, value));
      } else if (word == "schema_dump") {
        TRY_ASSIGN(const std::string file, string(word, value));
        if (file.empty()) return mistake(value, "schema_dump is empty: it names a file");
        configuration_.schema_dump = (fs::path(folder_) / file).lexically_normal().string();
      } else if (word == "assume_lock_timeout") {
        TRY_ASSIGN(configuration_.lint.assume_lock_timeout, boolean(word, value));
      } else if (word == "require_suppression_reason") {
        TRY_ASSIGN(configuration_.lint.require_suppression_reason, boolean(word, value));
      } else if (word == "small_table_rows") {
        TRY_ASSIGN(configuration_.lint.small_table_rows, integer(word, value, 0, INT64_MAX));
      } else if (word == "threads") {
        TRY_ASSIGN(const std::int64_t threads, integer(word, value, 0, 1024));
        configuration_.lint.threads = static_cast<unsigned>(threads);
      } else if (word == "rules") {
        TRY_VOID(read_rules(value));
      } else if (word == "groups") {
        TRY_VOID(read_groups(value));
      } else if (word == "tables") {
        TRY_VOID(read_tables(value));
      } else if (word == "revision") {
        TRY_VOID(read_revision(value));
      } else if (word == "database") {
        TRY_VOID(read_database(value));
      } else if (word == "cxx") {
        TRY_VOID(read_cxx(value));
      } else {
        return unknown(key.source(), "key", word, keys);
      }
    }
    return std::move(configuration_);
  }

 private:
  [[nodiscard]] Error mistake(const toml::source_region& place, const std::string& message) const {
    return {ErrorCode::usage, fmt::format("{}:{}:{}: {}", name_, place.begin.line, place.begin.column, message)};
  }
  [[nodiscard]] Error mistake(const toml::node& node, const std::string& message) const { return mistake(node.source(), message); }

  [[nodiscard]] Error unknown(const toml::source_region& place, std::string_view what, std::string_view word,
                              std::span<const std::string_view> known) const {
    constexpr std::size_t most_listed = 17;
    std::string hint;
    if (const std::optional<std::string> meant = closest_match(word, known)) {
      hint = fmt::format("; did you mean \"{}\"?", *meant);
    } else if (known.size() <= most_listed) {
      hint = fmt::format("; known are {}", fmt::join(known, ", "));
    } else {
      hint = fmt::format("; `cupel {}s` lists them", what);
    }
    return mistake(place, fmt::format("unknown {} \"{}\"{}", what, word, hint));
  }

  [[nodiscard]] Error unknown_layout(const toml::node& node) const {
    std::vector<std::string_view> names;
    for (const migrations::Layout* layout : migrations::layouts()) names.push_back(layout->name);
    return unknown(node.source(), "layout", configuration_.layout, names);
  }

  [[nodiscard]] Result<std::string> string(std::string_view key, const toml::node& node) const {
    if (const auto value = node.value_exact<std::string>()) return *value;
    return mistake(node, fmt::format("{} must be a string", key));
  }
  [[nodiscard]] Result<bool> boolean(std::string_view key, const toml::node& node) const {
    if (const auto value = node.value_exact<bool>()) return *value;
    return mistake(node, fmt::format("{} must be true or false", key));
  }
  [[nodiscard]] Result<std::int64_t> integer(std::string_view key, const toml::node& node, std::int64_t least, std::int64_t most) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value) return mistake(node, fmt::format("{} must be a whole number", key));
    if (*value < least || *value > most) return mistake(node, fmt::format("{} must be from {} to {}, not {}", key, least, most, *value));
    return *value;
  }
  [[nodiscard]] Result<const toml::table*> table(std::string_view key, const toml::node& node) const {
    if (const toml::table* found = node.as_table()) return found;
    return mistake(node, fmt::format("{} must be a table: [{}]", key, key));
  }

  Status read_paths(const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr) return mistake(node, "paths must be an array of strings");
    for (const toml::node& element : *array) {
      TRY_ASSIGN(const std::string path, string("each of paths", element));
      if (path.empty()) return mistake(element, "each of paths must name a folder or file; \".\" is the one cupel.toml is in");
      configuration_.paths.push_back((fs::path(folder_) / path).lexically_normal().string());
    }
    return success();
  }

  Status read_rules(const toml::node& node) {
    TRY_ASSIGN(const toml::table* rules, table("rules", node));
    for (const auto& [key, value] : *rules) {
      const lint::RuleEntry* entry = lint::find_rule(key.str());
      if (entry == nullptr) {
        std::vector<std::string_view> ids;
        for (const lint::RuleEntry& rule : lint::rule_table()) ids.push_back(rule.id);
        return unknown(key.source(), "rule", key.str(), ids);
      }
      const auto word = value.value_exact<std::string>();
      const std::optional<lint::Severity> severity = word ? parse_severity(*word) : std::nullopt;
      if (!severity && word != "off") {
        return mistake(value, fmt::format("{} is \"error\", \"warning\", \"info\" or \"off\"{}", key.str(),
                                          word ? fmt::format(", not \"{}\"", *word) : ""));
      }
      configuration_.lint.severities[std::string(entry->id)] = severity;
    }
    return success();
  }

  Status read_groups(const toml::node& node) {
    TRY_ASSIGN(const toml::table* groups, table("groups", node));
    for (const auto& [key, value] : *groups) {
      std::vector<std::string_view> names;
      std::optional<lint::Group> found;
      for (const lint::Group group : lint::all_groups) {
        names.push_back(lint::name(group));
        if (lint::name(group) == key.str()) found = group;
      }
      if (!found) return unknown(key.source(), "group", key.str(), names);
      TRY_ASSIGN(configuration_.lint.groups[*found], boolean(key.str(), value));
    }
    return success();
  }

  Status read_tables(const toml::node& node) {
    static constexpr std::array<std::string_view, 2> keys = {"hot", "rows"};
    TRY_ASSIGN(const toml::table* tables, table("tables", node));
    for (const auto& [name, value] : *tables) {
      TRY_ASSIGN(const toml::table* notes, table(fmt::format("tables.{}", name.str()), value));
      lint::TableNote note;
      for (const auto& [key, detail] : *notes) {
        if (key == "hot") {
          TRY_ASSIGN(note.hot, boolean("hot", detail));
        } else if (key == "rows") {
          TRY_ASSIGN(note.rows, integer("rows", detail, 0, INT64_MAX));
        } else {
          return unknown(key.source(), "key of a table", key.str(), keys);
        }
      }
      configuration_.lint.tables[std::string(name.str())] = note;
    }
    return success();
  }

  Status read_suppressions(const toml::node& node) {
    static constexpr std::array<std::string_view, 3> keys = {"require_reason", "require_expiry", "require_owner_from"};
    TRY_ASSIGN(const toml::table* values, table("suppressions", node));
    for (const auto& [key, value] : *values) {
      const std::string_view word = key.str();
      if (word == "require_reason") {
        TRY_ASSIGN(configuration_.lint.require_suppression_reason, boolean(word, value));
      } else if (word == "require_expiry") {
        TRY_ASSIGN(configuration_.lint.require_suppression_expiry, boolean(word, value));
      } else if (word == "require_owner_from") {
        TRY_ASSIGN(const std::string severity, string(word, value));
        configuration_.lint.suppression_owner_from = parse_severity(severity);
        if (!configuration_.lint.suppression_owner_from && severity != "never")
          return mistake(value, fmt::format("require_owner_from is error, warning, info or never, not \"{}\"", severity));
      } else {
        return unknown(key.source(), "key of [suppressions]", word, keys);
      }
    }
    return success();
  }

  Status read_revision(const toml::node& node) {
    static constexpr std::array<std::string_view, 1> keys = {"file_name"};
    TRY_ASSIGN(const toml::table* revision, table("revision", node));
    for (const auto& [key, value] : *revision) {
      if (key != "file_name") return unknown(key.source(), "key of [revision]", key.str(), keys);
      TRY_ASSIGN(configuration_.revision_file_name, string("file_name", value));
      const Status usable = migrations::check_file_name_template(configuration_.revision_file_name);
      if (!usable) return mistake(value, usable.error().message);
    }
    return success();
  }

  Status read_database(const toml::node& node) {
    static constexpr std::array<std::string_view, 5> keys = {"url", "journal_schema", "lock_timeout", "lock_budget", "statement_timeout"};
    DatabaseConfiguration& database = configuration_.database;
    TRY_ASSIGN(const toml::table* values, table("database", node));
    for (const auto& [key, value] : *values) {
      const std::string_view word = key.str();
      if (std::ranges::find(keys, word) == keys.end()) return unknown(key.source(), "key of [database]", word, keys);
      TRY_ASSIGN(const std::string text, string(word, value));
      if (word == "url") {
        database.url = text;
      } else if (word == "journal_schema") {
        if (text.empty()) return mistake(value, "journal_schema must not be empty");
        database.journal_schema = text;
      } else {
        if (!schema::parse_milliseconds(text))
          return mistake(value, fmt::format("{} is a time such as \"500ms\", \"2s\" or \"5min\", not \"{}\"", word, text));
        (word == "lock_timeout" ? database.lock_timeout : word == "lock_budget" ? database.lock_budget : database.statement_timeout) = text;
      }
    }
    return success();
  }

  // One string or several.
  [[nodiscard]] Result<std::vector<std::string>> strings(std::string_view key, const toml::node& node) const {
    std::vector<std::string> result;
    const toml::array* array = node.as_array();
    if (array == nullptr) {
      TRY_ASSIGN(result.emplace_back(), string(key, node));
      return result;
    }
    for (const toml::node& element : *array) { TRY_ASSIGN(result.emplace_back(), string(fmt::format("each of {}", key), element)); }
    return result;
  }

  // Joined with the configuration's folder.
  [[nodiscard]] Result<std::vector<std::string>> paths(std::string_view key, const toml::node& node) const {
    TRY_ASSIGN(std::vector<std::string> result, strings(key, node));
    for (std::string& path : result) path = (fs::path(folder_) / path).lexically_normal().string();
    return result;
  }

  Status read_cxx(const toml::node& node) {
    static constexpr std::array<std::string_view, 10> keys = {"enabled", "sink",     "include", "define",         "skip",
                                                              "module",  "compiler", "flags",   "record_timeout", "compilation_database"};
    CxxConfiguration& cxx = configuration_.cxx;
    TRY_ASSIGN(const toml::table* values, table("cxx", node));
    for (const auto& [key, value] : *values) {
      const std::string_view word = key.str();
      if (word == "enabled") {
        TRY_ASSIGN(cxx.enabled, boolean(word, value));
      } else if (word == "include" || word == "skip") {
        std::vector<std::string>& list = word == "include" ? cxx.include : cxx.skip;
        TRY_ASSIGN(list, paths(word, value));
      } else if (word == "compilation_database") {
        TRY_ASSIGN(const std::string path, string(word, value));
        cxx.compilation_database = (fs::path(folder_) / path).lexically_normal().string();
      } else if (word == "define") {
        TRY_ASSIGN(cxx.define, strings(word, value));
      } else if (word == "sink") {
        TRY_VOID(read_sinks(value));
      } else if (word == "module") {
        TRY_ASSIGN(cxx.modules, paths(word, value));
      } else if (word == "compiler") {
        TRY_ASSIGN(cxx.compiler, string(word, value));
      } else if (word == "flags") {
        TRY_ASSIGN(cxx.flags, strings(word, value));
        for (std::string& flag : cxx.flags) {
          if (flag.starts_with("-I") && flag.size() > 2) flag = "-I" + (fs::path(folder_) / flag.substr(2)).lexically_normal().string();
        }
      } else if (word == "record_timeout") {
        TRY_ASSIGN(cxx.record_timeout, string(word, value));
        if (!schema::parse_milliseconds(cxx.record_timeout))
          return mistake(value, fmt::format("record_timeout is a time such as \"30s\", not \"{}\"", cxx.record_timeout));
      } else {
        return unknown(key.source(), "key of [cxx]", word, keys);
      }
    }
    return success();
  }

  Status read_sinks(const toml::node& node) {
    static constexpr std::array<std::string_view, 2> keys = {"call", "sql"};
    const toml::array* array = node.as_array();
    if (array == nullptr) return mistake(node, "each function that takes SQL is a table: [[cxx.sink]]");
    for (const toml::node& element : *array) {
      TRY_ASSIGN(const toml::table* values, table("cxx.sink", element));
      CxxConfiguration::Sink sink;
      for (const auto& [key, value] : *values) {
        if (key == "call") {
          TRY_ASSIGN(sink.call, string("call", value));
        } else if (key == "sql") {
          TRY_ASSIGN(sink.sql, integer("sql", value, 0, 99));
        } else {
          return unknown(key.source(), "key of [[cxx.sink]]", key.str(), keys);
        }
      }
      if (sink.call.empty()) return mistake(element, "a [[cxx.sink]] needs its function: call = \"Db::run\"");
      configuration_.cxx.sinks.push_back(std::move(sink));
    }
    return success();
  }

  const std::string& name_;
  std::string folder_;
  Configuration configuration_;
};

}  // namespace

std::optional<lint::Severity> parse_severity(std::string_view word) {
  for (const lint::Severity severity : {lint::Severity::info, lint::Severity::warning, lint::Severity::error}) {
    if (lint::name(severity) == word) return severity;
  }
  return std::nullopt;
}

std::optional<FailOn> parse_fail_on(std::string_view word) {
  if (word == "error") return FailOn::error;
  if (word == "warning") return FailOn::warning;
  if (word == "info") return FailOn::info;
  if (word == "never") return FailOn::never;
  return std::nullopt;
}

Result<Configuration> parse_configuration(std::string_view text, const std::string& name, const std::string& folder) {
  try {
    const toml::table document = toml::parse(text, std::string_view(name));
    TRY_ASSIGN(Configuration configuration, Reader(name, folder).read(document));
    configuration.file = name;
    return configuration;
  } catch (const toml::parse_error& error) {
    const toml::source_position& place = error.source().begin;
    return Error{ErrorCode::usage, fmt::format("{}:{}:{}: {}", name, place.line, place.column, error.description())};
  }
}

Result<Configuration> read_configuration(const std::string& file) {
  const auto cannot = [&file] {
    return Error{ErrorCode::usage, fmt::format("cannot read the configuration {}: {}", file, std::strerror(errno))};
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"), &std::fclose);
  if (stream == nullptr) return cannot();
  std::string bytes;
  std::array<char, 4096> buffer{};
  while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), stream.get())) bytes.append(buffer.data(), count);
  if (std::ferror(stream.get()) != 0) return cannot();
  return parse_configuration(bytes, file, fs::path(file).parent_path().string());
}

std::string find_configuration(const std::string& folder) {
  std::error_code error;
  // Named as one would from `folder`: so are the paths in it, and reports do not depend on where the project is checked out.
  fs::path from_here = folder;
  for (fs::path at = (fs::absolute(folder, error) / "").lexically_normal().parent_path(); !error;
       at = at.parent_path(), from_here /= "..") {
    // A broken link and what is no file are taken too: reading them says what is wrong, where passing over them would lose the settings.
    if (fs::exists(fs::symlink_status(at / "cupel.toml", error))) return (from_here / "cupel.toml").lexically_normal().string();
    if (fs::exists(at / ".git", error) || at == at.parent_path()) break;
  }
  return {};
}

}  // namespace cupel::cli

#include "fixture.h"

#include "lint/engine.h"
#include "migrations/layout.h"
#include "sql/script.h"
#include "tests/temporary_folder.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

namespace cupel::test {
namespace {

Error broken(std::string message) { return {ErrorCode::usage, std::move(message)}; }

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

Status read_header(std::string_view header, Fixture& fixture) {
  std::istringstream words{std::string(header)};
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : word.substr(equals + 1);
    if (key == "pg") {
      const std::size_t dots = value.find("..");
      fixture.first_version = std::stoi(value);
      fixture.last_version = dots == std::string::npos ? fixture.first_version : std::stoi(value.substr(dots + 2));
    } else if (key == "transaction" && (value == "none" || value == "per_file" || value == "implicit")) {
      fixture.transaction = value;
    } else if (key == "layout") {
      fixture.layout = value;
    } else if (key == "rules" && value == "all") {
      fixture.all_rules = true;
    } else if (key == "assume-lock-timeout" && value == "yes") {
      fixture.assume_lock_timeout = true;
    } else if (key == "schema_dump") {
      fixture.schema_dump = value;
    } else if (key == "today") {
      fixture.today = value;
    } else if (key == "suppressions" && value == "governed") {
      fixture.governed_suppressions = true;
    } else {
      return broken("unknown fixture header: " + word);
    }
  }
  return success();
}

// `want` body: rule[@column] ["substring"] [safe `substring`] [as severity] (; …)*
Status read_wants(std::string_view body, std::size_t file, std::uint32_t line, std::vector<Want>& wants) {
  while (!body.empty()) {
    Want want;
    want.file = file;
    want.line = line;
    const std::size_t end = body.find_first_of("@ \";");
    want.rule = body.substr(0, end);
    body = end == std::string_view::npos ? std::string_view{} : body.substr(end);
    if (body.starts_with("@")) {
      const auto [rest, error] = std::from_chars(body.data() + 1, body.data() + body.size(), want.column);
      if (error != std::errc{}) return broken("a want's column is not a number");
      body.remove_prefix(static_cast<std::size_t>(rest - body.data()));
    }
    body = trimmed(body);
    if (body.starts_with("\"")) {
      const std::size_t quote = body.find('"', 1);
      if (quote == std::string_view::npos) return broken("a want's text has no closing quote");
      want.substring = body.substr(1, quote - 1);
      body = trimmed(body.substr(quote + 1));
    }
    if (body.starts_with("safe `")) {
      body.remove_prefix(6);
      const std::size_t quote = body.find('`');
      if (quote == std::string_view::npos) return broken("a want's safe way has no closing quote");
      want.safe = body.substr(0, quote);
      body = trimmed(body.substr(quote + 1));
    }
    if (body.starts_with("as ")) {
      const std::size_t next = std::min(body.find(';'), body.size());
      want.severity = trimmed(body.substr(3, next - 3));
      body = body.substr(next);
    }
    if (want.rule.empty()) return broken("a want names no rule");
    wants.push_back(std::move(want));
    if (body.empty()) break;
    if (!body.starts_with(";")) return broken("a want is followed by: " + std::string(body));
    body = trimmed(body.substr(1));
  }
  return success();
}

Status take_wants(FixtureFile& file, std::size_t index, std::vector<Want>& wants) {
  const SourceText source(file.name, file.text);
  for (const sql::CommentText& comment : sql::comments(source.text())) {
    std::string_view body = comment.text;
    if (!body.starts_with("want ") && !body.starts_with("want+") && !body.starts_with("want-")) continue;
    body.remove_prefix(4);
    int offset = 0;
    if (body.front() != ' ') {
      const char* const begin = body.data() + (body.front() == '+' ? 1 : 0);
      const auto [rest, error] = std::from_chars(begin, body.data() + body.size(), offset);
      if (error != std::errc{}) return broken("a want's line offset is not a number: " + std::string(comment.text));
      body.remove_prefix(static_cast<std::size_t>(rest - body.data()));
    }
    const auto line = static_cast<std::uint32_t>(static_cast<int>(source.position(comment.span.begin).line) + offset);
    TRY_VOID(read_wants(trimmed(body), index, line, wants));
    std::fill(file.text.begin() + comment.span.begin, file.text.begin() + comment.span.end, ' ');
  }
  return success();
}

Result<std::vector<migrations::MigrationSet>> on_disk(const Fixture& fixture, const test::TemporaryFolder& folder) {
  for (const FixtureFile& file : fixture.files) {
    const std::filesystem::path path = folder.path() / file.name;
    std::filesystem::create_directories(path.parent_path());
    if (file.unreadable) {
      // Reading it fails for every user, root included: too many levels of links.
      std::filesystem::create_symlink(path.filename(), path);
      continue;
    }
    std::ofstream(path, std::ios::binary) << file.text;
  }
  return migrations::read_path(folder.path().string(), fixture.layout);
}

migrations::MigrationSet in_memory(const Fixture& fixture) {
  migrations::MigrationSet set;
  set.path = "fixture";
  set.layout = "the runner";
  const auto mode = fixture.transaction == "per_file"   ? migrations::TransactionMode::per_file
                    : fixture.transaction == "implicit" ? migrations::TransactionMode::implicit
                                                        : migrations::TransactionMode::none;
  for (const FixtureFile& file : fixture.files) {
    if (file.name == fixture.schema_dump) continue;
    migrations::Part part;
    part.source = set.sources.size();
    part.mode = mode;
    set.sources.push_back(std::make_shared<const SourceText>(file.name, file.text));
    if (file.name.ends_with(".down.sql") && !set.migrations.empty()) {
      set.migrations.back().downgrade = part;
      continue;
    }
    migrations::Migration migration;
    migration.revision = file.name;
    if (!set.migrations.empty()) migration.parents.push_back(set.migrations.back().revision);
    migration.upgrade = part;
    set.migrations.push_back(std::move(migration));
  }
  const bool reversible = std::ranges::any_of(set.migrations, [](const auto& migration) { return migration.downgrade.has_value(); });
  for (migrations::Migration& migration : set.migrations) migration.downgrade_expected = reversible;
  return set;
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream bytes;
  bytes << stream.rdbuf();
  return bytes.str();
}

Result<Fixture> parse_fixture(std::string_view text) {
  constexpr std::string_view header = "-- fixture:";
  constexpr std::string_view file_line = "-- file:";
  Fixture fixture;
  fixture.files.push_back({"001.sql", "", false});
  bool first_line = true;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    const std::string_view line = text.substr(0, newline == std::string_view::npos ? newline : newline + 1);
    text.remove_prefix(line.size());
    if (first_line && line.starts_with(header)) {
      TRY_VOID(read_header(line.substr(header.size()), fixture));
      fixture.files.back().text += "\n";
    } else if (line.starts_with(file_line)) {
      constexpr std::string_view unreadable = " unreadable";
      std::string name(trimmed(line.substr(file_line.size())));
      const bool cannot_be_read = name.ends_with(unreadable);
      if (cannot_be_read) name.resize(name.size() - unreadable.size());
      const bool nothing_before = fixture.files.size() == 1 && trimmed(fixture.files.back().text).empty();
      if (nothing_before) fixture.files.pop_back();
      fixture.files.push_back({std::move(name), "", cannot_be_read});
    } else {
      fixture.files.back().text += line;
    }
    first_line = false;
  }
  for (std::size_t i = 0; i < fixture.files.size(); ++i) TRY_VOID(take_wants(fixture.files[i], i, fixture.wants));
  return fixture;
}

Result<lint::LintResult> run_fixture(const Fixture& fixture, int postgres_version, std::string_view rule, std::string_view skipped_rule) {
  lint::Settings settings;
  settings.postgres_version = postgres_version;
  settings.assume_lock_timeout = fixture.assume_lock_timeout;
  settings.today = fixture.today;
  if (fixture.governed_suppressions) {
    settings.suppression_owner_from = lint::Severity::error;
    settings.require_suppression_expiry = true;
  }
  settings.threads = 1;
  if (!fixture.all_rules && !rule.empty()) settings.only.emplace(rule);
  if (!skipped_rule.empty()) {
    settings.only.clear();
    for (const lint::RuleEntry& entry : lint::rule_table()) {
      const bool wanted = fixture.all_rules || entry.id == rule;
      if (wanted && entry.id != skipped_rule) settings.only.emplace(entry.id);
    }
    if (settings.only.empty()) settings.only.emplace("none");
  }
  if (fixture.layout.empty()) {
    const migrations::MigrationSet set = in_memory(fixture);
    lint::Scope scope;
    const auto dump = std::ranges::find(fixture.files, fixture.schema_dump, &FixtureFile::name);
    if (dump != fixture.files.end()) scope.schema_dump = std::make_shared<const SourceText>(dump->name, dump->text);
    return lint::lint({&set, 1}, lint::rule_table(), settings, scope);
  }
  const test::TemporaryFolder folder;
  TRY_ASSIGN(const std::vector<migrations::MigrationSet> sets, on_disk(fixture, folder));
  return lint::lint(sets, lint::rule_table(), settings);
}

std::vector<std::string> differences(const Fixture& fixture, const lint::LintResult& result) {
  std::vector<std::string> lines;
  std::vector<bool> met(fixture.wants.size(), false);
  for (const lint::Finding& finding : result.findings) {
    if (finding.suppressed) continue;
    const SourceText& source = *result.sources[finding.source];
    const Position position = source.position(finding.span.begin);
    bool wanted = false;
    for (std::size_t i = 0; i < fixture.wants.size() && !wanted; ++i) {
      const Want& want = fixture.wants[i];
      if (met[i] || want.rule != finding.rule || want.line != position.line) continue;
      if (!source.name().ends_with(fixture.files[want.file].name)) continue;
      if (want.column != 0 && want.column != position.column) continue;
      if (finding.message.find(want.substring) == std::string::npos) continue;
      if (!want.severity.empty() && want.severity != lint::name(finding.severity)) {
        lines.push_back(fmt::format("{}:{}: {} is {}, not {}", source.name(), position.line, finding.rule, lint::name(finding.severity),
                                    want.severity));
      }
      if (finding.safe_sql.find(want.safe) == std::string::npos) {
        lines.push_back(fmt::format("the safe way has no `{}`:\n{}", want.safe, finding.safe_sql));
      }
      met[i] = wanted = true;
    }
    if (!wanted) {
      lines.push_back(
          fmt::format("not wanted: {}:{}:{}: {}: {}", source.name(), position.line, position.column, finding.rule, finding.message));
    }
  }
  for (std::size_t i = 0; i < fixture.wants.size(); ++i) {
    if (met[i]) continue;
    const Want& want = fixture.wants[i];
    lines.push_back(fmt::format("not found: {}:{}: {}{} \"{}\"", fixture.files[want.file].name, want.line, want.rule,
                                want.column != 0 ? fmt::format("@{}", want.column) : "", want.substring));
  }
  return lines;
}

}  // namespace cupel::test

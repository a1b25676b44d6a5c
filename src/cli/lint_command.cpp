#include "base/suggest.h"
#include "cli/commands.h"
#include "cli/cxx_revisions.h"
#include "cli/input.h"
#include "cli/lint_output.h"
#include "cli/output.h"
#include "lint/engine.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <system_error>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

// The rules named by --rule or --skip, by their present ids; an unknown one is an error with the nearest name.
Status add_rules(const std::vector<std::string>& named, std::set<std::string, std::less<>>& ids) {
  for (const std::string& word : named) {
    const lint::RuleEntry* entry = lint::find_rule(word);
    if (entry == nullptr) {
      std::vector<std::string_view> known;
      for (const lint::RuleEntry& rule : lint::rule_table()) known.push_back(rule.id);
      const auto meant = closest_match(word, known);
      return Error{ErrorCode::usage, fmt::format("unknown rule \"{}\"{}; `cupel rules` lists them", word,
                                                 meant ? fmt::format(", did you mean \"{}\"?", *meant) : "")};
    }
    ids.emplace(entry->id);
  }
  return success();
}

// A report never takes the place of a migration: not of one that was read, nor of a file that is called like one.
Status spare_migrations(const std::string& output, const std::vector<migrations::MigrationSet>& sets) {
  std::error_code error;
  if (output.empty() || output == "-" || !fs::is_regular_file(output, error)) return success();
  for (const migrations::MigrationSet& set : sets) {
    for (const std::shared_ptr<const SourceText>& source : set.sources) {
      if (!fs::equivalent(source->name(), output, error) && fs::path(source->name()).extension() != fs::path(output).extension()) continue;
      return Error{ErrorCode::usage, fmt::format("--output {} would overwrite what may be a migration", output)};
    }
  }
  return success();
}

// Something could not be read or parsed: the answer is not complete.
bool incomplete(const lint::LintResult& result) {
  return std::ranges::any_of(result.findings, [](const lint::Finding& finding) {
    return !finding.suppressed && (finding.rule == "parse-error" || finding.rule == "unreadable-file");
  });
}

// Runs the code of revisions in C++, which only the user may decide.
Result<std::vector<migrations::MigrationSet>> load_exactly(const LintOptions& options, const Configuration& configuration) {
  TRY_ASSIGN(RecordedMigrations recorded, load_recorded_migrations(options.paths, configuration, options.modules));
  return std::move(recorded.sets);
}

Result<int> run(const LintOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  TRY_ASSIGN(Configuration configuration, load_configuration(options.common));
  TRY_VOID(add_rules(options.rules, configuration.lint.only));
  TRY_VOID(add_rules(options.skip, configuration.lint.skip));
  // Whichever rules are asked for: nothing is clean that could not be read.
  if (!configuration.lint.only.empty()) configuration.lint.only.insert({"parse-error", "unreadable-file"});
  if (options.threads) configuration.lint.threads = *options.threads;
  if (!options.fail_on.empty()) configuration.fail_on = *parse_fail_on(options.fail_on);
  configuration.lint.fingerprints = options.format != "text";

  TRY_ASSIGN(const std::vector<migrations::MigrationSet> sets,
             options.exact ? load_exactly(options, configuration) : load_migrations(options.paths, configuration, options.stdin_file_path));
  TRY_VOID(spare_migrations(options.output, sets));
  lint::LintResult result = lint::lint(sets, lint::rule_table(), configuration.lint);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  TRY_VOID(write_output(render({options.format, options.output, options.color}, result, configuration.lint), options.output));
  if (configuration.fail_on != FailOn::never && incomplete(result)) return static_cast<int>(exit_unreadable);
  return static_cast<int>(fails(result, configuration.fail_on) ? exit_findings : exit_clean);
}

}  // namespace

int lint_command(const LintOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli

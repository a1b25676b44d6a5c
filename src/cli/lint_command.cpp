#include "base/counted.h"
#include "base/suggest.h"
#include "cli/baseline_file.h"
#include "cli/changes.h"
#include "cli/commands.h"
#include "cli/cxx_revisions.h"
#include "cli/cxx_sources.h"
#include "cli/input.h"
#include "cli/lint_output.h"
#include "cli/output.h"
#include "cli/pending.h"
#include "cli/progress_line.h"
#include "cli/schema_dump.h"
#include "cli/snapshot.h"
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
  if (output.empty() || !fs::is_regular_file(output, error)) return success();
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
    return finding.counts() &&
           (finding.rule == "parse-error" || finding.rule == "unreadable-file" || finding.rule == "source-not-analysed");
  });
}

// Runs the code of revisions in C++, which only the user may decide.
Result<std::vector<migrations::MigrationSet>> load_exactly(const LintOptions& options, const Configuration& configuration) {
  TRY_ASSIGN(RecordedMigrations recorded, load_recorded_migrations(options.paths, configuration, options.modules));
  return std::move(recorded.sets);
}

Result<Configuration> configuration_of(const LintOptions& options) {
  TRY_ASSIGN(Configuration configuration, load_configuration(options.common));
  TRY_VOID(add_rules(options.rules, configuration.lint.only));
  TRY_VOID(add_rules(options.skip, configuration.lint.skip));
  // Whichever rules are asked for: nothing is clean that could not be read.
  if (!configuration.lint.only.empty()) configuration.lint.only.insert({"parse-error", "unreadable-file", "source-not-analysed"});
  if (!options.no_snapshot) TRY_VOID(read_snapshot(options.snapshot, configuration));
  if (options.threads) configuration.lint.threads = *options.threads;
  if (!options.fail_on.empty()) configuration.fail_on = *parse_fail_on(options.fail_on);
  return configuration;
}

// Entries of the baseline that this run should have found and did not. What it did not look at says nothing.
std::vector<lint::BaselineEntry> stale_entries(const Baseline& baseline, const lint::BaselineMatcher& matcher,
                                               const lint::LintResult& result) {
  std::set<std::string, std::less<>> judged;
  for (const auto& source : result.sources) judged.insert(baseline.name_of(source->name()));
  std::vector<lint::BaselineEntry> stale = matcher.unmatched();
  std::erase_if(stale, [&](const lint::BaselineEntry& entry) { return !judged.contains(entry.file) && !baseline.is_gone(entry.file); });
  return stale;
}

std::string stale_in_words(const std::vector<lint::BaselineEntry>& stale) {
  constexpr std::size_t most_shown = 20;
  std::string words;
  for (std::size_t i = 0; i < std::min(stale.size(), most_shown); ++i) {
    words += fmt::format("  {}: {} [{}]\n", stale[i].file, stale[i].message, stale[i].rule);
  }
  if (stale.size() > most_shown) words += fmt::format("  ... and {} more\n", stale.size() - most_shown);
  return words;
}

std::size_t findings_in(const std::vector<lint::BaselineEntry>& entries) {
  std::size_t count = 0;
  for (const lint::BaselineEntry& entry : entries) count += entry.count;
  return count;
}

lint::BaselineMatcher matcher_of(const Baseline& baseline) {
  return {baseline.entries, [&baseline](std::string_view source) { return baseline.name_of(source); },
          [&baseline](const std::string& name) { return baseline.is_gone(name); }};
}

Result<int> write_baseline(const LintOptions& options, const Configuration& configuration,
                           const std::vector<migrations::MigrationSet>& sets, std::shared_ptr<const SourceText> schema_dump) {
  TRY_ASSIGN(const Baseline baseline, place_baseline(options.baseline, configuration));
  const lint::LintResult result =
      lint::lint(sets, lint::rule_table(), configuration.lint, {.every_repeat = true, .schema_dump = std::move(schema_dump)});
  const auto entries =
      lint::baseline_of(result.findings, result.sources, [&baseline](std::string_view source) { return baseline.name_of(source); });
  TRY_VOID(write_output(baseline_text(entries), baseline.file));
  TRY_VOID(write_output(
      fmt::format("Wrote {}: {} are known from now on, and only new ones fail\n", baseline.file, counted(findings_in(entries), "finding")),
      ""));
  return static_cast<int>(exit_clean);
}

Result<int> run(const LintOptions& options) {
  const auto begin = std::chrono::steady_clock::now();
  TRY_ASSIGN(Configuration configuration, configuration_of(options));
  TRY_ASSIGN(const std::vector<LintOutput> outputs, parse_outputs(options.outputs, options.format, options.color));
  TRY_ASSIGN(const Baseline baseline,
             options.no_baseline || options.write_baseline ? Result<Baseline>(Baseline{}) : read_baseline(options.baseline, configuration));
  configuration.lint.fingerprints =
      baseline.exists || options.write_baseline || std::ranges::any_of(outputs, &LintOutput::needs_fingerprints);
  configuration.lint.outline = std::ranges::any_of(outputs, &LintOutput::needs_outline);

  ProgressLine progress(stderr_is_terminal());
  embedded::Sources sources =
      make_sources(configuration, [&progress](std::size_t done, std::size_t all) { progress.count("reading", done, all, "C++ sources"); });
  ChangedMigrations changed;
  const ChangeOptions change{options.since, options.staged, options.applied_until};
  if (change.any()) {
    TRY_ASSIGN(changed, load_changed_migrations(options.paths, configuration, change));
  } else if (options.exact) {
    TRY_ASSIGN(changed.sets, load_exactly(options, configuration));
  } else {
    TRY_ASSIGN(changed.sets, load_migrations(options.paths, configuration, options.stdin_file_path, &sources));
  }
  lint::Scope scope;
  TRY_ASSIGN(scope.schema_dump, take_schema_dump(configuration.schema_dump, changed));
  for (const LintOutput& output : outputs) TRY_VOID(spare_migrations(output.output, changed.sets));
  if (options.write_baseline) return write_baseline(options, configuration, changed.sets, scope.schema_dump);

  lint::BaselineMatcher matcher = matcher_of(baseline);
  if (change.any()) scope.selection = &changed.selection;
  if (baseline.exists) scope.baseline = &matcher;
  scope.progress = [&progress](std::size_t done, std::size_t all) { progress.count("lint", done, all, "migrations"); };
  lint::LintResult result;
  if (options.database.empty()) {
    result = lint::lint(changed.sets, lint::rule_table(), configuration.lint, scope);
  } else {
    TRY_ASSIGN(result, lint_pending(options.database, changed.sets, configuration, scope));
  }
  progress.clear();
  sources.move_findings(result);
  if (const std::string words = embedded::in_words(sources.account()); !words.empty()) print_log("cupel: " + words + "\n");
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (const LintOutput& output : outputs) TRY_VOID(write_output(render(output, result, configuration.lint), output.output));

  // A run that looked at a part, or with some rules, says nothing about the others.
  if (baseline.exists && !change.any() && options.database.empty() && options.rules.empty() && options.skip.empty()) {
    const auto stale = stale_entries(baseline, matcher, result);
    if (!stale.empty()) {
      print_problem(fmt::format("{} of {} found no more; `cupel baseline --prune` takes them out", counted(findings_in(stale), "finding"),
                                baseline.file));
    }
  }
  if (configuration.fail_on != FailOn::never && incomplete(result)) return static_cast<int>(exit_unreadable);
  return static_cast<int>(fails(result, configuration.fail_on) ? exit_findings : exit_clean);
}

// `entries` without `stale`, which are some of them with the number that is too many.
std::vector<lint::BaselineEntry> without(std::vector<lint::BaselineEntry> entries, const std::vector<lint::BaselineEntry>& stale) {
  for (const lint::BaselineEntry& gone : stale) {
    for (lint::BaselineEntry& entry : entries) {
      if (entry.file == gone.file && entry.rule == gone.rule && entry.fingerprint == gone.fingerprint) entry.count -= gone.count;
    }
  }
  std::erase_if(entries, [](const lint::BaselineEntry& entry) { return entry.count == 0; });
  return entries;
}

Result<int> run(const BaselineOptions& options) {
  TRY_ASSIGN(Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const Baseline baseline, place_baseline(options.baseline, configuration));
  if (!baseline.exists) {
    return Error{ErrorCode::usage, fmt::format("there is no baseline {}; `cupel lint --write-baseline` writes one", baseline.file)};
  }
  ChangedMigrations read;
  TRY_ASSIGN(read.sets, load_migrations(options.paths, configuration, {}));
  TRY_ASSIGN(const auto schema_dump, take_schema_dump(configuration.schema_dump, read));
  configuration.lint.fingerprints = true;
  TRY_VOID(read_snapshot("", configuration));
  lint::BaselineMatcher matcher = matcher_of(baseline);
  const lint::LintResult result = lint::lint(read.sets, lint::rule_table(), configuration.lint,
                                             {.baseline = &matcher, .every_repeat = true, .schema_dump = schema_dump});
  const auto stale = stale_entries(baseline, matcher, result);
  std::string words = fmt::format("{}: {} known", baseline.file, counted(findings_in(baseline.entries), "finding"));
  words += stale.empty()
               ? ", all still found\n"
               : fmt::format(", {} found no more{}\n{}", findings_in(stale), options.prune ? " and taken out" : "", stale_in_words(stale));
  if (options.prune && !stale.empty()) TRY_VOID(write_output(baseline_text(without(baseline.entries, stale)), baseline.file));
  TRY_VOID(write_output(words, ""));
  return static_cast<int>(options.check && !stale.empty() ? exit_findings : exit_clean);
}

}  // namespace

int lint_command(const LintOptions& options) { return finish(run(options)); }
int baseline_command(const BaselineOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli

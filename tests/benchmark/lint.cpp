// How fast the parts of a lint run are, on the SQL below CUPEL_BENCHMARK_INPUT (a folder of migrations; the default is
// the project that the demo uses). Bytes per second are of the SQL read.
#include "lint/engine.h"
#include "lint/parsed_migrations.h"
#include "lint/replay.h"
#include "migrations/layout.h"
#include "report/report.h"
#include "sql/parse_tree.h"

#include <cstdlib>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using namespace cupel;

std::string input() {
  const char* chosen = std::getenv("CUPEL_BENCHMARK_INPUT");
  return chosen != nullptr ? chosen : CUPEL_SOURCE_DIR "/fixtures";
}

const std::vector<migrations::MigrationSet>& sets() {
  static const std::vector<migrations::MigrationSet> read = [] {
    Result<std::vector<migrations::MigrationSet>> found = migrations::read_path(input(), {});
    return found ? *std::move(found) : std::vector<migrations::MigrationSet>{};
  }();
  return read;
}

std::int64_t bytes() {
  std::int64_t sum = 0;
  for (const migrations::MigrationSet& set : sets()) {
    for (const auto& source : set.sources) sum += static_cast<std::int64_t>(source->text().size());
  }
  return sum;
}

void read(benchmark::State& state) {
  for (auto step : state) benchmark::DoNotOptimize(migrations::read_path(input(), {}));
  state.SetBytesProcessed(state.iterations() * bytes());
}
BENCHMARK(read)->Unit(benchmark::kMillisecond);

// PostgreSQL's raw parser alone: what everything else is compared with.
void parse_bare(benchmark::State& state) {
  for (auto step : state) {
    for (const migrations::MigrationSet& set : sets()) {
      for (const auto& source : set.sources) benchmark::DoNotOptimize(sql::ParseTree::parse(source->c_str()));
    }
  }
  state.SetBytesProcessed(state.iterations() * bytes());
}
BENCHMARK(parse_bare)->Unit(benchmark::kMillisecond);

// The same and the conversion to statements.
void parse(benchmark::State& state) {
  for (auto step : state) {
    lint::ParsedMigrations parsed(sets(), 1);
    for (const migrations::MigrationSet& set : sets()) {
      for (std::size_t i = 0; i < set.migrations.size(); ++i) benchmark::DoNotOptimize(parsed.next());
    }
  }
  state.SetBytesProcessed(state.iterations() * bytes());
}
BENCHMARK(parse)->Unit(benchmark::kMillisecond);

void parse_and_replay(benchmark::State& state) {
  class Silent : public lint::ReplayListener {
    void on_statement(const lint::Step& /*step*/) override {}
  };
  for (auto step : state) {
    Silent listener;
    lint::ParsedMigrations parsed(sets(), 1);
    for (const migrations::MigrationSet& set : sets()) {
      schema::Database database;
      lint::replay(set, parsed, 18, database, listener);
    }
  }
  state.SetBytesProcessed(state.iterations() * bytes());
}
BENCHMARK(parse_and_replay)->Unit(benchmark::kMillisecond);

// Parsing, replay and rules, as the report for people needs them.
void lint_everything(benchmark::State& state) {
  lint::Settings settings;
  settings.fingerprints = false;
  settings.threads = static_cast<unsigned>(state.range(0));
  for (auto step : state) benchmark::DoNotOptimize(lint::lint(sets(), lint::rule_table(), settings));
  state.SetBytesProcessed(state.iterations() * bytes());
}
BENCHMARK(lint_everything)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond)->UseRealTime();

// Bytes per second are of the SQL that the findings are about, not of the report.
void render(benchmark::State& state) {
  const lint::LintResult result = lint::lint(sets(), lint::rule_table(), {});
  for (auto step : state) benchmark::DoNotOptimize(report::text(result, {}));
  state.SetBytesProcessed(state.iterations() * bytes());
  state.counters["findings"] = static_cast<double>(result.findings.size());
}
BENCHMARK(render)->Unit(benchmark::kMillisecond);

}  // namespace

#include "lint/parsed_set.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace cupel::lint {
namespace {

struct Job {
  const migrations::MigrationSet* set;
  const migrations::Part* part;
  std::optional<ParsedPart>* result;
};

ParsedPart parse_part(const Job& job) {
  const SourceText& source = *job.set->sources[job.part->source];
  ParsedPart parsed{sql::Script::parse(source, {job.part->chunks, job.part->placeholders}), {}, {}};
  parsed.statements.reserve(parsed.script.statements().size());
  for (const sql::SyntaxError& error : parsed.script.errors()) parsed.errors.push_back(&error);
  for (const sql::Statement& statement : parsed.script.statements()) {
    parsed.statements.push_back({&statement, job.part->source});
    if (statement.as<sql::DoBlock>() == nullptr) continue;
    const sql::Body& body = parsed.script.body(statement);
    for (const sql::Statement& inner : body.statements) parsed.statements.push_back({&inner, job.part->source});
    for (const sql::SyntaxError& error : body.errors) parsed.errors.push_back(&error);
  }
  return parsed;
}

}  // namespace

std::vector<ParsedSet> parse_sets(std::span<const migrations::MigrationSet> sets, unsigned threads) {
  std::vector<ParsedSet> parsed(sets.size());
  std::vector<Job> jobs;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    parsed[i].set = &sets[i];
    parsed[i].migrations.resize(sets[i].migrations.size());
    for (std::size_t m = 0; m < sets[i].migrations.size(); ++m) {
      const migrations::Migration& migration = sets[i].migrations[m];
      if (migration.upgrade) jobs.push_back({&sets[i], &*migration.upgrade, &parsed[i].migrations[m].upgrade});
      if (migration.downgrade) jobs.push_back({&sets[i], &*migration.downgrade, &parsed[i].migrations[m].downgrade});
    }
    for (const auto& source : sets[i].sources) bytes += source->text().size();
  }

  std::atomic<std::size_t> next = 0;
  const auto work = [&jobs, &next] {
    for (std::size_t i = next++; i < jobs.size(); i = next++) jobs[i].result->emplace(parse_part(jobs[i]));
  };
  // A thread costs about as much as parsing 64 kB.
  constexpr std::size_t bytes_worth_a_thread = 64 * 1024;
  const std::size_t wanted = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  const std::size_t helpers = std::min({wanted - 1, jobs.size(), bytes / bytes_worth_a_thread});
  std::vector<std::jthread> pool;
  for (std::size_t i = 0; i < helpers; ++i) pool.emplace_back(work);
  work();
  pool.clear();
  return parsed;
}

}  // namespace cupel::lint

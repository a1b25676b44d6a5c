#include "lint/parsed_migrations.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace cupel::lint {
namespace {

// So much text is parsed at a time by one thread: enough to be worth waking one, and little enough that its trees are
// still in the processor's cache when they are replayed.
constexpr std::size_t bytes_in_a_batch = 32768;
// A thread costs about as much as parsing these.
constexpr std::size_t bytes_worth_a_thread = 65536;

ParsedPart parse_part(const migrations::MigrationSet& set, const migrations::Part& part) {
  const SourceText& source = *set.sources[part.source];
  ParsedPart parsed{sql::Script::parse(source, {part.chunks, part.placeholders}), {}, {}};
  parsed.statements.reserve(parsed.script.statements().size());
  for (const sql::SyntaxError& error : parsed.script.errors()) parsed.errors.push_back(&error);
  for (const sql::Statement& statement : parsed.script.statements()) {
    parsed.statements.push_back({&statement, part.source});
    if (statement.as<sql::DoBlock>() == nullptr) continue;
    const sql::Body& body = parsed.script.body(statement);
    for (const sql::Statement& inner : body.statements) parsed.statements.push_back({&inner, part.source});
    for (const sql::SyntaxError& error : body.errors) parsed.errors.push_back(&error);
  }
  return parsed;
}

std::size_t bytes_of(const migrations::MigrationSet& set, const migrations::Part& part) {
  if (part.chunks.empty()) return set.sources[part.source]->text().size();
  std::size_t bytes = 0;
  for (const Span chunk : part.chunks) bytes += chunk.size();
  return bytes;
}

struct Job {
  const migrations::MigrationSet* set;
  const migrations::Migration* migration;
};

// Migrations that follow each other.
struct Batch {
  std::span<const Job> jobs;
  std::vector<ParsedMigration> parsed;  // like jobs, once it is done
  bool done = false;

  void parse() {
    parsed.resize(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto& [set, migration] = jobs[i];
      if (migration->upgrade) parsed[i].upgrade.emplace(parse_part(*set, *migration->upgrade));
      if (migration->downgrade) parsed[i].downgrade.emplace(parse_part(*set, *migration->downgrade));
    }
  }
};

}  // namespace

struct ParsedMigrations::State {
  std::vector<Job> jobs;
  std::vector<Batch> batches;
  std::size_t reading = 0;   // the batch whose migrations are handed out
  std::size_t position = 0;  // in it: how many were
  std::size_t ahead = 0;     // so many batches may be parsed before they are read
  std::size_t bytes = 0;     // of all

  std::mutex mutex;  // for all below, and for `reading` and `done` where helpers run
  std::condition_variable changed;
  std::size_t unclaimed = 0;  // the first batch that no thread has begun
  bool stopped = false;
  std::vector<std::jthread> helpers;

  void collect(std::span<const migrations::MigrationSet> sets) {
    std::vector<std::size_t> ends;
    std::size_t batched = 0;
    for (const migrations::MigrationSet& set : sets) {
      for (const migrations::Migration& migration : set.migrations) {
        jobs.push_back({&set, &migration});
        if (migration.upgrade) bytes += bytes_of(set, *migration.upgrade);
        if (migration.downgrade) bytes += bytes_of(set, *migration.downgrade);
        if (bytes - batched < bytes_in_a_batch) continue;
        ends.push_back(jobs.size());
        batched = bytes;
      }
    }
    if (ends.empty() || ends.back() < jobs.size()) ends.push_back(jobs.size());
    std::size_t begin = 0;
    for (const std::size_t end : ends) {
      batches.push_back({std::span(jobs).subspan(begin, end - begin), {}, false});
      begin = end;
    }
  }

  [[nodiscard]] bool may_claim() const { return unclaimed < batches.size() && unclaimed <= reading + ahead; }

  void parse_one(std::unique_lock<std::mutex>& lock) {
    Batch& batch = batches[unclaimed++];
    lock.unlock();
    batch.parse();
    lock.lock();
    batch.done = true;
    changed.notify_all();
  }

  void help() {
    std::unique_lock lock(mutex);
    while (true) {
      changed.wait(lock, [this] { return stopped || unclaimed >= batches.size() || may_claim(); });
      if (stopped || unclaimed >= batches.size()) return;
      parse_one(lock);
    }
  }

  // Returns when the batch being read is parsed, and parses meanwhile.
  void await() {
    const Batch& batch = batches[reading];
    std::unique_lock lock(mutex);
    while (!batch.done) {
      if (may_claim()) parse_one(lock);
      else changed.wait(lock);
    }
  }
};

ParsedMigrations::ParsedMigrations(std::span<const migrations::MigrationSet> sets, unsigned threads) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.collect(sets);
  const std::size_t wanted = threads != 0 ? threads : std::max(1U, std::thread::hardware_concurrency());
  const std::size_t helpers = std::min({wanted - 1, state.batches.size() - 1, state.bytes / bytes_worth_a_thread});
  // Without helpers nothing is parsed before it is needed.
  state.ahead = helpers == 0 ? 0 : helpers + 1;
  for (std::size_t i = 0; i < helpers; ++i) state.helpers.emplace_back([&state] { state.help(); });
}

ParsedMigrations::~ParsedMigrations() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopped = true;
  }
  state_->changed.notify_all();
}

ParsedMigration ParsedMigrations::next() {
  State& state = *state_;
  if (state.position == state.batches[state.reading].jobs.size()) {
    {
      const std::lock_guard lock(state.mutex);
      state.batches[state.reading].parsed = std::vector<ParsedMigration>();
      ++state.reading;
      state.position = 0;
    }
    state.changed.notify_all();
  }
  if (state.position == 0) state.await();
  return std::move(state.batches[state.reading].parsed[state.position++]);
}

}  // namespace cupel::lint

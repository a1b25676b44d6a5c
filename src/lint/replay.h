// Walks migrations in order of execution: each statement with the schema and the transaction it runs in, and its
// effects.
#pragma once

#include "effects/effects.h"
#include "effects/transaction_state.h"
#include "lint/parsed_migrations.h"
#include "schema/comparison.h"
#include "schema/database.h"

#include <cstdint>
#include <vector>

namespace cupel::lint {

// One statement about to run. References are valid during the call that gets it.
struct Step {
  const migrations::MigrationSet& set;
  const migrations::Migration& migration;
  const migrations::Part& part;
  const ParsedMigration& parts;
  const ParsedPart& parsed;  // of `part`
  bool downgrade;
  std::uint32_t upgrade_epoch;                   // epoch in which the migration's upgrade ran
  const schema::Database& database;              // before the statement
  const effects::TransactionState& transaction;  // before the statement
  // Set for each statement:
  std::size_t number = 0;  // index into parsed.statements
  const sql::Statement* statement = nullptr;
  const effects::Effects* effects = nullptr;
};

class ReplayListener {
 public:
  virtual ~ReplayListener() = default;
  virtual void on_statement(const Step& step) = 0;
  // After the last statement of a part.
  virtual void on_part_end(const migrations::Migration& /*migration*/, const migrations::Part& /*part*/, const ParsedPart& /*parsed*/,
                           bool /*downgrade*/) {}
  // Whether it wants to be told what a migration's downgrade leaves different.
  [[nodiscard]] virtual bool wants_reversals() const { return false; }
  // After a downgrade: how the schema differs from what it was before the upgrade (`expected`).
  virtual void on_reversal(const migrations::Migration& /*migration*/, const std::vector<schema::Difference>& /*differences*/) {}
  // After a migration's upgrade and downgrade; its statements go away when this returns.
  virtual void on_migration_end(const migrations::Migration& /*migration*/, const ParsedMigration& /*parsed*/) {}
};

// Replays every migration's upgrade on `database`; its downgrade is tried on the schema that follows and undone again.
// Takes the set's migrations from `parsed`, which must have come to them: nothing of their parse trees is needed
// afterwards.
void replay(const migrations::MigrationSet& set, ParsedMigrations& parsed, int postgres_version, schema::Database& database,
            ReplayListener& listener);

}  // namespace cupel::lint

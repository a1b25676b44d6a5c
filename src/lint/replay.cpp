#include "lint/replay.h"

namespace cupel::lint {
namespace {

effects::TransactionKind transaction_kind(migrations::TransactionMode mode, std::size_t statements) {
  switch (mode) {
    case migrations::TransactionMode::none: return effects::TransactionKind::none;
    case migrations::TransactionMode::per_file:
    case migrations::TransactionMode::batch: return effects::TransactionKind::runner;
    // One statement alone in a string is its own transaction (manual 55.2.2.1).
    case migrations::TransactionMode::implicit:
      return statements > 1 ? effects::TransactionKind::implicit : effects::TransactionKind::none;
  }
  return effects::TransactionKind::none;
}

class Walk {
 public:
  Walk(const ParsedSet& parsed, int postgres_version, ReplayListener& listener)
      : parsed_(parsed), postgres_version_(postgres_version), listener_(listener) {}

  void run() {
    const migrations::MigrationSet& set = *parsed_.set;
    for (std::size_t i = 0; i < set.migrations.size(); ++i) {
      const migrations::Migration& migration = set.migrations[i];
      const ParsedMigration& parts = parsed_.migrations[i];
      database_.begin_epoch();
      const std::uint32_t upgrade_epoch = database_.epoch();
      if (parts.upgrade) run_part(migration, *migration.upgrade, *parts.upgrade, false, upgrade_epoch);
      if (parts.downgrade) {
        const schema::Database::Mark before = database_.mark();
        database_.begin_epoch();
        run_part(migration, *migration.downgrade, *parts.downgrade, true, upgrade_epoch);
        database_.rewind(before);
      }
      listener_.on_migration_end(migration, parts);
    }
  }

 private:
  void run_part(const migrations::Migration& migration, const migrations::Part& part, const ParsedPart& parsed, bool downgrade,
                std::uint32_t upgrade_epoch) {
    transaction_.begin_part(transaction_kind(part.mode, parsed.script.statements().size()));
    database_.settings().reset_all();
    database_.begin_transaction();
    if (transaction_.in_transaction()) database_.settings().begin();

    Step step{*parsed_.set, migration, part, parsed, downgrade, upgrade_epoch, database_, transaction_};
    for (std::size_t number = 0; number < parsed.statements.size(); ++number) {
      const sql::Statement& statement = *parsed.statements[number].statement;
      if (!transaction_.in_transaction()) database_.begin_transaction();
      const effects::Effects effects = effects::predict(statement, {database_, parsed.script, postgres_version_, &transaction_});
      step.number = number;
      step.statement = &statement;
      step.effects = &effects;
      listener_.on_statement(step);
      database_.apply(statement, parsed.script);
      transaction_.after(statement, effects, database_, number);
    }
    transaction_.end_part();
    if (database_.settings().in_transaction()) database_.settings().commit();
    listener_.on_part_end(migration, part, parsed, downgrade);
  }

  const ParsedSet& parsed_;
  int postgres_version_;
  ReplayListener& listener_;
  schema::Database database_;
  effects::TransactionState transaction_;
};

}  // namespace

void replay(const ParsedSet& parsed, int postgres_version, ReplayListener& listener) { Walk(parsed, postgres_version, listener).run(); }

}  // namespace cupel::lint

#include "lint/replay.h"

#include <optional>

namespace cupel::lint {
namespace {

effects::TransactionKind transaction_kind(migrations::TransactionMode mode, std::size_t statements) {
  switch (mode) {
    case migrations::TransactionMode::none: return effects::TransactionKind::none;
    case migrations::TransactionMode::per_file:
    case migrations::TransactionMode::batch: return effects::TransactionKind::runner;
    // One statement alone in a string is its own transaction (manual 55.2.2.1).
    case migrations::TransactionMode::implicit: return statements > 1 ? effects::TransactionKind::implicit : effects::TransactionKind::none;
  }
  return effects::TransactionKind::none;
}

class Walk {
 public:
  Walk(const migrations::MigrationSet& set, int postgres_version, schema::Database& database, ReplayListener& listener)
      : set_(set), postgres_version_(postgres_version), listener_(listener), database_(database) {
    in_a_block_.begin_part(effects::TransactionKind::implicit);
  }

  void run(ParsedMigrations& parsed) {
    for (const migrations::Migration& migration : set_.migrations) {
      const ParsedMigration parts = parsed.next();
      std::optional<schema::Database::Mark> before_upgrade;
      if (parts.upgrade && parts.downgrade && listener_.wants_reversals()) before_upgrade = database_.mark();
      if (!migration.unread.empty()) database_.note_unseen_changes();
      database_.begin_epoch();
      const std::uint32_t upgrade_epoch = database_.epoch();
      if (parts.upgrade) run_part(migration, parts, false, upgrade_epoch);
      if (parts.downgrade) {
        const schema::Database::Mark before = database_.mark();
        database_.begin_epoch();
        run_part(migration, parts, true, upgrade_epoch);
        if (before_upgrade) {
          listener_.on_reversal(migration, schema::compare_since(database_, *before_upgrade,
                                                                 {.expected_side = "the schema before the upgrade",
                                                                  .found_side = "the one after the downgrade"}));
        }
        database_.rewind(before);
      }
      if (before_upgrade) database_.forget(*before_upgrade);
      listener_.on_migration_end(migration, parts);
    }
  }

 private:
  // A text that holds several migrations is one session: a BEGIN in it reaches to its COMMIT, whatever lies between
  // (alembic upgrade --sql). Of downgrades, which are tried one by one, only that a transaction is open is kept.
  void begin_part(const migrations::Part& part, const ParsedPart& parsed, bool downgrade) {
    const bool goes_on = open_source_ == part.source && open_downgrade_ == downgrade && part.mode == migrations::TransactionMode::none;
    if (goes_on && !downgrade) return transaction_.begin_next_part();
    end_session();
    transaction_.begin_part(goes_on ? effects::TransactionKind::explicit_block
                                    : transaction_kind(part.mode, parsed.script.statements().size()));
    database_.settings().reset_all();
    database_.begin_transaction();
    if (transaction_.in_transaction()) database_.settings().begin();
  }

  void end_part(const migrations::Part& part, bool downgrade) {
    open_source_.reset();
    if (part.mode == migrations::TransactionMode::none && transaction_.kind() == effects::TransactionKind::explicit_block) {
      open_source_ = part.source;
      open_downgrade_ = downgrade;
      if (!downgrade) return;
    }
    end_session();
  }

  void end_session() {
    transaction_.end_part();
    if (database_.settings().in_transaction()) database_.settings().commit();
  }

  // The runner ends its transaction for this statement: the server refuses it in one, or it runs in batches.
  [[nodiscard]] bool runs_alone(const migrations::Part& part, const sql::Script& script, const sql::Statement& statement,
                                const effects::Effects& effects) const {
    if (!part.cut_where_refused || transaction_.kind() != effects::TransactionKind::runner) return false;
    return effects.refused_in_transaction ||
           migrations::backfill_before(part.backfills, script.source().text(), statement.span.begin) != nullptr;
  }

  void change_transaction(effects::TransactionKind kind) {
    end_session();
    transaction_.begin_part(kind);
    database_.begin_transaction();
    if (transaction_.in_transaction()) database_.settings().begin();
  }

  // A table that another file made is made again: a database gets one of the two.
  void take_as_alternative(const sql::Statement& statement, const sql::Script& script) {
    const auto* create = statement.as<sql::CreateTable>();
    if (create == nullptr || create->if_not_exists) return;
    const schema::Relation* known = create->name.schema.empty() ? database_.find(database_.creation_schema(), create->name.name)
                                                                : database_.find(create->name.schema, create->name.name);
    if (known != nullptr && !database_.is_new(*known)) database_.replace(known->id, statement, script);
  }

  void run_part(const migrations::Migration& migration, const ParsedMigration& parts, bool downgrade, std::uint32_t upgrade_epoch) {
    const migrations::Part& part = downgrade ? *migration.downgrade : *migration.upgrade;
    const ParsedPart& parsed = downgrade ? *parts.downgrade : *parts.upgrade;
    begin_part(part, parsed, downgrade);
    Step step{set_, migration, part, parts, parsed, downgrade, upgrade_epoch, database_, transaction_};
    Span block;  // of the last DO
    for (std::size_t number = 0; number < parsed.statements.size(); ++number) {
      const sql::Statement& statement = *parsed.statements[number].statement;
      if (!set_.order_is_known) take_as_alternative(statement, parsed.script);
      if (!transaction_.in_transaction()) database_.begin_transaction();
      if (statement.as<sql::DoBlock>() != nullptr) block = statement.span;
      const bool in_block = block.contains(statement.span.begin) && statement.as<sql::DoBlock>() == nullptr;
      const effects::TransactionState& state = in_block && !transaction_.in_transaction() ? in_a_block_ : transaction_;
      effects::Effects effects = effects::predict(statement, {database_, parsed.script, postgres_version_, &state});
      const bool cut = !in_block && runs_alone(part, parsed.script, statement, effects);
      if (cut) {
        change_transaction(effects::TransactionKind::none);
        effects = effects::predict(statement, {database_, parsed.script, postgres_version_, &transaction_});
      }
      step.number = number;
      step.statement = &statement;
      step.effects = &effects;
      listener_.on_statement(step);
      database_.apply(statement, parsed.script);
      transaction_.after(statement, effects, database_, number);
      if (cut) change_transaction(effects::TransactionKind::runner);
    }
    end_part(part, downgrade);
    listener_.on_part_end(migration, part, parsed, downgrade);
  }

  const migrations::MigrationSet& set_;
  int postgres_version_;
  ReplayListener& listener_;
  schema::Database& database_;
  effects::TransactionState transaction_;
  effects::TransactionState in_a_block_;    // what a DO block runs is in a transaction always
  std::optional<std::size_t> open_source_;  // whose last part left a transaction open that it began itself
  bool open_downgrade_ = false;
};

}  // namespace

void replay(const migrations::MigrationSet& set, ParsedMigrations& parsed, int postgres_version, schema::Database& database,
            ReplayListener& listener) {
  Walk(set, postgres_version, database, listener).run(parsed);
}

}  // namespace cupel::lint

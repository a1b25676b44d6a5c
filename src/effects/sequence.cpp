// Sequences: nextval() takes ROW EXCLUSIVE, so whatever is stronger than SHARE UPDATE EXCLUSIVE stops inserts.
#include "effects/predict.h"

#include <string>

namespace cupel::effects {

namespace {

// process_owned_by.
void look_at_owner(Prediction& prediction, const std::optional<sql::QualifiedName>& table) {
  if (!table) return;
  const schema::Relation* owner = prediction.find(*table);
  if (owner == nullptr && prediction.fail_unknown(*table)) return;
  prediction.lock_named(owner, *table, LockMode::access_share, Role::table, Cause::sequence_change);
}

}  // namespace

void predict(Prediction& prediction, const sql::CreateSequence& statement) {
  const schema::Relation* existing = statement.name.schema.empty()
                                         ? prediction.database().find(prediction.database().creation_schema(), statement.name.name)
                                         : prediction.find(statement.name);
  if (existing != nullptr) {
    if (statement.if_not_exists) return prediction.set_no_op();
    return prediction.fail("42P07", "relation \"" + std::string(statement.name.name) + "\" already exists");
  }
  prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::created, Cause::statement);
  look_at_owner(prediction, statement.owned_by_table);
}

// AlterSequence: SHARE ROW EXCLUSIVE (manual, ALTER SEQUENCE: Notes).
void predict(Prediction& prediction, const sql::AlterSequence& statement) {
  const schema::Relation* sequence = prediction.find(statement.name);
  if (sequence == nullptr) {
    if (statement.if_exists && prediction.replay_is_complete()) return prediction.set_no_op();
    if (prediction.fail_unknown(statement.name)) return;
  }
  prediction.lock_named(sequence, statement.name, LockMode::share_row_exclusive, Role::target, Cause::sequence_change);
  if (sequence != nullptr && sequence->kind != schema::RelationKind::sequence && !sequence->incomplete) {
    return prediction.fail("42809", "\"" + prediction.database().display_name(*sequence) + "\" is not a sequence");
  }
  look_at_owner(prediction, statement.owned_by_table);
}

// ALTER TABLE's subcommands on a sequence: OWNER TO, and SET LOGGED or UNLOGGED since 15.
void predict_alter_sequence(Prediction& prediction, const schema::Relation* sequence, const sql::AlterTable& statement) {
  prediction.lock_named(sequence, statement.name, LockMode::access_exclusive, Role::target, Cause::statement);
  for (const sql::AlterTableCommand& command : statement.commands) {
    const bool persistence = command.action == sql::AlterTableAction::set_logged || command.action == sql::AlterTableAction::set_unlogged;
    if (persistence && !prediction.since(15)) {
      return prediction.fail("42809", "\"" + std::string(statement.name.name) + "\" is not a table");
    }
    if (command.action == sql::AlterTableAction::owner_to && sequence != nullptr && sequence->owner_table != RelationId::none) {
      return prediction.fail("0A000", "cannot change owner of sequence \"" + prediction.database().display_name(*sequence) + "\"");
    }
  }
}

}  // namespace cupel::effects

// What a rule sees of one statement, and how it reports.
#pragma once

#include "effects/effects.h"
#include "effects/transaction_state.h"
#include "lint/finding.h"
#include "lint/rule.h"
#include "lint/settings.h"
#include "migrations/migration.h"
#include "schema/comparison.h"
#include "schema/database.h"
#include "sql/script.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::lint {

// A statement of the same part.
struct StatementPlace {
  const sql::Statement* statement = nullptr;
  std::size_t source = 0;  // index into the set's sources
};

// Fills in a finding that was just reported. Valid until the next report.
class Report {
 public:
  explicit Report(Finding& finding, Pass& pass) : finding_(&finding), pass_(&pass) {}

  Report& why(std::string text);
  Report& advice(std::string text);
  Report& safe_sql(std::string sql);
  Report& certainty(Certainty certainty);
  Report& severity(Severity severity);  // where the rule's default does not fit this case
  // Only the effects of this subcommand (index into AlterTable::commands) are shown; by default the whole statement's.
  Report& command(effects::CommandIndex command);
  Report& no_effects();
  Report& related(std::size_t source, Span span, std::string message);
  Report& related(const StatementPlace& place, std::string message);  // another statement of the part
  Report& fix(FixSafety safety, std::string title, std::vector<Fix::Edit> edits);
  // How long it lasts grows with the rows of this table: a table noted as small makes it info.
  Report& grows_with(const schema::Relation* table);
  // It changes rows of this table: where the migrations themselves wrote its rows, it looks like a small table of constants,
  // and unless the configuration says otherwise that is info. Instead of grows_with.
  Report& changes_rows_of(const schema::Relation* table);

 private:
  Finding* finding_;
  Pass* pass_;
};

class Pass {
 public:
  // ---- what is judged ---------------------------------------------------------------------------------------------
  [[nodiscard]] const sql::Statement& statement() const { return *statement_; }
  template <class T>
  [[nodiscard]] const T* as() const {
    return statement_->as<T>();
  }
  [[nodiscard]] const sql::Script& script() const { return *script_; }
  [[nodiscard]] std::string_view text() const { return script_->text(*statement_); }
  // The statements of this part (DO blocks opened), in order, and which of them this one is.
  [[nodiscard]] const std::vector<StatementPlace>& statements() const { return *statements_; }
  [[nodiscard]] std::size_t number() const { return number_; }
  // It stands in a DO block, which runs in a transaction always.
  [[nodiscard]] bool in_do_block() const;
  // Those of them that run in the same transaction as this one, before and after it; none outside a transaction.
  [[nodiscard]] std::span<const StatementPlace> earlier_in_transaction() const;
  [[nodiscard]] std::span<const StatementPlace> later_in_transaction() const;

  // ---- facts ------------------------------------------------------------------------------------------------------
  [[nodiscard]] const schema::Database& database() const { return *database_; }  // before the statement
  [[nodiscard]] const effects::Effects& effects() const { return *effects_; }
  [[nodiscard]] const effects::TransactionState& transaction() const { return *transaction_; }
  [[nodiscard]] int postgres_version() const { return settings_->postgres_version; }
  [[nodiscard]] const Settings& settings() const { return *settings_; }

  [[nodiscard]] const migrations::MigrationSet& set() const { return *set_; }
  [[nodiscard]] const migrations::Migration& migration() const { return *migration_; }
  [[nodiscard]] const migrations::Part& part() const { return *part_; }
  [[nodiscard]] bool downgrade() const { return downgrade_; }
  // The migration's upgrade; nullptr if it has none.
  [[nodiscard]] const sql::Script* upgrade() const { return upgrade_; }

  // The relation of that name, or nullptr if the replay knows none.
  [[nodiscard]] const schema::Relation* find(const sql::QualifiedName& name) const { return database_->find(name); }
  // Somebody may be using it and it may have rows: not created in this migration, not temporary. Unknown ones are live.
  [[nodiscard]] bool is_live(const schema::Relation* relation) const;
  [[nodiscard]] bool is_live(const sql::QualifiedName& name) const { return is_live(database_->find(name)); }
  // May have rows: live, or new and filled since.
  [[nodiscard]] bool may_have_rows(const schema::Relation* relation) const;
  // Work on its rows keeps somebody waiting: live, and may have rows.
  [[nodiscard]] bool keeps_others_waiting(const schema::Relation* relation) const { return is_live(relation) && may_have_rows(relation); }
  // In a downgrade: this object was made by the upgrade that is being undone.
  [[nodiscard]] bool undoes_upgrade(std::uint32_t created_epoch) const { return downgrade_ && created_epoch == upgrade_epoch_; }
  // lock_timeout in force (set in the session, or assumed by the configuration): milliseconds, 0 off; nullopt: none known.
  [[nodiscard]] std::optional<long long> lock_timeout() const;
  [[nodiscard]] std::optional<long long> statement_timeout() const;
  // The name as the user should see it: schema-qualified only where needed.
  [[nodiscard]] std::string display(const sql::QualifiedName& name) const;
  [[nodiscard]] std::string display(const schema::Relation& relation) const { return database_->display_name(relation); }
  [[nodiscard]] std::string display(const effects::RelationLock& lock) const;
  // `table` written so that it can be used in SQL.
  [[nodiscard]] std::string sql(const sql::QualifiedName& name) const { return sql::to_sql(name); }
  // "migration 20240101_add.sql runs in a transaction that golang-migrate opens" … for messages.
  [[nodiscard]] std::string transaction_words() const;
  // "a migration that runs outside a transaction (goose: -- +goose NO TRANSACTION)", for advice: with the runner's own
  // marker where this migration's part does not have it already.
  [[nodiscard]] std::string outside_transaction_words() const;
  // "t_c_check": the name PostgreSQL or a careful user would give.
  [[nodiscard]] static std::string object_name(std::string_view table, std::string_view column, std::string_view suffix);

  // An UPDATE of a bounded number of rows, to be repeated until it finds none, each time in its own transaction.
  // `assignment`: "c = 1"; `todo`: which rows still need it: "c IS NULL". Both as SQL.
  [[nodiscard]] std::string batched_update(const sql::QualifiedName& table, std::string_view assignment, std::string_view todo) const;

  // ---- findings ---------------------------------------------------------------------------------------------------
  // `span`: in the part's source; an empty one means the statement's. `message`: one sentence without a period.
  Report report(Span span, std::string message);
  Report report(std::string message) { return report(statement_->span, std::move(message)); }
  // For a rule that speaks once per part or run and is about to report the statement. True if the finding would only be
  // counted as one more, so that nobody reads its words; then it is counted.
  [[nodiscard]] bool is_one_more();
  // The rule being run has already spoken about this subcommand.
  [[nodiscard]] bool is_reported(effects::CommandIndex command) const;
  // The span of the subcommand, or of the statement.
  [[nodiscard]] Span span_of(effects::CommandIndex command) const;

 private:
  friend class Engine;
  friend class Report;
  std::optional<effects::CommandIndex>& shown_by(const Finding& finding);
  // Fills in the effects of the statement's findings. Once, at the end: several findings may show the same ones, and
  // many do not show what they would by default.
  void write_effects();

  const sql::Statement* statement_ = nullptr;
  const sql::Script* script_ = nullptr;
  const sql::Script* upgrade_ = nullptr;
  const std::vector<StatementPlace>* statements_ = nullptr;
  std::size_t number_ = 0;
  const schema::Database* database_ = nullptr;
  const effects::Effects* effects_ = nullptr;
  const effects::TransactionState* transaction_ = nullptr;
  const Settings* settings_ = nullptr;
  const migrations::MigrationSet* set_ = nullptr;
  const migrations::Migration* migration_ = nullptr;
  const migrations::Part* part_ = nullptr;
  std::size_t source_ = 0;        // index into LintResult::sources
  std::size_t first_source_ = 0;  // of the set's sources in LintResult::sources
  bool downgrade_ = false;
  std::uint32_t upgrade_epoch_ = 0;
  const RuleEntry* rule_ = nullptr;  // being run
  std::size_t* one_more_ = nullptr;  // counts its findings where they are only counted
  bool spoke_in_part_ = false;       // a finding of it stands for this part already, and no suppression can take that away
  std::vector<Finding>* findings_ = nullptr;
  std::size_t first_finding_ = 0;                            // of this statement
  std::vector<std::optional<effects::CommandIndex>> shown_;  // by each finding from there on: whose effects; nullopt: none
};

// A migration as a whole, after its statements were judged.
class MigrationPass {
 public:
  [[nodiscard]] const migrations::MigrationSet& set() const { return *set_; }
  [[nodiscard]] const migrations::Migration& migration() const { return *migration_; }
  // The statements of the upgrade and the downgrade (DO blocks opened); empty if there is none.
  [[nodiscard]] const std::vector<StatementPlace>& upgrade() const { return *upgrade_; }
  [[nodiscard]] const std::vector<StatementPlace>& downgrade() const { return *downgrade_; }
  [[nodiscard]] int postgres_version() const { return settings_->postgres_version; }
  // How the schema after the downgrade differs from what it was before the upgrade (`expected`); nullptr where one of them is
  // missing, or no rule that is on asks (Rule::asks_for_reversal).
  [[nodiscard]] const std::vector<schema::Difference>* reversal() const { return reversal_; }
  // At a statement of the migration.
  Finding& report(const StatementPlace& place, std::string message);
  // At a place of the migration's upgrade file (or its downgrade file if there is no upgrade).
  Finding& report(Span span, std::string message);
  // Where the rule's default does not fit this case; what the configuration chose holds for all.
  void set_severity(Finding& finding, Severity severity) const;

 private:
  friend class Engine;
  const migrations::MigrationSet* set_ = nullptr;
  const migrations::Migration* migration_ = nullptr;
  const std::vector<StatementPlace>* upgrade_ = nullptr;
  const std::vector<StatementPlace>* downgrade_ = nullptr;
  const std::vector<schema::Difference>* reversal_ = nullptr;
  const Settings* settings_ = nullptr;
  std::size_t first_source_ = 0;
  const RuleEntry* rule_ = nullptr;
  std::vector<Finding>* findings_ = nullptr;
};

}  // namespace cupel::lint

#include "lint/pass.h"

#include "lint/effect_notes.h"
#include "migrations/layout.h"
#include "schema/naming.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::lint {

Report& Report::why(std::string text) {
  finding_->why = std::move(text);
  return *this;
}
Report& Report::advice(std::string text) {
  finding_->advice = std::move(text);
  return *this;
}
Report& Report::safe_sql(std::string sql) {
  finding_->safe_sql = std::move(sql);
  return *this;
}
Report& Report::certainty(Certainty certainty) {
  finding_->certainty = certainty;
  return *this;
}
Report& Report::severity(Severity severity) {
  if (!pass_->settings().chooses_severity(finding_->rule)) finding_->severity = severity;
  return *this;
}
Report& Report::command(effects::CommandIndex command) {
  pass_->shown_by(*finding_) = command;
  return *this;
}
Report& Report::no_effects() {
  pass_->shown_by(*finding_) = std::nullopt;
  return *this;
}
Report& Report::related(std::size_t source, Span span, std::string message) {
  finding_->related.push_back({source, span, std::move(message)});
  return *this;
}
Report& Report::related(const StatementPlace& place, std::string message) {
  return related(pass_->first_source_ + place.source, place.statement->span, std::move(message));
}
Report& Report::fix(FixSafety safety, std::string title, std::vector<Fix::Edit> edits) {
  Fix fix;
  fix.safety = safety;
  fix.title = std::move(title);
  fix.edits = std::move(edits);
  finding_->fixes.push_back(std::move(fix));
  return *this;
}
Report& Report::grows_with(const schema::Relation* table) {
  if (table == nullptr) return *this;
  const TableNote* note = pass_->settings().note(table->name.schema, table->name.name);
  if (note != nullptr && note->rows && *note->rows <= pass_->settings().small_table_rows) {
    severity(Severity::info);
    finding_->why += finding_->why.empty() ? "" : " ";
    finding_->why +=
        note->bytes ? fmt::format("The table is small ({}).", size_in_words(*note)) : "The configuration says that the table is small.";
  }
  return *this;
}

Report& Report::changes_rows_of(const schema::Relation* table) {
  grows_with(table);
  // Fewer may be a first user or a default of a table that applications fill.
  constexpr std::uint32_t looks_constant = 5;
  if (table == nullptr || table->written_rows < looks_constant || table->filled_by_query) return *this;
  const TableNote* note = pass_->settings().note(table->name.schema, table->name.name);
  if (note != nullptr && (note->hot || note->rows)) return *this;
  severity(Severity::info);
  finding_->why += finding_->why.empty() ? "" : " ";
  finding_->why += "It looks like a small table: migrations wrote its rows one by one.";
  return *this;
}

namespace {

bool ends_transaction(const StatementPlace& place, effects::TransactionKind kind) {
  const auto* control = place.statement->as<sql::Transaction>();
  if (control == nullptr) return false;
  using enum sql::Transaction::Kind;
  // In the runner's transaction BEGIN only warns.
  if (control->kind == begin) return kind == effects::TransactionKind::explicit_block;
  return control->kind == commit || control->kind == rollback || control->kind == prepare;
}

}  // namespace

bool Pass::in_do_block() const {
  for (std::size_t i = number_; i > 0; --i) {
    const sql::Statement& earlier = *(*statements_)[i - 1].statement;
    if (earlier.as<sql::DoBlock>() != nullptr) return earlier.span.contains(statement_->span.begin);
  }
  return false;
}

std::span<const StatementPlace> Pass::earlier_in_transaction() const {
  if (!transaction_->in_transaction()) return {};
  std::size_t first = number_;
  while (first > 0 && !ends_transaction((*statements_)[first - 1], transaction_->kind())) --first;
  return {statements_->data() + first, number_ - first};
}

std::span<const StatementPlace> Pass::later_in_transaction() const {
  if (!transaction_->in_transaction()) return {};
  std::size_t end = number_ + 1;
  while (end < statements_->size() && !ends_transaction((*statements_)[end], transaction_->kind())) ++end;
  return {statements_->data() + number_ + 1, end - number_ - 1};
}

bool Pass::is_live(const schema::Relation* relation) const {
  if (relation == nullptr) return true;
  if (relation->persistence == sql::Persistence::temporary) return false;
  return !database_->is_new(*relation);
}

bool Pass::may_have_rows(const schema::Relation* relation) const {
  return relation == nullptr || database_->rows(*relation) != schema::Rows::empty;
}

std::optional<long long> Pass::lock_timeout() const {
  if (const auto set = database_->settings().milliseconds("lock_timeout")) return set;
  if (settings_->assume_lock_timeout || set_->runner_sets_lock_timeout) return 1;
  return std::nullopt;
}

std::optional<long long> Pass::statement_timeout() const { return database_->settings().milliseconds("statement_timeout"); }

std::string Pass::display(const sql::QualifiedName& name) const {
  if (const schema::Relation* relation = database_->find(name)) return database_->display_name(*relation);
  return sql::to_sql(name);
}

std::string Pass::display(const effects::RelationLock& lock) const {
  return lock.relation == schema::RelationId::none ? lock.name : database_->display_name(database_->relation(lock.relation));
}

std::string Pass::transaction_words() const {
  switch (transaction_->kind()) {
    case effects::TransactionKind::none: return "no transaction";
    case effects::TransactionKind::explicit_block: return "the transaction that BEGIN opened";
    case effects::TransactionKind::runner: return "the transaction that " + set_->layout + " opens around the migration";
    case effects::TransactionKind::implicit:
      return "the implicit transaction of the statements that " + set_->layout + " sends as one string";
  }
  return {};
}

std::string Pass::outside_transaction_words() const {
  std::string words = "a migration that runs outside a transaction";
  const migrations::Layout* layout = migrations::find_layout(set_->layout);
  if (layout != nullptr && !layout->opt_out.empty() && part_->mode != migrations::TransactionMode::none) {
    words.append(" (").append(layout->name).append(": ").append(layout->opt_out).append(")");
  }
  return words;
}

std::string Pass::object_name(std::string_view table, std::string_view column, std::string_view suffix) {
  // As PostgreSQL would choose it: cut at the end, the names of two long columns would be the same.
  return sql::quote_identifier(schema::make_object_name(table, column, suffix));
}

std::string Pass::batched_update(const sql::QualifiedName& table, std::string_view assignment, std::string_view todo) const {
  // By key where the table has a key of one column; else by the rows' physical place, which any table has (manual 5.5).
  std::string key = "ctid";
  if (const schema::Relation* relation = find(table)) {
    const schema::Constraint* primary = relation->primary_key();
    if (primary != nullptr && primary->columns.size() == 1) key = sql::quote_identifier(primary->columns[0]);
  }
  const std::string name = sql::to_sql(table);
  std::string text = "-- again and again until it updates no row, each time in a transaction of its own:\n";
  text.append("UPDATE ").append(name).append(" SET ").append(assignment).append(" WHERE ").append(key);
  text.append(" IN (SELECT ").append(key).append(" FROM ").append(name).append(" WHERE ").append(todo).append(" LIMIT 10000);");
  return text;
}

Span Pass::span_of(effects::CommandIndex command) const {
  if (command >= 0) {
    if (const auto* alter = statement_->as<sql::AlterTable>()) {
      const auto index = static_cast<std::size_t>(command);
      if (index < alter->commands.size() && !alter->commands[index].span.empty()) return alter->commands[index].span;
    }
  }
  return statement_->span;
}

bool Pass::is_one_more() {
  if (one_more_ != nullptr) {
    ++*one_more_;
    return true;
  }
  // It may still give way to a more specific rule's: then it is not even counted.
  if (spoke_in_part_) report(std::string()).no_effects();
  return spoke_in_part_;
}

bool Pass::is_reported(effects::CommandIndex command) const {
  const Span place = span_of(command);
  return std::any_of(findings_->begin() + static_cast<std::ptrdiff_t>(first_finding_), findings_->end(),
                     [&](const Finding& finding) { return finding.rule == rule_->id && finding.span == place; });
}

Report Pass::report(Span span, std::string message) {
  Finding& finding = findings_->emplace_back();
  finding.rule = rule_->id;
  finding.severity = settings_->severity(*rule_);
  finding.source = source_;
  finding.span = span.empty() ? statement_->span : span;
  finding.message = std::move(message);
  finding.statement = statement_->tag();
  shown_.emplace_back(effects::whole_statement);
  return Report(finding, *this);
}

std::optional<effects::CommandIndex>& Pass::shown_by(const Finding& finding) {
  return shown_[static_cast<std::size_t>(&finding - findings_->data()) - first_finding_];
}

void Pass::write_effects() {
  for (auto shown = shown_.begin(); shown != shown_.end(); ++shown) {
    if (!*shown) continue;
    const auto finding_of = [this](auto at) -> Finding& {
      return (*findings_)[first_finding_ + static_cast<std::size_t>(at - shown_.begin())];
    };
    const auto same = std::find(shown_.begin(), shown, *shown);
    finding_of(shown).effects =
        same != shown ? finding_of(same).effects : effect_notes(*effects_, **shown, *database_, *transaction_, *settings_);
  }
}

void MigrationPass::set_severity(Finding& finding, Severity severity) const {
  if (!settings_->chooses_severity(finding.rule)) finding.severity = severity;
}

Finding& MigrationPass::report(const StatementPlace& place, std::string message) {
  Finding& finding = report(place.statement->span, std::move(message));
  finding.source = first_source_ + place.source;
  finding.statement = place.statement->tag();
  return finding;
}

Finding& MigrationPass::report(Span span, std::string message) {
  Finding& finding = findings_->emplace_back();
  finding.rule = rule_->id;
  finding.severity = settings_->severity(*rule_);
  const migrations::Migration& migration = *migration_;
  const std::size_t own = migration.upgrade ? migration.upgrade->source : migration.downgrade ? migration.downgrade->source : 0;
  finding.source = first_source_ + own;
  finding.span = span;
  finding.message = std::move(message);
  return finding;
}

}  // namespace cupel::lint

#include "base/ascii.h"
#include "effects/volatility.h"
#include "lint/pass.h"
#include "schema/function_uses.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::FunctionUse;
using Kind = schema::FunctionUse::Kind;

constexpr std::string_view sources[] = {"manual: 36.7 Function Volatility Categories; 5.5.1 Check Constraints; REINDEX"};

// The overload that the statement replaces.
const schema::Function* replaced(const lint::Pass& pass, const sql::CreateFunction& create) {
  const schema::Database& database = pass.database();
  const std::string schema = create.name.schema.empty() ? database.creation_schema() : std::string(create.name.schema);
  if (database.has_ambiguous_functions({schema, std::string(create.name.name)})) return nullptr;
  std::vector<schema::DataType> types;
  for (const sql::FunctionArgument& argument : create.arguments) {
    if (argument.input) types.push_back(database.resolve(argument.type));
  }
  for (const schema::Function* known : database.find_functions(schema, create.name.name, types.size())) {
    if (!known->incomplete && known->argument_types == types) return known;
  }
  return nullptr;
}

// A call without a schema may mean PostgreSQL's own function of that name: pg_catalog is searched first (manual 5.10.5).
bool may_be_builtin(const lint::Pass& pass, const schema::Function& function) {
  for (std::size_t count = function.required_arguments; count <= function.argument_types.size(); ++count) {
    if (effects::builtin_volatility(function.name.name, count, pass.postgres_version())) return true;
  }
  return false;
}

// The same but for white space, comments and the case of key words.
bool same_code(std::string_view before, std::string_view after) {
  const std::vector<sql::Token> old_tokens = sql::tokens(before), new_tokens = sql::tokens(after);
  return std::equal(old_tokens.begin(), old_tokens.end(), new_tokens.begin(), new_tokens.end(), [&](const auto& a, const auto& b) {
    if (a.kind != b.kind) return false;
    if (a.kind == sql::TokenKind::word) return upper_case(a.span.of(before)) == upper_case(b.span.of(after));
    return a.span.of(before) == b.span.of(after);
  });
}

bool changes_body(const schema::Function& before, const sql::CreateFunction& after) {
  if (after.body && !before.body.empty()) return !same_code(before.body, after.body->text);
  if (after.return_expression && before.body.empty() && before.inlined) return !before.inlined.equals(after.return_expression);
  // BEGIN ATOMIC, whose statements the schema does not keep, or the same function written in another form.
  return false;
}

// The statement brings the index, the constraint, the column in step with the function, or takes it away.
bool settles(const sql::Statement& statement, const FunctionUse& use, std::string_view table) {
  if (const auto* reindex = statement.as<sql::Reindex>()) {
    if (use.kind != Kind::index) return false;
    switch (reindex->target) {
      case sql::Reindex::Target::index: return reindex->name.name == use.name;
      case sql::Reindex::Target::table: return reindex->name.name == table;
      default: return true;
    }
  }
  if (const auto* drop = statement.as<sql::DropObjects>()) {
    const std::string_view gone = drop->kind == sql::ObjectKind::index ? std::string_view(use.name) : table;
    return (drop->kind == sql::ObjectKind::index || drop->kind == sql::ObjectKind::table) &&
           std::ranges::any_of(drop->names, [&](const sql::QualifiedName& name) { return name.name == gone; });
  }
  if (const auto* update = statement.as<sql::Update>()) return use.kind == Kind::generated_column && update->table.name == table;
  const auto* alter = statement.as<sql::AlterTable>();
  if (alter == nullptr || alter->name.name != table) return false;
  return std::ranges::any_of(alter->commands, [&](const sql::AlterTableCommand& command) {
    if (command.name != use.name) return false;
    if (command.action == sql::AlterTableAction::drop_constraint) return use.kind == Kind::check || use.kind == Kind::index;
    return use.kind == Kind::generated_column &&
           (command.action == sql::AlterTableAction::drop_column || command.action == sql::AlterTableAction::set_expression);
  });
}

std::string words(const lint::Pass& pass, const FunctionUse& use) {
  const schema::Relation& table = pass.database().relation(use.table);
  const std::string name = sql::quote_identifier(use.name);
  switch (use.kind) {
    case Kind::index: return fmt::format("index {} of {}", name, pass.display(table));
    case Kind::generated_column: return fmt::format("generated column {} of {}", name, pass.display(table));
    case Kind::check: return fmt::format("constraint {} of {}", name, pass.display(table));
    case Kind::partition_key: return fmt::format("the partitioning of {}", pass.display(table));
  }
  return {};
}

std::string_view harm(Kind kind) {
  switch (kind) {
    case Kind::index:
      return "Queries that use the index look for what the new body gives among what the old one gave, and miss rows; a unique index does "
             "not see duplicates.";
    case Kind::generated_column: return "A stored generated column is computed when its row is written, and not again.";
    case Kind::check:
      return "Rows were checked when they were written: those that break the constraint now stay, and a dump with them cannot be restored.";
    case Kind::partition_key: return "Rows stay in the partition that the old body chose, and queries look for them in another one.";
  }
  return {};
}

std::string generated_again(const lint::Pass& pass, const schema::Relation& table, const sql::QualifiedName& name,
                            std::string_view column) {
  const schema::Column* generated = table.find_column(column);
  if (generated == nullptr || !generated->renames.empty() || generated->default_value.columns().empty()) return {};
  // It is computed when a column that it reads is assigned to, not by SET c = DEFAULT (ExecInitStoredGenerated, nodeModifyTable.c).
  const std::string read = sql::quote_identifier(generated->default_value.columns().front());
  return pass.batched_update(name, fmt::format("{0} = {0}", read),
                             fmt::format("{} IS DISTINCT FROM ({})", sql::quote_identifier(column), generated->default_value.text()));
}

std::string repair(const lint::Pass& pass, const FunctionUse& use) {
  const schema::Relation& table = pass.database().relation(use.table);
  const std::string_view schema = table.name.schema == "public" ? std::string_view() : std::string_view(table.name.schema);
  const sql::QualifiedName name{schema, table.name.name, {}};
  switch (use.kind) {
    case Kind::index: return fmt::format("REINDEX INDEX CONCURRENTLY {};", sql::to_sql(sql::QualifiedName{schema, use.name, {}}));
    case Kind::generated_column: return generated_again(pass, table, name, use.name);
    case Kind::check: {
      const schema::Constraint* check = table.find_constraint(use.name);
      if (check == nullptr || !check->renames.empty()) return {};
      return fmt::format(
          "ALTER TABLE {0} DROP CONSTRAINT {1}, ADD CONSTRAINT {1} CHECK ({2}) NOT VALID;\nALTER TABLE {0} VALIDATE CONSTRAINT {1};",
          sql::to_sql(name), sql::quote_identifier(use.name), check->expression.text());
    }
    case Kind::partition_key: return {};
  }
  return {};
}

void check(lint::Pass& pass) {
  const auto& create = *pass.as<sql::CreateFunction>();
  if (!create.or_replace || create.procedure || (pass.effects().failure && pass.effects().failure->certain)) return;
  const schema::Function* before = replaced(pass, create);
  if (before == nullptr || !changes_body(*before, create) || may_be_builtin(pass, *before)) return;
  std::vector<std::string> uses, harms, repairs;
  const schema::Relation* single = nullptr;
  for (const FunctionUse& use : schema::stored_uses(pass.database(), *before)) {
    const schema::Relation& table = pass.database().relation(use.table);
    if (!pass.may_have_rows(&table)) continue;
    const auto& all = pass.statements();
    if (std::any_of(all.begin() + static_cast<std::ptrdiff_t>(pass.number()) + 1, all.end(),
                    [&](const auto& place) { return settles(*place.statement, use, table.name.name); }))
      continue;
    single = uses.empty() ? &table : nullptr;
    uses.push_back(words(pass, use));
    const std::string each(harm(use.kind));
    if (std::ranges::find(harms, each) == harms.end()) harms.push_back(each);
    if (std::string sql = repair(pass, use); !sql.empty()) repairs.push_back(std::move(sql));
  }
  if (uses.empty()) return;
  lint::Report report = pass.report(fmt::format("{} keep{} what {} gave before, and nothing computes it anew", fmt::join(uses, ", "),
                                                uses.size() == 1 ? "s" : "", pass.display(create.name)));
  report
      .why(fmt::format(
          "PostgreSQL takes it that an expression gives the same value for the same row at all times, and does not notice when a "
          "function in it is replaced. {}",
          fmt::join(harms, " ")))
      .certainty(lint::Certainty::assumes_rows)
      .no_effects()
      .advice(
          "give the new behaviour a new name, and build an index, column or constraint with it beside the old one; or bring what is there "
          "in step right after");
  if (!repairs.empty()) report.safe_sql(fmt::format("-- right after, outside a transaction:\n{}", fmt::join(repairs, "\n")));
  if (single != nullptr) report.grows_with(single);
}

}  // namespace

CUPEL_RULE(replace_indexed_function) = {
    .title = "Function replaced that stored values were computed with",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateFunction>(),
    .check = check,
};

#include "lint/pass.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using namespace cupel;
using schema::Relation;
using schema::RelationKind;

constexpr std::string_view sources[] = {"manual: CREATE VIEW, security_invoker; 39.5 Rules and Privileges",
                                        "splinter/security_definer_view"};

void add(std::vector<const Relation*>& tables, const Relation* table) {
  if (std::ranges::find(tables, table) == tables.end()) tables.push_back(table);
}

// Tables with row level security that are read with the rights of whoever owns the view that reads `relation`. Below a view that is not
// security_invoker the rights are that one's owner's.
void protected_below(const lint::Pass& pass, const Relation& relation, std::vector<const Relation*>& tables, int depth = 0) {
  if (relation.row_security) return add(tables, &relation);
  if (relation.kind != RelationKind::view || !relation.security_invoker || depth > 20) return;
  for (const schema::Dependency& dependency : relation.dependencies) {
    if (dependency.relation == schema::RelationId::none || !pass.database().exists(dependency.relation)) continue;
    protected_below(pass, pass.database().relation(dependency.relation), tables, depth + 1);
  }
}

// A later statement of the migration makes the view security_invoker, replaces it (and is judged itself) or drops it.
bool settled_later(const lint::Pass& pass, std::string_view view) {
  const auto& all = pass.statements();
  return std::any_of(all.begin() + static_cast<std::ptrdiff_t>(pass.number()) + 1, all.end(), [&](const auto& place) {
    const sql::Statement& later = *place.statement;
    if (const auto* alter = later.template as<sql::AlterTable>()) {
      return alter->name.name == view && std::ranges::any_of(alter->commands, [](const sql::AlterTableCommand& command) {
               return command.action == sql::AlterTableAction::set_options && schema::security_invoker(command.options).value_or(false);
             });
    }
    if (const auto* create = later.template as<sql::CreateView>()) return create->name.name == view;
    const auto* drop = later.template as<sql::DropObjects>();
    return drop != nullptr && drop->kind == sql::ObjectKind::view &&
           std::ranges::any_of(drop->names, [&](const sql::QualifiedName& name) { return name.name == view; });
  });
}

void report(lint::Pass& pass, Span span, const std::string& view, const std::string& tables, const std::string& view_in_sql) {
  pass.report(span,
              fmt::format("whoever may read view {} sees the rows of {} that its owner may see: row level security does not ask who reads",
                          view, tables))
      .why(
          "A view reads its tables with the privileges and policies of its owner, who is mostly the tables' owner too and then exempt from "
          "them, unless it is security_invoker (15 and later).")
      .no_effects()
      .advice("let the view read as its user does; the user then needs the privileges on the tables")
      .safe_sql(fmt::format("ALTER VIEW {} SET (security_invoker = true);", view_in_sql));
}

void check_view(lint::Pass& pass, const sql::CreateView& create) {
  if (create.persistence == sql::Persistence::temporary || schema::security_invoker(create.options).value_or(false)) return;
  std::vector<const Relation*> tables;
  for (const sql::RelationReference& reference : create.query.relations) {
    const Relation* relation = pass.find(reference.name);
    if (relation != nullptr) protected_below(pass, *relation, tables);
  }
  if (tables.empty() || settled_later(pass, create.name.name)) return;
  std::vector<std::string> names;
  for (const Relation* table : tables) names.push_back(pass.display(*table));
  report(pass, create.name.span.empty() ? pass.statement().span : create.name.span, pass.display(create.name),
         fmt::format("{}", fmt::join(names, ", ")), pass.sql(create.name));
}

// Views that read the table, also through views that are security_invoker.
void readers(const lint::Pass& pass, const Relation& relation, std::vector<const Relation*>& views, int depth = 0) {
  for (const schema::RelationId id : relation.dependents) {
    const Relation& view = pass.database().relation(id);
    if (!pass.database().exists(id) || view.kind != RelationKind::view || view.name.schema == "pg_temp" || depth > 20) continue;
    if (view.security_invoker) readers(pass, view, views, depth + 1);
    else add(views, &view);
  }
}

void check_table(lint::Pass& pass, const sql::AlterTable& alter) {
  const Relation* table = pass.find(alter.name);
  if (table == nullptr || table->row_security) return;
  const auto enables = std::ranges::find(alter.commands, sql::AlterTableAction::enable_row_security, &sql::AlterTableCommand::action);
  if (enables == alter.commands.end()) return;
  std::vector<const Relation*> views;
  readers(pass, *table, views);
  for (const Relation* view : views) {
    if (settled_later(pass, view->name.name)) continue;
    const std::string_view schema = view->name.schema == "public" ? std::string_view() : std::string_view(view->name.schema);
    report(pass, pass.span_of(static_cast<effects::CommandIndex>(enables - alter.commands.begin())), pass.display(*view),
           pass.display(*table), sql::to_sql(sql::QualifiedName{schema, view->name.name, {}}));
  }
}

void check(lint::Pass& pass) {
  if (pass.downgrade() || (pass.effects().failure && pass.effects().failure->certain)) return;
  if (const auto* create = pass.as<sql::CreateView>()) return check_view(pass, *create);
  check_table(pass, *pass.as<sql::AlterTable>());
}

}  // namespace

CUPEL_RULE(view_without_security_invoker) = {
    .title = "View reads past row level security",
    .severity = cupel::lint::Severity::warning,
    .group = cupel::lint::Group::security,
    .enabled = false,
    .postgres = {.first = 15},
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateView, cupel::sql::AlterTable>(),
    .check = check,
};

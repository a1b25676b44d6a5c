#include "lint/pass.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

namespace {

using namespace cupel;

constexpr std::string_view sources[] = {"manual: 11.3 Multicolumn Indexes", "pg-migration-lint/PML508", "migrationpilot/MP100",
                                        "splinter/duplicate_index"};

bool is_word(std::string_view text, std::string_view upper_case) {
  return text.size() == upper_case.size() && std::equal(text.begin(), text.end(), upper_case.begin(), [](char a, char b) {
           return (a >= 'a' && a <= 'z' ? static_cast<char>(a - 'a' + 'A') : a) == b;
         });
}

// An order of its own; which one an existing index has is not known.
bool has_order(std::string_view text) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  return std::ranges::any_of(tokens, [&](const sql::Token& token) {
    return token.kind == sql::TokenKind::word && (is_word(token.span.of(text), "DESC") || is_word(token.span.of(text), "NULLS"));
  });
}

bool is_plain(const sql::CreateIndex& create) {
  return !create.unique && !create.where && create.include.empty() && create.options.empty() && create.access_method == "btree" &&
         std::ranges::all_of(create.elements, [](const sql::IndexElement& element) {
           return !element.column.empty() && element.collation.empty() && element.operator_class.empty();
         });
}

bool serves(const schema::Index& index, const sql::CreateIndex& create) {
  if (index.predicate || !index.valid || index.access_method != "btree" || index.keys.size() < create.elements.size()) return false;
  // Several columns: only those of a constraint are in ascending order for certain.
  if (create.elements.size() > 1 && index.constraint.empty()) return false;
  for (std::size_t i = 0; i < create.elements.size(); ++i) {
    const schema::IndexKey& key = index.keys[i];
    if (key.column != create.elements[i].column || !key.collation.empty() || !key.operator_class.empty()) return false;
  }
  return true;
}

bool goes_later(const lint::Pass& pass, std::string_view name) {
  return std::ranges::any_of(pass.statements(), [&](const lint::StatementPlace& place) {
    if (const auto* drop = place.statement->as<sql::DropObjects>())
      return std::ranges::any_of(drop->names, [&](const auto& each) { return each.name == name; });
    const auto* alter = place.statement->as<sql::AlterTable>();
    return alter != nullptr && std::ranges::any_of(alter->commands, [&](const auto& command) {
             return command.action == sql::AlterTableAction::drop_constraint && command.name == name;
           });
  });
}

void check(lint::Pass& pass) {
  const auto& create = *pass.as<sql::CreateIndex>();
  if (pass.downgrade() || pass.effects().no_op || (pass.effects().failure && pass.effects().failure->certain)) return;
  const schema::Relation* table = pass.find(create.table);
  if (table == nullptr || create.elements.empty() || !is_plain(create) || has_order(pass.text())) return;
  for (const schema::RelationId id : table->indexes) {
    const schema::Relation& other = pass.database().relation(id);
    if (!pass.database().exists(id) || !other.index || !serves(*other.index, create) || goes_later(pass, other.name.name)) continue;
    const std::string name = create.name.empty() ? "this index" : fmt::format("index {}", sql::quote_identifier(create.name));
    pass.report(create.name_span, fmt::format("index {} of {} serves what {} is for: it begins with the same columns",
                                              sql::quote_identifier(other.name.name), pass.display(create.table), name))
        .why(
            "Each index costs time at every write and space on disk and in memory; a second one with the same first columns finds nothing "
            "that "
            "the first does not.")
        .no_effects()
        .advice("leave it out, unless the other one is so much wider that scans of it are slow");
    return;
  }
}

}  // namespace

CUPEL_RULE(redundant_index) = {
    .title = "Index that another one makes needless",
    .severity = cupel::lint::Severity::info,
    .group = cupel::lint::Group::data_changes,
    .sources = sources,
    .on = cupel::lint::StatementKinds::of<cupel::sql::CreateIndex>(),
    .check = check,
};

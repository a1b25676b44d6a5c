// Queries: what the relations they name, the sequences they advance and the functions they call bring about.
#include "effects/query.h"

#include "base/ascii.h"
#include "effects/predict.h"
#include "effects/volatility.h"

#include <algorithm>
#include <string>

namespace cupel::effects {

namespace {

using schema::RelationKind;
using sql::Expression;
using sql::ExpressionKind;

LockMode mode_of(sql::RelationUse use) {
  switch (use) {
    case sql::RelationUse::read: return LockMode::access_share;
    case sql::RelationUse::row_share: return LockMode::row_share;
    case sql::RelationUse::truncate: return LockMode::access_exclusive;
    default: return LockMode::row_exclusive;
  }
}

// What get_relation_info and expand_inherited_rtentry lock: partitions and children, and every index, with the same mode
// as the table itself.
void lock_planned(Prediction& prediction, const schema::Relation& relation, LockMode mode, Cause cause, int depth) {
  if (depth > 50) return;
  if (relation.kind == RelationKind::view) {
    // The view's own query is put in its place; only a target below it keeps the mode of a writer.
    for (const schema::Dependency& dependency : relation.dependencies) {
      if (dependency.relation == RelationId::none || !prediction.database().exists(dependency.relation)) continue;
      const schema::Relation& below = prediction.relation(dependency.relation);
      prediction.lock(below, mode, Prediction::role_of_kind(below), cause);
      lock_planned(prediction, below, mode, cause, depth + 1);
    }
    return;
  }
  // The planner looks at the indexes of partitioned tables since 16, as proofs of uniqueness.
  if (relation.kind != RelationKind::partitioned_table || prediction.since(16)) prediction.lock_indexes(relation, mode, cause);
  for (RelationId child : relation.children) {
    const schema::Relation& descendant = prediction.relation(child);
    prediction.lock(descendant, mode, Prediction::role_of_descendant(descendant), cause);
    lock_planned(prediction, descendant, mode, cause, depth + 1);
  }
}

// "s", "x.s", "\"S\"": a regclass literal.
const schema::Relation* relation_of_text(std::string_view text, const schema::Database& database) {
  std::string parts[2];
  std::size_t part = 0;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == '.' && !quoted) {
      if (++part > 1) return nullptr;
    } else {
      parts[part].push_back(quoted ? c : to_lower(c));
    }
  }
  return part == 0 ? database.find(sql::QualifiedName{{}, parts[0], {}}) : database.find(parts[0], parts[1]);
}

Expression without_casts(Expression expression) {
  while (expression && expression.kind() == ExpressionKind::cast) {
    const std::vector<Expression> children = expression.children();
    if (children.empty()) return {};
    expression = children.front();
  }
  return expression;
}

const schema::Relation* owned_sequence(const std::vector<Expression>& arguments, const schema::Database& database) {
  if (arguments.size() != 2) return nullptr;
  const Expression table_name = without_casts(arguments[0]);
  const Expression column_name = without_casts(arguments[1]);
  if (!table_name || !column_name || !table_name.is_string_literal() || !column_name.is_string_literal()) return nullptr;
  const schema::Relation* table = relation_of_text(table_name.literal(), database);
  if (table == nullptr) return nullptr;
  for (RelationId id : table->owned_sequences) {
    if (database.exists(id) && database.relation(id).owner_column == column_name.literal()) return &database.relation(id);
  }
  return nullptr;
}

const schema::Relation* sequence_argument(const Expression& call, const schema::Database& database) {
  const std::vector<Expression> arguments = call.children();
  if (arguments.empty()) return nullptr;
  const Expression argument = without_casts(arguments.front());
  if (!argument) return nullptr;
  const schema::Relation* sequence = nullptr;
  if (argument.is_string_literal()) {
    sequence = relation_of_text(argument.literal(), database);
  } else if (argument.kind() == ExpressionKind::function && argument.last_name() == "pg_get_serial_sequence") {
    sequence = owned_sequence(argument.children(), database);
  }
  return sequence != nullptr && sequence->kind == RelationKind::sequence ? sequence : nullptr;
}

bool is_sequence_function(std::string_view name) { return name == "nextval" || name == "setval" || name == "currval"; }

}  // namespace

bool is_catalog(const sql::QualifiedName& name) {
  if (!name.schema.empty()) return name.schema == "pg_catalog" || name.schema == "information_schema";
  return name.name.substr(0, 3) == "pg_";
}

void lock_query_relation(Prediction& prediction, const schema::Relation& relation, LockMode mode, Role role, Cause cause, QueryUse use) {
  prediction.lock(relation, mode, role, cause);
  if (use == QueryUse::planned) lock_planned(prediction, relation, mode, cause, 0);
}

std::vector<const schema::Relation*> sequences_in(const Expression& expression, const schema::Database& database) {
  std::vector<const schema::Relation*> found;
  expression.walk([&](const Expression& part) {
    if (part.kind() == ExpressionKind::function && is_sequence_function(part.last_name())) {
      if (const schema::Relation* sequence = sequence_argument(part, database)) found.push_back(sequence);
    }
    return true;
  });
  return found;
}

void lock_parents_of_written(Prediction& prediction, const schema::Relation& table) {
  if (prediction.since(14) || !table.is_partition) return;
  for (RelationId id : table.parents) {
    const schema::Relation& parent = prediction.relation(id);
    prediction.lock(parent, LockMode::access_share, Role::partitioned_parent, Cause::partition_check);
    lock_parents_of_written(prediction, parent);
  }
}

void predict_query(Prediction& prediction, const sql::Query& query, Cause cause, QueryUse use) {
  for (const sql::RelationReference& reference : query.relations) {
    const schema::Relation* relation = prediction.find(reference.name);
    if (relation == nullptr) {
      if (is_catalog(reference.name)) continue;
      if (prediction.fail_unknown_in_query(reference.name)) return;
      prediction.lock_unknown(reference.name, mode_of(reference.use), Role::table, cause);
      continue;
    }
    lock_query_relation(prediction, *relation, mode_of(reference.use), Prediction::role_of_kind(*relation), cause, use);
  }
  if (use != QueryUse::planned) return;
  for (const Expression& call : query.calls) {
    if (!is_sequence_function(call.last_name())) continue;
    const schema::Relation* sequence = sequence_argument(call, prediction.database());
    if (sequence != nullptr) prediction.lock(*sequence, LockMode::row_exclusive, Role::sequence, cause);
  }
}

void predict_query_scans(Prediction& prediction, const sql::Query& query, Cause cause) {
  for (const sql::RelationReference& reference : query.relations) {
    const schema::Relation* relation = prediction.find(reference.name);
    if (relation == nullptr && is_catalog(reference.name)) continue;
    if (reference.use == sql::RelationUse::update || reference.use == sql::RelationUse::delete_) {
      // In a WITH clause, with conditions that are not told.
      scan_relation(prediction, relation, reference.name, Cause::data_change);
      prediction.work(WorkKind::data_change, relation, reference.name.name, Cause::data_change, whole_statement, LockMode::row_exclusive);
    }
    if (reference.use != sql::RelationUse::read || query.has_limit) continue;
    scan_relation(prediction, relation, reference.name, cause);
  }
}

void scan_relation(Prediction& prediction, const schema::Relation* relation, const sql::QualifiedName& name, Cause cause) {
  if (relation == nullptr) {
    prediction.work(WorkKind::scan, nullptr, name.name, cause, whole_statement, LockMode::access_share);
    return;
  }
  if (relation->kind == RelationKind::view) {
    for (const schema::Dependency& dependency : relation->dependencies) {
      if (dependency.relation == RelationId::none || dependency.relation == relation->id) continue;
      scan_relation(prediction, &prediction.relation(dependency.relation), name, cause);
    }
    return;
  }
  if (relation->has_storage()) prediction.work(WorkKind::scan, *relation, cause, whole_statement, LockMode::access_share);
  for (RelationId id : prediction.database().descendants(relation->id)) {
    const schema::Relation& descendant = prediction.relation(id);
    if (descendant.has_storage()) prediction.work(WorkKind::scan, descendant, cause, whole_statement, LockMode::access_share);
  }
}

// ---- names in a text ------------------------------------------------------------------------------------------------

void lock_named_in_text(Prediction& prediction, std::string_view text, const sql::QualifiedName& table, Cause cause) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  const auto word = [&](std::size_t i) { return i < tokens.size() ? tokens[i].span.of(text) : std::string_view(); };
  const auto is_name = [&](std::size_t i) {
    return i < tokens.size() && (tokens[i].kind == sql::TokenKind::word || tokens[i].kind == sql::TokenKind::quoted_identifier);
  };
  const auto spelled = [&](std::size_t i) {
    const std::string_view written = word(i);
    if (tokens[i].kind == sql::TokenKind::quoted_identifier) return std::string(written.substr(1, written.size() - 2));
    return lower_case(written);
  };
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    if (tokens[i].kind != sql::TokenKind::word || !is_name(i + 1)) continue;
    const std::string keyword = spelled(i);
    const bool deletes = keyword == "from" && i > 0 && tokens[i - 1].kind == sql::TokenKind::word && spelled(i - 1) == "delete";
    const bool writes = deletes || keyword == "into" || keyword == "update";
    if (!writes && keyword != "from" && keyword != "join") continue;
    std::string schema, name = spelled(i + 1);
    if (word(i + 2) == "." && is_name(i + 3)) {
      schema = std::move(name);
      name = spelled(i + 3);
    }
    const schema::Relation* relation = prediction.find({schema, name, {}});
    if (relation == nullptr || relation == prediction.find(table)) continue;
    prediction.lock(*relation, writes ? LockMode::row_exclusive : LockMode::access_share, Prediction::role_of_kind(*relation), cause);
  }
}

// ---- values of enums that the transaction added ---------------------------------------------------------------------

bool is_unsafe_label(const schema::Type& type, std::string_view label, const Prediction& prediction) {
  const std::uint64_t now = prediction.database().transaction();
  // Since 17 a value may be used at once if the type itself is as young (manual, ALTER TYPE: Notes).
  if (prediction.since(17) && type.created_transaction == now) return false;
  return std::any_of(type.labels.begin(), type.labels.end(),
                     [&](const schema::EnumLabel& each) { return each.added_transaction == now && each.text == label; });
}

bool fails_unsafe_label(Prediction& prediction, const schema::DataType& type, const Expression& value, CommandIndex command) {
  if (type.is_builtin() || !value) return false;
  const Expression literal = without_casts(value);
  if (!literal || !literal.is_string_literal()) return false;
  const schema::Type* enumeration = prediction.database().find_type(type);
  if (enumeration == nullptr || !is_unsafe_label(*enumeration, literal.literal(), prediction)) return false;
  prediction.fail("55P04", "unsafe use of new value \"" + literal.literal() + "\" of enum type " + enumeration->name.name, command);
  return true;
}

bool fails_unsafe_cast(Prediction& prediction, const Expression& expression) {
  bool failed = false;
  expression.walk([&](const Expression& part) {
    if (part.kind() == ExpressionKind::cast) {
      failed = fails_unsafe_label(prediction, prediction.database().resolve(part.type()), part, whole_statement);
    }
    return !failed;
  });
  return failed;
}

// ---- SELECT ---------------------------------------------------------------------------------------------------------

namespace {

// A function whose doing is not known: not one of PostgreSQL's own or its extensions'.
bool is_unknown_function(const Prediction& prediction, const Expression& call) {
  const std::string_view name = call.last_name();
  const std::size_t arguments = call.children().size();
  if (builtin_volatility(name, arguments, prediction.version()) || extension_volatility(name, arguments)) return false;
  const std::vector<std::string_view> path = call.name();
  const std::string_view schema = path.size() > 1 ? path[path.size() - 2] : std::string_view();
  for (const schema::Function* function : prediction.database().find_functions(schema, name, arguments)) {
    if (function->volatility != sql::Volatility::volatile_) return false;
  }
  return true;
}

// Whether the text restricts a query of `table` by an equality on a column that leads one of its indexes. The typed query
// has no conditions; a guess about reading a few rows or all of them needs no more than this.
bool filters_by_index(const schema::Relation& table, std::string_view text, const schema::Database& database) {
  const std::vector<sql::Token> tokens = sql::tokens(text);
  bool in_where = false;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view word = tokens[i].span.of(text);
    if (tokens[i].kind == sql::TokenKind::word && (word == "WHERE" || word == "where")) in_where = true;
    if (!in_where || tokens[i + 1].span.of(text) != "=") continue;
    for (RelationId id : table.indexes) {
      const schema::Relation& index = database.relation(id);
      if (index.index && !index.index->keys.empty() && index.index->keys.front().column == word) return true;
    }
  }
  return false;
}

// min() and max() of a column that leads an index read one row.
bool reads_an_end(const schema::Relation& table, const sql::Query& query, const schema::Database& database) {
  bool found = false;
  for (const Expression& call : query.calls) {
    const std::string_view name = call.last_name();
    if (name == "count" || name == "sum" || name == "avg" || name == "array_agg" || name == "string_agg") return false;
    if (name != "min" && name != "max") continue;
    const std::vector<Expression> arguments = call.children();
    found = arguments.size() == 1 && arguments.front().kind() == ExpressionKind::column &&
            std::any_of(table.indexes.begin(), table.indexes.end(), [&](RelationId id) {
              const schema::Relation& index = database.relation(id);
              return index.index && !index.index->keys.empty() && index.index->keys.front().column == arguments.front().last_name();
            });
    if (!found) return false;
  }
  return found;
}

}  // namespace

void predict_select(Prediction& prediction, const sql::Statement& statement, const sql::Select& select) {
  predict_query(prediction, select.query, Cause::query);
  if (select.only_value && fails_unsafe_cast(prediction, select.only_value)) return;
  for (const Expression& call : select.query.calls) {
    if (is_unknown_function(prediction, call)) prediction.set_opaque();
  }
  sql::Query changes = select.query;
  std::erase_if(changes.relations, [](const sql::RelationReference& reference) {
    return reference.use != sql::RelationUse::update && reference.use != sql::RelationUse::delete_;
  });
  if (!changes.relations.empty()) predict_query_scans(prediction, changes, Cause::query);
  if (select.query.has_limit) return;
  const std::string_view text = prediction.context().script.text(statement);
  for (const sql::RelationReference& reference : select.query.relations) {
    const bool reads = reference.use == sql::RelationUse::read || reference.use == sql::RelationUse::row_share;
    const schema::Relation* relation = prediction.find(reference.name);
    if (!reads || (relation == nullptr && is_catalog(reference.name))) continue;
    if (relation != nullptr &&
        (filters_by_index(*relation, text, prediction.database()) || reads_an_end(*relation, select.query, prediction.database()))) {
      continue;
    }
    scan_relation(prediction, relation, reference.name, Cause::query);
  }
}

}  // namespace cupel::effects

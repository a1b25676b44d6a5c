#include "effects/dropped_objects.h"

#include "effects/volatility.h"

#include <algorithm>
#include <array>

namespace cupel::effects {

namespace {

using schema::ConstraintKind;
using schema::RelationKind;

bool contains(const std::vector<RelationId>& ids, RelationId id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

bool calls(const sql::Expression& expression, const sql::QualifiedName& function) {
  bool found = false;
  expression.walk([&](const sql::Expression& part) {
    if (part.kind() != sql::ExpressionKind::function) return true;
    if (part.last_name() != function.name) return true;
    const std::vector<std::string_view> name = part.name();
    found = name.size() < 2 || function.schema.empty() || name[name.size() - 2] == function.schema;
    return !found;
  });
  return found;
}

bool is_function(const schema::ObjectName& name, const sql::QualifiedName& function) {
  return name.name == function.name && (function.schema.empty() || name.schema.empty() || name.schema == function.schema);
}

// Directly, or through domains over it.
bool is_of_type(const schema::DataType& type, const schema::ObjectName& wanted, const schema::Database& database, int depth) {
  if (type.is_builtin() || depth > 20) return false;
  if (type.name == wanted.name && (type.schema.empty() || type.schema == wanted.schema)) return true;
  const schema::Type* own = database.find_type(schema::DataType{type.schema, type.name, {}, 0});
  return own != nullptr && own->kind == schema::TypeKind::domain && is_of_type(own->base, wanted, database, depth + 1);
}

// Types of well-known extensions, the ones that tables have columns of.
struct ExtensionTypes {
  std::string_view extension;
  std::array<std::string_view, 5> types;
};
constexpr std::array extension_types = {
    ExtensionTypes{"citext", {"citext"}},
    ExtensionTypes{"hstore", {"hstore"}},
    ExtensionTypes{"ltree", {"ltree", "lquery", "ltxtquery"}},
    ExtensionTypes{"cube", {"cube"}},
    ExtensionTypes{"seg", {"seg"}},
    ExtensionTypes{"isn", {"isbn", "isbn13", "issn", "ean13", "upc"}},
    ExtensionTypes{"intarray", {"query_int"}},
    ExtensionTypes{"vector", {"vector", "halfvec", "sparsevec"}},
    ExtensionTypes{"postgis", {"geometry", "geography", "box2d", "box3d"}},
    ExtensionTypes{"postgis_raster", {"raster"}},
};

// Operator classes of extensions that indexes name.
struct ExtensionOperatorClasses {
  std::string_view extension;
  std::array<std::string_view, 6> classes;
};
constexpr std::array extension_operator_classes = {
    ExtensionOperatorClasses{"pg_trgm", {"gin_trgm_ops", "gist_trgm_ops"}},
    ExtensionOperatorClasses{"intarray", {"gin__int_ops", "gist__int_ops", "gist__intbig_ops"}},
    ExtensionOperatorClasses{
        "vector", {"vector_l2_ops", "vector_ip_ops", "vector_cosine_ops", "vector_l1_ops", "halfvec_l2_ops", "halfvec_cosine_ops"}},
};

// Functions of extensions that defaults call.
struct ExtensionFunctions {
  std::string_view extension;
  std::array<std::string_view, 5> functions;
};
constexpr std::array extension_functions = {
    ExtensionFunctions{"uuid-ossp", {"uuid_generate_v4", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v5", "uuid_generate_v3"}},
    ExtensionFunctions{"pgcrypto", {"gen_random_bytes", "crypt", "digest", "gen_salt"}},
    ExtensionFunctions{"unaccent", {"unaccent"}},
};

// As reportDependentObjects words it.
std::string refusal(const sql::DropObjects& statement) {
  if (statement.names.size() != 1) return "cannot drop desired object(s) because other objects depend on them";
  return "cannot drop " + std::string(kind_word(statement.kind)) + " " + sql::to_sql(statement.names.front()) +
         " because other objects depend on it";
}

}  // namespace

std::string_view kind_word(sql::ObjectKind kind) {
  using sql::ObjectKind;
  switch (kind) {
    case ObjectKind::view: return "view";
    case ObjectKind::materialized_view: return "materialized view";
    case ObjectKind::sequence: return "sequence";
    case ObjectKind::index: return "index";
    case ObjectKind::foreign_table: return "foreign table";
    case ObjectKind::trigger: return "trigger";
    case ObjectKind::rule: return "rule";
    case ObjectKind::policy: return "policy";
    case ObjectKind::type: return "type";
    case ObjectKind::domain: return "domain";
    case ObjectKind::schema: return "schema";
    case ObjectKind::function: return "function";
    case ObjectKind::extension: return "extension";
    default: return "table";
  }
}

bool DroppedObjects::goes(RelationId id) const { return contains(gone_, id); }

// ---- what is named --------------------------------------------------------------------------------------------------

void DroppedObjects::add_schema(std::string_view name) {
  for (RelationId id : prediction_.database().relations()) {
    const schema::Relation& relation = prediction_.relation(id);
    if (relation.name.schema != name || relation.kind == RelationKind::index) continue;
    // A schema that is not empty goes only with CASCADE.
    unasked_.push_back(id);
    visit(relation, Role::target, Dependency::automatic);
  }
}

void DroppedObjects::add_type(const schema::Type& type) {
  add_column_types(type.name);
  if (type.kind != schema::TypeKind::composite) return;
  // A composite type is a relation too, and tables made OF it are of its making.
  prediction_.lock_unknown({type.name.schema, type.name.name, {}}, LockMode::access_exclusive, Role::table, cause_);
  for (RelationId id : typed_tables(prediction_.database(), type)) visit(prediction_.relation(id), Role::table, Dependency::normal);
}

void DroppedObjects::add_column_types(const schema::ObjectName& type) {
  for (RelationId id : prediction_.database().tables_using_type(type)) {
    const schema::Relation& relation = prediction_.relation(id);
    if (relation.kind == RelationKind::view || relation.kind == RelationKind::materialized_view) {
      visit(relation, Prediction::role_of_kind(relation), Dependency::normal);
      continue;
    }
    for (const schema::Column& column : relation.columns) {
      if (is_of_type(column.type, type, prediction_.database(), 0)) add_column(relation, column);
    }
  }
}

void DroppedObjects::add_column(const schema::Relation& table, const schema::Column& column) {
  needs_cascade_ = true;
  prediction_.lock(table, LockMode::access_exclusive, Role::table, cause_);
  columns_.push_back({table.id, column.name});
}

void DroppedObjects::add_function(const sql::QualifiedName& name) {
  // Of several of a name, which one an expression calls is not known here.
  const bool alone =
      prediction_.database().overloads(name.schema, name.name) <= 1 && !is_builtin_function(name.name, prediction_.version());
  // Most functions are called by triggers alone.
  const bool in_expressions = alone && prediction_.database().may_call(name.name);
  for (RelationId id : prediction_.database().relations()) {
    const schema::Relation& relation = prediction_.relation(id);
    if (alone && relation.calls_function(name.schema, name.name)) {
      visit(relation, Prediction::role_of_kind(relation), Dependency::normal);
      continue;
    }
    if (!in_expressions && relation.triggers.empty()) continue;
    if (relation.index) {
      const schema::Index& index = *relation.index;
      const bool used = calls(index.predicate, name) || std::any_of(index.keys.begin(), index.keys.end(), [&](const schema::IndexKey& key) {
                          return calls(key.expression, name);
                        });
      if (!used) continue;
      needs_cascade_ = true;
      prediction_.lock_index(relation, LockMode::access_exclusive, cause_);
      tie(index.table, Role::table);
      continue;
    }
    const bool used =
        std::any_of(relation.triggers.begin(), relation.triggers.end(),
                    [&](const schema::Trigger& trigger) { return is_function(trigger.function, name) || calls(trigger.when, name); }) ||
        (in_expressions && (std::any_of(relation.columns.begin(), relation.columns.end(),
                                        [&](const schema::Column& column) { return calls(column.default_value, name); }) ||
                            std::any_of(relation.constraints.begin(), relation.constraints.end(),
                                        [&](const schema::Constraint& constraint) { return calls(constraint.expression, name); }) ||
                            std::any_of(relation.policies.begin(), relation.policies.end(), [&](const schema::Policy& policy) {
                              return calls(policy.using_expression, name) || calls(policy.with_check, name);
                            })));
    if (!used) continue;
    needs_cascade_ = true;
    tie(id, Role::table);
  }
}

void DroppedObjects::add_extension(std::string_view name) {
  for (const ExtensionTypes& extension : extension_types) {
    if (extension.extension != name) continue;
    for (RelationId id : prediction_.database().relations()) {
      const schema::Relation& table = prediction_.relation(id);
      for (const schema::Column& column : table.columns) {
        if (column.type.is_builtin() || column.type.name.empty()) continue;
        const bool of_extension = std::find(extension.types.begin(), extension.types.end(), column.type.name) != extension.types.end();
        if (of_extension) add_column(table, column);
      }
    }
  }
  for (const ExtensionOperatorClasses& extension : extension_operator_classes) {
    if (extension.extension == name) add_operator_classes(extension.classes);
  }
  for (const ExtensionFunctions& extension : extension_functions) {
    if (extension.extension != name) continue;
    for (std::string_view function : extension.functions) {
      if (!function.empty()) add_function({{}, function, {}});
    }
  }
}

void DroppedObjects::add_operator_classes(std::span<const std::string_view> classes) {
  for (RelationId id : prediction_.database().relations()) {
    const schema::Relation& relation = prediction_.relation(id);
    if (!relation.index) continue;
    const bool used = std::any_of(relation.index->keys.begin(), relation.index->keys.end(), [&](const schema::IndexKey& key) {
      return !key.operator_class.empty() && std::find(classes.begin(), classes.end(), key.operator_class) != classes.end();
    });
    if (!used) continue;
    needs_cascade_ = true;
    prediction_.lock_index(relation, LockMode::access_exclusive, cause_);
    tie(relation.index->table, Role::table);
  }
}

// ---- the closure ----------------------------------------------------------------------------------------------------

void DroppedObjects::visit(const schema::Relation& relation, Role role, Dependency dependency) {
  if (dependency == Dependency::normal && !contains(named_, relation.id)) unasked_.push_back(relation.id);
  if (goes(relation.id) || !prediction_.database().exists(relation.id)) return;
  gone_.push_back(relation.id);
  prediction_.lock(relation, LockMode::access_exclusive, contains(named_, relation.id) ? Role::target : role, cause_);
  if (relation.has_storage() || relation.kind == RelationKind::partitioned_table) {
    prediction_.lock_indexes(relation, LockMode::access_exclusive, cause_);
    prediction_.lock_toast(relation, LockMode::access_exclusive, cause_);
  }
  visit_dependents(relation);
}

void DroppedObjects::visit_dependents(const schema::Relation& relation) {
  for (RelationId sequence : relation.owned_sequences) {
    if (prediction_.database().exists(sequence)) visit(prediction_.relation(sequence), Role::sequence, Dependency::automatic);
  }
  for (RelationId child : relation.children) {
    const schema::Relation& descendant = prediction_.relation(child);
    visit(descendant, Prediction::role_of_descendant(descendant), descendant.is_partition ? Dependency::automatic : Dependency::normal);
  }
  for (RelationId dependent : relation.dependents) {
    const schema::Relation& view = prediction_.relation(dependent);
    if (prediction_.database().exists(dependent)) visit(view, Prediction::role_of_kind(view), Dependency::normal);
  }
}

// The sequence of an identity column is part of it: not even CASCADE takes it away alone (findDependentObjects).
bool DroppedObjects::fails_as_part(const schema::Relation& relation) {
  if (relation.kind != RelationKind::sequence || relation.owner_table == RelationId::none || contains(named_, relation.owner_table)) {
    return false;
  }
  const schema::Relation& table = prediction_.relation(relation.owner_table);
  const schema::Column* column = table.find_column(relation.owner_column);
  if (column == nullptr || column->identity == sql::Identity::none || !prediction_.database().exists(table.id)) return false;
  prediction_.fail("2BP01", "cannot drop sequence " + prediction_.database().display_name(relation) + " because column " + column->name +
                                " of table " + prediction_.database().display_name(table) + " requires it");
  return true;
}

// ---- what the dropped objects are tied to ---------------------------------------------------------------------------

void DroppedObjects::collect_references() {
  for (RelationId id : gone_) {
    needs_cascade_ = needs_cascade_ || !prediction_.database().functions_that_use(id).empty();
    const schema::Relation& relation = prediction_.relation(id);
    if (relation.kind == RelationKind::sequence) collect_default_users(relation);
    for (const schema::Database::ForeignKeyReference& reference : references_to(relation, prediction_.database())) {
      if (goes(reference.table)) continue;
      needs_cascade_ = true;
      tie(reference.table, Role::referencing);
      // A key to a partitioned table has triggers on it and on all its partitions; it goes as a whole.
      if (reference.constraint->referenced == id || reference.constraint->referenced == RelationId::none) continue;
      tie(reference.constraint->referenced, Role::partitioned_parent);
      for (RelationId sibling : prediction_.database().descendants(reference.constraint->referenced)) {
        tie(sibling, Prediction::role_of_descendant(prediction_.relation(sibling)));
      }
    }
  }
}

// A default that calls nextval() of the sequence is dropped from its table.
void DroppedObjects::collect_default_users(const schema::Relation& sequence) {
  for (RelationId id : prediction_.database().relations()) {
    const schema::Relation& table = prediction_.relation(id);
    if (goes(id)) continue;
    const bool uses = std::any_of(table.columns.begin(), table.columns.end(), [&](const schema::Column& column) {
      if (!column.has_default) return false;
      if (sequence.owner_table == id && sequence.owner_column == column.name &&
          (column.is_serial || column.identity != sql::Identity::none)) {
        return true;
      }
      const std::vector<const schema::Relation*> named = sequences_in(column.default_value, prediction_.database());
      return std::find(named.begin(), named.end(), &sequence) != named.end();
    });
    if (!uses) continue;
    needs_cascade_ = true;
    tie(id, Role::table);
  }
}

// The indexes of partitions go with that of their parent.
void DroppedObjects::lock_index_tree(const schema::Relation& index) {
  for (RelationId id : index.index->children) {
    const schema::Relation& child = prediction_.relation(id);
    if (!prediction_.database().exists(id) || !child.index) continue;
    prediction_.lock_index(child, LockMode::access_exclusive, cause_);
    lock_index_tree(child);
  }
}

// A plain unique index may carry foreign keys.
void DroppedObjects::collect_index_users(const schema::Relation& index) {
  if (!index.index->unique) return;
  const schema::Relation& table = prediction_.relation(index.index->table);
  for (const schema::Database::ForeignKeyReference& reference : prediction_.database().referencing(table.id)) {
    const std::vector<std::string_view> columns(reference.constraint->referenced_columns.begin(),
                                                reference.constraint->referenced_columns.end());
    if (referenced_key_index(table, columns, prediction_.database()) != &index) continue;
    needs_cascade_ = true;
    tie(reference.table, Role::referencing);
  }
}

// heap_drop_with_catalog: a partition's parent and its default partition, whose own constraint changes.
void DroppedObjects::release_neighbours() {
  for (RelationId id : gone_) {
    const schema::Relation& relation = prediction_.relation(id);
    for (const schema::Constraint& constraint : relation.constraints) {
      if (constraint.kind != ConstraintKind::foreign_key || goes(constraint.referenced)) continue;
      predict_dropped_foreign_key(prediction_, relation, constraint, cause_, whole_statement);
    }
    if (!relation.is_partition) continue;
    for (RelationId parent : relation.parents) {
      if (goes(parent)) continue;
      prediction_.lock(prediction_.relation(parent), LockMode::access_exclusive, Role::partitioned_parent, cause_);
      const schema::Relation* default_partition = prediction_.database().default_partition(prediction_.relation(parent));
      if (default_partition == nullptr || goes(default_partition->id)) continue;
      prediction_.lock(*default_partition, LockMode::access_exclusive, Role::default_partition, cause_);
    }
  }
  for (const DroppedColumn& column : columns_) {
    const schema::Relation& table = prediction_.relation(column.table);
    for (RelationId id : table.indexes) {
      const schema::Relation& index = prediction_.relation(id);
      if (!prediction_.database().exists(id) || !index.index) continue;
      const std::vector<std::string> mentioned = index.index->mentioned_columns();
      if (std::find(mentioned.begin(), mentioned.end(), column.name) != mentioned.end()) {
        prediction_.lock_index(index, LockMode::access_exclusive, cause_);
      }
    }
    for (const schema::Constraint& constraint : table.constraints) {
      const bool uses = std::find(constraint.columns.begin(), constraint.columns.end(), column.name) != constraint.columns.end();
      if (uses && constraint.kind == ConstraintKind::foreign_key) {
        predict_dropped_foreign_key(prediction_, table, constraint, cause_, whole_statement);
      }
    }
  }
}

void DroppedObjects::finish(const sql::DropObjects& statement) {
  for (RelationId id : named_) {
    const schema::Relation& relation = prediction_.relation(id);
    if (fails_as_part(relation)) return;
    visit(relation, Role::target, Dependency::named);
  }
  for (const DroppedColumn& column : columns_) {
    for (RelationId dependent : prediction_.relation(column.table).dependents) {
      const schema::Relation& view = prediction_.relation(dependent);
      const bool reads = std::any_of(view.dependencies.begin(), view.dependencies.end(), [&](const schema::Dependency& dependency) {
        return dependency.relation == column.table &&
               std::find(dependency.columns.begin(), dependency.columns.end(), column.name) != dependency.columns.end();
      });
      if (reads && prediction_.database().exists(dependent)) visit(view, Prediction::role_of_kind(view), Dependency::normal);
    }
  }
  collect_references();
  for (RelationId index : indexes_) {
    lock_index_tree(prediction_.relation(index));
    collect_index_users(prediction_.relation(index));
  }
  if (statement.behavior == sql::DropBehavior::restrict_ && (needs_cascade_ || !unasked_.empty())) {
    return prediction_.fail("2BP01", refusal(statement));
  }
  for (const Tie& each : ties_) {
    prediction_.lock(prediction_.relation(each.relation), LockMode::access_exclusive, each.role,
                     cause_ == Cause::drop ? Cause::cascade : cause_);
  }
  release_neighbours();
}

}  // namespace cupel::effects

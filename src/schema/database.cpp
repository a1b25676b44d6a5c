#include "schema/database.h"

#include "schema/replay.h"
#include "schema/state.h"

#include <algorithm>
#include <unordered_set>

namespace cupel::schema {

Database::Database(RowAssumption assumption) : state_(std::make_unique<State>(assumption)) {}

RowAssumption Database::assumption() const { return state_->assumption; }
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

// ---- time
// -------------------------------------------------------------------------------------------------------------

void Database::begin_epoch() { ++state_->session.epoch; }
std::uint32_t Database::epoch() const { return state_->session.epoch; }
void Database::begin_transaction() { state_->next_transaction(); }
std::uint64_t Database::transaction() const { return state_->session.transaction; }
const Settings& Database::settings() const { return state_->session.settings; }
Settings& Database::settings() { return state_->session.settings; }
Database::Mark Database::mark() { return Mark{state_->mark()}; }
void Database::rewind(Mark mark) { state_->rewind(mark.position); }
void Database::forget(Mark mark) { state_->forget(mark.position); }

// ---- relations
// --------------------------------------------------------------------------------------------------------

const Relation* Database::find(const sql::QualifiedName& name) const { return find(name.schema, name.name); }

const Relation* Database::find(std::string_view schema, std::string_view name) const {
  const RelationId id = state_->find(schema, name);
  return id == RelationId::none ? nullptr : &state_->relation(id);
}

const Relation& Database::relation(RelationId id) const { return state_->relation(id); }
bool Database::exists(RelationId id) const { return index_of(id) < state_->relations.size() && state_->relations.exists(index_of(id)); }

std::vector<RelationId> Database::relations() const {
  std::vector<RelationId> result;
  result.reserve(state_->relations.size());
  for (std::uint32_t i = 0; i < state_->relations.size(); ++i) {
    if (state_->relations.exists(i)) result.push_back(to_id(i));
  }
  return result;
}

std::vector<const Type*> Database::types() const {
  std::vector<const Type*> result;
  for (std::uint32_t i = 0; i < state_->types.size(); ++i) {
    if (state_->types.exists(i)) result.push_back(&state_->types[i]);
  }
  return result;
}

std::vector<const Function*> Database::functions() const {
  std::vector<const Function*> result;
  for (std::uint32_t i = 0; i < state_->functions.size(); ++i) {
    if (!state_->functions.exists(i) || state_->functions[i].ambiguous) continue;
    for (const Function& function : state_->functions[i].overloads) result.push_back(&function);
  }
  return result;
}

std::vector<const Function*> Database::functions_that_use(RelationId relation) const {
  std::vector<const Function*> result;
  for (std::uint32_t i = 0; i < state_->functions.size(); ++i) {
    if (!state_->functions.exists(i) || state_->functions[i].ambiguous) continue;
    for (const Function& function : state_->functions[i].overloads) {
      if (function.uses(relation)) result.push_back(&function);
    }
  }
  return result;
}

bool Database::has_ambiguous_functions(const ObjectName& name) const {
  const std::uint32_t* found = state_->functions.find({name.schema, name.name});
  return found != nullptr && state_->functions[*found].ambiguous;
}

const std::vector<std::string>& Database::schemas() const { return state_->schemas; }
const std::vector<std::string>& Database::extensions() const { return state_->extensions; }
bool Database::has_unseen_changes() const { return state_->session.unseen_changes; }
bool Database::is_complete() const { return state_->complete && !state_->session.unseen_changes; }
void Database::note_complete() { state_->complete = true; }
void Database::note_unseen_changes() { state_->session.unseen_changes = true; }
Relation& Database::amend(RelationId id) { return state_->change(id); }

Rows Database::rows(const Relation& relation) const {
  const State& state = *state_;
  switch (relation.kind) {
    case RelationKind::sequence: return Rows::empty;
    case RelationKind::index: return relation.index ? rows(state.relation(relation.index->table)) : Rows::assumed;
    case RelationKind::foreign_table: return Rows::assumed;
    case RelationKind::view:
    case RelationKind::partitioned_table: {
      if (relation.incomplete || has_unseen_partitions(relation)) return Rows::assumed;
      Rows result = Rows::empty;
      auto add = [&](RelationId part) {
        const Rows rows_of_part = rows(state.relation(part));
        if (rows_of_part == Rows::assumed || result == Rows::empty) result = rows_of_part;
      };
      for (RelationId child : relation.children) add(child);
      for (const Dependency& dependency : relation.dependencies) {
        if (dependency.relation != RelationId::none) add(dependency.relation);
      }
      return result;
    }
    case RelationKind::table:
    case RelationKind::materialized_view: break;
  }
  if (relation.incomplete && relation.created_epoch == 0 && relation.storage_epoch == 0) return Rows::assumed;
  // A temporary table was made by this very session, whatever the scope.
  if (relation.persistence == sql::Persistence::temporary) return relation.filled ? Rows::some : Rows::empty;
  if (relation.kind == RelationKind::materialized_view && !relation.populated) return Rows::empty;
  const bool in_scope = relation.storage_epoch == state.session.epoch && state.session.epoch != 0;
  if (in_scope) return relation.filled ? Rows::some : Rows::empty;
  if (state.assumption == RowAssumption::replay_is_complete && !relation.filled) return Rows::empty;
  return Rows::assumed;
}

bool Database::has_few_rows(const Relation& relation) const {
  return rows(relation) == Rows::some && relation.has_storage() && !relation.filled_by_query;
}

bool Database::is_new(const Relation& relation) const {
  return relation.created_epoch != 0 && relation.created_epoch == state_->session.epoch;
}

bool Database::has_unseen_partitions(const Relation& relation) const {
  if (relation.kind != RelationKind::partitioned_table || state_->assumption != RowAssumption::existing_have_rows) return false;
  if (state_->complete || is_new(relation)) return false;
  return std::all_of(relation.children.begin(), relation.children.end(),
                     [this](RelationId child) { return is_new(state_->relation(child)); });
}

bool Database::holds_rows(const Relation& relation) const { return relation.has_storage() || has_unseen_partitions(relation); }

std::vector<RelationId> Database::descendants(RelationId id) const {
  std::vector<RelationId> result = state_->relation(id).children;
  for (std::size_t i = 0; i < result.size(); ++i) {
    const std::vector<RelationId>& children = state_->relation(result[i]).children;
    for (RelationId child : children) {
      // A table may inherit from several parents.
      if (std::find(result.begin(), result.end(), child) == result.end()) result.push_back(child);
    }
  }
  return result;
}

const Relation* Database::default_partition(const Relation& parent) const {
  for (RelationId child : parent.children) {
    const Relation& partition = state_->relation(child);
    if (partition.bound && partition.bound->is_default) return &partition;
  }
  return nullptr;
}

std::vector<Database::ForeignKeyReference> Database::referencing(RelationId id) const {
  std::vector<ForeignKeyReference> result;
  auto found = state_->referencing.find(index_of(id));
  if (found == state_->referencing.end()) return result;
  for (RelationId table : found->second) {
    if (!exists(table)) continue;
    for (const Constraint& constraint : state_->relation(table).constraints) {
      if (constraint.kind == ConstraintKind::foreign_key && constraint.referenced == id) result.push_back({table, &constraint});
    }
  }
  return result;
}

// ---- types
// ------------------------------------------------------------------------------------------------------------

std::vector<RelationId> Database::tables_using_type(const ObjectName& type) const {
  // The type itself, and what is made of it: domains and composite types.
  std::vector<ObjectName> names{type};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const ObjectName name = names[i];
    for (std::uint32_t other = 0; other < state_->types.size(); ++other) {
      const Type& candidate = state_->types[other];
      if (!state_->types.exists(other) || std::find(names.begin(), names.end(), candidate.name) != names.end()) continue;
      auto uses = [&name](const DataType& used) { return used.name == name.name && used.schema == name.schema; };
      bool found = candidate.kind == TypeKind::domain && uses(candidate.base);
      for (const Column& column : candidate.columns) found = found || uses(column.type);
      if (found) names.push_back(candidate.name);
    }
  }
  std::vector<RelationId> result;
  for (RelationId id : relations()) {
    const Relation& relation = state_->relation(id);
    if (relation.kind != RelationKind::partitioned_table && relation.kind != RelationKind::foreign_table && !relation.has_storage())
      continue;
    const bool found = std::any_of(relation.columns.begin(), relation.columns.end(), [&names](const Column& column) {
      return std::any_of(names.begin(), names.end(),
                         [&column](const ObjectName& name) { return column.type.name == name.name && column.type.schema == name.schema; });
    });
    if (found) result.push_back(id);
  }
  return result;
}

DataType Database::resolve(const sql::TypeName& type) const { return state_->resolve(type); }

const Type* Database::find_type(const DataType& type) const {
  if (type.schema.empty() || type.is_builtin()) return nullptr;
  const std::uint32_t* found = state_->types.find({type.schema, type.name});
  return found == nullptr ? nullptr : &state_->types[*found];
}

const Type* Database::find_type(const sql::QualifiedName& name) const {
  const std::uint32_t* found = state_->find_type(name.schema, name.name);
  return found == nullptr ? nullptr : &state_->types[*found];
}

// ---- functions
// ----------------------------------------------------------------------------------------------------------

std::vector<const Function*> Database::find_functions(std::string_view schema, std::string_view name, std::size_t arguments) const {
  std::vector<const Function*> result;
  const FunctionSet* set = state_->find_functions(schema, name);
  if (set == nullptr) return result;
  for (const Function& function : set->overloads) {
    const bool enough = arguments >= function.required_arguments || function.incomplete;
    const bool few = arguments <= function.argument_types.size() || function.variadic || function.incomplete;
    if (enough && few) result.push_back(&function);
  }
  return result;
}

std::size_t Database::overloads(std::string_view schema, std::string_view name) const {
  const FunctionSet* set = state_->find_functions(schema, name);
  return set == nullptr ? 0 : set->overloads.size();
}

bool Database::may_call(std::string_view function) const { return state_->expressions.calls(function); }

const Function* Database::find_trigger_function(const ObjectName& name) const {
  const FunctionSet* set = state_->find_functions(name.schema, name.name);
  if (set == nullptr) return nullptr;
  for (const Function& function : set->overloads) {
    if (function.argument_types.empty()) return &function;
  }
  return nullptr;
}

// ---- the rest
// -----------------------------------------------------------------------------------------------------------

const std::vector<Publication>& Database::publications() const { return state_->publications; }

std::vector<Database::Published> Database::published_by(const Relation& table) const {
  std::vector<Published> result;
  // is_publishable_class: what is neither in the WAL nor a table is never sent.
  const bool is_table = table.kind == RelationKind::table || table.kind == RelationKind::partitioned_table;
  if (state_->publications.empty() || !is_table || table.persistence != sql::Persistence::permanent) return result;
  std::vector<RelationId> places{table.id};
  for (std::size_t i = 0; i < places.size(); ++i) {
    const Relation& place = relation(places[i]);
    if (place.is_partition) places.insert(places.end(), place.parents.begin(), place.parents.end());
  }
  for (const Publication& publication : state_->publications) {
    const auto named = std::find_if(publication.tables.begin(), publication.tables.end(), [&places](const PublishedTable& each) {
      return std::find(places.begin(), places.end(), each.table) != places.end();
    });
    const bool in_schema = std::any_of(places.begin(), places.end(), [&](RelationId id) {
      return std::find(publication.schemas.begin(), publication.schemas.end(), relation(id).name.schema) != publication.schemas.end();
    });
    if (publication.all_tables || in_schema) result.push_back({&publication, nullptr});
    else if (named != publication.tables.end()) result.push_back({&publication, &*named});
  }
  return result;
}

bool Database::has_extension(std::string_view name) const {
  const std::vector<std::string>& all = state_->extensions;
  return std::find(all.begin(), all.end(), name) != all.end();
}

bool Database::schema_exists(std::string_view name) const { return state_->has_schema(name); }
std::string Database::creation_schema() const { return std::string(state_->creation_schema()); }

std::string Database::display_name(const Relation& relation) const {
  if (relation.name.schema == "pg_temp" || state_->on_search_path(relation.name.schema)) return relation.name.name;
  return relation.name.schema + "." + relation.name.name;
}

std::vector<Contradiction> Database::apply(const sql::Statement& statement, const sql::Script& script) {
  return Replay(*this, *state_, statement, script).run();
}

void Database::replace(RelationId relation, const sql::Statement& statement, const sql::Script& script) {
  Replay(*this, *state_, statement, script).take_away(relation);
}

}  // namespace cupel::schema

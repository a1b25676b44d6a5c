// Internal to src/schema: what a Database holds, how names are found, and the journal that undoes.
#pragma once

#include "schema/database.h"
#include "schema/store.h"
#include "sql/expression_store.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

namespace cupel::schema {

// All functions of one name.
struct FunctionSet {
  ObjectName name;
  std::vector<Function> overloads;
  // An overload was dropped, but the replay cannot tell which: one of these does not exist.
  bool ambiguous = false;
};

constexpr std::uint32_t index_of(RelationId id) { return static_cast<std::uint32_t>(id); }
constexpr RelationId to_id(std::uint32_t index) { return static_cast<RelationId>(index); }

struct Database::State {
  explicit State(RowAssumption rows_assumed) : assumption(rows_assumed) {}

  // ---- what exists ------------------------------------------------------------------------------------------------
  RowAssumption assumption;
  Store<Relation> relations;
  Store<Type> types;
  Store<FunctionSet> functions;
  sql::ExpressionStore expressions;  // all that the objects above have
  std::vector<std::string> schemas{"public"};
  std::vector<std::string> schemas_met;  // of these, only met in statements: their creation was not seen
  std::vector<std::string> extensions;
  std::vector<Publication> publications;

  // ---- names ------------------------------------------------------------------------------------------------------
  [[nodiscard]] RelationId find(std::string_view schema, std::string_view name) const;
  [[nodiscard]] RelationId find(const sql::QualifiedName& name) const { return find(name.schema, name.name); }
  [[nodiscard]] const std::uint32_t* find_type(std::string_view schema, std::string_view name) const;
  [[nodiscard]] const FunctionSet* find_functions(std::string_view schema, std::string_view name) const;
  [[nodiscard]] bool has_schema(std::string_view name) const;
  [[nodiscard]] bool on_search_path(std::string_view schema) const;
  // The first schema of the search path; "public" when it is empty, so that an unqualified name goes somewhere.
  [[nodiscard]] std::string_view creation_schema() const;
  [[nodiscard]] DataType resolve(const sql::TypeName& type) const;
  [[nodiscard]] bool constraint_name_used(std::string_view schema, std::string_view name) const;

  // ---- change: every one goes through here, so that it can be undone
  // --------------------------------------------------
  [[nodiscard]] const Relation& relation(RelationId id) const { return relations[index_of(id)]; }
  Relation& change(RelationId id);
  Type& change_type(std::uint32_t index);
  FunctionSet& change_functions(std::uint32_t index);
  std::vector<std::string>& change_schemas();
  void meet_schema(std::string_view name);
  std::vector<std::string>& change_extensions();
  std::vector<Publication>& change_publications();
  std::vector<std::string>& change_names(std::vector<std::string> State::*list);
  RelationId create(Relation relation);
  std::uint32_t create_type(Type type);
  std::uint32_t create_functions(FunctionSet set);
  // Only the object itself: what depends on it is the caller's.
  void drop(RelationId id);
  void drop_type(std::uint32_t index);
  void rename(RelationId id, ObjectName name);
  void rename_type(std::uint32_t index, ObjectName name);
  void rename_functions(std::uint32_t index, ObjectName name);
  Constraint& add_constraint(RelationId id, Constraint constraint);
  void erase_constraint(RelationId id, std::string_view name);
  void rename_constraint(RelationId id, std::string_view from, std::string_view to);
  // Rows were put in, or all were taken out.
  void fill(RelationId id);                            // by a query: nobody knows how many
  void fill(RelationId id, std::size_t written_rows);  // written one by one
  void empty(RelationId id);

  // Tables that at some time had a foreign key to a relation; ask their constraints what is still true.
  std::unordered_map<std::uint32_t, std::vector<RelationId>> referencing;

  // ---- time -------------------------------------------------------------------------------------------------------
  struct Frame {  // an explicit transaction, then its savepoints
    std::string savepoint;
    std::size_t journal_size;
    std::uint32_t serial;
    Settings settings;
  };
  struct Session {
    Settings settings;
    std::vector<Frame> frames;
    std::vector<RelationId> on_commit_drop;
    std::uint32_t epoch = 0;
    std::uint64_t transaction = 1;
    bool unseen_changes = false;  // something ran that may have changed definitions in ways not known here
  } session;
  struct Marked {
    std::size_t journal_size;
    std::uint32_t serial;
    Session session;
  };
  std::vector<Marked> marks;
  bool complete = false;  // everything there was at the start is here

  void begin();
  void commit();
  void rollback();
  void savepoint(std::string_view name);
  void release(std::string_view name);
  void rollback_to(std::string_view name);
  void next_transaction();
  std::size_t mark();
  void rewind(std::size_t position);
  void forget(std::size_t position);

  // Of each object that was touched since a mark, its state then; null if it did not exist. By its index in the store.
  struct Kept {
    std::map<std::uint32_t, const Relation*> relations;
    std::map<std::uint32_t, const Type*> types;
    std::map<std::uint32_t, const FunctionSet*> functions;
    const std::vector<std::string>* schemas = nullptr;  // null: untouched
    const std::vector<std::string>* extensions = nullptr;
  };
  [[nodiscard]] Kept kept_since(std::size_t mark) const;

 private:
  struct RowsUndo {
    RelationId id;
    bool filled, filled_by_query, populated;
    std::uint32_t written_rows, storage_epoch;
  };
  struct NamesUndo {
    std::vector<std::string> State::*list;
    std::vector<std::string> names;
  };
  // All of them: there are few.
  struct PublicationsUndo {
    std::vector<Publication> publications;
  };
  template <class Object>
  using UndoOf = std::unique_ptr<typename Store<Object>::Undo>;
  using Undo = std::variant<UndoOf<Relation>, UndoOf<Type>, UndoOf<FunctionSet>, RowsUndo, NamesUndo, PublicationsUndo>;

  void save_rows(RelationId id);
  template <class Object>
  void save(Store<Object>& store, std::uint32_t index);
  template <class Object>
  std::uint32_t add(Store<Object>& store, Object object);
  void count_constraints(const Relation& relation, int change);
  // Undoes the journal down to that size; when a mark lies above it, what is below the mark is undone by new entries.
  void undo_to(std::size_t size);
  void pop_to(std::size_t size);
  void undo_again(std::size_t from, std::size_t to);
  void update_scope();

  std::vector<Undo> journal_;
  std::uint32_t scope_ = 0;  // serial of the innermost mark, savepoint or transaction that is open; 0: none
  std::uint32_t last_serial_ = 0;
  std::unordered_map<std::size_t, std::uint32_t> constraint_names_;  // hash of schema and name → how many
  bool temporary_tables_ = false;                                    // there was one
};

template <class Object>
void Database::State::save(Store<Object>& store, std::uint32_t index) {
  if (auto undo = store.save(index, scope_)) journal_.emplace_back(std::move(undo));
}

template <class Object>
std::uint32_t Database::State::add(Store<Object>& store, Object object) {
  const std::uint32_t index = store.add(std::move(object), scope_);
  if (scope_ != 0) {
    auto undo = std::make_unique<typename Store<Object>::Undo>();
    undo->index = index;
    journal_.emplace_back(std::move(undo));
  }
  return index;
}

}  // namespace cupel::schema

// Internal to src/schema: the replay of one statement. One object per statement.
//
// A statement that a server would refuse is not applied, and the reason is a Contradiction; of an ALTER TABLE with
// several actions, or a DROP of several objects, the others are. Where the replay cannot be sure (`incomplete` relations,
// statements of a DO block that may not run) nothing is contradicted, and what can be applied is.
#pragma once

#include "schema/database.h"
#include "schema/state.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::schema {

class Replay {
 public:
  Replay(const Database& database, Database::State& state, const sql::Statement& statement, const sql::Script& script)
      : database_(database), state_(state), statement_(statement), script_(script) {}
  std::vector<Contradiction> run();
  // The relation goes, and what depends on it.
  void take_away(RelationId id);

 private:
  using Kind = Contradiction::Kind;
  enum class Recurse { no, yes };

  // ---- one per kind of statement; those that change nothing that a Database knows have none ---------------------------
  void apply(const sql::CreateTable& create);
  void apply(const sql::CreateTableAs& create);
  void apply(const sql::AlterTable& alter);
  void apply(const sql::Rename& rename);
  void apply(const sql::AlterObjectSchema& alter);
  void apply(const sql::DropObjects& drop);
  void apply(const sql::Truncate& truncate);
  void apply(const sql::CreateIndex& create);
  void apply(const sql::CreateView& create);
  void apply(const sql::RefreshMaterializedView& refresh);
  void apply(const sql::CreateSequence& create);
  void apply(const sql::AlterSequence& alter);
  void apply(const sql::CreateStatistics& create);
  void apply(const sql::CreateEnum& create);
  void apply(const sql::AlterEnum& alter);
  void apply(const sql::CreateDomain& create);
  void apply(const sql::AlterDomain& alter);
  void apply(const sql::CreateComposite& create);
  void apply(const sql::CreateRange& create);
  void apply(const sql::CreateFunction& create);
  void apply(const sql::AlterFunction& alter);
  void apply(const sql::CreateTrigger& create);
  void apply(const sql::CreateRule& create);
  void apply(const sql::CreatePolicy& create);
  void apply(const sql::AlterPolicy& alter);
  void apply(const sql::Publication& statement);
  void apply(const sql::CreateSchema& create);
  void apply(const sql::CreateExtension& create);
  void apply(const sql::Select& select);
  void apply(const sql::Call& call);
  void apply(const sql::Opaque& opaque);
  void apply(const sql::Insert& insert);
  void apply(const sql::Update& update);
  void apply(const sql::Delete& remove);
  void apply(const sql::Merge& merge);
  void apply(const sql::Copy& copy);
  void apply(const sql::LockTable& lock);
  void apply(const sql::Cluster& cluster);
  void apply(const sql::Reindex& reindex);
  void apply(const sql::Transaction& transaction);
  void apply(const sql::SetVariable& set);
  template <class Other>
  void apply(const Other& /*changes nothing*/) {}

  // ---- replay.cpp: names, and what contradicts --------------------------------------------------------------------------
  // Says nothing for a statement that may not run or whose errors are caught.
  void contradict(Kind kind, std::string_view object, std::string message, std::string_view sqlstate);
  void unknown_column(std::string_view column, const Relation& relation);
  // A name as the user wrote it.
  static std::string written(const sql::QualifiedName& name);
  // Where a new object goes; a schema that is not known is made up, and said to be unknown if the user wrote it.
  ObjectName creation_name(const sql::QualifiedName& name, sql::Persistence persistence = sql::Persistence::permanent);
  void require_schema(std::string_view schema, bool is_written);
  // The relation of that name, which ought to exist: an incomplete one is made if it does not. None for system catalogs.
  RelationId target(const sql::QualifiedName& name, RelationKind guess = RelationKind::table);
  RelationId make_incomplete(const sql::QualifiedName& name, RelationKind guess);
  // False, and contradicted unless `if_not_exists`, if the name is taken by a relation or by a type of that kind.
  bool name_is_free(const ObjectName& name, bool if_not_exists, bool makes_type);
  // A relation with its birth data; not yet in the database.
  [[nodiscard]] Relation blank(RelationKind kind, ObjectName name, sql::Persistence persistence) const;
  // Puts it there. An incomplete one of that name becomes this one, for it is what was met before.
  RelationId create(Relation relation, bool if_not_exists = false);
  [[nodiscard]] const Relation& relation(RelationId id) const { return state_.relation(id); }
  Relation& change(RelationId id) { return state_.change(id); }
  // For an object of the schema: the statement's script goes away.
  [[nodiscard]] sql::Expression keep(const sql::Expression& expression) const { return state_.expressions.keep(expression); }
  [[nodiscard]] bool exists(RelationId id) const { return database_.exists(id); }
  // The column; of an incomplete relation one is made up. Contradicted and null otherwise.
  Column* need_column(RelationId id, std::string_view column);

  // ---- replay_table.cpp: columns ----------------------------------------------------------------------------------------
  struct LikeCopy {
    const sql::LikeClause* clause;
    RelationId source;
  };
  [[nodiscard]] Column make_column(const sql::ColumnDefinition& definition) const;
  void add_columns_of_parents(const sql::CreateTable& create, Relation& table);
  void add_columns_of_like(const sql::LikeClause& like, RelationId source, Relation& table);
  void add_own_column(const sql::ColumnDefinition& definition, Relation& table);
  void add_own_columns(const sql::CreateTable& create, std::span<const LikeCopy> likes, Relation& table);
  void inherit_constraints(RelationId parent, RelationId child);
  void copy_parts_of_like(const LikeCopy& like, RelationId table);
  void make_sequence(RelationId table, std::string_view column);
  void add_column(RelationId table, const sql::AlterTableCommand& command, Recurse recurse);

  // ---- replay_constraint.cpp ----------------------------------------------------------------------------------------------
  void add_constraints(RelationId table, std::span<const sql::Constraint* const> constraints, Recurse recurse);
  void add_constraint(RelationId table, const sql::Constraint& constraint, Recurse recurse);
  void add_check(RelationId table, const sql::Constraint& constraint, Recurse recurse);
  void pass_on_check(RelationId table, std::string_view name);
  void add_index_constraint(RelationId table, const sql::Constraint& constraint, Recurse recurse);
  void use_index(RelationId table, const sql::Constraint& constraint, Recurse recurse);
  bool may_use_index(const Relation& table, const Relation& index, const sql::Constraint& constraint);
  void add_foreign_key(RelationId table, const sql::Constraint& constraint, Recurse recurse);
  bool find_referenced_key(const sql::Constraint& constraint, Constraint& result);
  void pass_on_foreign_key(RelationId child, const Constraint& constraint);
  // Contradicted: a parent cannot have it alone.
  bool reaches_children(RelationId table, Recurse recurse, std::string_view what);
  [[nodiscard]] Constraint blank_constraint(const sql::Constraint& constraint, ConstraintKind kind) const;
  // True if the name is free for a constraint of that table; contradicted otherwise.
  bool constraint_name_is_free(RelationId table, std::string_view name);
  bool columns_exist(RelationId table, std::span<const std::string_view> columns);
  struct NotNull {
    std::string_view name;
    bool validated = true;
    bool no_inherit = false;
    bool inherited = false;
  };
  void set_not_null(RelationId table, std::string_view column, const NotNull& how, Recurse recurse);
  void drop_not_null(RelationId table, std::string_view column, Recurse recurse);
  void validate_constraint(RelationId table, std::string_view name, Recurse recurse);
  void alter_constraint(RelationId table, const sql::AlterTableCommand& command);
  void drop_constraint(RelationId table, std::string_view name, bool missing_ok, sql::DropBehavior behavior, Recurse recurse);
  void erase_constraint(RelationId table, std::string_view name, Recurse recurse);

  // ---- replay_index.cpp ---------------------------------------------------------------------------------------------------
  struct IndexOrigin {
    std::optional<Constraint> constraint;  // that it belongs to
    RelationId parent = RelationId::none;  // partitioned index it is part of
  };
  RelationId build_index(RelationId table, Index index, std::string name, IndexOrigin origin, Recurse recurse);
  // An index of the partition that serves as part of the parent's: one that is there already, or a new one.
  void attach_or_clone_index(RelationId partition, RelationId parent_index);
  void attach_index(RelationId index, RelationId parent_index);
  void update_validity(RelationId parent_index);
  [[nodiscard]] bool same_index(RelationId candidate, RelationId model) const;

  // ---- replay_alter.cpp ---------------------------------------------------------------------------------------------------
  void alter(RelationId table, const sql::AlterTableCommand& command, bool only);
  void alter_column(RelationId table, const sql::AlterTableCommand& command, Recurse recurse);
  void alter_type(RelationId table, const sql::AlterTableCommand& command, Recurse recurse);
  bool may_alter_type(RelationId table, std::string_view column, Recurse recurse);
  void add_identity(RelationId table, const sql::AlterTableCommand& command);
  void alter_trigger(RelationId table, const sql::AlterTableCommand& command, Recurse recurse);
  void alter_composite(const sql::AlterTable& alter);
  void replica_identity(RelationId table, const sql::AlterTableCommand& command);
  void cluster_on(RelationId table, std::string_view index);

  // ---- replay_partition.cpp -----------------------------------------------------------------------------------------------
  void become_child(RelationId parent, RelationId child);
  // Whether the parent is the child, or below it.
  [[nodiscard]] bool would_circle(RelationId parent, RelationId child) const;
  void make_partition(RelationId parent, RelationId partition, const sql::PartitionBound* bound);
  void attach_partition(RelationId parent, const sql::AlterTableCommand& command);
  void detach(RelationId parent, RelationId child);
  void detach_partition(RelationId parent, const sql::AlterTableCommand& command);
  void copy_triggers_to_partition(RelationId parent, RelationId partition);

  // ---- replay_drop.cpp ----------------------------------------------------------------------------------------------------
  // What goes when some relations are dropped, and what of others depends on them.
  struct Doomed {
    std::vector<RelationId> relations;
    std::vector<std::pair<RelationId, std::string>> foreign_keys;  // of tables that stay
    bool needs_cascade = false;
    [[nodiscard]] bool contains(RelationId id) const;
    void add(RelationId id);
  };
  [[nodiscard]] Doomed doomed_by(std::span<const RelationId> roots) const;
  void drop_all(const Doomed& doomed);
  void drop_relation(RelationId id);
  // Contradicted, and false, if something depends on them and the drop is not a cascading one.
  bool drop_relations(std::span<const RelationId> roots, sql::DropBehavior behavior, std::string_view what, std::string_view object);
  void drop_named_relations(const sql::DropObjects& drop);
  void drop_index(RelationId index);
  void drop_type(const sql::DropObjects& drop, const sql::QualifiedName& name);
  void drop_function(const sql::DropObjects& drop, const sql::QualifiedName& name);
  void drop_schema(const sql::DropObjects& drop, std::string_view name);
  void drop_part(const sql::DropObjects& drop, const sql::QualifiedName& table, std::string_view name);
  [[nodiscard]] bool index_is_referenced(RelationId index, std::vector<std::pair<RelationId, std::string>>& foreign_keys) const;

  // ---- replay_drop_column.cpp ---------------------------------------------------------------------------------------------
  struct ColumnDependents {
    std::vector<RelationId> views;
    std::vector<std::pair<RelationId, std::string>> foreign_keys;
    std::vector<std::string> generated, triggers, policies;
    bool published = false;  // in the column list or the WHERE of a publication
    std::vector<std::uint32_t> functions;
    [[nodiscard]] bool any() const {
      return !views.empty() || !foreign_keys.empty() || !generated.empty() || !triggers.empty() || !policies.empty() || published ||
             !functions.empty();
    }
  };
  // Whether a view is the other relation, or reads it, through other views, too.
  [[nodiscard]] bool reads(RelationId reader, RelationId wanted) const;
  // Functions whose bodies are kept parsed and name it, as indexes of their sets.
  [[nodiscard]] std::vector<std::uint32_t> functions_that_use(RelationId id) const;
  [[nodiscard]] ColumnDependents dependents_of(RelationId table, std::string_view column) const;
  void drop_column(RelationId table, std::string_view column, bool missing_ok, sql::DropBehavior behavior, Recurse recurse);
  void erase_column(RelationId table, std::string_view column);
  [[nodiscard]] bool is_partition_key(const Relation& relation, std::string_view column) const;

  // ---- replay_rename.cpp --------------------------------------------------------------------------------------------------
  void rename_relation(const sql::Rename& rename);
  void rename_column(RelationId table, std::string_view from, std::string_view to, Recurse recurse, bool from_parent = false);
  void rename_published_column(RelationId table, std::string_view from, std::string_view to);
  void rename_constraint(RelationId table, std::string_view from, std::string_view to, Recurse recurse);
  void rename_index(RelationId index, std::string_view to);
  void rename_type(const sql::Rename& rename);
  void rename_function(const sql::Rename& rename);
  void rename_schema(std::string_view from, std::string_view to);
  void move_to_schema(RelationId id, std::string_view schema);
  // Columns and functions that use the type by name follow it.
  void follow_type(const ObjectName& from, const ObjectName& to);

  // ---- replay_view.cpp ----------------------------------------------------------------------------------------------------
  struct Output {
    std::vector<Column> columns;
    bool complete = true;  // false: a star that cannot be expanded
  };
  [[nodiscard]] std::vector<RelationId> relations_read(const sql::Query& query);
  [[nodiscard]] std::vector<Dependency> dependencies_of(std::span<const RelationId> read, std::span<const sql::Expression> outputs,
                                                        const sql::Query& query) const;
  [[nodiscard]] Output output_of(std::span<const std::string_view> names, std::span<const std::string_view> outputs,
                                 std::span<const sql::Expression> expressions, std::span<const RelationId> read,
                                 const sql::Query& query) const;
  [[nodiscard]] DataType type_of(const sql::Expression& expression, std::span<const RelationId> read) const;
  void set_dependencies(RelationId view, std::vector<Dependency> dependencies);
  bool may_replace_view(const Relation& view, const Output& output);

  // ---- replay_publication.cpp ---------------------------------------------------------------------------------------------
  [[nodiscard]] std::vector<PublishedTable> published_tables(const sql::Publication& statement);
  void drop_publications(const sql::DropObjects& drop);
  void rename_publication(std::string_view from, std::string_view to);
  [[nodiscard]] bool is_published_column(RelationId table, std::string_view column) const;
  void unpublish(RelationId table, std::string_view column);

  // ---- replay_type.cpp ----------------------------------------------------------------------------------------------------
  bool type_name_is_free(const ObjectName& name);
  std::uint32_t create_type(TypeKind kind, ObjectName name);
  // The type's index; made up if it is unknown. None, and contradicted, if it is of another kind.
  std::optional<std::uint32_t> need_type(const sql::QualifiedName& name, TypeKind kind);
  void add_domain_constraint(std::uint32_t domain, const sql::Constraint& constraint);

  // ---- replay_code.cpp ----------------------------------------------------------------------------------------------------
  [[nodiscard]] sql::Expression inlined(const sql::CreateFunction& create) const;
  [[nodiscard]] bool trigger_function_is_unknown(const sql::QualifiedName& name) const;

  // ---- replay_data.cpp ----------------------------------------------------------------------------------------------------
  void touch(const sql::Query& query);
  void notice_call(std::string_view schema, std::string_view function);
  void set_index_validity(const sql::Update& update);
  void fill(RelationId table);
  void check_written_columns(RelationId table, std::span<const std::string_view> columns);

  const Database& database_;
  Database::State& state_;
  const sql::Statement& statement_;
  const sql::Script& script_;
  std::vector<Contradiction> contradictions_;
  bool creating_ = false;  // CREATE TABLE: its parts need not be passed on
};

}  // namespace cupel::schema

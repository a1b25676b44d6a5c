// CREATE INDEX, REINDEX, ALTER INDEX.
#include <algorithm>
#include <array>
#include <string>

#include "effects/predict.h"
#include "effects/type_casts.h"
#include "effects/volatility.h"

namespace cupel::effects {

namespace {

using schema::RelationKind;

std::string quoted(const Prediction& prediction, const schema::Relation& relation) {
  return "\"" + prediction.database().display_name(relation) + "\"";
}

// ---- CREATE INDEX ---------------------------------------------------------------------------------------------------

bool same_index(const sql::CreateIndex& wanted, const schema::Index& index) {
  if (index.unique != wanted.unique || index.keys.size() != wanted.elements.size() ||
      index.include.size() != wanted.include.size() || bool(index.predicate) != bool(wanted.where) || !index.valid ||
      index.parent != RelationId::none) {
    return false;
  }
  if (!wanted.access_method.empty() && index.access_method != wanted.access_method) return false;
  if (wanted.where && !wanted.where.equals(index.predicate)) return false;
  for (std::size_t i = 0; i < wanted.elements.size(); ++i) {
    const sql::IndexElement& element = wanted.elements[i];
    const schema::IndexKey& key = index.keys[i];
    if (element.column != key.column || element.operator_class != key.operator_class || element.collation != key.collation ||
        bool(element.expression) != bool(key.expression)) {
      return false;
    }
    if (element.expression && !element.expression.equals(key.expression)) return false;
  }
  return std::equal(wanted.include.begin(), wanted.include.end(), index.include.begin());
}

class IndexBuild {
 public:
  IndexBuild(Prediction& prediction, const sql::CreateIndex& statement)
      : prediction_(prediction), statement_(statement),
        mode_(statement.concurrently ? LockMode::share_update_exclusive : LockMode::share) {}

  // Returns true if it failed.
  bool fails(const schema::Relation& table) {
    if (table.kind == RelationKind::view || table.kind == RelationKind::sequence || table.kind == RelationKind::index ||
        table.kind == RelationKind::foreign_table) {
      return fail("42809", "cannot create index on relation " + quoted(prediction_, table));
    }
    if (table.kind == RelationKind::partitioned_table && statement_.concurrently) {
      return fail("0A000", "cannot create index on partitioned table " + quoted(prediction_, table) + " concurrently");
    }
    return fails_method() || fails_columns(table) || fails_partition_key(table) || fails_expressions(table);
  }

  void build(const schema::Relation& table) {
    if (table.kind != RelationKind::partitioned_table) {
      Work& work = prediction_.work(WorkKind::index_build, &table, {}, Cause::create_index, whole_statement, mode_);
      work.index_name = std::string(statement_.name);
      return;
    }
    if (statement_.only) return;
    for (RelationId child : table.children) {
      const schema::Relation& partition = prediction_.relation(child);
      if (partition.kind != RelationKind::foreign_table && !has_matching_index(partition)) build(partition);
    }
  }

 private:
  bool fail(std::string_view sqlstate, std::string message) {
    prediction_.fail(sqlstate, std::move(message));
    return true;
  }

  bool fails_method() {
    const std::string_view method = statement_.access_method;
    const bool orders = method.empty() || method == "btree";
    if (statement_.unique && !orders && (method == "hash" || method == "gin" || method == "gist" || method == "brin" || method == "spgist")) {
      return fail("0A000", "access method \"" + std::string(method) + "\" does not support unique indexes");
    }
    if (method == "hash" && statement_.elements.size() > 1) {
      return fail("0A000", "access method \"hash\" does not support multicolumn indexes");
    }
    return false;
  }

  bool fails_columns(const schema::Relation& table) {
    if (table.incomplete) return false;
    for (const sql::IndexElement& element : statement_.elements) {
      if (element.column.empty()) continue;
      const schema::Column* column = table.find_column(element.column);
      if (column == nullptr) return fail("42703", "column \"" + std::string(element.column) + "\" does not exist");
      if (column->generated == sql::Generated::virtual_) {
        return fail("0A000", "indexes on virtual generated columns are not supported");
      }
      if (lacks_operator_class(element, column->type)) {
        return fail("42704", "data type " + column->type.name + " has no default operator class for access method \"" +
                                 method_name() + "\"");
      }
    }
    return false;
  }

  bool lacks_operator_class(const sql::IndexElement& element, const schema::DataType& type) const {
    if (!element.operator_class.empty() || type.array_dimensions > 0 || !type.is_builtin()) return false;
    if (method_name() != "btree" && method_name() != "hash") return false;
    return has_known_casts(type.name) && default_operator_class(method_name(), type.name, prediction_.version()).empty();
  }

  std::string method_name() const { return statement_.access_method.empty() ? "btree" : std::string(statement_.access_method); }

  // A unique index of a partitioned table must have all partition key columns (manual 5.12.2.3).
  bool fails_partition_key(const schema::Relation& table) {
    if (!statement_.unique || table.kind != RelationKind::partitioned_table || !table.partition_key) return false;
    for (const sql::PartitionKey::Element& part : table.partition_key->elements) {
      const bool covered = !part.column.empty() &&
                           std::any_of(statement_.elements.begin(), statement_.elements.end(),
                                       [&](const sql::IndexElement& element) { return element.column == part.column; });
      if (!covered) {
        return fail("0A000", "unique constraint on partitioned table must include all partitioning columns");
      }
    }
    return false;
  }

  bool is_mutable(const sql::Expression& expression) const {
    const VolatilityAnswer answer = volatility(expression, prediction_.database(), prediction_.version()).answer;
    return answer == VolatilityAnswer::stable || answer == VolatilityAnswer::volatile_;
  }

  bool fails_expressions(const schema::Relation& table) {
    if (statement_.where && is_mutable_at(statement_.where, table)) {
      return fail("42P17", "functions in index predicate must be marked IMMUTABLE");
    }
    for (const sql::IndexElement& element : statement_.elements) {
      if (element.expression && is_mutable_at(element.expression, table)) {
        return fail("42P17", "functions in index expression must be marked IMMUTABLE");
      }
    }
    return false;
  }

  // A function by its name alone may have immutable and stable variants: date(timestamp), date(timestamptz). Without the
  // types of its arguments the stable one is meant only if a column of a type with a time zone is there.
  bool is_mutable_at(const sql::Expression& expression, const schema::Relation& table) const {
    if (!is_mutable(expression)) return false;
    bool certain = false;
    bool leaves_time_zone = false;   // AT TIME ZONE makes a timestamp without one
    expression.walk([&](const sql::Expression& part) {
      if (part.kind() == sql::ExpressionKind::function && part.last_name() == "timezone") leaves_time_zone = true;
      return !leaves_time_zone;
    });
    if (leaves_time_zone) return always_mutable(expression);
    for (std::string_view name : expression.columns()) {
      const schema::Column* column = table.find_column(name);
      if (column != nullptr && (column->type.name == "timestamptz" || column->type.name == "timetz")) certain = true;
    }
    return certain || expression.columns().empty() || always_mutable(expression);
  }

  static bool always_mutable(const sql::Expression& expression) {
    bool found = false;
    expression.walk([&](const sql::Expression& part) {
      if (part.kind() == sql::ExpressionKind::value_function) found = true;
      if (part.kind() == sql::ExpressionKind::function) {
        const std::string_view name = part.last_name();
        for (std::string_view mutable_one : {"now", "random", "clock_timestamp", "statement_timestamp", "transaction_timestamp",
                                       "gen_random_uuid", "nextval", "timeofday", "uuid_generate_v4", "current_setting", "to_char",
                                       "concat", "concat_ws", "format", "array_to_string", "to_json", "to_jsonb"}) {
          if (name == mutable_one) found = true;
        }
      }
      return !found;
    });
    return found;
  }

  // An index that a partition has already is attached instead; those before it in the list are opened to look.
  bool has_matching_index(const schema::Relation& partition) {
    for (RelationId id : partition.indexes) {
      const schema::Relation& index = prediction_.relation(id);
      if (!prediction_.database().exists(id) || !index.index || index.index->parent != RelationId::none) continue;
      prediction_.lock_index(index, mode_, Cause::create_index);
      if (same_index(statement_, *index.index)) return true;
      prediction_.release_early();
    }
    return false;
  }

  Prediction& prediction_;
  const sql::CreateIndex& statement_;
  LockMode mode_;
};

}  // namespace

// DefineIndex (manual, CREATE INDEX: Building Indexes Concurrently).
void predict(Prediction& prediction, const sql::CreateIndex& statement) {
  if (statement.concurrently) prediction.refuse_in_transaction();
  const schema::Relation* table = prediction.find(statement.table);
  if (table == nullptr && prediction.fail_unknown(statement.table)) return;
  // Nobody else can use a temporary table: CONCURRENTLY is ignored.
  const bool concurrently = statement.concurrently &&
                            (table == nullptr || table->persistence != sql::Persistence::temporary);
  const LockMode mode = concurrently ? LockMode::share_update_exclusive : LockMode::share;
  prediction.lock_named(table, statement.table, mode, Role::target, Cause::create_index);
  if (table == nullptr) {
    prediction.work(WorkKind::index_build, nullptr, statement.table.name, Cause::create_index, whole_statement, mode).index_name =
        std::string(statement.name);
    if (statement.unique) prediction.may_fail("23505", "could not create unique index \"" + std::string(statement.name) + "\"");
    return;
  }
  if (table->kind == RelationKind::partitioned_table && !statement.only) {
    prediction.lock_descendants(*table, mode, Cause::create_index);
  }
  IndexBuild build(prediction, statement);
  if (build.fails(*table)) return;
  if (!statement.name.empty() && prediction.database().find(table->name.schema, statement.name) != nullptr) {
    // IF NOT EXISTS looks at nothing but the name: an INVALID index, or one of other columns, is good enough for it.
    if (statement.if_not_exists) return prediction.set_no_op();
    return prediction.fail("42P07", "relation \"" + std::string(statement.name) + "\" already exists");
  }
  build.build(*table);
  if (statement.unique && prediction.has_rows(table)) {
    prediction.may_fail("23505", "could not create unique index \"" + std::string(statement.name) + "\"");
  }
}

// ---- REINDEX --------------------------------------------------------------------------------------------------------

namespace {

class Reindexing {
 public:
  Reindexing(Prediction& prediction, bool concurrently)
      : prediction_(prediction), concurrently_(concurrently),
        mode_(concurrently ? LockMode::share_update_exclusive : LockMode::share) {}

  void table(const schema::Relation& table, Role role) {
    prediction_.lock(table, mode_, role, Cause::reindex);
    for (RelationId id : table.indexes) {
      const schema::Relation& index = prediction_.relation(id);
      if (!prediction_.database().exists(id) || !index.index) continue;
      // REINDEX TABLE CONCURRENTLY warns of exclusion constraints and leaves them out.
      if (concurrently_ && index.index->exclusion) continue;
      rebuild(index);
    }
    prediction_.lock_toast(table, LockMode::access_exclusive, Cause::reindex);
  }

  // CONCURRENTLY too ends with ACCESS EXCLUSIVE on the old index, when everybody who used it is gone.
  void rebuild(const schema::Relation& index) {
    prediction_.lock_index(index, LockMode::access_exclusive, Cause::reindex);
    if (concurrently_) prediction_.release_early();
    prediction_.rebuild_index(index, Cause::reindex);
  }

  // ReindexPartitions (14 and later) finds the leaves under SHARE, CONCURRENTLY or not; each is then a transaction of its
  // own.
  void leaves_of_table(const schema::Relation& table) {
    prediction_.lock_descendants(table, LockMode::share, Cause::reindex);
    for (RelationId id : prediction_.database().descendants(table.id)) {
      const schema::Relation& leaf = prediction_.relation(id);
      if (leaf.kind != RelationKind::table) continue;
      for (RelationId index : leaf.indexes) {
        if (prediction_.database().exists(index)) rebuild(prediction_.relation(index));
      }
      prediction_.lock_toast(leaf, LockMode::access_exclusive, Cause::reindex);
    }
  }

  void leaves_of_index(const schema::Relation& index) {
    for (RelationId id : index.index->children) {
      const schema::Relation& child = prediction_.relation(id);
      if (!prediction_.database().exists(id) || !child.index) continue;
      const schema::Relation& table = prediction_.relation(child.index->table);
      prediction_.lock(table, LockMode::share, Prediction::role_of_descendant(table), Cause::reindex);
      if (table.kind == RelationKind::partitioned_table) {
        leaves_of_index(child);
      } else {
        rebuild(child);
      }
    }
  }

  [[nodiscard]] LockMode mode() const { return mode_; }

 private:
  Prediction& prediction_;
  bool concurrently_;
  LockMode mode_;
};

void reindex_index(Prediction& prediction, const sql::Reindex& statement, Reindexing& reindexing) {
  const schema::Relation* index = prediction.find(statement.name);
  if (index == nullptr) {
    if (prediction.fail_unknown(statement.name)) return;
    prediction.lock_unknown(statement.name, LockMode::access_exclusive, Role::index, Cause::reindex);
    Work& work = prediction.work(WorkKind::index_rebuild, nullptr, {}, Cause::reindex, whole_statement, reindexing.mode());
    work.index_name = std::string(statement.name.name);
    return;
  }
  if (!index->index) return prediction.fail("42809", quoted(prediction, *index) + " is not an index");
  const schema::Relation& table = prediction.relation(index->index->table);
  const bool partitioned = table.kind == RelationKind::partitioned_table;
  if (partitioned && prediction.since(14)) prediction.refuse_in_transaction();
  prediction.lock(table, reindexing.mode(), Role::target, Cause::reindex);
  if (statement.concurrently && (index->index->exclusion || partitioned)) {
    prediction.lock_index(*index, LockMode::share_update_exclusive, Cause::reindex);
    if (index->index->exclusion) {
      return prediction.fail("0A000", "concurrent index creation for exclusion constraints is not supported");
    }
  }
  if (partitioned) {
    if (!statement.concurrently) prediction.lock_index(*index, LockMode::access_exclusive, Cause::reindex);
    if (!prediction.since(14)) return prediction.fail("0A000", "REINDEX is not yet implemented for partitioned indexes");
    return reindexing.leaves_of_index(*index);
  }
  reindexing.rebuild(*index);
}

void reindex_table(Prediction& prediction, const sql::Reindex& statement, Reindexing& reindexing) {
  const schema::Relation* table = prediction.find(statement.name);
  if (table == nullptr) {
    if (prediction.fail_unknown(statement.name)) return;
    prediction.lock_unknown(statement.name, reindexing.mode(), Role::target, Cause::reindex);
    prediction.work(WorkKind::index_rebuild, nullptr, statement.name.name, Cause::reindex, whole_statement, reindexing.mode());
    return;
  }
  if (table->kind == RelationKind::partitioned_table) {
    if (prediction.since(14)) prediction.refuse_in_transaction();
    prediction.lock(*table, reindexing.mode(), Role::target, Cause::reindex);
    // 13 warns that partitioned tables are skipped.
    if (prediction.since(14)) reindexing.leaves_of_table(*table);
    return;
  }
  if (!table->has_storage()) return prediction.fail("42809", quoted(prediction, *table) + " is not a table or materialized view");
  reindexing.table(*table, Role::target);
}

}  // namespace

// ReindexIndex, ReindexTable, ReindexMultipleTables (manual, REINDEX).
void predict(Prediction& prediction, const sql::Reindex& statement) {
  using Target = sql::Reindex::Target;
  Reindexing reindexing(prediction, statement.concurrently);
  if (statement.concurrently) prediction.refuse_in_transaction();
  switch (statement.target) {
    case Target::index: return reindex_index(prediction, statement, reindexing);
    case Target::table: return reindex_table(prediction, statement, reindexing);
    case Target::system: return prediction.refuse_in_transaction();  // the catalogs only
    case Target::schema:
    case Target::database: break;
  }
  prediction.refuse_in_transaction();
  for (RelationId id : prediction.database().relations()) {
    const schema::Relation& table = prediction.relation(id);
    if (!table.has_storage() || (statement.target == Target::schema && table.name.schema != statement.name.name)) continue;
    reindexing.table(table, Role::target);
  }
}

// ---- ALTER INDEX ----------------------------------------------------------------------------------------------------

namespace {

// reloptions.c: the lock each storage parameter of an index asks for, the same in 13 to 18.
LockMode option_lock(const std::vector<sql::RelationOption>& options) {
  constexpr std::array<std::string_view, 5> exclusive = {"fastupdate", "gin_pending_list_limit", "buffering", "pages_per_range",
                                                         "autosummarize"};
  for (const sql::RelationOption& option : options) {
    if (std::find(exclusive.begin(), exclusive.end(), option.name) != exclusive.end()) return LockMode::access_exclusive;
  }
  return LockMode::share_update_exclusive;
}

LockMode command_lock(const sql::AlterTableCommand& command) {
  switch (command.action) {
    case sql::AlterTableAction::set_options:
    case sql::AlterTableAction::reset_options: return option_lock(command.options);
    case sql::AlterTableAction::set_statistics:
    case sql::AlterTableAction::set_column_options:
    case sql::AlterTableAction::reset_column_options:
    case sql::AlterTableAction::attach_partition: return LockMode::share_update_exclusive;
    default: return LockMode::access_exclusive;
  }
}

// ATExecAttachPartitionIdx: the index that is attached gets ACCESS EXCLUSIVE, both tables are only looked at.
void attach_index(Prediction& prediction, const schema::Relation* parent, const sql::AlterTableCommand& command, CommandIndex index) {
  if (!command.relation) return;
  const schema::Relation* attached = prediction.find(*command.relation);
  if (attached == nullptr && prediction.fail_unknown(*command.relation, index)) return;
  if (attached != nullptr && attached->index) {
    const schema::Relation& table = prediction.relation(attached->index->table);
    prediction.lock(table, LockMode::access_share, Prediction::role_of_descendant(table), Cause::attach_partition, index);
  }
  prediction.lock_named(attached, *command.relation, LockMode::access_exclusive, Role::index, Cause::attach_partition, index);
  if (parent != nullptr && parent->index) {
    prediction.lock(prediction.relation(parent->index->table), LockMode::access_share, Role::partitioned_parent, Cause::attach_partition,
                    index);
  }
}

}  // namespace

// AlterTable with an index: the table itself is not locked, but its readers wait for ACCESS EXCLUSIVE on the index.
void predict_alter_index(Prediction& prediction, const schema::Relation* index, const sql::AlterTable& statement) {
  if (index != nullptr && !index->index) {
    return prediction.fail("42809", quoted(prediction, *index) + " is not an index");
  }
  LockMode mode = LockMode::access_share;
  for (const sql::AlterTableCommand& command : statement.commands) mode = std::max(mode, command_lock(command));
  prediction.lock_named(index, statement.name, mode, Role::index, Cause::statement);
  for (std::size_t i = 0; i < statement.commands.size(); ++i) {
    const sql::AlterTableCommand& command = statement.commands[i];
    const auto number = static_cast<CommandIndex>(i);
    if (command.action == sql::AlterTableAction::attach_partition) attach_index(prediction, index, command, number);
    if (command.action != sql::AlterTableAction::set_tablespace || (index != nullptr && index->tablespace == command.name)) continue;
    const schema::Relation* table = index == nullptr ? nullptr : &prediction.relation(index->index->table);
    if (table != nullptr && table->kind == RelationKind::partitioned_table) continue;
    Work& work = prediction.work(WorkKind::copy, table, {}, Cause::tablespace_change, number, LockMode::access_exclusive);
    work.index = index == nullptr ? RelationId::none : index->id;
    work.index_name = std::string(statement.name.name);
  }
}

}  // namespace cupel::effects

// CREATE INDEX.
#include "effects/predict.h"
#include "effects/type_casts.h"
#include "effects/volatility.h"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::effects {

namespace {

using schema::RelationKind;

bool same_index(const sql::CreateIndex& wanted, const schema::Index& index) {
  if (index.unique != wanted.unique || index.keys.size() != wanted.elements.size() || index.include.size() != wanted.include.size() ||
      bool(index.predicate) != bool(wanted.where) || !index.valid || index.parent != RelationId::none) {
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
      : prediction_(prediction),
        statement_(statement),
        mode_(statement.concurrently ? LockMode::share_update_exclusive : LockMode::share) {}

  // Returns true if it failed.
  bool fails(const schema::Relation& table) {
    if (table.kind == RelationKind::view || table.kind == RelationKind::sequence || table.kind == RelationKind::index ||
        table.kind == RelationKind::foreign_table) {
      return fail("42809", "cannot create index on relation " + prediction_.quoted(table));
    }
    if (table.kind == RelationKind::partitioned_table && statement_.concurrently) {
      return fail("0A000", "cannot create index on partitioned table " + prediction_.quoted(table) + " concurrently");
    }
    return fails_method() || fails_columns(table) || fails_partition_key(table) || fails_expressions(table);
  }

  void build(const schema::Relation& table) {
    const bool unseen = !statement_.only && prediction_.database().has_unseen_partitions(table) && !is_built_below(table);
    if (table.kind != RelationKind::partitioned_table || unseen) {
      Work& work = prediction_.work(WorkKind::index_build, &table, {}, Cause::create_index, whole_statement, mode_);
      work.index_name = std::string(statement_.name);
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
    if (statement_.unique && !orders &&
        (method == "hash" || method == "gin" || method == "gist" || method == "brin" || method == "spgist")) {
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
      if (column->generated == sql::Generated::virtual_) { return fail("0A000", "indexes on virtual generated columns are not supported"); }
      if (lacks_operator_class(element, column->type)) {
        return fail("42704",
                    "data type " + column->type.name + " has no default operator class for access method \"" + method_name() + "\"");
      }
    }
    return false;
  }

  bool lacks_operator_class(const sql::IndexElement& element, const schema::DataType& type) const {
    if (!element.operator_class.empty() || type.array_dimensions > 0 || !type.is_builtin()) return false;
    if (method_name() != "btree" && method_name() != "hash") return false;
    return default_operator_class(method_name(), type.name, prediction_.version()).empty() && has_known_casts(type.name);
  }

  std::string method_name() const { return statement_.access_method.empty() ? "btree" : std::string(statement_.access_method); }

  // A unique index of a partitioned table must have all partition key columns (manual 5.12.2.3).
  bool fails_partition_key(const schema::Relation& table) {
    if (!statement_.unique || table.kind != RelationKind::partitioned_table || !table.partition_key) return false;
    for (const sql::PartitionKey::Element& part : table.partition_key->elements) {
      const bool covered =
          !part.column.empty() && std::any_of(statement_.elements.begin(), statement_.elements.end(),
                                              [&](const sql::IndexElement& element) { return element.column == part.column; });
      if (!covered) { return fail("0A000", "unique constraint on partitioned table must include all partitioning columns"); }
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
    bool leaves_time_zone = false;  // AT TIME ZONE makes a timestamp without one
    expression.walk([&](const sql::Expression& part) {
      if (part.kind() == sql::ExpressionKind::function && part.last_name() == "timezone") leaves_time_zone = true;
      return !leaves_time_zone;
    });
    if (leaves_time_zone) return always_mutable(expression);
    expression.walk([&](const sql::Expression& part) {
      certain = certain || depends_on_time_zone(part, table);
      return !certain;
    });
    return certain || expression.columns().empty() || always_mutable(expression);
  }

  static bool is_type(const sql::Expression& part, const schema::Relation& table, std::initializer_list<std::string_view> types) {
    if (part.kind() != sql::ExpressionKind::column) return false;
    const schema::Column* column = table.find_column(part.last_name());
    return column != nullptr && column->type.is_builtin() && column->type.array_dimensions == 0 &&
           std::find(types.begin(), types.end(), column->type.name) != types.end();
  }

  // Two values of timestamptz are compared without the session's time zone, and so is one with a literal, which becomes a
  // timestamptz; only date and timestamp have to be converted first (manual 9.9, 38.7).
  static bool is_comparison(const sql::Expression& part) {
    static constexpr std::string_view comparisons[] = {"=", "<>", "!=", "<", ">", "<=", ">="};
    return part.kind() == sql::ExpressionKind::operator_call &&
           std::find(std::begin(comparisons), std::end(comparisons), part.last_name()) != std::end(comparisons);
  }

  bool depends_on_time_zone(const sql::Expression& part, const schema::Relation& table) const {
    const bool computes = part.kind() == sql::ExpressionKind::function || part.kind() == sql::ExpressionKind::operator_call ||
                          part.kind() == sql::ExpressionKind::cast;
    if (!computes) return false;
    const std::vector<sql::Expression> arguments = part.children();
    const auto has = [&](std::initializer_list<std::string_view> types) {
      return std::any_of(arguments.begin(), arguments.end(), [&](const sql::Expression& each) { return is_type(each, table, types); });
    };
    if (!has({"timestamptz", "timetz"})) return false;
    if (is_comparison(part)) return has({"date", "timestamp"});
    // The difference of two of them is a time span whatever the time zone; age() with two arguments counts it in months.
    const bool alike = std::all_of(arguments.begin(), arguments.end(), [&](const sql::Expression& each) {
      return each.kind() == sql::ExpressionKind::literal || is_type(each, table, {"timestamptz", "timetz"});
    });
    if (alike && arguments.size() == 2 && (part.last_name() == "-" || part.last_name() == "age")) return false;
    return is_mutable(part);
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

  // What is named as its partitions are, though nobody saw them made, has such an index: somebody built it there first.
  bool is_built_below(const schema::Relation& table) {
    const std::string beginning = table.name.name + "_";
    for (const RelationId id : prediction_.database().relations()) {
      const schema::Relation& other = prediction_.relation(id);
      const bool named_so = other.incomplete && other.name.schema == table.name.schema && other.name.name.starts_with(beginning);
      if (named_so && has_matching_index(other)) return true;
    }
    return false;
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
  const bool concurrently = statement.concurrently && (table == nullptr || table->persistence != sql::Persistence::temporary);
  const LockMode mode = concurrently ? LockMode::share_update_exclusive : LockMode::share;
  prediction.lock_named(table, statement.table, mode, Role::target, Cause::create_index);
  if (table == nullptr) {
    prediction.work(WorkKind::index_build, nullptr, statement.table.name, Cause::create_index, whole_statement, mode).index_name =
        std::string(statement.name);
    if (statement.unique) prediction.may_fail("23505", "could not create unique index \"" + std::string(statement.name) + "\"");
    return;
  }
  if (prediction.fail_pending_events(table, "CREATE INDEX")) return;
  if (table->kind == RelationKind::partitioned_table && !statement.only) { prediction.lock_descendants(*table, mode, Cause::create_index); }
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

}  // namespace cupel::effects

// Internal to src/effects: the expression that ALTER COLUMN … TYPE converts a value with, as far as it decides whether
// rows are written (ATColumnChangeRequiresRewrite, tablecmds.c) and whether indexes stay (CheckIndexCompatible,
// indexcmds.c).
#pragma once

#include "effects/type_casts.h"
#include "effects/type_change.h"
#include "schema/database.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::effects {

// What a type is below its domains. Points into the type it was made of, or into the database.
struct BaseType {
  std::string_view schema, name;
  const std::vector<std::int32_t>* modifiers = nullptr;
  bool is_array = false;
  bool is_domain = false;
  const schema::Type* user_type = nullptr;  // enum, composite, range of the replay
  bool domain_not_null = false, domain_checked = false, is_incomplete_domain = false;
  sql::Expression domain_default;  // of the outermost domain that has one

  // Its casts are known: PostgreSQL's own, one of its extensions', or created in the replay.
  [[nodiscard]] bool is_known() const;
};

BaseType base_type(const schema::DataType& type, const schema::Database& database);
// The same type, whatever the modifiers.
bool same_type(const schema::DataType& a, const schema::DataType& b);
// As format_type shows it.
std::string display_type(const schema::DataType& type);

// Follows a value from the column through casts to its new type.
class Conversion {
 public:
  Conversion(const schema::Database& database, int postgres_version, std::string_view time_zone)
      : database_(database), version_(postgres_version), time_zone_(time_zone) {}

  // The column itself (no expression), or USING.
  void evaluate(const sql::Expression& expression, std::string_view column, const schema::DataType& column_type);
  void assign(const schema::DataType& target) {
    if (type_known_) coerce(target, CastContext::assignment);
  }

  [[nodiscard]] TypeChangeOutcome outcome() const { return outcome_; }
  // fails: why; otherwise what a value that does not fit gives.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] bool crosses_time_zone() const { return crosses_time_zone_; }
  [[nodiscard]] bool is_free_by_time_zone() const { return free_by_time_zone_; }

 private:
  void coerce(const schema::DataType& target, CastContext context);
  bool convert(const BaseType& from, const BaseType& to, CastContext context);
  void coerce_length(const BaseType& type, const std::vector<std::int32_t>& wanted);
  void fail(std::string sqlstate);
  void rewrite(std::string_view sqlstate);
  void become_unknown(const schema::DataType& type);

  const schema::Database& database_;
  int version_;
  std::string_view time_zone_;
  schema::DataType type_;                // of the value so far
  std::vector<std::int32_t> modifiers_;  // as the planner knows them; empty: it does not
  bool type_known_ = true;
  bool crosses_time_zone_ = false, free_by_time_zone_ = false;
  TypeChangeOutcome outcome_ = TypeChangeOutcome::catalog_only;
  std::string failure_;
};

// Whether an index keeps its file although a key column's type changes, the table not being rewritten.
// `operator_class`: as written, empty if none. For plain columns; an index with an expression or a predicate never
// does.
bool index_key_survives(std::string_view access_method, std::string_view operator_class, const TypeChangeQuestion& question,
                        const schema::Database& database);

}  // namespace cupel::effects

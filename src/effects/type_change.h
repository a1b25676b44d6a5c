// ALTER COLUMN … TYPE: does it rewrite? (ATColumnChangeRequiresRewrite: binary coercible, or a length coercion that the
// planner can prove superfluous; manual: ALTER TABLE, Notes.)
#pragma once

#include "schema/database.h"
#include "sql/expression.h"

#include <string>

namespace cupel::effects {

enum class TypeChangeOutcome {
  catalog_only,  // no row is touched
  scan,          // rows are read (constraints checked), not written
  rewrite,
  fails,    // cannot be cast automatically (42804) or otherwise impossible
  unknown,  // the old type is not known, or one of them is not built in
};

struct TypeChange {
  TypeChangeOutcome outcome = TypeChangeOutcome::unknown;
  // Indexes on the column must be rebuilt although the table is not (collation or operator class changes).
  bool rebuilds_indexes = false;
  // The conversion may fail on data: varchar(100) → varchar(10) gives 22001.
  std::string failure_sqlstate;  // empty: none
  std::string reason;            // for people: "varchar(20) → text needs no rewrite"
  // Free only because the session's TimeZone is UTC (timestamp ↔ timestamptz; 12 and later).
  bool depends_on_time_zone = false;
};

struct TypeChangeQuestion {
  schema::DataType from, to;
  std::string_view from_collation, to_collation;  // empty: the type's default
  sql::Expression using_expression;               // may be empty
  std::string_view column;
  std::string_view time_zone;  // the session's; empty: unknown, taken as not UTC
  int postgres_version = 18;
};

TypeChange type_change(const TypeChangeQuestion& question, const schema::Database& database);

}  // namespace cupel::effects

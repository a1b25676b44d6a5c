// Whether two expressions mean the same, though one is as somebody wrote it and the other as a server prints it.
//
// A server keeps what it understood, not what it read: it adds casts, schemas and parentheses, and writes IN, BETWEEN and
// LIKE with the operators they stand for (manual 9.27.9: the expression functions decompile). These are undone here.
#pragma once

#include "schema/objects.h"
#include "sql/expression.h"

#include <vector>

namespace cupel::schema {

enum class Likeness {
  same,
  different,
  unsure,  // they are not written alike, and whether that matters only a server could tell
};

// The worse of two: what holds of a whole whose parts are so.
constexpr Likeness worse(Likeness a, Likeness b) {
  if (a == Likeness::different || b == Likeness::different) return Likeness::different;
  return a == Likeness::same ? b : a;
}

struct WrittenExpression {
  sql::Expression expression;                          // may be empty
  const std::vector<ColumnRename>* renames = nullptr;  // since it was written
};

// Casts are not compared, except that what literals are cast to decides whether they may be spelt in several ways.
// Subqueries are the same if written alike, else unsure.
Likeness compare_meaning(const WrittenExpression& a, const WrittenExpression& b);

}  // namespace cupel::schema

// The types of a foreign key's two sides.
#pragma once

#include "schema/database.h"

namespace cupel::effects {

// Whether a foreign key from a column of one type to a key of the other can be made (42804 otherwise): an equality
// operator in the key's operator family, or an implicit cast to the key's type (ATAddForeignKeyConstraint). True if it
// cannot be told.
bool can_reference(const schema::DataType& referencing, const schema::DataType& referenced, const schema::Database& database,
                   int postgres_version);

// How two sides go together that can_reference() lets through.
enum class KeyFit {
  fits,  // or it cannot be told
  // There are keys that the referencing column cannot hold: integer → bigint (22003).
  narrower,
  // No operator compares the two, so that the referencing column is cast to the key's type wherever they are compared: no index on it
  // serves (ri_BuildQual, ri_triggers.c; manual 11.7: an index is on a column or on an expression).
  cast,
};
KeyFit key_fit(const schema::DataType& referencing, const schema::DataType& referenced, const schema::Database& database,
               int postgres_version);

}  // namespace cupel::effects

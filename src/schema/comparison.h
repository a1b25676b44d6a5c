// Two schemas compared: what one has and the other has not, and what both have but differently.
#pragma once

#include "schema/database.h"

#include <string>
#include <string_view>
#include <vector>

namespace cupel::schema {

struct Difference {
  enum class Kind { missing, extra, changed };  // not in `found`; not in `expected`; in both
  enum class Certainty {
    certain,
    unsure,       // not written alike; only a server could tell whether it means the same
    information,  // no harm: the order of columns
  };
  Kind kind = Kind::changed;
  Certainty certainty = Certainty::certain;
  std::string object_kind;      // "table", "column", "index", …
  std::string object;           // "orders.note", as a user would write it
  std::string aspect;           // of `changed`: "type", "default", "validity", …
  std::string expected, found;  // of `changed`: what the two say, in SQL where it has a word for it
  std::string message;          // all of it in words: column orders.note: type is text in the migrations, varchar(50) in the database
};

struct ComparisonOptions {
  // What the two sides are called in messages.
  std::string expected_side = "the migrations", found_side = "the database";
};

// What differs, sorted by object. Names are those of now. Left out: temporary relations, names of NOT NULL constraints and of
// sequences that belong to a column, what PostgreSQL brings itself, and of a view's query everything but its columns and the
// relations it reads. What `expected` only met in passing (incomplete) is compared as far as it is known.
std::vector<Difference> compare(const Database& expected, const Database& found, const ComparisonOptions& options = {});

// The same of what changed since `mark`: `expected` is what it was then, `found` what it is now. What ran unseen since makes
// no difference unsure; the caller knows what ran.
std::vector<Difference> compare_since(const Database& database, Database::Mark mark, const ComparisonOptions& options = {});

// "certain", "unsure", "information"; "missing", "extra", "changed".
std::string_view name(Difference::Certainty certainty);
std::string_view name(Difference::Kind kind);

}  // namespace cupel::schema

// A schema made from SQL text, and short texts that say what is in it.
#pragma once

#include "schema/database.h"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace cupel::schema {

class Replayed {
 public:
  explicit Replayed(std::string_view text = "", RowAssumption assumption = RowAssumption::existing_have_rows) : database_(assumption) {
    run(text);
  }

  // Applies a script, the statements of its DO blocks included. What contradicted, one line each: "42P01 relation …".
  std::string run(std::string_view text);

  Database& database() { return database_; }
  // The relation of that name, which must exist.
  const Relation& at(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const { return database_.find({}, name) != nullptr; }

  // "id int4 not null default, name text"
  std::string columns(std::string_view table) const;
  // "t_pkey primary key (id), t_a_check check (a) not valid", without not-null constraints
  std::string constraints(std::string_view table) const;
  // "t_pkey (id), t_a_idx (a) invalid"
  std::string indexes(std::string_view table) const;
  // Names of constraints that are NOT NULL.
  std::string not_nulls(std::string_view table) const;
  std::string labels(std::string_view type) const;
  // Names of all relations that exist, in order of creation; indexes left out.
  std::string relations() const;

 private:
  Database database_;
};

}  // namespace cupel::schema

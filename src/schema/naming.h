// Internal to src/schema, but for make_object_name, which advice uses too: the names PostgreSQL chooses when the user writes none
// (ChooseRelationName, ChooseIndexName, ChooseConstraintName, makeObjectName).
#pragma once

#include "schema/state.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::schema {

// name1_name2_label in at most 63 bytes: the longer of the two names is cut first, never inside a character.
std::string make_object_name(std::string_view name1, std::string_view name2, std::string_view label);

// make_object_name with the first number after the label that makes it free as a relation's name in that schema; for an
// index that belongs to a constraint also free as a constraint's name.
std::string choose_relation_name(const Database::State& state, std::string_view schema, std::string_view name1, std::string_view name2,
                                 std::string_view label, bool for_constraint);
std::string choose_constraint_name(const Database::State& state, std::string_view schema, std::string_view name1, std::string_view name2,
                                   std::string_view label);

// The name of an index on that table with these columns (key and INCLUDE), named by its purpose.
std::string choose_index_name(const Database::State& state, const ObjectName& table, const Index& index, bool for_constraint);

// Column names joined by underscores; PostgreSQL stops once it has 64 bytes.
std::string join_column_names(std::span<const std::string> columns);

// What PostgreSQL would call a result column of that expression; empty if it would say "?column?".
std::string column_name_of(const sql::Expression& expression);

}  // namespace cupel::schema

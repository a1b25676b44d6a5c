// Internal to src/schema: the comparison of two schemas, and what it has found so far.
#pragma once

#include "schema/comparison.h"
#include "schema/meaning.h"
#include "schema/side.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::schema {

// What a difference is about: "column" "orders.note". Put into words only where something differs: most of what is compared
// is the same. Valid as long as what it names.
struct Subject {
  std::string_view kind;
  const ObjectName* object = nullptr;
  std::string_view part = {};  // what of the object it is; a name of its own without one
  std::string written = {};    // instead of both, where names do not tell which one: functions

  [[nodiscard]] std::string name() const;
};

class Comparer {
 public:
  Comparer(const Side& expected, const Side& found, const ComparisonOptions& options)
      : expected_(expected), found_(found), options_(options) {}
  std::vector<Difference> run();

 private:
  // ---- comparison.cpp ------------------------------------------------------------------------------------------------------
  void missing(const Subject& subject, Difference::Certainty certainty = Difference::Certainty::certain);
  void extra(const Subject& subject, Difference::Certainty certainty = Difference::Certainty::certain);
  void changed(const Subject& subject, std::string_view aspect, std::string expected, std::string found,
               Difference::Certainty certainty = Difference::Certainty::certain);
  // Reports if `likeness` is not `same`; `shown` puts a side into words.
  template <class Value, class Shown>
  void judge(Likeness likeness, const Subject& subject, std::string_view aspect, const Value& expected, const Value& found, Shown shown);
  void flag(const Subject& subject, std::string_view aspect, bool expected, bool found, std::string_view yes, std::string_view no);
  void expression(const Subject& subject, std::string_view aspect, const WrittenExpression& expected, const WrittenExpression& found);
  // `of`: the object they belong to, if any.
  void names(std::string_view kind, const ObjectName* of, const std::vector<std::string>& expected, const std::vector<std::string>& found);
  // Of the parts that count, calls `both` for what has the same name on either side, reports the others.
  template <class Part, class Both, class Counts>
  void each_by_name(std::string_view kind, const ObjectName& of, const std::vector<Part>& expected, const std::vector<Part>& found,
                    Both both, Counts counts);

  void compare_types();
  void compare_type(const Type& expected, const Type& found);
  void compare_functions();
  void compare_function(const Function& expected, const Function& found);
  void compare_relations();
  void compare_relation(const Relation& expected, const Relation& found);
  void compare_statistics(const Subject& table, const std::vector<std::string>& expected, const std::vector<std::string>& found);
  void compare_sequences();
  [[nodiscard]] std::string relation_list(const Side& side, const std::vector<RelationId>& relations) const;
  static std::vector<RelationId> reads(const Relation& view);

  // ---- comparison_table.cpp --------------------------------------------------------------------------------------------------
  void compare_columns(const Relation& expected, const Relation& found);
  void compare_column(const Relation& table, const Column& expected, const Column& found);
  void compare_default(const Subject& subject, const Column& expected, const Column& found);
  void compare_constraints(const Relation& expected, const Relation& found);
  void compare_constraint(const Subject& subject, const Constraint& expected, const Constraint& found);
  void compare_partitioning(const Subject& subject, const Relation& expected, const Relation& found);
  void compare_triggers(const Relation& expected, const Relation& found);
  void compare_policies(const Relation& expected, const Relation& found);

  // ---- comparison_index.cpp ----------------------------------------------------------------------------------------------------
  void compare_indexes(const Relation& expected, const Relation& found);
  void compare_index(const Subject& subject, const Index& expected, const Index& found);

  const Side& expected_;
  const Side& found_;
  const ComparisonOptions& options_;
  std::vector<Difference> differences_;
};

// schema.name, without "public".
std::string shown(const ObjectName& name);
// "orders.note"
std::string shown(const ObjectName& object, std::string_view part);
std::string shown(const DataType& type);
std::string shown(const std::vector<std::string>& names);
// Same, as far as both were resolved; arrays of any dimension are one type, as for a server.
bool same_type(const DataType& a, const DataType& b);
// Same, where an empty schema is any.
bool same_name(const ObjectName& a, const ObjectName& b);
std::string_view noun(RelationKind kind);

template <class Value, class Shown>
void Comparer::judge(Likeness likeness, const Subject& subject, std::string_view aspect, const Value& expected, const Value& found,
                     Shown shown) {
  if (likeness == Likeness::same) return;
  changed(subject, aspect, shown(expected), shown(found),
          likeness == Likeness::unsure ? Difference::Certainty::unsure : Difference::Certainty::certain);
}

template <class Part, class Both, class Counts>
void Comparer::each_by_name(std::string_view kind, const ObjectName& of, const std::vector<Part>& expected, const std::vector<Part>& found,
                            Both both, Counts counts) {
  const auto find = [&counts](const std::vector<Part>& parts, const std::string& name) {
    return std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.name == name && counts(part); });
  };
  for (const Part& part : expected) {
    if (!counts(part)) continue;
    const Subject subject{kind, &of, part.name};
    if (const auto same = find(found, part.name); same != found.end()) both(subject, part, *same);
    else missing(subject);
  }
  for (const Part& part : found) {
    if (counts(part) && find(expected, part.name) == expected.end()) extra({kind, &of, part.name});
  }
}

// For each_by_name, where all parts count.
inline constexpr auto all_count = [](const auto&) { return true; };

}  // namespace cupel::schema

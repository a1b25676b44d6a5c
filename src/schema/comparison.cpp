#include "schema/comparison.h"

#include "schema/comparer.h"
#include "sql/script.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::schema {

using Certainty = Difference::Certainty;

std::string shown(const ObjectName& name) {
  return sql::to_sql(sql::QualifiedName{name.schema == "public" ? std::string_view() : std::string_view(name.schema), name.name, {}});
}

std::string shown(const ObjectName& object, std::string_view part) { return shown(object) + "." + sql::quote_identifier(part); }

std::string Subject::name() const {
  if (!written.empty()) return written;
  if (object == nullptr) return sql::quote_identifier(part);
  return part.empty() ? shown(*object) : shown(*object, part);
}

std::string shown(const DataType& type) {
  sql::TypeName name;
  if (type.schema != "public") name.schema = type.schema;
  name.name = type.name;
  name.modifiers = type.modifiers;
  name.array_dimensions = type.array_dimensions > 0 ? 1 : 0;
  return sql::to_sql(name);
}

std::string shown(const std::vector<std::string>& names) { return fmt::format("({})", fmt::join(names, ", ")); }

bool same_type(const DataType& a, const DataType& b) {
  if (a.name != b.name || (a.array_dimensions > 0) != (b.array_dimensions > 0)) return false;
  if (!a.schema.empty() && !b.schema.empty() && a.schema != b.schema) return false;
  if (a.modifiers == b.modifiers) return true;
  // numeric(10) is numeric(10,0).
  std::vector<std::int32_t> left = a.modifiers, right = b.modifiers;
  if (a.name == "numeric" && left.size() == 1) left.push_back(0);
  if (a.name == "numeric" && right.size() == 1) right.push_back(0);
  return left == right;
}

bool same_name(const ObjectName& a, const ObjectName& b) {
  return a.name == b.name && (a.schema == b.schema || a.schema.empty() || b.schema.empty());
}

std::string_view noun(RelationKind kind) {
  switch (kind) {
    case RelationKind::table: return "table";
    case RelationKind::partitioned_table: return "partitioned table";
    case RelationKind::foreign_table: return "foreign table";
    case RelationKind::view: return "view";
    case RelationKind::materialized_view: return "materialized view";
    case RelationKind::sequence: return "sequence";
    case RelationKind::index: return "index";
  }
  return "";
}

std::string_view name(Certainty certainty) {
  switch (certainty) {
    case Certainty::certain: return "certain";
    case Certainty::unsure: return "unsure";
    case Certainty::information: return "information";
  }
  return "";
}

std::string_view name(Difference::Kind kind) {
  switch (kind) {
    case Difference::Kind::missing: return "missing";
    case Difference::Kind::extra: return "extra";
    case Difference::Kind::changed: return "changed";
  }
  return "";
}

// ---- what was found ---------------------------------------------------------------------------------------------------------

void Comparer::missing(const Subject& subject, Certainty certainty) {
  std::string object = subject.name();
  std::string message = fmt::format("{} {}: in {}, not in {}", subject.kind, object, options_.expected_side, options_.found_side);
  differences_.push_back(
      {Difference::Kind::missing, certainty, std::string(subject.kind), std::move(object), {}, {}, {}, std::move(message)});
}

void Comparer::extra(const Subject& subject, Certainty certainty) {
  std::string object = subject.name();
  std::string message = fmt::format("{} {}: in {}, not in {}", subject.kind, object, options_.found_side, options_.expected_side);
  differences_.push_back(
      {Difference::Kind::extra, certainty, std::string(subject.kind), std::move(object), {}, {}, {}, std::move(message)});
}

void Comparer::changed(const Subject& subject, std::string_view aspect, std::string expected, std::string found, Certainty certainty) {
  std::string object = subject.name();
  std::string message = fmt::format("{} {}: {} is {} in {}, {} in {}", subject.kind, object, aspect, expected, options_.expected_side,
                                    found, options_.found_side);
  if (certainty == Certainty::unsure) message += "; whether that is the same cannot be told";
  differences_.push_back({Difference::Kind::changed, certainty, std::string(subject.kind), std::move(object), std::string(aspect),
                          std::move(expected), std::move(found), std::move(message)});
}

void Comparer::flag(const Subject& subject, std::string_view aspect, bool expected, bool found, std::string_view yes, std::string_view no) {
  if (expected != found) changed(subject, aspect, std::string(expected ? yes : no), std::string(found ? yes : no));
}

void Comparer::expression(const Subject& subject, std::string_view aspect, const WrittenExpression& expected,
                          const WrittenExpression& found) {
  judge(compare_meaning(expected, found), subject, aspect, expected, found,
        [](const WrittenExpression& written) { return written.expression ? written.expression.text() : std::string("nothing"); });
}

void Comparer::names(std::string_view kind, const ObjectName* of, const std::vector<std::string>& expected,
                     const std::vector<std::string>& found) {
  const auto contains = [](const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
  };
  for (const std::string& name : expected) {
    if (!contains(found, name)) missing({kind, of, name});
  }
  for (const std::string& name : found) {
    if (!contains(expected, name)) extra({kind, of, name});
  }
}

// ---- types and functions ----------------------------------------------------------------------------------------------------

void Comparer::compare_types() {
  const auto subject = [](const Type& type) { return Subject{type.kind == TypeKind::domain ? "domain" : "type", &type.name}; };
  for (const Type* type : expected_.types()) {
    if (type->kind == TypeKind::base) continue;  // their making is not read from a database
    if (const Type* same = found_.find_type(type->name)) compare_type(*type, *same);
    else missing(subject(*type), type->incomplete ? Certainty::unsure : Certainty::certain);
  }
  for (const Type* type : found_.types()) {
    if (type->kind != TypeKind::base && expected_.find_type(type->name) == nullptr) extra(subject(*type));
  }
}

void Comparer::compare_type(const Type& expected, const Type& found) {
  if (expected.incomplete) return;
  const Subject subject{expected.kind == TypeKind::domain ? "domain" : "type", &expected.name};
  if (expected.kind != found.kind) return changed(subject, "kind", "another", "another");
  if (expected.kind == TypeKind::enumeration) {
    const auto labels = [](const Type& type) {
      std::vector<std::string> result;
      for (const EnumLabel& label : type.labels) result.push_back(sql::quote_literal(label.text));
      return shown(result);
    };
    if (labels(expected) != labels(found)) changed(subject, "list of labels", labels(expected), labels(found));
  }
  if (expected.kind == TypeKind::domain) {
    if (!same_type(expected.base, found.base)) changed(subject, "base type", shown(expected.base), shown(found.base));
    flag(subject, "constraint", expected.not_null, found.not_null, "NOT NULL", "no NOT NULL");
    expression(subject, "default", {expected.default_value}, {found.default_value});
    each_by_name(
        "constraint", expected.name, expected.constraints, found.constraints,
        [this](const Subject& of, const Constraint& a, const Constraint& b) { compare_constraint(of, a, b); },
        [](const Constraint& constraint) { return constraint.kind == ConstraintKind::check; });
  }
  if (expected.kind == TypeKind::composite) {
    each_by_name(
        "attribute", expected.name, expected.columns, found.columns,
        [this](const Subject& of, const Column& a, const Column& b) {
          if (!same_type(a.type, b.type)) changed(of, "type", shown(a.type), shown(b.type));
        },
        all_count);
  }
}

namespace {

bool same_signature(const Function& a, const Function& b) {
  return a.name == b.name &&
         std::equal(a.argument_types.begin(), a.argument_types.end(), b.argument_types.begin(), b.argument_types.end(), same_type);
}

Subject subject_of(const Function& function) {
  std::vector<std::string> types;
  for (const DataType& type : function.argument_types) types.push_back(shown(type));
  return {function.procedure ? "procedure" : "function", nullptr, {}, shown(function.name) + shown(types)};
}

std::string_view word(sql::Volatility volatility) {
  switch (volatility) {
    case sql::Volatility::immutable: return "IMMUTABLE";
    case sql::Volatility::stable: return "STABLE";
    case sql::Volatility::volatile_: return "VOLATILE";
  }
  return "";
}

}  // namespace

void Comparer::compare_functions() {
  const std::vector<const Function*> expected = expected_.functions(), found = found_.functions();
  const auto find = [](const std::vector<const Function*>& functions, const Function& wanted) {
    const auto at =
        std::find_if(functions.begin(), functions.end(), [&wanted](const Function* function) { return same_signature(*function, wanted); });
    return at == functions.end() ? nullptr : *at;
  };
  for (const Function* function : expected) {
    if (const Function* same = find(found, *function)) compare_function(*function, *same);
    else missing(subject_of(*function), function->incomplete ? Certainty::unsure : Certainty::certain);
  }
  for (const Function* function : found) {
    // Of overloads of which one was dropped the replay cannot tell which are left.
    if (find(expected, *function) == nullptr && !expected_.has_ambiguous_functions(function->name)) extra(subject_of(*function));
  }
}

void Comparer::compare_function(const Function& expected, const Function& found) {
  if (expected.incomplete) return;
  const Subject subject = subject_of(expected);
  if (expected.volatility != found.volatility)
    changed(subject, "volatility", std::string(word(expected.volatility)), std::string(word(found.volatility)));
  if (expected.language != found.language && !expected.language.empty()) changed(subject, "language", expected.language, found.language);
  flag(subject, "null handling", expected.strict, found.strict, "STRICT", "CALLED ON NULL INPUT");
  flag(subject, "security", expected.security_definer, found.security_definer, "SECURITY DEFINER", "SECURITY INVOKER");
  // A body in quotes is kept as it was written; one in SQL (BEGIN ATOMIC, RETURN) is not, and not compared.
  if (!expected.body.empty() && !found.body.empty() && expected.body != found.body) changed(subject, "body", "one", "another");
}

// ---- relations ----------------------------------------------------------------------------------------------------------------

namespace {

bool is_compared(const Relation& relation) {
  return relation.kind != RelationKind::index && relation.kind != RelationKind::sequence && relation.name.schema != "pg_temp" &&
         relation.persistence != sql::Persistence::temporary;
}

}  // namespace

void Comparer::compare_relations() {
  for (const RelationId id : expected_.relations()) {
    const Relation& relation = expected_.relation(id);
    if (!is_compared(relation)) continue;
    const Relation* same = found_.find(relation.name);
    const bool met_only = relation.incomplete && relation.columns.empty();
    if (same == nullptr) missing({noun(relation.kind), &relation.name}, met_only ? Certainty::unsure : Certainty::certain);
    else compare_relation(relation, *same);
  }
  for (const RelationId id : found_.relations()) {
    const Relation& relation = found_.relation(id);
    if (is_compared(relation) && expected_.find(relation.name) == nullptr) extra({noun(relation.kind), &relation.name});
  }
}

std::string Comparer::relation_list(const Side& side, const std::vector<RelationId>& relations) const {
  std::vector<std::string> result;
  result.reserve(relations.size());
  for (const RelationId id : relations) result.push_back(shown(side.relation(id).name));
  std::sort(result.begin(), result.end());
  return result.empty() ? "nothing" : fmt::format("{}", fmt::join(result, ", "));
}

std::vector<RelationId> Comparer::reads(const Relation& view) {
  std::vector<RelationId> result;
  for (const Dependency& dependency : view.dependencies) {
    if (dependency.relation != RelationId::none) result.push_back(dependency.relation);
  }
  return result;
}

void Comparer::compare_relation(const Relation& expected, const Relation& found) {
  const Subject subject{noun(expected.kind), &expected.name};
  if (expected.kind != found.kind) {
    if (!expected.incomplete) changed(subject, "kind", std::string(noun(expected.kind)), std::string(noun(found.kind)));
    return;
  }
  compare_columns(expected, found);
  if (expected.kind == RelationKind::view || expected.kind == RelationKind::materialized_view) {
    const std::string left = relation_list(expected_, reads(expected)), right = relation_list(found_, reads(found));
    if (left != right) changed(subject, "what it reads", left, right);
  } else {
    flag(subject, "persistence", expected.persistence == sql::Persistence::unlogged, found.persistence == sql::Persistence::unlogged,
         "UNLOGGED", "LOGGED");
    flag(subject, "row level security", expected.row_security, found.row_security, "enabled", "disabled");
    const std::string left = relation_list(expected_, expected.parents), right = relation_list(found_, found.parents);
    if (left != right) changed(subject, "parent", left, right);
    compare_partitioning(subject, expected, found);
    compare_constraints(expected, found);
    compare_triggers(expected, found);
    compare_policies(expected, found);
  }
  compare_indexes(expected, found);
  names("rule", &expected.name, expected.rules, found.rules);
  compare_statistics(subject, expected.statistics, found.statistics);
}

// They go with the last but one of their columns, and which these are the replay does not keep.
void Comparer::compare_statistics(const Subject& table, const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  const std::size_t before = differences_.size();
  names("statistics", table.object, expected, found);
  for (std::size_t i = before; i < differences_.size(); ++i) {
    if (differences_[i].kind == Difference::Kind::missing) differences_[i].certainty = Certainty::unsure;
  }
}

// Sequences of columns come and go with the column's default, and their names follow from it.
void Comparer::compare_sequences() {
  const auto each = [](const Side& side, auto visit) {
    for (const RelationId id : side.relations()) {
      const Relation& relation = side.relation(id);
      if (relation.kind == RelationKind::sequence && relation.persistence != sql::Persistence::temporary) visit(relation);
    }
  };
  const auto owner = [](const Side& side, const Relation& sequence) {
    return sequence.owner_table == RelationId::none ? std::string("nobody")
                                                    : shown(side.relation(sequence.owner_table).name, sequence.owner_column);
  };
  each(expected_, [&](const Relation& sequence) {
    const Relation* same = found_.find(sequence.name);
    const Subject subject{"sequence", &sequence.name};
    if (same == nullptr) {
      if (sequence.owner_table == RelationId::none) missing(subject, sequence.incomplete ? Certainty::unsure : Certainty::certain);
      return;
    }
    if (same->kind == RelationKind::sequence && !sequence.incomplete && owner(expected_, sequence) != owner(found_, *same)) {
      changed(subject, "owner", owner(expected_, sequence), owner(found_, *same));
    }
  });
  each(found_, [&](const Relation& sequence) {
    if (sequence.owner_table == RelationId::none && expected_.find(sequence.name) == nullptr) extra({"sequence", &sequence.name});
  });
}

std::vector<Difference> Comparer::run() {
  const auto without = [](std::vector<std::string> names, std::string_view name) {
    std::erase(names, name);
    return names;
  };
  names("schema", nullptr, without(expected_.schemas(), "public"), without(found_.schemas(), "public"));
  // Every database is made with it.
  names("extension", nullptr, without(expected_.extensions(), "plpgsql"), without(found_.extensions(), "plpgsql"));
  compare_types();
  compare_functions();
  compare_relations();
  compare_sequences();
  if (expected_.has_unseen_changes()) {
    for (Difference& difference : differences_) {
      if (difference.certainty != Certainty::certain) continue;
      difference.certainty = Certainty::unsure;
      difference.message += "; dynamic SQL may have done it";
    }
  }
  std::stable_sort(differences_.begin(), differences_.end(), [](const Difference& a, const Difference& b) { return a.object < b.object; });
  return std::move(differences_);
}

std::vector<Difference> compare(const Database& expected, const Database& found, const ComparisonOptions& options) {
  return Comparer(WholeDatabase(expected), WholeDatabase(found), options).run();
}

std::vector<Difference> compare_since(const Database& database, Database::Mark mark, const ComparisonOptions& options) {
  const Before before(database.state(), mark.position);
  return Comparer(before, After(database, before), options).run();
}

}  // namespace cupel::schema

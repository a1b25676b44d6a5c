// Enumerations, domains, composite and range types.
#include "schema/naming.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {

bool Replay::type_name_is_free(const ObjectName& name) {
  const std::uint32_t* type = state_.types.find({name.schema, name.name});
  const std::uint32_t* row_type = state_.relations.find({name.schema, name.name});
  // Indexes and sequences have no row type.
  const bool is_row_type = row_type != nullptr && relation(to_id(*row_type)).kind != RelationKind::index &&
                           relation(to_id(*row_type)).kind != RelationKind::sequence && !relation(to_id(*row_type)).incomplete;
  if ((type == nullptr || state_.types[*type].incomplete) && !is_row_type) return true;
  contradict(Kind::duplicate_type, name.name, "type \"" + name.name + "\" already exists", "42710");
  return false;
}

std::uint32_t Replay::create_type(TypeKind kind, ObjectName name) {
  Type type;
  type.kind = kind;
  type.name = std::move(name);
  type.created_epoch = state_.session.epoch;
  type.created_transaction = state_.session.transaction;
  if (const std::uint32_t* met = state_.types.find({type.name.schema, type.name.name})) {
    state_.change_type(*met) = std::move(type);
    return *met;
  }
  return state_.create_type(std::move(type));
}

std::optional<std::uint32_t> Replay::need_type(const sql::QualifiedName& name, TypeKind kind) {
  if (const std::uint32_t* found = state_.find_type(name.schema, name.name)) {
    const Type& type = state_.types[*found];
    if (type.kind == kind || kind == TypeKind::base) return *found;
    if (type.incomplete && type.kind == TypeKind::base) {
      state_.change_type(*found).kind = kind;
      return *found;
    }
    contradict(Kind::wrong_kind, written(name),
               kind == TypeKind::enumeration ? type.name.name + " is not an enum"
               : kind == TypeKind::domain    ? type.name.name + " is not a domain"
                                             : type.name.name + " is not a composite type",
               "42809");
    return std::nullopt;
  }
  contradict(Kind::unknown_type, written(name), "type \"" + written(name) + "\" does not exist", "42704");
  const std::uint32_t made =
      create_type(kind, {std::string(name.schema.empty() ? state_.creation_schema() : name.schema), std::string(name.name)});
  Type& type = state_.change_type(made);
  type.incomplete = true;
  type.created_epoch = 0;
  type.created_transaction = 0;
  return made;
}

void Replay::apply(const sql::CreateEnum& create_enum) {
  ObjectName name = creation_name(create_enum.name);
  if (!type_name_is_free(name)) return;
  const std::uint32_t index = create_type(TypeKind::enumeration, std::move(name));
  Type& type = state_.change_type(index);
  for (const std::string_view label : create_enum.labels) type.labels.push_back({std::string(label), 0, 0});
}

void Replay::apply(const sql::AlterEnum& alter_enum) {
  const std::optional<std::uint32_t> index = need_type(alter_enum.name, TypeKind::enumeration);
  if (!index) return;
  Type& type = state_.change_type(*index);
  auto find = [&type](std::string_view label) {
    return std::find_if(type.labels.begin(), type.labels.end(), [label](const EnumLabel& candidate) { return candidate.text == label; });
  };
  auto unknown = [&](std::string_view label) {
    if (!type.incomplete) contradict(Kind::unknown_label, label, "\"" + std::string(label) + "\" is not an existing enum label", "22023");
  };
  if (auto same = find(alter_enum.new_label); same != type.labels.end()) {
    if (!alter_enum.if_not_exists) {
      contradict(Kind::duplicate_label, alter_enum.new_label, "enum label \"" + std::string(alter_enum.new_label) + "\" already exists",
                 "42710");
    }
    return;
  }
  if (!alter_enum.old_label.empty()) {
    if (auto renamed = find(alter_enum.old_label); renamed != type.labels.end()) renamed->text = alter_enum.new_label;
    else unknown(alter_enum.old_label);
    return;
  }
  auto place = type.labels.end();
  if (!alter_enum.neighbor.empty()) {
    place = find(alter_enum.neighbor);
    if (place == type.labels.end()) {
      unknown(alter_enum.neighbor);
      if (!type.incomplete) return;
    } else if (alter_enum.after) {
      ++place;
    }
  }
  type.labels.insert(place, {std::string(alter_enum.new_label), state_.session.epoch, state_.session.transaction});
}

void Replay::apply(const sql::CreateDomain& create_domain) {
  ObjectName name = creation_name(create_domain.name);
  if (!type_name_is_free(name)) return;
  DataType base = state_.resolve(create_domain.base);
  const std::uint32_t index = create_type(TypeKind::domain, std::move(name));
  Type& type = state_.change_type(index);
  type.base = std::move(base);
  type.not_null = create_domain.not_null;
  type.default_value = keep(create_domain.default_value);
  for (const sql::Constraint& constraint : create_domain.constraints) add_domain_constraint(index, constraint);
}

void Replay::add_domain_constraint(std::uint32_t domain, const sql::Constraint& constraint) {
  Type& type = state_.change_type(domain);
  if (constraint.kind == sql::ConstraintKind::not_null) type.not_null = true;
  if (constraint.kind != sql::ConstraintKind::check && constraint.kind != sql::ConstraintKind::not_null) return;
  const bool is_check = constraint.kind == sql::ConstraintKind::check;
  auto taken = [&type](std::string_view name) {
    return std::any_of(type.constraints.begin(), type.constraints.end(), [name](const Constraint& other) { return other.name == name; });
  };
  if (!constraint.name.empty() && taken(constraint.name)) {
    contradict(Kind::duplicate_constraint, constraint.name,
               "constraint \"" + std::string(constraint.name) + "\" for domain \"" + type.name.name + "\" already exists", "42710");
    return;
  }
  Constraint added = blank_constraint(constraint, is_check ? ConstraintKind::check : ConstraintKind::not_null);
  added.expression = keep(constraint.expression);
  const std::string_view label = is_check ? "check" : "not_null";
  for (int number = 0; added.name.empty() || (!added.named_by_user && taken(added.name)); ++number) {
    added.name = make_object_name(type.name.name, {}, number == 0 ? std::string(label) : std::string(label) + std::to_string(number));
  }
  type.constraints.push_back(std::move(added));
}

void Replay::apply(const sql::AlterDomain& alter_domain) {
  using Action = sql::AlterDomain::Action;
  const std::optional<std::uint32_t> index = need_type(alter_domain.name, TypeKind::domain);
  if (!index) return;
  if (alter_domain.action == Action::add_constraint) {
    if (alter_domain.constraint) add_domain_constraint(*index, *alter_domain.constraint);
    return;
  }
  Type& type = state_.change_type(*index);
  if (alter_domain.action == Action::set_not_null) type.not_null = true;
  if (alter_domain.action == Action::set_default || alter_domain.action == Action::drop_default) {
    type.default_value = keep(alter_domain.default_value);
  }
  if (alter_domain.action == Action::drop_not_null) {
    type.not_null = false;
    std::erase_if(type.constraints, [](const Constraint& constraint) { return constraint.kind == ConstraintKind::not_null; });
  }
  if (alter_domain.action != Action::drop_constraint && alter_domain.action != Action::validate_constraint) return;
  auto constraint = std::find_if(type.constraints.begin(), type.constraints.end(),
                                 [&alter_domain](const Constraint& candidate) { return candidate.name == alter_domain.constraint_name; });
  if (constraint == type.constraints.end()) {
    if (alter_domain.missing_ok || type.incomplete) return;
    contradict(Kind::unknown_constraint, alter_domain.constraint_name,
               "constraint \"" + std::string(alter_domain.constraint_name) + "\" of domain \"" + type.name.name + "\" does not exist",
               "42704");
    return;
  }
  if (alter_domain.action == Action::validate_constraint) {
    constraint->validated = true;
    return;
  }
  if (constraint->kind == ConstraintKind::not_null) type.not_null = false;
  type.constraints.erase(constraint);
}

void Replay::apply(const sql::CreateComposite& create_composite) {
  ObjectName name = creation_name(create_composite.name);
  if (!type_name_is_free(name)) return;
  std::vector<Column> columns;
  for (const sql::ColumnDefinition& column : create_composite.columns) columns.push_back(make_column(column));
  const std::uint32_t index = create_type(TypeKind::composite, std::move(name));
  state_.change_type(index).columns = std::move(columns);
}

void Replay::apply(const sql::CreateRange& create_range) {
  ObjectName name = creation_name(create_range.name);
  if (type_name_is_free(name)) create_type(TypeKind::range, std::move(name));
}

}  // namespace cupel::schema

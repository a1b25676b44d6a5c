#include "replayed.h"

namespace cupel::schema {
namespace {

std::string join(const std::vector<std::string>& parts, std::string_view separator = ", ") {
  std::string result;
  for (const std::string& part : parts) {
    if (!result.empty()) result += separator;
    result += part;
  }
  return result;
}

std::string type_text(const DataType& type) {
  std::string text = type.is_builtin() ? type.name : (type.schema.empty() ? "?" : type.schema) + "." + type.name;
  if (!type.modifiers.empty()) {
    std::vector<std::string> modifiers;
    for (const std::int32_t modifier : type.modifiers) modifiers.push_back(std::to_string(modifier));
    text += "(" + join(modifiers, ",") + ")";
  }
  for (int i = 0; i < type.array_dimensions; ++i) text += "[]";
  return text;
}

std::string_view word_for(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::not_null: return "not null";
    case ConstraintKind::check: return "check";
    case ConstraintKind::unique: return "unique";
    case ConstraintKind::primary_key: return "primary key";
    case ConstraintKind::exclude: return "exclude";
    case ConstraintKind::foreign_key: return "foreign key";
  }
  return "";
}

}  // namespace

std::string Replayed::run(std::string_view text) {
  // Both go away with this call: a schema keeps what it needs of them.
  const SourceText source("test.sql", std::string(text));
  const sql::Script script = sql::Script::parse(source);
  for (const sql::SyntaxError& error : script.errors()) ADD_FAILURE() << error.message << " in " << text;
  std::vector<std::string> lines;
  auto apply = [&](const sql::Statement& statement) {
    for (const Contradiction& contradiction : database_.apply(statement, script)) {
      lines.push_back(contradiction.sqlstate + " " + contradiction.message);
    }
  };
  for (const sql::Statement& statement : script.statements()) {
    apply(statement);
    if (statement.as<sql::DoBlock>() == nullptr) continue;
    for (const sql::Statement& inner : script.body(statement).statements) apply(inner);
  }
  return join(lines, "\n");
}

const Relation& Replayed::at(std::string_view name) const {
  const std::size_t dot = name.find('.');
  const Relation* found =
      dot == std::string_view::npos ? database_.find({}, name) : database_.find(name.substr(0, dot), name.substr(dot + 1));
  static const Relation none;
  if (found == nullptr) ADD_FAILURE() << "no relation " << name;
  return found == nullptr ? none : *found;
}

std::string Replayed::columns(std::string_view table) const {
  std::vector<std::string> parts;
  for (const Column& column : at(table).columns) {
    parts.push_back(column.name + " " + type_text(column.type) + (column.not_null ? " not null" : "") +
                    (column.has_default ? " default" : ""));
  }
  return join(parts);
}

std::string Replayed::constraints(std::string_view table) const {
  std::vector<std::string> parts;
  for (const Constraint& constraint : at(table).constraints) {
    if (constraint.kind == ConstraintKind::not_null) continue;
    std::string part = constraint.name + " " + std::string(word_for(constraint.kind)) + " (" + join(constraint.columns) + ")";
    if (constraint.kind == ConstraintKind::foreign_key) {
      part += " to " + constraint.referenced_name.name + " (" + join(constraint.referenced_columns) + ")";
    }
    if (!constraint.validated) part += " not valid";
    if (constraint.inherited) part += " inherited";
    parts.push_back(std::move(part));
  }
  return join(parts);
}

std::string Replayed::indexes(std::string_view table) const {
  std::vector<std::string> parts;
  for (const RelationId id : at(table).indexes) {
    const Relation& index = database_.relation(id);
    std::vector<std::string> keys;
    for (const IndexKey& key : index.index->keys) keys.push_back(key.column.empty() ? "…" : key.column);
    parts.push_back(index.name.name + " (" + join(keys) + ")" + (index.index->valid ? "" : " invalid"));
  }
  return join(parts);
}

std::string Replayed::not_nulls(std::string_view table) const {
  std::vector<std::string> parts;
  for (const Constraint& constraint : at(table).constraints) {
    if (constraint.kind == ConstraintKind::not_null) parts.push_back(constraint.name);
  }
  return join(parts);
}

std::string Replayed::labels(std::string_view type) const {
  std::vector<std::string> parts;
  const Type* found = database_.find_type(sql::QualifiedName{{}, type, {}});
  if (found == nullptr) return "no such type";
  for (const EnumLabel& label : found->labels) parts.push_back(label.text);
  return join(parts);
}

std::string Replayed::relations() const {
  std::vector<std::string> parts;
  for (const RelationId id : database_.relations()) {
    const Relation& relation = database_.relation(id);
    if (relation.kind != RelationKind::index)
      parts.push_back(relation.name.schema == "public" ? relation.name.name : relation.name.schema + "." + relation.name.name);
  }
  return join(parts);
}

}  // namespace cupel::schema

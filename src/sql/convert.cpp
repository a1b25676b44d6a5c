#include "sql/convert.h"

#include "sql/lexer.h"
#include "sql/words.h"

namespace cupel::sql {
namespace {

// The elements of CREATE SCHEMA … CREATE TABLE … have no recorded place: each begins with a CREATE or GRANT outside
// parentheses. Empty when that does not give `count` of them.
std::vector<Span> schema_element_spans(const Origin& origin, int count) {
  std::vector<Span> spans;
  Lexer lexer(origin.file, origin.statement);
  int depth = 0;
  std::string_view previous;
  for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
    if (lexeme.kind == LexemeKind::space || lexeme.kind == LexemeKind::line_comment || lexeme.kind == LexemeKind::block_comment) {
      continue;
    }
    if (lexeme.kind == LexemeKind::open) ++depth;
    if (lexeme.kind == LexemeKind::close) --depth;
    const std::string_view text = lexeme.span.of(origin.file);
    const bool is_verb = lexeme.kind == LexemeKind::word && (is_word(text, "create") || is_word(text, "grant"));
    // Not the CREATE of the schema itself, WITH GRANT OPTION, GRANT CREATE, or GRANT USAGE, CREATE.
    const bool is_other_use = previous.empty() || previous == "," || is_word(previous, "with") || is_word(previous, "grant");
    if (depth == 0 && is_verb && !is_other_use) {
      if (!spans.empty()) spans.back().end = lexeme.span.begin;
      spans.push_back({lexeme.span.begin, origin.statement.end});
    }
    previous = text;
  }
  if (spans.size() != static_cast<std::size_t>(count)) return {};
  for (Span& span : spans) span = trimmed(origin.file, span);
  return spans;
}

// Unqualified names of the elements are in the schema being created, as the server itself fills in (CREATE SCHEMA).
void set_schema(::Node* element, char* schema) {
  const auto qualify = [schema](::RangeVar* relation) {
    if (relation->schemaname == nullptr) relation->schemaname = schema;
  };
  switch (tag_of(element)) {
    case T_CreateStmt: qualify(reinterpret_cast<::CreateStmt*>(element)->relation); break;
    case T_ViewStmt: qualify(reinterpret_cast<::ViewStmt*>(element)->view); break;
    case T_IndexStmt: qualify(reinterpret_cast<::IndexStmt*>(element)->relation); break;
    case T_CreateSeqStmt: qualify(reinterpret_cast<::CreateSeqStmt*>(element)->sequence); break;
    case T_CreateTrigStmt: qualify(reinterpret_cast<::CreateTrigStmt*>(element)->relation); break;
    default: break;
  }
}

void append(const Origin& origin, ::Node* node, std::vector<Statement>& out) {
  Statement& statement = out.emplace_back();
  statement.span = origin.statement;
  statement.node = convert_statement(origin, node);
  statement.tree = node;
  statement.location_shift = origin.shift;
}

}  // namespace

StatementNode convert_statement(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_CreateStmt: return convert_create_table(origin, as_node<::CreateStmt>(node), false);
    case T_CreateForeignTableStmt: return convert_create_table(origin, as_node<::CreateForeignTableStmt>(node).base, true);
    case T_CreateTableAsStmt: return convert_create_table_as(origin, as_node<::CreateTableAsStmt>(node));
    case T_AlterTableStmt: return convert_alter_table(origin, as_node<::AlterTableStmt>(node));
    case T_IndexStmt: return convert_create_index(origin, as_node<::IndexStmt>(node));
    default: break;
  }
  using Family = std::optional<StatementNode> (*)(const Origin&, const ::Node*);
  static constexpr Family families[] = {convert_query, convert_object, convert_relation, convert_code, convert_type, convert_session};
  for (const Family family : families) {
    if (std::optional<StatementNode> converted = family(origin, node)) return *std::move(converted);
  }
  return OtherStatement{command_tag(node)};
}

void append_statement(const Origin& origin, ::Node* node, std::vector<Statement>& out) {
  append(origin, node, out);
  if (tag_of(node) != T_CreateSchemaStmt) return;
  const auto& schema = as_node<::CreateSchemaStmt>(node);
  if (schema.schemaElts == nullptr) return;
  std::vector<Span> spans;
  if (origin.verbatim) spans = schema_element_spans(origin, schema.schemaElts->length);
  Origin element_origin = origin;
  for (int i = 0; i < schema.schemaElts->length; ++i) {
    auto* element_node = static_cast<::Node*>(schema.schemaElts->elements[i].ptr_value);
    if (schema.schemaname != nullptr) set_schema(element_node, schema.schemaname);
    if (!spans.empty()) element_origin.statement = spans[static_cast<std::size_t>(i)];
    append(element_origin, element_node, out);
  }
}

}  // namespace cupel::sql

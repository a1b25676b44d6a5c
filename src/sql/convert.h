// Internal to src/sql: PostgreSQL's raw parse tree → statement.h, one function per family of statements.
#pragma once

#include "sql/nodes.h"
#include "sql/statement.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::sql {

// Where the parsed text stands in the file, and memory that lives as long as the tree.
struct Origin {
  std::string_view file;
  std::int64_t shift = 0;  // location in the tree + shift = offset in the file
  bool verbatim = true;    // false: places cannot be told, every span is `fallback`
  Span fallback;
  ::MemoryContext memory = nullptr;
  Span statement;  // of the statement being converted

  [[nodiscard]] bool knows(int location) const { return verbatim && location >= 0; }
  // The offset of a location that `knows` accepts, at most the file's size.
  [[nodiscard]] std::uint32_t offset(int location) const;
  // From the location to the end of the (qualified) name there; the statement's span when the location is unknown.
  [[nodiscard]] Span name_at(int location) const;
  // From the location to the next comma, closing parenthesis or semicolon outside parentheses.
  [[nodiscard]] Span element_at(int location) const;
  // A copy that lives as long as the tree, for values the tree does not hold as text.
  [[nodiscard]] std::string_view keep(std::string_view text) const;
};

// From `begin` to the last token before a comma, an unmatched closing parenthesis, a semicolon or `limit`.
Span element_span(std::string_view file, std::uint32_t begin, std::uint32_t limit);
// The possibly qualified name that begins at `begin`.
Span name_span(std::string_view file, std::uint32_t begin, std::uint32_t limit);
// `range` without white space and comments at both ends.
Span trimmed(std::string_view file, Span range);

// Finds names that the parser recorded no place for, in the order written.
class NameFinder {
 public:
  // Skips the statement's leading keywords (DROP INDEX CONCURRENTLY IF EXISTS …), which a name might equal.
  explicit NameFinder(const Origin& origin);
  // The next occurrence of the name; the statement's span if it is not there.
  Span find(std::string_view schema, std::string_view name);
  void locate(QualifiedName& name) { name.span = find(name.schema, name.name); }

 private:
  const Origin& origin_;
  std::uint32_t at_;
};

// ---- shared parts -------------------------------------------------------------------------------------------------

QualifiedName relation_name(const Origin& origin, const ::RangeVar* relation);
std::vector<QualifiedName> relation_names(const Origin& origin, const ::List* relations);
TypeName type_name(const Origin& origin, const ::TypeName* type);
// The name out of the node that names an object in DROP, COMMENT, GRANT …: String, List, TypeName, ObjectWithArgs,
// RangeVar. Only a RangeVar's has a span.
QualifiedName object_name(const Origin& origin, const ::Node* object);
ObjectKind object_kind(::ObjectType type);
Persistence persistence(char relpersistence);
DropBehavior drop_behavior(::DropBehavior behavior);
std::string_view role_name(const ::RoleSpec* role);
std::vector<RelationOption> relation_options(const Origin& origin, const ::List* options);
// A value in SET, WITH (…) or a DefElem as text: names, numbers, strings, booleans, lists of names.
std::string_view value_text(const Origin& origin, const ::Node* value);
const ::DefElem* find_option(const ::List* options, std::string_view name);
// An option such as FULL, FULL true, FULL off.
bool is_on(const ::DefElem* option);

ColumnDefinition column_definition(const Origin& origin, const ::ColumnDef& column, Span span);
Constraint constraint(const Origin& origin, const ::Constraint& node, Span span);
PartitionBound partition_bound(const ::PartitionBoundSpec& bound);

// What the query touches. `node`: a SELECT, INSERT, UPDATE, DELETE, MERGE or an expression; null gives nothing.
Query query_of(const Origin& origin, const ::Node* node);
// Column names and expressions of a query's result, as far as its target list tells.
void output_columns(const ::Node* query, std::vector<std::string_view>& names, std::vector<Expression>& expressions);

// ---- statements ---------------------------------------------------------------------------------------------------

StatementNode convert_create_table(const Origin& origin, const ::CreateStmt& node, bool foreign);
StatementNode convert_create_table_as(const Origin& origin, const ::CreateTableAsStmt& node);
StatementNode convert_alter_table(const Origin& origin, const ::AlterTableStmt& node);
StatementNode convert_create_index(const Origin& origin, const ::IndexStmt& node);

// Each returns nullopt when the node is not of its family.
// Rename, move, drop, comment, grant; schemas, extensions, publications.
std::optional<StatementNode> convert_object(const Origin& origin, const ::Node* node);
// Views, sequences, statistics, REINDEX.
std::optional<StatementNode> convert_relation(const Origin& origin, const ::Node* node);
// Enums, domains, composites, ranges.
std::optional<StatementNode> convert_type(const Origin& origin, const ::Node* node);
// Functions, DO, triggers, rules, policies.
std::optional<StatementNode> convert_code(const Origin& origin, const ::Node* node);
// SELECT, commands that change data, COPY.
std::optional<StatementNode> convert_query(const Origin& origin, const ::Node* node);
// Transactions, SET, LOCK, VACUUM.
std::optional<StatementNode> convert_session(const Origin& origin, const ::Node* node);

// Any statement; what has no type of its own becomes OtherStatement.
StatementNode convert_statement(const Origin& origin, const ::Node* node);

// Appends the statement, and the elements of a CREATE SCHEMA after it. `origin.statement` is its span.
void append_statement(const Origin& origin, ::Node* node, std::vector<Statement>& out);

// PostgreSQL's command tag of a raw statement node.
std::string_view command_tag(const ::Node* node);

}  // namespace cupel::sql

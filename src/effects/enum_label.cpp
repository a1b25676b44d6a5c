// Uses of an enum's value that the same transaction added, anywhere in a statement's text.
//
// The typed statements hold no conditions of queries, and a literal's type is only known from what it meets. So the text
// is read: a literal is taken as the enum's value where it is cast to the type, or meets a column of the type in a
// comparison, an assignment or an IN list. What is not understood is not claimed.
#include "base/ascii.h"
#include "effects/predict.h"
#include "effects/transaction_state.h"

#include <algorithm>
#include <string>
#include <vector>

namespace cupel::effects {

namespace {

using sql::TokenKind;

bool same_word(std::string_view token, std::string_view lower) {
  return std::equal(token.begin(), token.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

class Reader {
 public:
  Reader(Prediction& prediction, const sql::Statement& statement)
      : prediction_(prediction), text_(prediction.context().script.text(statement)), tokens_(sql::tokens(text_)) {}

  void add_table(const sql::QualifiedName& name) {
    const schema::Relation* table = prediction_.find(name);
    if (table == nullptr) return;
    for (const schema::Column& column : table->columns) columns_.push_back({column.name, column.type});
  }
  void add_query(const sql::Query& query) {
    for (const sql::RelationReference& reference : query.relations) add_table(reference.name);
  }
  // A column that the statement itself makes; its default must be of its type.
  void add_new_column(const sql::ColumnDefinition& column, CommandIndex command) {
    const schema::DataType type = prediction_.database().resolve(column.type);
    columns_.push_back({std::string(column.name), type});
    if (!prediction_.stopped()) fails_unsafe_label(prediction_, type, column.default_value, command);
  }

  void read() {
    for (std::size_t i = 0; i < tokens_.size() && !prediction_.stopped(); ++i) {
      if (tokens_[i].kind != TokenKind::string) continue;
      const std::string label = literal(i);
      const schema::Type* type = type_of(i);
      if (label.empty() || type == nullptr || !is_unsafe_label(*type, label, prediction_)) continue;
      prediction_.fail("55P04", "unsafe use of new value \"" + label + "\" of enum type " + type->name.name);
    }
  }

 private:
  struct KnownColumn {
    std::string name;
    schema::DataType type;
  };

  [[nodiscard]] std::string_view at(std::size_t i) const { return i < tokens_.size() ? tokens_[i].span.of(text_) : std::string_view{}; }
  [[nodiscard]] bool is_name(std::size_t i) const {
    return i < tokens_.size() && (tokens_[i].kind == TokenKind::word || tokens_[i].kind == TokenKind::quoted_identifier);
  }
  [[nodiscard]] std::string name(std::size_t i) const {
    std::string_view token = at(i);
    if (tokens_[i].kind == TokenKind::quoted_identifier) return std::string(token.substr(1, token.size() - 2));
    return lower_case(token);
  }
  // The value of a plain literal; empty for those with escapes of any kind.
  [[nodiscard]] std::string literal(std::size_t i) const {
    const std::string_view token = at(i);
    if (token.size() < 3 || token.front() != '\'' || token.back() != '\'') return {};
    const std::string_view value = token.substr(1, token.size() - 2);
    return value.find('\'') == std::string_view::npos ? std::string(value) : std::string();
  }

  const schema::Type* enumeration(const schema::DataType& type) const {
    const schema::Type* found = type.is_builtin() ? nullptr : prediction_.database().find_type(type);
    return found != nullptr && found->kind == schema::TypeKind::enumeration ? found : nullptr;
  }
  // The enum that all columns of that name have.
  const schema::Type* column_type(std::size_t i) const {
    if (!is_name(i)) return nullptr;
    const std::string column = name(i);
    const schema::Type* type = nullptr;
    for (const KnownColumn& known : columns_) {
      if (known.name != column) continue;
      const schema::Type* own = enumeration(known.type);
      if (own == nullptr || (type != nullptr && type != own)) return nullptr;
      type = own;
    }
    return type;
  }
  // [schema .] name, beginning there.
  const schema::Type* named_type(std::size_t i) const {
    if (!is_name(i)) return nullptr;
    const std::string first = name(i);
    const std::string second = at(i + 1) == "." && is_name(i + 2) ? name(i + 2) : std::string();
    const sql::QualifiedName written = second.empty() ? sql::QualifiedName{{}, first, {}} : sql::QualifiedName{first, second, {}};
    const schema::Type* found = prediction_.database().find_type(written);
    return found != nullptr && found->kind == schema::TypeKind::enumeration ? found : nullptr;
  }
  [[nodiscard]] bool compares(std::size_t i) const {
    const std::string_view symbol = at(i);
    return symbol == "=" || symbol == "<>" || symbol == "!=" || symbol == "<" || symbol == ">" || symbol == "<=" || symbol == ">=";
  }

  // What type the literal is taken for; nullptr if it cannot be told.
  const schema::Type* type_of(std::size_t i) const {
    if (at(i + 1) == "::") return named_type(i + 2);
    if (same_word(at(i + 1), "as")) return named_type(i + 2);  // CAST ('x' AS type)
    if (i >= 2 && compares(i - 1)) return column_type(i - 2);
    if (compares(i + 1)) return column_type(i + 2 < tokens_.size() && at(i + 3) == "." ? i + 4 : i + 2);
    return listed_type(i);
  }
  // column [NOT] IN (…, 'x', …) of literals only.
  const schema::Type* listed_type(std::size_t i) const {
    std::size_t open = i;
    while (open > 0 && (tokens_[open].kind == TokenKind::string || at(open) == ",")) --open;
    if (open < 2 || at(open) != "(" || !same_word(at(open - 1), "in")) return nullptr;
    const std::size_t before = same_word(at(open - 2), "not") ? 3 : 2;
    return open >= before ? column_type(open - before) : nullptr;
  }

  Prediction& prediction_;
  std::string_view text_;
  std::vector<sql::Token> tokens_;
  std::vector<KnownColumn> columns_;
};

void read_alter_table(Prediction& prediction, Reader& reader, const sql::AlterTable& alter) {
  reader.add_table(alter.name);
  const schema::Relation* table = prediction.find(alter.name);
  for (std::size_t i = 0; i < alter.commands.size() && !prediction.stopped(); ++i) {
    const sql::AlterTableCommand& command = alter.commands[i];
    const auto index = static_cast<CommandIndex>(i);
    if (command.action == sql::AlterTableAction::add_column && command.column) reader.add_new_column(*command.column, index);
    const schema::Column* column = table == nullptr ? nullptr : table->find_column(command.name);
    if (command.action == sql::AlterTableAction::set_default && column != nullptr) {
      fails_unsafe_label(prediction, column->type, command.expression, index);
    }
  }
}

}  // namespace

// Parse analysis already refuses such a literal (enum_in), whatever the statement would do with it.
void predict_unsafe_labels(Prediction& prediction, const sql::Statement& statement) {
  const TransactionState* transaction = prediction.context().transaction;
  if (transaction == nullptr || !transaction->enum_value_added() || prediction.stopped()) return;
  Reader reader(prediction, statement);
  if (const auto* alter = statement.as<sql::AlterTable>()) {
    read_alter_table(prediction, reader, *alter);
  } else if (const auto* create = statement.as<sql::CreateTable>()) {
    for (const sql::ColumnDefinition& column : create->columns) reader.add_new_column(column, whole_statement);
    if (create->partition_of) reader.add_table(*create->partition_of);
  } else if (const auto* table_as = statement.as<sql::CreateTableAs>()) {
    reader.add_query(table_as->query);
  } else if (const auto* view = statement.as<sql::CreateView>()) {
    reader.add_query(view->query);
  } else if (const auto* index = statement.as<sql::CreateIndex>()) {
    reader.add_table(index->table);
  } else if (const auto* trigger = statement.as<sql::CreateTrigger>()) {
    reader.add_table(trigger->table);
  } else if (const auto* policy = statement.as<sql::CreatePolicy>()) {
    reader.add_table(policy->table);
  } else if (const auto* select = statement.as<sql::Select>()) {
    reader.add_query(select->query);
  } else if (const auto* insert = statement.as<sql::Insert>()) {
    reader.add_query(insert->query);
  } else if (const auto* update = statement.as<sql::Update>()) {
    reader.add_query(update->query);
  } else if (const auto* deletion = statement.as<sql::Delete>()) {
    reader.add_query(deletion->query);
  } else if (const auto* merge = statement.as<sql::Merge>()) {
    reader.add_query(merge->query);
  } else {
    return;
  }
  reader.read();
}

}  // namespace cupel::effects

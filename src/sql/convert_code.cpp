// Functions, DO blocks, triggers, rules, policies.
#include "sql/convert.h"
#include "sql/lexer.h"
#include "sql/words.h"

#include <iterator>

namespace cupel::sql {
namespace {

// CREATE FUNCTION … LANGUAGE 'SQL' and unusual spellings of the known ones in lower case.
std::string_view language_name(std::string_view written) {
  static constexpr std::string_view known[] = {"sql", "plpgsql", "c", "internal"};
  for (const std::string_view name : known) {
    if (is_word(written, name)) return name;
  }
  return written;
}

// The content of the string literal at or after `location`, as far as it can be told where that is.
BodyText body_text(const Origin& origin, std::string_view language, std::string_view text, int location) {
  BodyText body{language, text, origin.statement, false};
  if (!origin.knows(location)) return body;
  Lexer lexer(origin.file, {origin.offset(location), origin.statement.end});
  Lexeme lexeme = lexer.next();
  while (lexeme.kind != LexemeKind::string && lexeme.kind != LexemeKind::dollar_string) {
    if (lexeme.kind == LexemeKind::end) return body;
    lexeme = lexer.next();
  }
  const std::string_view literal = lexeme.span.of(origin.file);
  const std::size_t open = lexeme.kind == LexemeKind::string ? literal.find('\'') + 1 : literal.find('$', 1) + 1;
  const std::size_t close = lexeme.kind == LexemeKind::string ? 1 : open;
  if (literal.size() < open + close) return body;
  body.span = {lexeme.span.begin + static_cast<std::uint32_t>(open), lexeme.span.end - static_cast<std::uint32_t>(close)};
  // Doubled quotes and escapes make the value differ from what stands in the file.
  body.verbatim = body.span.of(origin.file) == text;
  return body;
}

std::optional<Volatility> volatility(const ::List* options) {
  const ::DefElem* option = find_option(options, "volatility");
  if (option == nullptr) return std::nullopt;
  const std::string_view word = string_of(option->arg);
  if (word == "immutable") return Volatility::immutable;
  return word == "stable" ? Volatility::stable : Volatility::volatile_;
}

StatementNode convert_function(const Origin& origin, const ::CreateFunctionStmt& node) {
  CreateFunction function;
  function.name = name_of(node.funcname);
  NameFinder(origin).locate(function.name);
  function.procedure = node.is_procedure;
  function.or_replace = node.replace;
  for (const ::FunctionParameter* parameter : Each<::FunctionParameter>(node.parameters)) {
    const bool input = parameter->mode != FUNC_PARAM_OUT && parameter->mode != FUNC_PARAM_TABLE;
    function.arguments.push_back({view(parameter->name), type_name(origin, parameter->argType), input, Expression(parameter->defexpr)});
  }
  if (node.returnType != nullptr) function.returns = type_name(origin, node.returnType);
  function.volatility = volatility(node.options);
  function.strict = is_on(find_option(node.options, "strict"));
  function.security_definer = is_on(find_option(node.options, "security"));
  for (const ::DefElem* option : Each<::DefElem>(node.options)) {
    if (view(option->defname) != "set" || tag_of(option->arg) != T_VariableSetStmt) continue;
    if (view(as_node<::VariableSetStmt>(option->arg).name) == "search_path") function.sets_search_path = true;
  }
  if (node.sql_body != nullptr) function.query = query_of(origin, node.sql_body);
  if (tag_of(node.sql_body) == T_ReturnStmt) {
    function.return_expression = Expression(as_node<::ReturnStmt>(node.sql_body).returnval);
  } else {
    function.sql_body = node.sql_body != nullptr;
  }
  const ::DefElem* body = find_option(node.options, "as");
  // A C function has two strings, or one that names a symbol.
  if (body != nullptr && tag_of(body->arg) == T_List && size(reinterpret_cast<const ::List*>(body->arg)) == 1) {
    const ::DefElem* option = find_option(node.options, "language");
    const std::string_view language = option == nullptr ? std::string_view{} : language_name(string_of(option->arg));
    if (language != "c" && language != "internal") {
      function.body = body_text(origin, language, last_string(reinterpret_cast<const ::List*>(body->arg)), body->location);
    }
  }
  return function;
}

StatementNode convert_do(const Origin& origin, const ::DoStmt& node) {
  const ::DefElem* body = find_option(node.args, "as");
  const ::DefElem* option = find_option(node.args, "language");
  // DO without LANGUAGE is PL/pgSQL (manual, DO).
  const std::string_view language = option == nullptr ? std::string_view("plpgsql") : language_name(string_of(option->arg));
  if (body == nullptr) return DoBlock{{language, {}, origin.statement, false}};
  return DoBlock{body_text(origin, language, string_of(body->arg), body->location)};
}

StatementNode convert_trigger(const Origin& origin, const ::CreateTrigStmt& node) {
  CreateTrigger trigger;
  trigger.name = view(node.trigname);
  trigger.table = relation_name(origin, node.relation);
  trigger.function = name_of(node.funcname);
  // The last occurrence is the one: a column or the trigger itself may be called like the function.
  NameFinder finder(origin);
  trigger.function.span = origin.statement;
  std::uint32_t last_end = 0;
  for (;;) {
    const Span found = finder.find(trigger.function.schema, trigger.function.name);
    if (found == origin.statement || found.end <= last_end) break;
    trigger.function.span = found;
    last_end = found.end;
  }
  trigger.or_replace = node.replace;
  trigger.row = node.row;
  trigger.constraint = node.isconstraint;
  trigger.deferrable = node.deferrable;
  trigger.initially_deferred = node.initdeferred;
  if (node.timing == TRIGGER_TYPE_AFTER) trigger.timing = TriggerTiming::after;
  if (node.timing == TRIGGER_TYPE_INSTEAD) trigger.timing = TriggerTiming::instead_of;
  trigger.on_insert = (node.events & TRIGGER_TYPE_INSERT) != 0;
  trigger.on_update = (node.events & TRIGGER_TYPE_UPDATE) != 0;
  trigger.on_delete = (node.events & TRIGGER_TYPE_DELETE) != 0;
  trigger.on_truncate = (node.events & TRIGGER_TYPE_TRUNCATE) != 0;
  trigger.update_columns = strings(node.columns);
  trigger.when = Expression(node.whenClause);
  if (node.constrrel != nullptr) trigger.constraint_from = relation_name(origin, node.constrrel);
  return trigger;
}

}  // namespace

std::optional<StatementNode> convert_code(const Origin& origin, const ::Node* node) {
  switch (tag_of(node)) {
    case T_CreateFunctionStmt: return convert_function(origin, as_node<::CreateFunctionStmt>(node));
    case T_AlterFunctionStmt: {
      const auto& change = as_node<::AlterFunctionStmt>(node);
      AlterFunction function{name_of(change.func->objname), volatility(change.actions)};
      NameFinder(origin).locate(function.name);
      return function;
    }
    case T_DoStmt: return convert_do(origin, as_node<::DoStmt>(node));
    case T_CreateTrigStmt: return convert_trigger(origin, as_node<::CreateTrigStmt>(node));
    case T_RuleStmt: {
      const auto& rule = as_node<::RuleStmt>(node);
      return CreateRule{view(rule.rulename), relation_name(origin, rule.relation), rule.replace};
    }
    case T_CreatePolicyStmt: {
      const auto& policy = as_node<::CreatePolicyStmt>(node);
      return CreatePolicy{view(policy.policy_name), relation_name(origin, policy.table), Expression(policy.qual),
                          Expression(policy.with_check)};
    }
    case T_AlterPolicyStmt: {
      const auto& policy = as_node<::AlterPolicyStmt>(node);
      return AlterPolicy{view(policy.policy_name), relation_name(origin, policy.table), Expression(policy.qual),
                         Expression(policy.with_check)};
    }
    default: return std::nullopt;
  }
}

}  // namespace cupel::sql

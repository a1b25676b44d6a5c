#include "sql/operator_runs.h"

#include "sql/split.h"

#include <algorithm>

namespace cupel::sql {
namespace {

constexpr std::size_t longest_run = 1024;
constexpr std::string_view operator_characters = "~!@#^&|`?+-*/%<>=";

bool has_long_run(std::string_view text) {
  for (std::size_t sample = longest_run - 1; sample < text.size(); sample += longest_run) {
    if (operator_characters.find(text[sample]) == std::string_view::npos) continue;
    const std::size_t before = text.find_last_not_of(operator_characters, sample);
    const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
    const std::size_t end = std::min(text.find_first_not_of(operator_characters, sample), text.size());
    if (end - begin >= longest_run) return true;
  }
  return false;
}

}  // namespace

std::optional<TamedText> tame_operator_runs(std::string_view text) {
  if (!has_long_run(text)) return std::nullopt;
  TamedText result;
  result.text = text;
  Lexer lexer(text, {0, static_cast<std::uint32_t>(text.size())});
  std::uint32_t run_begin = 0;
  std::uint32_t run_end = 0;
  for (Lexeme lexeme = lexer.next(); lexeme.kind != LexemeKind::end; lexeme = lexer.next()) {
    const std::string_view bytes = lexeme.span.of(text);
    if (lexeme.kind == LexemeKind::block_comment && has_long_run(bytes)) {
      // Between the first and the last two bytes. An unterminated comment stays unterminated, its text is gone.
      const bool terminated = lexeme.span.end < text.size() || is_terminated_comment(bytes);
      const auto begin = result.text.begin() + lexeme.span.begin + 2;
      std::fill(begin, result.text.begin() + lexeme.span.end - (terminated ? 2 : 0), ' ');
    }
    if (lexeme.kind != LexemeKind::symbol || operator_characters.find(bytes[0]) == std::string_view::npos) continue;
    if (lexeme.span.begin != run_end) run_begin = lexeme.span.begin;
    run_end = lexeme.span.end;
    if (run_end - run_begin < longest_run) continue;
    result.too_long = run_begin;
    break;
  }
  return result;
}

}  // namespace cupel::sql

#include "lsp/code_actions.h"

#include "lsp/diagnostics.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace cupel::lsp {
namespace {

using nlohmann::json;

bool is_about_the_file(const lint::Finding& finding) { return finding.span.empty() && finding.statement.empty(); }

// Where the statements of a file are, as the result's outline has them.
std::vector<Span> statements_of(const lint::LintResult& result, std::size_t source) {
  std::vector<Span> spans;
  for (const lint::RevisionNote& note : result.revisions) {
    for (const lint::RevisionNote::Statement& statement : note.statements) {
      if ((statement.downgrade ? note.downgrade_source : note.source) == source) spans.push_back(statement.span);
    }
  }
  std::ranges::sort(spans, [](Span a, Span b) { return a.begin != b.begin ? a.begin < b.begin : a.end > b.end; });
  return spans;
}

// Where a suppression of the finding belongs: above its statement, and for one inside a DO block above the block, which is
// the first that holds it. What is in no statement (a syntax error) has its own line; what is about the file, the first statement.
std::uint32_t suppressed_above(const lint::Finding& finding, const std::vector<Span>& statements, std::string_view text) {
  if (is_about_the_file(finding)) return statements.empty() ? static_cast<std::uint32_t>(text.size()) : statements.front().begin;
  for (const Span& statement : statements) {
    if (statement.begin <= finding.span.begin && finding.span.begin < statement.end) return statement.begin;
  }
  return finding.span.begin;
}

// A suppression cannot be suppressed: it is to be put right.
bool is_about_a_suppression(std::string_view rule) { return rule.find("suppression") != std::string_view::npos; }

std::string as_comment(std::string_view rule, std::string_view sql) {
  std::string comment = fmt::format("-- Safer ({}):", rule);
  while (!sql.empty()) {
    const std::size_t end = std::min(sql.find('\n'), sql.size());
    comment += fmt::format("\n--   {}", sql.substr(0, end));
    sql.remove_prefix(std::min(end + 1, sql.size()));
  }
  return comment;
}

class Offer {
 public:
  explicit Offer(const CodeActionRequest& request) : request_(request), lines_(request.document.text, request.encoding) {}

  void add(const lint::Finding& finding, const json& diagnostic) {
    const std::string_view text = request_.document.text;
    const std::uint32_t above = suppressed_above(finding, statements_in(finding.source), text);
    if (!is_about_a_suppression(finding.rule)) {
      // No reason is made up: that one is missing is a finding itself, which goes away when somebody writes it.
      const bool file = is_about_the_file(finding);
      add_edit(fmt::format("Ignore {} {}, and say why", finding.rule, file ? "in this file" : "here"),
               comment_above(text, above, fmt::format("-- cupel:ignore{} {}: ", file ? "-file" : "", finding.rule)), diagnostic);
    }
    if (!finding.safe_sql.empty()) {
      add_edit(fmt::format("Insert the safer way as a comment ({})", finding.rule),
               comment_above(text, above, as_comment(finding.rule, finding.safe_sql)), diagnostic);
    }
    if (const std::string page = request_.page(finding.rule); !page.empty()) {
      const std::string title = fmt::format("Open the page of {}", finding.rule);
      if (!titles_.emplace(title, 0).second) return;
      pages_.push_back({{"title", title},
                        {"kind", "quickfix"},
                        {"diagnostics", json::array({diagnostic})},
                        {"command", {{"title", title}, {"command", open_page_command}, {"arguments", json::array({finding.rule})}}}});
    }
  }

  json take() {
    for (json& page : pages_) edits_.push_back(std::move(page));
    return std::move(edits_);
  }

 private:
  const std::vector<Span>& statements_in(std::size_t source) {
    if (!statements_) statements_ = statements_of(request_.result, source);
    return *statements_;
  }

  void add_edit(const std::string& title, const Insertion& insertion, const json& diagnostic) {
    if (!titles_.emplace(title, insertion.offset).second) return;
    const TextPosition place = lines_.position(insertion.offset);
    const json edits = json::array({{{"range", as_json({place, place})}, {"newText", insertion.text}}});
    const Document& document = request_.document;
    json edit;
    if (request_.versioned_edits) {
      const json identifier = {{"uri", document.uri}, {"version", document.version}};
      edit["documentChanges"] = json::array({{{"textDocument", identifier}, {"edits", edits}}});
    } else {
      edit["changes"][document.uri] = edits;
    }
    edits_.push_back({{"title", title}, {"kind", "quickfix"}, {"diagnostics", json::array({diagnostic})}, {"edit", std::move(edit)}});
  }

  const CodeActionRequest& request_;
  const Lines lines_;
  std::optional<std::vector<Span>> statements_;             // of the document
  std::set<std::pair<std::string, std::uint32_t>> titles_;  // with their places: several findings of a rule need it once
  json edits_ = json::array();
  std::vector<json> pages_;
};

}  // namespace

Insertion comment_above(std::string_view text, std::uint32_t offset, std::string_view comment) {
  const std::string_view end_of_line = text.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
  std::uint32_t line = offset;
  while (line > 0 && text[line - 1] != '\n' && text[line - 1] != '\r') --line;
  const std::string_view before = text.substr(line, offset - line);
  const std::string_view indentation = before.substr(0, std::min(before.find_first_not_of(" \t"), before.size()));
  std::string lines;
  for (std::string_view rest = comment; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    lines += fmt::format("{}{}{}", indentation, rest.substr(0, end), end_of_line);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  if (indentation.size() == before.size()) return {line, std::move(lines)};
  // Something stands before it on its line, which the comment must not be about.
  return {offset, fmt::format("{}{}{}", end_of_line, lines, indentation)};
}

json code_actions(const CodeActionRequest& request) {
  Offer offer(request);
  const Lines lines(request.document.text, request.encoding);
  for (std::size_t i = 0; i < request.result.findings.size() && i < request.diagnostics.size(); ++i) {
    const lint::Finding& finding = request.result.findings[i];
    const Span marked = marked_span(finding, lines);
    if (marked.end < request.range.begin || request.range.end < marked.begin) continue;
    offer.add(finding, request.diagnostics[i]);
  }
  return offer.take();
}

}  // namespace cupel::lsp

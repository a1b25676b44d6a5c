#include "lint/suppression.h"

#include "base/suggest.h"
#include "sql/script.h"

#include <algorithm>

namespace cupel::lint {
namespace {

constexpr std::string_view directive = "cupel:ignore";

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

// "the reason (owner: alice, until: 2026-06-30)": what stands in the brackets at the end, if it says such things.
void take_owner_and_date(Suppression& suppression) {
  const std::string_view reason = suppression.reason;
  const std::size_t open = reason.rfind('(');
  if (open == std::string_view::npos || !reason.ends_with(')')) return;
  std::string_view rest = reason.substr(open + 1, reason.size() - open - 2);
  std::string owner, until;
  while (!rest.empty()) {
    const std::size_t end = rest.find_first_of(",;");
    const std::string_view part = trimmed(rest.substr(0, end));
    const std::size_t colon = part.find(':');
    const std::string_view key = part.substr(0, colon);
    if (colon == std::string_view::npos || (key != "owner" && key != "until")) return;
    (key == "owner" ? owner : until) = trimmed(part.substr(colon + 1));
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
  }
  suppression.owner = std::move(owner);
  suppression.until = std::move(until);
  suppression.reason = trimmed(reason.substr(0, open));
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U}) {
    if (text[at] < '0' || text[at] > '9') return false;
  }
  const std::string_view month = text.substr(5, 2), day = text.substr(8, 2);
  return month >= "01" && month <= "12" && day >= "01" && day <= "31";
}

// What follows the directive's word: "rule-a, rule-b: the reason".
void read_rules_and_reason(std::string_view rest, Suppression& suppression) {
  const std::size_t colon = rest.find(':');
  std::string_view rules = trimmed(rest.substr(0, colon));
  if (colon != std::string_view::npos) suppression.reason = trimmed(rest.substr(colon + 1));
  take_owner_and_date(suppression);
  while (!rules.empty()) {
    const std::size_t end = rules.find_first_of(", \t");
    if (const std::string_view rule = rules.substr(0, end); !rule.empty()) suppression.rules.emplace_back(rule);
    rules = end == std::string_view::npos ? std::string_view{} : trimmed(rules.substr(end + 1));
  }
}

// The text that a comment speaks for: the statement around it, the one before it on its line, or the next one.
Span covered(const sql::CommentText& comment, std::string_view text, std::span<const Span> statements) {
  const Span* inside = nullptr;
  const Span* next = nullptr;
  const Span* before = nullptr;
  for (const Span& statement : statements) {
    if (statement.begin >= comment.span.end) {
      if (next == nullptr) next = &statement;
      break;
    }
    before = &statement;
    if (statement.contains(comment.span.begin)) inside = &statement;  // the innermost comes last
  }
  const auto end_of_text = static_cast<std::uint32_t>(text.size());
  if (!comment.own_line && before != nullptr) return {before->begin, comment.span.end};
  if (inside != nullptr) {
    const bool next_is_inside = next != nullptr && next->end <= inside->end;
    return next_is_inside ? Span{comment.span.end, next->end} : *inside;
  }
  return {comment.span.end, next != nullptr ? next->end : end_of_text};
}

// The comments of a text and of the DO blocks in it, whose bodies are strings to SQL. `statements` as for find_suppressions.
std::vector<sql::CommentText> all_comments(std::string_view text, std::span<const Span> statements) {
  std::vector<sql::CommentText> found = sql::comments(text);
  for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
    const Span block = statements[i];
    if (statements[i + 1].end > block.end) continue;
    for (const sql::Token& token : sql::tokens(block.of(text))) {
      const std::uint32_t begin = block.begin + token.span.begin;
      if (token.kind != sql::TokenKind::string || text[begin] != '$') continue;
      const std::uint32_t tag = static_cast<std::uint32_t>(text.find('$', begin + 1)) + 1 - begin;
      if (token.span.size() < 2 * tag) continue;
      const Span body{begin + tag, block.begin + token.span.end - tag};
      for (sql::CommentText comment : sql::comments(body.of(text))) {
        comment.span.begin += body.begin;
        comment.span.end += body.begin;
        found.push_back(comment);
      }
    }
  }
  std::ranges::stable_sort(found, {}, [](const sql::CommentText& comment) { return comment.span.begin; });
  return found;
}

Finding problem(std::string_view rule, std::span<const RuleEntry> rules, const Settings& settings, std::size_t source, Span span,
                std::string message) {
  Finding finding;
  finding.rule = rule;
  const auto entry = std::ranges::find(rules, rule, &RuleEntry::id);
  finding.severity = entry == rules.end() ? Severity::warning : settings.severity(*entry);
  finding.source = source;
  finding.span = span;
  finding.message = std::move(message);
  return finding;
}

bool is_enabled(std::string_view rule, std::span<const RuleEntry> rules, const Settings& settings) {
  const auto entry = std::ranges::find(rules, rule, &RuleEntry::id);
  return entry != rules.end() && settings.enabled(*entry);
}

const RuleEntry* named(std::string_view id, std::span<const RuleEntry> rules) {
  for (const RuleEntry& entry : rules) {
    if (entry.id == id || std::ranges::find(entry.rule->former_ids, id) != entry.rule->former_ids.end()) return &entry;
  }
  return nullptr;
}

}  // namespace

std::vector<Suppression> find_suppressions(std::string_view text, std::span<const Span> statements) {
  std::vector<Suppression> found;
  if (text.find(directive) == std::string_view::npos) return found;
  for (const sql::CommentText& comment : all_comments(text, statements)) {
    if (!comment.text.starts_with(directive)) continue;
    std::string_view rest = comment.text.substr(directive.size());
    Suppression suppression;
    suppression.span = comment.span;
    if (rest.starts_with("-file")) {
      suppression.whole_file = true;
      rest.remove_prefix(std::string_view("-file").size());
    }
    if (!rest.empty() && rest.front() != ' ' && rest.front() != '\t' && rest.front() != ':') continue;  // another word
    read_rules_and_reason(rest, suppression);
    suppression.covers = suppression.whole_file ? Span{0, static_cast<std::uint32_t>(text.size()) + 1} : covered(comment, text, statements);
    found.push_back(std::move(suppression));
  }
  return found;
}

void apply_suppressions(std::vector<Suppression>& suppressions, std::size_t source, std::span<const RuleEntry> rules,
                        const Settings& settings, std::vector<Finding>& findings) {
  for (Suppression& suppression : suppressions) {
    std::vector<std::string_view> ids;
    bool all_disabled = !suppression.rules.empty();
    for (const std::string& written : suppression.rules) {
      const RuleEntry* entry = named(written, rules);
      if (entry != nullptr) {
        ids.push_back(entry->id);
        all_disabled = all_disabled && !settings.enabled(*entry);
        continue;
      }
      all_disabled = false;
      if (!is_enabled("unknown-rule-in-suppression", rules, settings)) continue;
      std::vector<std::string_view> known;
      for (const RuleEntry& rule : rules) known.push_back(rule.id);
      std::string message = "no rule is called " + written;
      if (const auto meant = closest_match(written, known)) message += "; did you mean " + *meant + "?";
      findings.push_back(problem("unknown-rule-in-suppression", rules, settings, source, suppression.span, std::move(message)));
    }
    suppression.expired = is_date(suppression.until) && !settings.today.empty() && suppression.until < settings.today;
    std::optional<Severity> worst;
    for (Finding& finding : findings) {
      if (finding.source != source || finding.suppressed) continue;
      if (std::ranges::find(ids, finding.rule) == ids.end()) continue;
      const bool about_the_file = finding.span.empty() && finding.statement.empty();
      const bool covers = suppression.covers.begin <= finding.span.begin && finding.span.begin < suppression.covers.end;
      if (!covers && !about_the_file) continue;
      if (!suppression.expired) finding.suppressed = suppression.reason;
      ++suppression.findings;
      worst = worst ? std::max(*worst, finding.severity) : finding.severity;
    }
    if (suppression.rules.empty()) {
      findings.push_back(problem("unknown-rule-in-suppression", rules, settings, source, suppression.span,
                                 "the suppression names no rule; write cupel:ignore rule-id: reason"));
      continue;
    }
    if (suppression.reason.empty() && settings.require_suppression_reason && is_enabled("suppression-without-reason", rules, settings)) {
      findings.push_back(
          problem("suppression-without-reason", rules, settings, source, suppression.span,
                  "the suppression gives no reason; write cupel:ignore " + suppression.rules.front() + ": why it is safe here"));
    }
    if (is_enabled("ungoverned-suppression", rules, settings)) {
      const auto ungoverned = [&](std::string message) {
        findings.push_back(problem("ungoverned-suppression", rules, settings, source, suppression.span, std::move(message)));
      };
      if (suppression.owner.empty() && settings.suppression_owner_from && worst && *worst >= *settings.suppression_owner_from)
        ungoverned("the suppression of " + std::string(ids.front()) + " names nobody who answers for it; end it with (owner: NAME)");
      if (!suppression.until.empty() && !is_date(suppression.until))
        ungoverned("\"" + suppression.until + "\" is no date; write (until: 2026-12-31)");
      else if (suppression.until.empty() && settings.require_suppression_expiry)
        ungoverned("the suppression says not how long it holds; end it with (until: 2026-12-31)");
    }
    if (suppression.expired && suppression.findings > 0 && is_enabled("expired-suppression", rules, settings)) {
      findings.push_back(problem("expired-suppression", rules, settings, source, suppression.span,
                                 "the suppression of " + std::string(ids.front()) + " has held until " + suppression.until));
    }
    if (suppression.findings == 0 && !ids.empty() && !all_disabled && is_enabled("unused-suppression", rules, settings)) {
      findings.push_back(problem("unused-suppression", rules, settings, source, suppression.span,
                                 "nothing is found here that the suppression of " + std::string(ids.front()) + " could silence"));
    }
  }
}

}  // namespace cupel::lint

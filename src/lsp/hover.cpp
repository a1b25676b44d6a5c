#include "lsp/hover.h"

#include "lint/effect_notes.h"
#include "lint/rule.h"
#include "report/character.h"
#include "report/finding_words.h"

#include <algorithm>

#include <fmt/format.h>

namespace cupel::lsp {
namespace {

// Text that no name in it can turn into markup, nor into a row or a line of its own.
std::string escaped(std::string_view words) {
  std::string out;
  for (const char byte : report::visible(words)) {
    if (std::string_view("\\`*_[]|~#<>&").find(byte) != std::string_view::npos) out += '\\';
    out += byte;
  }
  return out;
}

std::string transaction_words(const lint::Step& step) {
  const effects::Effects& effects = *step.effects;
  if (effects.refused_in_transaction) {
    return step.transaction.in_transaction() ? "Fails here: no transaction block may hold it (25001), and it is in one."
                                             : "No transaction block may hold it; it is in none.";
  }
  switch (step.transaction.kind()) {
    case effects::TransactionKind::none: return "Runs in a transaction of its own.";
    case effects::TransactionKind::explicit_block: return "Runs in the transaction that `BEGIN` opened.";
    case effects::TransactionKind::runner: return fmt::format("Runs in the transaction that {} opens.", escaped(step.set.layout));
    case effects::TransactionKind::implicit:
      return fmt::format("Runs in the implicit transaction of the statements that {} sends as one string.", escaped(step.set.layout));
  }
  return {};
}

std::string describe(const lint::Step& step, const lint::Settings& settings) {
  const effects::Effects& effects = *step.effects;
  std::string text = fmt::format("**{}** on PostgreSQL {}{}\n\n", step.statement->tag(), settings.postgres_version,
                                 step.downgrade ? ", in the downgrade" : "");
  const std::vector<lint::EffectNote> felt =
      lint::effect_notes(effects, effects::whole_statement, step.database, step.transaction, settings);
  const std::vector<const effects::RelationLock*> locks = lint::strongest_locks(effects);
  if (!locks.empty()) text += "| lock | on | blocks | how long |\n| --- | --- | --- | --- |\n";
  for (const effects::RelationLock* lock : locks) {
    const auto note = std::ranges::find(felt, lock->name, &lint::EffectNote::relation);
    text += fmt::format("| {} | {} | {} | {} |\n", effects::sql_name(lock->mode), escaped(lock->name), effects::blocked_by(lock->mode),
                        note == felt.end() ? "" : escaped(note->duration));
  }
  if (!locks.empty()) text += '\n';
  for (const effects::Work& work : effects.work) {
    text += fmt::format("- {} of {}{}\n", lint::name(work.kind), escaped(work.relation_name),
                        work.index_name.empty() ? "" : fmt::format(" ({})", escaped(work.index_name)));
  }
  if (effects.failure) {
    text += fmt::format("- {}: {} {}\n", effects.failure->certain ? "fails" : "may fail", effects.failure->sqlstate,
                        escaped(effects.failure->message));
  }
  if (effects.no_op) text += "- nothing to do: it is there, or gone, already\n";
  if (effects.opaque) text += "- not everything can be told: it runs what cupel cannot see\n";
  if (locks.empty() && effects.work.empty() && !effects.failure && !effects.opaque) text += "- no lock on a relation\n";
  return text + "\n" + transaction_words(step) + "\n";
}

// Describes the innermost statement at a place.
class Describer : public lint::ReplayListener {
 public:
  Describer(const std::string& path, std::uint32_t offset, const lint::Settings& settings)
      : path_(path), offset_(offset), settings_(settings) {}

  void on_statement(const lint::Step& step) override {
    const Span span = step.statement->span;
    // At the end of a word, too: there the cursor is when it was just typed.
    if (offset_ < span.begin || offset_ > span.end || step.set.sources[step.part.source]->name() != path_) return;
    if (found && span.size() > found->span.size()) return;
    found = HoverText{span, describe(step, settings_)};
  }

  std::optional<HoverText> found;

 private:
  const std::string& path_;
  std::uint32_t offset_;
  const lint::Settings& settings_;
};

std::string page_of(std::string_view rule) {
  const lint::RuleEntry* entry = lint::find_rule(rule);
  return entry == nullptr ? std::string() : std::string(entry->documentation);
}

}  // namespace

std::optional<HoverText> hover(History& history, const std::string& path, std::uint32_t offset, const std::vector<lint::Finding>& findings,
                               const std::function<bool(std::string_view rule)>& has_page) {
  Describer describer(path, offset, history.settings().lint);
  history.walk(path, describer);
  std::optional<HoverText> text = std::move(describer.found);
  std::vector<std::string_view> explained;
  for (const lint::Finding& finding : findings) {
    const bool here = finding.span.begin <= offset && offset <= finding.span.end;
    if (here && !text) text = HoverText{finding.span, ""};
    const bool in_statement = text && text->span.begin <= finding.span.begin && finding.span.begin < text->span.end;
    if (!here && !in_statement) continue;
    text->markdown += fmt::format("\n**{}**: {}\n", finding.rule, escaped(report::one_line(finding)));
    if (here && std::ranges::find(explained, finding.rule) == explained.end()) explained.push_back(finding.rule);
  }
  for (const std::string_view rule : explained) {
    if (!has_page(rule)) text->markdown += fmt::format("\n---\n\n{}\n", page_of(rule));
  }
  return text;
}

}  // namespace cupel::lsp

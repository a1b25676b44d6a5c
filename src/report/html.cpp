// One page with everything in it, for people who were not there: summary, graph of revisions, what each migration locks
// for how long, findings with their source. No script, nothing from the network; light or dark as the reader's system is.
#include "base/counted.h"
#include "report/character.h"
#include "report/counts.h"
#include "report/finding_words.h"
#include "report/html_style.h"
#include "report/json_parts.h"
#include "report/report.h"
#include "report/revision_graph.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace cupel::report {
namespace {

std::string escaped(std::string_view words) { return markup_escaped(words); }

// The class that colours a lock: the stronger, the warmer.
std::string_view lock_class(std::string_view lock) {
  if (lock == "ACCESS EXCLUSIVE") return "ae";
  if (lock == "EXCLUSIVE") return "e";
  if (lock == "SHARE ROW EXCLUSIVE") return "sre";
  if (lock == "SHARE") return "s";
  return "sue";
}

int strength(std::string_view lock) {
  constexpr std::array<std::string_view, 5> weakest_first = {"SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE",
                                                             "ACCESS EXCLUSIVE"};
  return static_cast<int>(std::ranges::find(weakest_first, lock) - weakest_first.begin());
}

// "  CREATE INDEX i ON t (a" of a long statement: its first line, cut.
std::string beginning(std::string_view statement) {
  constexpr std::size_t most = 110;
  const std::size_t end = statement.find('\n');
  std::string line = visible(statement.substr(0, std::min(end, most)));
  if (end != std::string_view::npos || statement.size() > most) line += " …";
  return line;
}

class HtmlReport {
 public:
  HtmlReport(const lint::LintResult& result, const ReportContext& context) : result_(result), context_(context), places_(result) {
    for (const lint::Finding& finding : result.findings) {
      if (finding.counts()) shown_.push_back(&finding);
    }
  }

  std::string run() {
    out_ +=
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>cupel: migrations</title>\n<style>\n";
    out_ += html_style;
    out_ += "</style>\n</head>\n<body>\n<main>\n";
    write_summary();
    write_findings();
    write_locks();
    write_graph();
    out_ += "</main>\n</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void write_summary() {
    const Counts counts = count(result_);
    out_ += "<header><h1>cupel</h1><p class=\"counts\">";
    if (shown_.empty()) out_ += "<span class=\"pill good\">no findings</span>";
    const auto pill = [&](lint::Severity severity, std::string_view noun) {
      if (counts.of(severity) == 0) return;
      const std::string words =
          severity == lint::Severity::info ? fmt::format("{} info", counts.of(severity)) : counted(counts.of(severity), noun);
      out_ += fmt::format("<span class=\"pill {}\">{}</span>", name(severity), words);
    };
    pill(lint::Severity::error, "error");
    pill(lint::Severity::warning, "warning");
    pill(lint::Severity::info, "info");
    if (counts.suppressed > 0) out_ += fmt::format("<span class=\"pill\">{} suppressed</span>", counts.suppressed);
    if (counts.known > 0) out_ += fmt::format("<span class=\"pill\">{} known</span>", counts.known);
    out_ += fmt::format("</p><p class=\"muted\">{}, {} judged for PostgreSQL {}; cupel {}</p>", counted(counts.migrations, "migration"),
                        result_.judged.value_or(counts.migrations), result_.postgres_version, escaped(context_.tool_version));
    out_ += "<nav><a href=\"#findings\">Findings</a> <a href=\"#locks\">Locks</a> <a href=\"#revisions\">Revisions</a></nav></header>\n";
  }

  void write_findings() {
    out_ += "<section id=\"findings\"><h2>Findings</h2>\n";
    if (shown_.empty()) out_ += "<p class=\"muted\">Nothing dangerous was found.</p>\n";
    std::size_t source = static_cast<std::size_t>(-1);
    for (std::size_t i = 0; i < shown_.size(); ++i) {
      const lint::Finding& finding = *shown_[i];
      if (finding.source != source || i == 0) {
        source = finding.source;
        const std::string path = path_of(places_, source);
        out_ += fmt::format("<h3 class=\"file\">{}</h3>\n", path.empty() ? "migrations" : escaped(visible(path)));
      }
      write(finding, i);
    }
    out_ += "</section>\n";
  }

  void write(const lint::Finding& finding, std::size_t number) {
    out_ += fmt::format("<article class=\"finding {}\" id=\"f{}\"><h4><span class=\"pill {}\">{}</span> {}</h4>\n", name(finding.severity),
                        number, name(finding.severity), name(finding.severity), escaped(visible(one_line(finding))));
    out_ += fmt::format("<p class=\"muted\"><code>{}</code>", finding.rule);
    if (!finding.revision.empty()) out_ += fmt::format(" in revision {}", escaped(visible(finding.revision)));
    if (finding.certainty == lint::Certainty::assumes_rows) out_ += "; assumes the table has rows";
    if (finding.certainty == lint::Certainty::opaque) out_ += "; not all of the statement could be seen";
    out_ += "</p>\n";
    write_source(finding);
    if (!finding.effects.empty()) {
      out_ += "<ul class=\"effects\">";
      for (const lint::EffectNote& effect : finding.effects) {
        out_ += fmt::format("<li><span class=\"lock {}\">{}</span> {}{}</li>", lock_class(effect.lock),
                            effect.lock.empty() ? "effect" : effect.lock, effect.relation.empty() ? "" : "on ",
                            escaped(visible(in_words({effect.relation, {}, effect.blocks, effect.duration, effect.held}))));
      }
      out_ += "</ul>\n";
    }
    if (!finding.why.empty()) out_ += fmt::format("<p>{}</p>\n", escaped(visible(finding.why)));
    for (const lint::RelatedPlace& place : finding.related) {
      const std::string path = path_of(places_, place.source);
      out_ += fmt::format("<p class=\"muted\">{}: {}</p>\n", escaped(visible(path)), escaped(visible(place.message)));
    }
    if (!finding.advice.empty() || !finding.safe_sql.empty()) {
      out_ +=
          fmt::format("<p class=\"advice\">Instead: {}</p>\n", finding.advice.empty() ? "the safe way" : escaped(visible(finding.advice)));
    }
    if (!finding.safe_sql.empty()) out_ += fmt::format("<pre class=\"safe\">{}</pre>\n", escaped(finding.safe_sql));
    out_ += "</article>\n";
  }

  // The lines of the finding, with two around them; what it is about is marked.
  void write_source(const lint::Finding& finding) {
    constexpr std::uint32_t around = 2;
    constexpr std::uint32_t most_lines = 12;
    constexpr std::size_t most_bytes = 400;
    Locator* const locator = places_.in(finding.source);
    if (locator == nullptr || about_whole_file(finding.span)) return;
    const SourceText& source = locator->source();
    const std::uint32_t first = locator->at(finding.span.begin).line;
    const std::uint32_t last = std::min(locator->at(std::max(finding.span.begin + 1, finding.span.end) - 1).line, first + most_lines);
    out_ += "<pre class=\"source\">";
    for (std::uint32_t line = first > around ? first - around : 1; line <= std::min(last + around, source.line_count()); ++line) {
      std::string_view text = source.line(line);
      if (text.size() > most_bytes) text = text.substr(0, most_bytes);
      const std::uint32_t begin = source.line_begin(line);
      const auto in_line = [&](std::uint32_t offset) { return std::min<std::size_t>(offset > begin ? offset - begin : 0, text.size()); };
      const std::size_t from = in_line(finding.span.begin);
      const std::size_t to = std::max(from, in_line(finding.span.end));
      out_ += fmt::format("<span class=\"number\">{:>4}</span> {}", line, escaped(text.substr(0, from)));
      if (to > from) out_ += fmt::format("<mark>{}</mark>", escaped(text.substr(from, to - from)));
      out_ += escaped(text.substr(to)) + '\n';
    }
    out_ += "</pre>\n";
  }

  void write_locks() {
    out_ +=
        "<section id=\"locks\"><h2>Locks over time</h2>\n"
        "<p class=\"muted\">Each migration from top to bottom: which tables others must wait for, from the statement that locks them to "
        "the end of "
        "its transaction.</p>\n<p class=\"legend\">";
    for (const std::string_view lock : {"ACCESS EXCLUSIVE", "EXCLUSIVE", "SHARE ROW EXCLUSIVE", "SHARE", "SHARE UPDATE EXCLUSIVE"}) {
      out_ += fmt::format("<span class=\"lock {}\">{}</span> ", lock_class(lock), lock);
    }
    out_ += "</p>\n";
    bool any = false;
    for (std::size_t i = 0; i < result_.revisions.size(); ++i) {
      for (const bool downgrade : {false, true}) any = write_timeline(result_.revisions[i], i, downgrade) || any;
    }
    if (!any) out_ += "<p class=\"muted\">No statement locks a table that others use.</p>\n";
    out_ += "</section>\n";
  }

  // Statements as rows, locked relations as columns. Nothing if the part locks none.
  bool write_timeline(const lint::RevisionNote& revision, std::size_t number, bool downgrade) {
    constexpr std::size_t most_relations = 8;
    constexpr std::size_t most_statements = 200;
    std::vector<const lint::RevisionNote::Statement*> statements;
    std::vector<std::string> relations;
    for (const lint::RevisionNote::Statement& statement : revision.statements) {
      if (statement.downgrade != downgrade) continue;
      statements.push_back(&statement);
      for (const lint::EffectNote& effect : statement.effects) {
        if (std::ranges::find(relations, effect.relation) == relations.end()) relations.push_back(effect.relation);
      }
    }
    if (relations.empty()) return false;
    const std::size_t more_relations = relations.size() - std::min(relations.size(), most_relations);
    relations.resize(relations.size() - more_relations);
    Locator* const locator = places_.in(downgrade ? revision.downgrade_source : revision.source);
    out_ += fmt::format(
        "<details class=\"timeline\" open{}><summary><b>{}</b> {}{}</summary>\n<div "
        "class=\"scroll\"><table><thead><tr><th></th><th>statement</th>",
        downgrade ? "" : fmt::format(" id=\"r{}\"", number), escaped(visible(revision.revision)), escaped(visible(revision.title)),
        downgrade ? " <i>downgrade</i>" : "");
    for (const std::string& relation : relations) out_ += fmt::format("<th class=\"relation\">{}</th>", escaped(visible(relation)));
    out_ += "</tr></thead><tbody>\n";
    std::map<std::string, std::string_view> held;  // relation: its strongest lock
    std::size_t transaction = 0;
    for (std::size_t i = 0; i < std::min(statements.size(), most_statements); ++i) {
      const lint::RevisionNote::Statement& statement = *statements[i];
      const bool begins = statement.transaction != transaction;
      if (begins) held.clear();
      transaction = statement.transaction;
      const std::uint32_t line = locator == nullptr ? 0 : locator->at(statement.span.begin).line;
      const std::string words = locator == nullptr ? std::string(statement.tag) : beginning(statement.span.of(locator->source().text()));
      out_ += fmt::format("<tr{}><td class=\"number\">{}</td><td class=\"sql\">{}</td>", begins ? " class=\"begins\"" : "", line,
                          escaped(words));
      for (const std::string& relation : relations) write_cell(statement, relation, held);
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
    if (statements.size() > most_statements)
      out_ += fmt::format("<p class=\"muted\">and {} more</p>", counted(statements.size() - most_statements, "statement"));
    if (more_relations > 0) out_ += fmt::format("<p class=\"muted\">and {} more locked</p>", counted(more_relations, "relation"));
    out_ += "</details>\n";
    return true;
  }

  void write_cell(const lint::RevisionNote::Statement& statement, const std::string& relation,
                  std::map<std::string, std::string_view>& held) {
    const auto effect = std::ranges::find(statement.effects, relation, &lint::EffectNote::relation);
    if (effect != statement.effects.end()) {
      const auto already = held.find(relation);
      // What is asked for while more is held changes nothing for those who wait.
      const std::string_view lock =
          already != held.end() && strength(already->second) > strength(effect->lock) ? already->second : effect->lock;
      const std::string_view colour = lock_class(lock);
      if (effect->held && already == held.end()) held.emplace(relation, effect->lock);
      else if (effect->held && lock == effect->lock) already->second = effect->lock;
      out_ += fmt::format("<td class=\"cell lock {}\" title=\"{}\">{}</td>", colour, escaped(visible(in_words(*effect))), effect->lock);
    } else if (const auto still = held.find(relation); still != held.end()) {
      out_ += fmt::format("<td class=\"cell held {}\" title=\"still {}\"></td>", lock_class(still->second), still->second);
    } else {
      out_ += "<td></td>";
    }
  }

  void write_graph() {
    std::vector<GraphRow> rows;
    std::map<std::pair<std::size_t, std::string_view>, std::pair<std::size_t, lint::Severity>> findings;
    for (const lint::Finding* finding : shown_) {
      const auto [entry, is_new] = findings.try_emplace({finding->source, finding->revision}, 0, finding->severity);
      ++entry->second.first;
      entry->second.second = std::max(entry->second.second, finding->severity);
    }
    for (std::size_t i = 0; i < result_.revisions.size(); ++i) {
      const lint::RevisionNote& revision = result_.revisions[i];
      GraphRow row;
      row.revision = revision.revision;
      row.parents = revision.parents;
      row.layout = revision.layout;
      row.words = visible(revision.revision) + (revision.title.empty() ? "" : "  " + visible(revision.title));
      row.judged = revision.judged;
      for (const std::size_t source : {revision.source, revision.downgrade_source}) {
        const auto found = findings.find({source, revision.revision});
        if (found == findings.end() ||
            (source == revision.downgrade_source && revision.downgrade_source == revision.source && row.findings > 0))
          continue;
        row.findings += found->second.first;
        row.colour = std::max<std::string_view>(row.colour, name(found->second.second));
        if (found->second.second == lint::Severity::error) row.colour = "error";
      }
      rows.push_back(std::move(row));
    }
    out_ += "<section id=\"revisions\"><h2>Revisions</h2>\n" + revision_graph(rows) + "</section>\n";
  }

  const lint::LintResult& result_;
  const ReportContext& context_;
  Places places_;
  std::vector<const lint::Finding*> shown_;
  std::string out_;
};

}  // namespace

std::string html(const lint::LintResult& result, const ReportContext& context) { return HtmlReport(result, context).run(); }

}  // namespace cupel::report

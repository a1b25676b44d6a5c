// The report for people, in the manner of rustc: what happens, where, the locks it takes, and the safe way as SQL.
#include "base/counted.h"
#include "report/character.h"
#include "report/counts.h"
#include "report/excerpt.h"
#include "report/finding_words.h"
#include "report/place.h"
#include "report/report.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace cupel::report {
namespace {

// More lines of one kind than this say nothing new: a partitioned table can have thousands of locked children.
constexpr std::size_t effects_shown = 6;
constexpr std::size_t related_shown = 5;
constexpr std::size_t source_cells_without_terminal = 160;

constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view bold_blue = "\x1b[1;34m";
constexpr std::string_view bold_cyan = "\x1b[1;36m";
constexpr std::string_view bold_green = "\x1b[1;32m";
constexpr std::string_view bold_red = "\x1b[1;31m";
constexpr std::string_view bold_yellow = "\x1b[1;33m";
constexpr std::string_view plain = "\x1b[0m";

struct Label {
  std::string_view word;
  std::string_view color;
};

Label label(lint::Severity severity) {
  switch (severity) {
    case lint::Severity::error: return {"error", bold_red};
    case lint::Severity::warning: return {"warning", bold_yellow};
    case lint::Severity::info: break;
  }
  return {"info", bold_cyan};
}

std::string duration(double seconds) {
  if (seconds < 0.0005) return "<1 ms";
  if (seconds < 0.9995) return fmt::format("{:.0f} ms", seconds * 1000);
  return seconds < 99.95 ? fmt::format("{:.1f} s", seconds) : fmt::format("{:.0f} s", seconds);
}

// One line as it should be: no run of blanks, nothing that is shown as something else.
bool is_plain_line(std::string_view words) {
  return !words.empty() && words.front() != ' ' && words.back() != ' ' && words.find("  ") == std::string_view::npos &&
         plain_run(words, 0) == words.size();
}

class TextReport {
 public:
  TextReport(const lint::LintResult& result, const TextStyle& style) : result_(result), style_(style), places_(result) {}

  std::string run() {
    // What a finding takes with its SQL and notes. Room that is not used costs nothing, and growing copies all.
    constexpr std::size_t bytes_of_finding = 1200;
    out_.reserve(result_.findings.size() * bytes_of_finding);
    for (const lint::Finding& finding : result_.findings) {
      if (finding.counts()) write(finding);
    }
    write_summary();
    return std::move(out_);
  }

 private:
  void write(const lint::Finding& finding) {
    const auto [word, color] = label(finding.severity);
    paint(color, word, "[", finding.rule, "]");
    paint(bold, ": ", visible(finding.message));
    out_ += '\n';

    gutter_ = 1;
    write_place(finding, color);
    for (std::size_t index = 0; index < std::min(effects_shown, finding.effects.size()); ++index) {
      const lint::EffectNote& effect = finding.effects[index];
      write_note(effect.lock.empty() ? "effect" : "lock", in_words(effect));
    }
    if (finding.effects.size() > effects_shown) {
      write_note("lock", fmt::format("... and {} more", finding.effects.size() - effects_shown));
    }
    if (!finding.why.empty()) write_note("why", finding.why);
    if (finding.certainty == lint::Certainty::assumes_rows) write_note("certainty", "assumes the table has rows");
    if (finding.certainty == lint::Certainty::opaque) write_note("certainty", "not all of the statement could be seen");
    for (std::size_t index = 0; index < std::min(related_shown, finding.related.size()); ++index) {
      const lint::RelatedPlace& place = finding.related[index];
      write_note("note", place_name(place.source, place.span) + ": " + place.message);
    }
    if (finding.related.size() > related_shown) {
      write_note("note", fmt::format("... and {} more places", finding.related.size() - related_shown));
    }
    write_help(finding);
    out_ += '\n';
  }

  void write_place(const lint::Finding& finding, std::string_view color) {
    Locator* const locator = places_.in(finding.source);
    if (locator == nullptr) return;
    const SourceText& source = locator->source();
    const Position begin = locator->at(finding.span.begin);
    const bool show_source = !about_whole_file(finding.span);
    if (show_source) gutter_ = fmt::format_int(begin.line).size();

    out_.append(gutter_ + 1, ' ');
    paint(bold_blue, "--> ");
    out_ += visible(source.name());
    if (show_source) append_position(out_, begin);
    if (!finding.revision.empty()) {
      const std::string_view part = finding.downgrade ? "downgrade of" : show_source ? "upgrade of" : "revision";
      out_.append(" (").append(part).append(" ").append(visible(finding.revision)) += ')';
    } else if (finding.downgrade) {
      out_ += " (downgrade)";
    }
    out_ += '\n';
    if (!show_source) return;

    const std::string_view line = source.line(begin.line);
    const std::size_t line_begin = source.line_begin(begin.line);
    std::size_t span_end = std::max<std::size_t>(finding.span.begin, finding.span.end) - line_begin;
    const bool goes_on = span_end > line.size();
    if (goes_on) span_end = line.find_last_not_of(" \t", line.size()) + 1;
    const std::size_t frame = gutter_ + 4;
    const std::size_t room = style_.width > frame ? style_.width - frame : source_cells_without_terminal;
    const Excerpt shown = excerpt(line, finding.span.begin - line_begin, span_end, room);

    write_bar();
    out_ += '\n';
    paint(bold_blue, " ", fmt::format_int(begin.line).c_str(), " |");
    out_.append(1, ' ').append(shown.text) += '\n';
    write_bar();
    out_.append(1 + shown.caret_begin, ' ');
    paint(color, std::string(shown.caret_cells, '^'));
    if (goes_on) {
      const Position end = locator->at(finding.span.end - 1);
      if (end.line > begin.line) paint(color, " ... " + counted(end.line - begin.line, "more line"));
    }
    out_ += '\n';
  }

  void write_bar() {
    out_.append(gutter_ + 2, ' ');
    paint(bold_blue, "|");
  }

  void write_note(std::string_view name, std::string_view words) {
    out_.append(gutter_ + 2, ' ');
    paint(bold_blue, "= ");
    paint(bold, name, ":");
    out_ += ' ';
    write_prose(words, gutter_ + 4 + name.size() + 2);
  }

  void write_help(const lint::Finding& finding) {
    std::string_view advice = finding.advice;
    if (advice.empty() && !finding.fixes.empty()) advice = finding.fixes.front().title;
    if (advice.empty() && finding.safe_sql.empty()) return;
    paint(bold_green, "help:");
    out_ += ' ';
    write_prose(advice.empty() ? "the safe way" : advice, 6);
    for (std::string_view rest = finding.safe_sql; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      write_bar();
      const std::string line = visible(rest.substr(0, end));
      if (!line.empty()) out_.append("   ").append(line);
      out_ += '\n';
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }

  // Words, broken where the terminal ends; further lines are indented as far as the first one, which stands already.
  void write_prose(std::string_view words, std::size_t indent) {
    const std::size_t room = style_.width >= indent + 20 ? style_.width - indent : 0;
    if (room == 0 && is_plain_line(words)) {
      out_.append(words) += '\n';
      return;
    }
    Rendered rendered;
    std::size_t used = 0;
    while (!words.empty()) {
      const std::size_t begin = words.find_first_not_of(" \n");
      if (begin == std::string_view::npos) break;
      words.remove_prefix(begin);
      const std::string_view word = words.substr(0, words.find_first_of(" \n"));
      words.remove_prefix(word.size());
      rendered.text.clear();
      rendered.cells = 0;
      append_visible(rendered, word);
      if (used > 0 && room > 0 && used + 1 + rendered.cells > room) {
        out_ += '\n';
        out_.append(indent, ' ');
        used = 0;
      } else if (used > 0) {
        out_ += ' ';
        ++used;
      }
      out_ += rendered.text;
      used += rendered.cells;
    }
    out_ += '\n';
  }

  // "migrations/0007_idx.sql:3:1"
  std::string place_name(std::size_t source, Span span) {
    Locator* const locator = places_.in(source);
    if (locator == nullptr) return "?";
    std::string name = visible(locator->source().name());
    if (!about_whole_file(span)) append_position(name, locator->at(span.begin));
    return name;
  }

  static void append_position(std::string& name, Position position) {
    for (const std::uint32_t number : {position.line, position.column}) {
      const fmt::format_int digits(number);
      name.append(1, ':').append(digits.data(), digits.size());
    }
  }

  void write_summary() {
    const Counts counts = count(result_);
    std::string found;
    const auto add = [&](lint::Severity severity, std::string_view color, const std::string& words) {
      if (counts.of(severity) == 0) return;
      if (!found.empty()) found += ", ";
      found += style_.color == Color::always ? fmt::format("{}{}{}", color, words, plain) : words;
    };
    using enum lint::Severity;
    add(error, bold_red, counted(counts.of(error), "error"));
    add(warning, bold_yellow, counted(counts.of(warning), "warning"));
    add(info, bold_cyan, fmt::format("{} info", counts.of(info)));
    if (found.empty()) {
      paint(bold_green, "No findings");
    } else {
      out_ += found;
    }
    const bool nothing_new = result_.judged && *result_.judged == 0;
    if (nothing_new) out_ += ": nothing changed in " + migrations_in_words(counts.migrations);
    else if (result_.judged) out_ += fmt::format(" in {} of {}", *result_.judged, migrations_in_words(counts.migrations));
    else out_ += " in " + migrations_in_words(counts.migrations);
    if (!nothing_new) out_ += ", " + counted(result_.statements, "statement");
    if (result_.seconds > 0) out_ += ", " + duration(result_.seconds);
    if (counts.suppressed > 0) fmt::format_to(std::back_inserter(out_), "; {} suppressed", counts.suppressed);
    std::size_t dumps = 0;
    std::size_t unread = 0;
    for (const lint::LayoutUse& use : result_.layouts) {
      dumps += use.schema_dumps;
      unread += use.unread;
    }
    if (unread > 0) fmt::format_to(std::back_inserter(out_), "; {} of them not in SQL, and not read", unread);
    if (dumps > 0) out_ += "; " + counted(dumps, "schema dump") + " not judged";
    if (counts.known > 0) fmt::format_to(std::back_inserter(out_), "; {} known (baseline)", counts.known);
    out_ += '\n';
  }

  // "12 migrations (goose)", "12 migrations (goose 8, flyway 4)": a layout found in several folders is named once.
  [[nodiscard]] std::string migrations_in_words(std::size_t migrations) const {
    std::vector<std::pair<std::string_view, std::size_t>> layouts;
    for (const lint::LayoutUse& use : result_.layouts) {
      const auto known = std::find_if(layouts.begin(), layouts.end(), [&](const auto& one) { return one.first == use.layout; });
      if (known == layouts.end()) {
        layouts.emplace_back(use.layout, use.migrations);
      } else {
        known->second += use.migrations;
      }
    }
    std::string words = counted(migrations, "migration");
    for (const auto& [layout, count] : layouts) {
      words += layouts.front().first == layout ? " (" : ", ";
      words += layout;
      if (layouts.size() > 1) fmt::format_to(std::back_inserter(words), " {}", count);
    }
    return layouts.empty() ? words : words + ')';
  }

  template <class... Words>
  void paint(std::string_view color, const Words&... words) {
    if (style_.color == Color::always) out_ += color;
    (out_.append(words), ...);
    if (style_.color == Color::always) out_ += plain;
  }

  const lint::LintResult& result_;
  const TextStyle& style_;
  Places places_;
  std::string out_;
  std::size_t gutter_ = 1;  // digits of the line number beside the finding's source
};

}  // namespace

std::string text(const lint::LintResult& result, const TextStyle& style) { return TextReport(result, style).run(); }

}  // namespace cupel::report

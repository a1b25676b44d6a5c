// A comment for a pull request, in GitHub's Markdown (GitLab's and Bitbucket's read it as well): what a reviewer needs first,
// the rest folded. GitHub takes 65,536 characters.
#include "base/counted.h"
#include "report/character.h"
#include "report/counts.h"
#include "report/finding_words.h"
#include "report/json_parts.h"
#include "report/report.h"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace cupel::report {
namespace {

// In bytes, which are never fewer than characters; the rest is for the last lines.
constexpr std::size_t most_bytes = 60'000;
constexpr std::size_t most_sql_bytes = 4'000;

// Text that no name in it can turn into markup, a mention or another line.
std::string escaped(std::string_view words) {
  std::string out;
  for (const char byte : visible(words)) {
    if (std::string_view("\\`*_[]|~#").find(byte) != std::string_view::npos) out += '\\';
    if (byte == '<') out += "&lt;";
    else if (byte == '>') out += "&gt;";
    else if (byte == '&') out += "&amp;";
    else out += byte;
    if (byte == '@') out += "\xE2\x80\x8B";  // a zero width space: nobody is called
  }
  return out;
}

// The same where a Markdown escape would be seen: in HTML.
std::string in_html(std::string_view words) {
  std::string out;
  for (const char byte : markup_escaped(visible(words))) {
    out += byte;
    if (byte == '@') out += "\xE2\x80\x8B";
  }
  return out;
}

// A fence longer than any in the code.
std::string code_block(std::string_view code) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char byte : code) {
    run = byte == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(std::max<std::size_t>(3, longest + 1), '`');
  std::string body;
  for (std::string_view rest = code; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    body += visible(rest.substr(0, end)) + '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return fence + "sql\n" + body + fence + "\n";
}

struct Shown {
  std::array<std::size_t, 3> by_severity{};
  std::vector<const lint::Finding*> findings;
};

int worst(const Shown& file) {
  for (const lint::Severity severity : {lint::Severity::error, lint::Severity::warning}) {
    if (file.by_severity[static_cast<std::size_t>(severity)] > 0) return static_cast<int>(severity);
  }
  return 0;
}

// "1 error, 2 warnings"
std::string in_words(const std::array<std::size_t, 3>& counts) {
  std::string words;
  const auto add = [&](lint::Severity severity, std::string_view noun) {
    const std::size_t count = counts[static_cast<std::size_t>(severity)];
    if (count == 0) return;
    if (!words.empty()) words += ", ";
    words += severity == lint::Severity::info ? fmt::format("{} info", count) : counted(count, noun);
  };
  add(lint::Severity::error, "error");
  add(lint::Severity::warning, "warning");
  add(lint::Severity::info, "info");
  return words;
}

std::string finding_block(const lint::Finding& finding, Locator* locator) {
  std::string out = fmt::format("**{}** `{}`", name(finding.severity), finding.rule);
  if (locator != nullptr && !about_whole_file(finding.span)) out += fmt::format(" line {}", locator->at(finding.span.begin).line);
  out += fmt::format(": {}\n\n", escaped(one_line(finding)));
  if (!finding.effects.empty()) {
    constexpr std::size_t effects_shown = 6;
    out += "| lock | on | blocks | |\n| --- | --- | --- | --- |\n";
    for (std::size_t i = 0; i < std::min(finding.effects.size(), effects_shown); ++i) {
      const lint::EffectNote& effect = finding.effects[i];
      out += fmt::format("| {} | {} | {} | {} |\n", effect.lock, escaped(effect.relation), effect.blocks, escaped(effect.duration));
    }
    if (finding.effects.size() > effects_shown) out += fmt::format("| … | and {} more | | |\n", finding.effects.size() - effects_shown);
    out += '\n';
  }
  if (!finding.why.empty()) out += escaped(finding.why) + "\n\n";
  if (finding.certainty == lint::Certainty::assumes_rows) out += "This assumes that the table has rows.\n\n";
  if (finding.certainty == lint::Certainty::opaque) out += "Not all of the statement could be seen.\n\n";
  if (!finding.advice.empty() || !finding.safe_sql.empty()) {
    out += "Instead: " + (finding.advice.empty() ? std::string("the safe way") : escaped(finding.advice)) + "\n\n";
  }
  if (finding.safe_sql.size() > most_sql_bytes) out += "(The SQL is too long for a comment: see the full report.)\n\n";
  else if (!finding.safe_sql.empty()) out += code_block(finding.safe_sql) + "\n";
  return out;
}

}  // namespace

std::string markdown(const lint::LintResult& result, const ReportContext& /*context*/) {
  Places places(result);
  const Counts counts = count(result);
  std::map<std::size_t, Shown> files;
  for (const lint::Finding& finding : result.findings) {
    if (!finding.counts()) continue;
    Shown& file = files[finding.source];
    ++file.by_severity[static_cast<std::size_t>(finding.severity)];
    file.findings.push_back(&finding);
  }

  // A bot finds its comment again by the first line, to write it anew instead of adding one.
  std::string out = "<!-- cupel -->\n";
  out += fmt::format("### cupel: {}\n\n", files.empty() ? "no findings" : in_words(counts.by_severity));
  const std::size_t judged = result.judged.value_or(counts.migrations);
  out += judged == 0 ? fmt::format("No migration changed (of {}).\n", counts.migrations)
                     : fmt::format("{} judged for PostgreSQL {}", counted(judged, "migration"), result.postgres_version) +
                           (judged < counts.migrations ? fmt::format(", {} replayed as history", counts.migrations - judged) : "") + ".\n";
  // If not all fits, what is serious does.
  std::vector<std::pair<std::size_t, const Shown*>> order;
  order.reserve(files.size());
  for (const auto& [source, file] : files) order.emplace_back(source, &file);
  std::ranges::stable_sort(order, std::greater<>(), [](const auto& entry) { return worst(*entry.second); });
  std::size_t left_out = 0;
  for (const auto& [source, shown_file] : order) {
    const Shown& file = *shown_file;
    const std::string path = path_of(places, source);
    std::string block = fmt::format("\n<details{}><summary><b>{}</b>: {}</summary>\n\n",
                                    file.by_severity[static_cast<std::size_t>(lint::Severity::info)] == file.findings.size() ? "" : " open",
                                    path.empty() ? "migrations" : in_html(path), in_words(file.by_severity));
    std::size_t shown = 0;
    for (const lint::Finding* finding : file.findings) {
      const std::string words = finding_block(*finding, places.in(source));
      if (out.size() + block.size() + words.size() > most_bytes) break;
      if (shown > 0) block += "---\n\n";
      block += words;
      ++shown;
    }
    left_out += file.findings.size() - shown;
    if (shown > 0) out += block + "</details>\n";
  }
  if (left_out > 0) out += fmt::format("\n**{} more** did not fit into a comment: see the full report.\n", counted(left_out, "finding"));
  if (counts.suppressed + counts.known > 0) {
    out += fmt::format("\n{} suppressed, {} known from the baseline.\n", counts.suppressed, counts.known);
  }
  return out;
}

}  // namespace cupel::report

#include "report/sarif_words.h"

#include "report/character.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace cupel::report {
namespace {

constexpr std::size_t description_characters = 1'024;

}  // namespace

std::string sarif_message(const lint::Finding& finding) {
  std::string words = finding.message;
  if (finding.downgrade) words += " (in the downgrade)";
  words += '.';
  if (finding.certainty == lint::Certainty::assumes_rows) words += " This assumes that the table has rows.";
  if (finding.certainty == lint::Certainty::opaque) words += " Not all of the statement could be seen.";
  if (!finding.why.empty()) words += ' ' + finding.why;
  if (!finding.advice.empty()) words += "\n\nInstead: " + finding.advice;
  if (!finding.safe_sql.empty()) words += (finding.advice.empty() ? "\n\nInstead:\n\n" : "\n\n") + finding.safe_sql;
  return words;
}

std::string sarif_escaped(std::string_view words) {
  std::string escaped;
  escaped.reserve(words.size());
  for (const char byte : words) {
    if (byte == '{' || byte == '}') escaped += byte;
    if (byte == '(' && escaped.ends_with(']')) escaped += ' ';
    escaped += byte;
  }
  return escaped;
}

std::string uri_of(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char byte : path) {
    const bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
    const bool digit = byte >= '0' && byte <= '9';
    if (letter || digit || std::string_view("-._~/").find(byte) != std::string_view::npos) {
      uri += byte;
    } else {
      fmt::format_to(std::back_inserter(uri), "%{:02X}", static_cast<unsigned char>(byte));
    }
  }
  return uri;
}

std::string first_paragraph(std::string_view markdown) {
  std::string paragraph;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const bool ends_paragraph = line.empty() || line.starts_with('#') || line.starts_with("```");
    if (ends_paragraph && !paragraph.empty()) break;
    if (ends_paragraph) continue;
    if (!paragraph.empty()) paragraph += ' ';
    paragraph += line;
  }
  std::size_t at = 0;
  for (std::size_t characters = 0; at < paragraph.size() && characters < description_characters; ++characters) {
    at += decode(paragraph, at).size;
  }
  paragraph.resize(at);
  return paragraph;
}

}  // namespace cupel::report

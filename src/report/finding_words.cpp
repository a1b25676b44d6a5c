#include "report/finding_words.h"

#include "report/character.h"

namespace cupel::report {

std::string one_line(const lint::Finding& finding) { return finding.message + (finding.downgrade ? " (in the downgrade)" : ""); }

std::string in_words(const lint::EffectNote& effect) {
  std::string words(effect.lock);
  if (!effect.relation.empty()) words.append(words.empty() ? "" : " on ").append(effect.relation);
  if (!effect.blocks.empty()) words.append(" blocks ").append(effect.blocks);
  if (!effect.duration.empty()) words.append(effect.lock.empty() && effect.blocks.empty() ? ": " : " ").append(effect.duration);
  return words;
}

std::string details(const lint::Finding& finding) {
  constexpr std::size_t effects_shown = 6;
  std::string words;
  const auto add = [&words](std::string_view line) {
    if (!words.empty()) words += '\n';
    words += line;
  };
  for (std::size_t i = 0; i < finding.effects.size() && i < effects_shown; ++i)
    add((finding.effects[i].lock.empty() ? "Effect: " : "Lock: ") + in_words(finding.effects[i]) + ".");
  if (finding.effects.size() > effects_shown) add("And " + std::to_string(finding.effects.size() - effects_shown) + " more effects.");
  if (!finding.why.empty()) add(finding.why);
  if (finding.certainty == lint::Certainty::assumes_rows) add("This assumes that the table has rows.");
  if (finding.certainty == lint::Certainty::opaque) add("Not all of the statement could be seen.");
  if (!finding.advice.empty()) add("Instead: " + finding.advice + (finding.safe_sql.empty() ? "" : ":"));
  else if (!finding.safe_sql.empty()) add("Instead:");
  if (!finding.safe_sql.empty()) add(finding.safe_sql);
  while (words.ends_with('\n')) words.pop_back();
  return words;
}

std::string path_of(Places& places, std::size_t source) {
  Locator* const locator = places.in(source);
  if (locator == nullptr) return {};
  std::string_view path = locator->source().name();
  while (path.starts_with("./")) path.remove_prefix(2);
  return std::string(path);
}

std::string markup_escaped(std::string_view words) {
  std::string escaped;
  escaped.reserve(words.size());
  for (std::size_t at = 0; at < words.size();) {
    const Character character = decode(words, at);
    const bool control = character.code < 0x20 && character.code != '\t' && character.code != '\n' && character.code != '\r';
    if (!character.valid || control || character.code == 0xFFFE || character.code == 0xFFFF) {
      escaped += "\xEF\xBF\xBD";
    } else if (words[at] == '&') {
      escaped += "&amp;";
    } else if (words[at] == '<') {
      escaped += "&lt;";
    } else if (words[at] == '>') {
      escaped += "&gt;";
    } else if (words[at] == '"') {
      escaped += "&quot;";
    } else {
      escaped += words.substr(at, character.size);
    }
    at += character.size;
  }
  return escaped;
}

}  // namespace cupel::report

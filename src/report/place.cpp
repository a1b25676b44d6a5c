#include "report/place.h"

#include "report/character.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace cupel::report {
namespace {

constexpr std::uint32_t bytes_between_marks = 1024;

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x100000001B3ULL;
  return hash;
}

}  // namespace

std::uint32_t Locator::line_of(std::uint32_t offset) const {
  std::uint32_t first = 1;
  for (std::uint32_t count = source_->line_count(); count > 1;) {
    const std::uint32_t half = count / 2;
    if (source_->line_begin(first + half) <= offset) first += half;
    count -= half;
  }
  return first;
}

Position Locator::at(std::uint32_t offset) {
  const std::string_view text = source_->text();
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  Position position;
  position.line = line_of(offset);

  std::uint32_t at = source_->line_begin(position.line);
  if (at == 0 && offset > 0 && text.starts_with("\xEF\xBB\xBF")) at = 3;
  std::vector<Mark>* marks = nullptr;
  if (offset > at && offset - at > bytes_between_marks) {
    marks = &marks_[position.line];
    const auto after =
        std::upper_bound(marks->begin(), marks->end(), offset, [](std::uint32_t value, const Mark& mark) { return value < mark.offset; });
    if (after != marks->begin()) {
      const Mark& mark = *(after - 1);
      at = mark.offset;
      position.column = mark.column;
      position.utf16_column = mark.utf16_column;
    }
  }

  std::uint32_t last_mark = marks == nullptr ? 0 : marks->empty() ? at : marks->back().offset;
  if (marks == nullptr) {
    const auto plain = static_cast<std::uint32_t>(plain_run(text, at, offset > at ? offset - at : 0));
    at += plain;
    position.column += plain;
    position.utf16_column += plain;
  }
  while (at < offset) {
    const Character character = decode(text, at);
    at += static_cast<std::uint32_t>(character.size);
    ++position.column;
    position.utf16_column += character.valid && character.code > 0xFFFF ? 2 : 1;
    if (marks != nullptr && at >= last_mark + bytes_between_marks && at <= offset) {
      marks->push_back({at, position.column, position.utf16_column});
      last_mark = at;
    }
  }
  return position;
}

Places::Places(const lint::LintResult& result) {
  locators_.reserve(result.sources.size());
  for (const auto& source : result.sources) {
    if (source == nullptr) locators_.emplace_back();
    else locators_.emplace_back(*source);
  }
}

std::vector<std::string> numbered_fingerprints(const lint::LintResult& result) {
  std::vector<std::string> fingerprints;
  fingerprints.reserve(result.findings.size());
  std::unordered_map<std::string, std::size_t> seen;
  for (const lint::Finding& finding : result.findings) {
    std::string base = finding.fingerprint;
    if (base.empty()) {
      std::uint64_t hash = fnv1a(finding.rule, 0xCBF29CE484222325ULL);
      hash = fnv1a(finding.message, fnv1a(std::string_view("\0", 1), hash));
      base = fmt::format("{:016x}", hash);
    }
    const std::size_t number = ++seen[fmt::format("{}\n{}", finding.source, base)];
    fingerprints.push_back(fmt::format("{}:{}", base, number));
  }
  return fingerprints;
}

}  // namespace cupel::report

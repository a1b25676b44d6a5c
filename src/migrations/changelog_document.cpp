#include "migrations/changelog_document.h"

#include "base/ascii.h"
#include "migrations/file_name.h"

#include <algorithm>
#include <array>

namespace cupel::migrations {

bool is_document(std::string_view file) {
  constexpr std::array<std::string_view, 4> endings = {".xml", ".yaml", ".yml", ".json"};
  const std::string name = lower_case(base_name(file));
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view one) { return name.ends_with(one); });
}

bool may_be_document_with_sql(std::string_view file) {
  if (!is_document(file)) return false;
  const std::string name = lower_case(base_name(file));
  return !leading_digits(name).empty() || name.find("changelog") != std::string::npos || name.find("master") != std::string::npos;
}

const ChangelogElement* ChangelogElement::find(std::string_view child) const {
  const auto found = std::ranges::find(children, child, &ChangelogElement::name);
  return found == children.end() ? nullptr : &*found;
}

std::string_view ChangelogElement::value_of(std::string_view child) const {
  const ChangelogElement* found = find(child);
  return found == nullptr ? std::string_view() : found->value;
}

void ValueWriter::write(std::size_t begin, std::size_t end, std::string_view piece) {
  const bool white = piece == " " || piece == "\n" || piece == "\t" || piece == "\r";
  if (white) finish(begin);
  for (const char c : piece) {
    if (at_ < end) text_[at_++] = c;
  }
  if (white) finish(end);
}

void ValueWriter::finish(std::size_t end) {
  for (; at_ < end; ++at_) {
    if (text_[at_] != '\n' && text_[at_] != '\r') text_[at_] = ' ';
  }
}

std::string utf8_of(char32_t code) {
  if (code > 0x10'FFFF || (code >= 0xD800 && code < 0xE000)) code = 0xFFFD;
  std::string bytes;
  if (code < 0x80) {
    bytes += static_cast<char>(code);
    return bytes;
  }
  const int tail = code < 0x800 ? 1 : code < 0x1'0000 ? 2 : 3;
  const unsigned lead = tail == 1 ? 0xC0U : tail == 2 ? 0xE0U : 0xF0U;
  bytes += static_cast<char>(lead | (code >> (6 * tail)));
  for (int left = tail - 1; left >= 0; --left) bytes += static_cast<char>(0x80U | ((code >> (6 * left)) & 0x3FU));
  return bytes;
}

}  // namespace cupel::migrations

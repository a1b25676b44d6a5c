#include "migrations/changelog_document.h"

#include "migrations/file_name.h"
#include "migrations/text_lines.h"

#include <algorithm>
#include <array>

namespace cupel::migrations {

bool is_document(std::string_view file) {
  constexpr std::array<std::string_view, 4> endings = {".xml", ".yaml", ".yml", ".json"};
  return std::any_of(endings.begin(), endings.end(), [file](std::string_view ending) {
    return file.size() > ending.size() && equals_ignoring_case(file.substr(file.size() - ending.size()), ending);
  });
}

bool is_named_as_changelog(std::string_view file) {
  const std::string_view name = base_name(file);
  return is_document(file) && (contains_ignoring_case(name, "changelog") || contains_ignoring_case(name, "master"));
}

bool may_be_document_with_sql(std::string_view file) {
  return is_document(file) && (!leading_digits(base_name(file)).empty() || is_named_as_changelog(file));
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
  const bool is_line_end = piece == "\n";
  const bool white = is_line_end || piece == " " || piece == "\t" || piece == "\r";
  // It ends a comment of SQL as \n does, and the lines of the file remain as they are.
  if (is_line_end && text_[begin] != '\n') piece = "\r";
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

#include "migrations/changelog_document.h"
#include "migrations/text_lines.h"

#include <array>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

namespace cupel::migrations {
namespace {

// Deeper ones are no changelog.
constexpr int greatest_depth = 40;

// What "&name;" at the beginning of `text` stands for, and how long it is; nothing for a lone & and an entity of the document's own.
std::optional<std::pair<std::string, std::size_t>> entity(std::string_view text) {
  const std::size_t end = text.substr(0, 12).find(';');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> named = {
      {{"amp", "&"}, {"lt", "<"}, {"gt", ">"}, {"quot", "\""}, {"apos", "'"}}};
  for (const auto& [word, character] : named) {
    if (name == word) return std::pair(std::string(character), end + 1);
  }
  if (!name.starts_with('#')) return std::nullopt;
  const bool hexadecimal = name.starts_with("#x");
  const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
  std::uint32_t code = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
  if (read.ec != std::errc() || read.ptr != digits.data() + digits.size()) return std::nullopt;
  return std::pair(utf8_of(code), end + 1);
}

// What each character of the text stands for: function(begin, end, piece), the place in `raw` of what is written for it.
template <class Function>
void for_each_piece(std::string_view raw, Function function) {
  for (std::size_t at = 0; at < raw.size();) {
    const auto replaced = raw[at] == '&' ? entity(raw.substr(at)) : std::nullopt;
    const std::size_t end = at + (replaced ? replaced->second : 1);
    function(at, end, replaced ? std::string_view(replaced->first) : raw.substr(at, 1));
    at = end;
  }
}

std::string decoded(std::string_view raw) {
  std::string value;
  for_each_piece(raw, [&value](std::size_t, std::size_t, std::string_view piece) { value += piece; });
  return value;
}

std::string_view local(std::string_view name) { return name.substr(name.find(':') == std::string_view::npos ? 0 : name.find(':') + 1); }

class Reader {
 public:
  explicit Reader(ChangelogDocument& document) : document_(document) {}

  ChangelogElement element(const pugi::xml_node& node, int depth) {
    ChangelogElement result;
    const std::string_view name = node.name();
    result.name = local(name);
    const auto begin = static_cast<std::uint32_t>(node.offset_debug());
    result.place = {begin, begin + static_cast<std::uint32_t>(name.size())};
    for (const pugi::xml_attribute& attribute : node.attributes()) {
      ChangelogElement& child = result.children.emplace_back();
      child.name = local(attribute.name());
      child.value = decoded(attribute.value());
      child.place = result.place;
      child.attribute = true;
    }
    for (const pugi::xml_node& child : node.children()) {
      if (child.type() == pugi::node_element && depth < greatest_depth) result.children.push_back(element(child, depth + 1));
      if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) add_text(result, child);
    }
    if (is_blank(result.value)) result.text = {};
    return result;
  }

 private:
  // An element's text is all that stands in it, whatever markup is between.
  void add_text(ChangelogElement& element, const pugi::xml_node& node) {
    const std::string_view raw = node.value();
    if (raw.empty() || node.offset_debug() < 0) return;
    const auto begin = static_cast<std::size_t>(node.offset_debug());
    const std::size_t end = begin + raw.size();
    if (element.text.empty()) {
      element.text.begin = static_cast<std::uint32_t>(begin);
    } else {
      ValueWriter(document_.text, element.text.end).finish(begin);
    }
    element.text.end = static_cast<std::uint32_t>(end);
    if (node.type() == pugi::node_cdata) {
      element.value += raw;
      return;
    }
    ValueWriter writer(document_.text, begin);
    for_each_piece(raw, [&](std::size_t from, std::size_t to, std::string_view piece) {
      element.value += piece;
      writer.write(begin + from, begin + to, piece);
    });
    writer.finish(end);
  }

  ChangelogDocument& document_;
};

}  // namespace

ChangelogDocument read_xml_document(std::string_view text) {
  ChangelogDocument document;
  document.text = text;
  pugi::xml_document parsed;
  // As it stands in the file: no entity replaced and no line end changed, so that offsets are the file's.
  const pugi::xml_parse_result result = parsed.load_buffer(text.data(), text.size(), pugi::parse_cdata, pugi::encoding_utf8);
  if (!result) {
    const auto at = static_cast<std::uint32_t>(
        std::min<std::size_t>(static_cast<std::size_t>(std::max<std::ptrdiff_t>(result.offset, 0)), text.size()));
    document.refused = {{at, at}, result.description()};
    return document;
  }
  Reader reader(document);
  document.root.children.push_back(reader.element(parsed.document_element(), 0));
  return document;
}

}  // namespace cupel::migrations

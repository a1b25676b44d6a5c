// Documents that hold SQL, be they XML, YAML or JSON (changelogs of Liquibase, operations of pgroll): elements with names, values and
// elements below them.
#pragma once

#include "base/span.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::migrations {

struct ChangelogElement {
  std::string name;        // without a namespace; empty for a value in a list
  Span place;              // the name in the file
  std::string value;       // of an attribute, a scalar or an element's own text
  Span text;               // where the value is in ChangelogDocument::text; empty for attributes
  bool attribute = false;  // of XML
  std::vector<ChangelogElement> children;

  // The first of that name; nullptr if there is none.
  [[nodiscard]] const ChangelogElement* find(std::string_view child) const;
  // Its value; empty if there is none.
  [[nodiscard]] std::string_view value_of(std::string_view child) const;
};

struct ChangelogDocument {
  struct Refusal {
    Span place;
    std::string message;
  };
  ChangelogElement root;  // its only child is what the document has at the top
  // The file with its line ends where they were, but values are what escapes and entities make of them: what stands behind one
  // moves to the left up to the next white space, and blanks take the place of what is left.
  std::string text;
  std::optional<Refusal> refused;
};

// A document that a layout may find SQL in, by its name: a changelog of Liquibase, a numbered file of pgroll.
bool may_be_document_with_sql(std::string_view file);
// A document that is called changelog or master, or a word with one of these in it.
bool is_named_as_changelog(std::string_view file);
// Whether it ends as a document does: .xml, .yaml, .yml, .json.
bool is_document(std::string_view file);

// Any bytes; aliases of YAML are not followed, entities that the document defines are not replaced.
ChangelogDocument read_xml_document(std::string_view text);
// JSON, too.
ChangelogDocument read_yaml_document(std::string_view text);

// Writes values over a document's own bytes: never more than was read, and white space where it was.
class ValueWriter {
 public:
  ValueWriter(std::string& text, std::size_t from) : text_(text), at_(from) {}
  // One piece of the value, whose spelling in the file is text[begin, end).
  void write(std::size_t begin, std::size_t end, std::string_view piece);
  // Fills what is left up to here with blanks.
  void finish(std::size_t end);

 private:
  std::string& text_;
  std::size_t at_;
};

// The UTF-8 of a code point; U+FFFD for what is none.
std::string utf8_of(char32_t code);

}  // namespace cupel::migrations

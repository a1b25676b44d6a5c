// Texts and lists as the operations take them: views of what the caller has. They live until the end of the call, which is
// all that an operation needs; to keep one longer, keep what it looks at.
#pragma once

#include <cstddef>
#include <initializer_list>

namespace cupel {

// A text that belongs to somebody else: a literal, a std::string, a std::string_view, or anything with data() and size().
struct str {
  const char* data = "";
  std::size_t size = 0;

  constexpr str() = default;
  constexpr str(const char* text) : data(text != nullptr ? text : "") {
    while (data[size] != '\0') ++size;
  }
  constexpr str(const char* text, std::size_t length) : data(text), size(length) {}
  template <class Text>
  requires requires(const Text& text) { str(text.data(), text.size()); }
  constexpr str(const Text& text) : data(text.data()), size(text.size()) {}

  [[nodiscard]] constexpr bool empty() const { return size == 0; }
};

// Elements that belong to somebody else: written in braces, or in anything with data() and size().
template <class Element>
struct list {
  const Element* first = nullptr;
  std::size_t count = 0;

  constexpr list() = default;
  constexpr list(const Element* elements, std::size_t length) : first(elements), count(length) {}
  // What is in braces lives until the end of the call. (Assigned in the body, since compilers warn of the initializer.)
  constexpr list(std::initializer_list<Element> elements) {
    first = elements.begin();
    count = elements.size();
  }
  template <class Container>
  requires requires(const Container& elements) { list(elements.data(), elements.size()); }
  constexpr list(const Container& elements) : first(elements.data()), count(elements.size()) {}

  [[nodiscard]] constexpr bool empty() const { return count == 0; }
  [[nodiscard]] constexpr const Element* begin() const { return first; }
  [[nodiscard]] constexpr const Element* end() const { return first + count; }
};

// yes, no, or not said.
enum class answer : unsigned char { unset, no, yes };
struct maybe {
  answer said = answer::unset;

  constexpr maybe() = default;
  constexpr maybe(bool yes) : said(yes ? answer::yes : answer::no) {}
};

// A place in a source file.
struct source_place {
  const char* file = "";
  unsigned line = 0;

  // Where the call is written that has this as default argument.
  static constexpr source_place here(const char* file = __builtin_FILE(), unsigned line = static_cast<unsigned>(__builtin_LINE())) {
    return {file, line};
  }
};

}  // namespace cupel

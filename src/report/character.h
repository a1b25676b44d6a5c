// Characters in bytes of any origin: where one ends, how wide a terminal draws it, how to show it without harm.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cupel::report {

struct Character {
  char32_t code = 0;     // meaningless if not valid
  std::size_t size = 1;  // in bytes; 1 if not valid
  bool valid = true;     // false: this byte does not belong to any UTF-8 sequence
};

// The character at `at`, which must be inside `bytes`. Overlong forms and surrogates are not valid.
Character decode(std::string_view bytes, std::size_t at);

// Where the character before `at` begins; `at` must be greater than 0.
std::size_t previous_character(std::string_view bytes, std::size_t at);

// A piece of text with the number of terminal cells it takes.
struct Rendered {
  std::string text;
  std::size_t cells = 0;
};

// Appends what a person sees of the character at bytes[at]: a tab as four spaces; control characters, marks that
// reorder text (a source could hide its meaning or drive the terminal with them) and invalid bytes as escapes.
void append_visible(Rendered& to, std::string_view bytes, std::size_t at, Character character);

// How many bytes from `at` on, `most` at most, show as themselves in one cell each: printable ASCII, which nearly all text
// is. They need none of the above.
std::size_t plain_run(std::string_view bytes, std::size_t at, std::size_t most = std::string_view::npos);

// All of `bytes` made visible, on one line.
std::string visible(std::string_view bytes);
// Appends that to `to`.
void append_visible(Rendered& to, std::string_view bytes);

}  // namespace cupel::report

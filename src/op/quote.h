// Names and literals as SQL writes them.
#pragma once

#include <string>
#include <string_view>

namespace cupel::op {

// The name, in quotes when it is not one without them: an upper-case letter, a key word, anything but letters, digits and _.
std::string quote_identifier(std::string_view name);
// 'text', as quote_literal of PostgreSQL answers: right whatever standard_conforming_strings is.
std::string quote_literal(std::string_view text);

}  // namespace cupel::op

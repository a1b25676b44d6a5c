// Pieces that several formats say in the same way.
#pragma once

#include "lint/finding.h"
#include "report/place.h"

#include <string>
#include <string_view>

namespace cupel::report {

// "building index i blocks writes to orders (in the downgrade)": what a reader with one line gets.
std::string one_line(const lint::Finding& finding);
// The other things a finding has to say, as plain text: locks, why, how sure, what to do instead and its SQL. No newline at
// the end.
std::string details(const lint::Finding& finding);
// "ACCESS EXCLUSIVE on orders blocks reads and writes while every row is read"
std::string in_words(const lint::EffectNote& effect);

// A finding's file as a path from where cupel was started, without "./"; empty if it is about no file.
std::string path_of(Places& places, std::size_t source);

// XML and HTML text: markup escaped, what is no character of XML 1.0 replaced by U+FFFD. Good for attributes in double
// quotes, too.
std::string markup_escaped(std::string_view words);

}  // namespace cupel::report

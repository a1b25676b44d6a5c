// What findings and rules say in SARIF, where a reader gives some characters a meaning of their own.
#pragma once

#include "lint/finding.h"

#include <string>
#include <string_view>

namespace cupel::report {

// All a finding has to say. Readers with little room show its first sentence, which says what happens.
std::string sarif_message(const lint::Finding& finding);

// Text that reads the same once a SARIF reader has replaced placeholders "{0}" (§3.11.5) and links "[a](b)" (§3.11.6)
// in it: a user's names must not become either.
std::string sarif_escaped(std::string_view words);

// A path as a URI reference (RFC 3986); a relative path stays relative.
std::string uri_of(std::string_view path);

// The first paragraph of a Markdown page that is not a heading or code, as one line of at most 1,024 characters, which
// is what GitHub shows of a rule's description.
std::string first_paragraph(std::string_view markdown);

}  // namespace cupel::report

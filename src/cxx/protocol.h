// What cupel and cupel-cxx say to each other: lines of JSON. docs/cxx-protocol.md describes them.
#pragma once

#include "base/result.h"
#include "cxx/analysis.h"

#include <string>
#include <string_view>

namespace cupel::cxx {

struct Request {
  std::string file;
  std::string text;  // with has_text: to be read instead of the file
  bool has_text = false;
};

// The first line that comes in. Errors: it is not what it should be.
Result<Settings> parse_settings(std::string_view line, unsigned& threads);
// Every other one.
Result<Request> parse_request(std::string_view line);

// The answer for one file, without a line end.
std::string to_json(const Analysis& analysis);
// The answer for a file that could not be analysed.
std::string to_json(const std::string& file, const std::string& failure);

}  // namespace cupel::cxx

// The piece of a source line that a finding shows, and where its carets go.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cupel::report {

struct Excerpt {
  std::string text;             // made visible; starts or ends with "..." where the line is cut
  std::size_t caret_begin = 0;  // in terminal cells
  std::size_t caret_cells = 1;
};

// Shows bytes [begin, end) of `line` in at most `room` cells. Looks only at as many bytes as it shows, so a line of
// megabytes costs nothing. An empty range gets one caret.
Excerpt excerpt(std::string_view line, std::size_t begin, std::size_t end, std::size_t room);

}  // namespace cupel::report

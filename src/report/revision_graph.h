// The graph of revisions as an SVG: one row a revision in the order they run, lines to the parents.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::report {

struct GraphRow {
  std::string revision;
  std::vector<std::string> parents;
  std::string words;         // beside it
  std::size_t layout = 0;    // revisions of different folders are not connected
  bool judged = true;        // false: history, drawn hollow
  std::size_t findings = 0;  // in it
  std::string_view colour;   // class of the most serious: "error", "warning", "info"; empty: none
};

// Of long histories the last revisions, and those before them that were judged; says how many are left out.
std::string revision_graph(const std::vector<GraphRow>& rows);

}  // namespace cupel::report

// A source of the operations API with several revisions, taken apart.
#pragma once

#include "cxx/analysis.h"

#include <vector>

namespace cupel::embedded {

// One analysis for each revision, with what is its own: operations, and the comments that speak for them. An analysis with
// fewer than two comes back as it is.
std::vector<cxx::Analysis> by_revision(cxx::Analysis analysis);

}  // namespace cupel::embedded

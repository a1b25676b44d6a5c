// What a finding is called across edits of its file.
#pragma once

#include "lint/finding.h"

#include <string>
#include <string_view>

namespace cupel::lint {

// 16 hex digits over the rule, the message and the tokens under the finding's span in `text`: the same when lines move,
// comments change or white space is reformatted. Equal findings of one file have equal fingerprints.
std::string fingerprint(const Finding& finding, std::string_view text);

}  // namespace cupel::lint

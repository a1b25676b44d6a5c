// Runs another program and waits for it. No shell is involved: an argument is an argument, whatever is in it.
#pragma once

#include "base/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::cli {

struct ProcessOutput {
  int exit_code = 0;  // 128 + n: ended by signal n
  std::string out, err;
};

// Runs `words`, the first of which is looked for in PATH, with `environment` beside one's own and `input` on its standard
// input. An error: it cannot be started (the message ends with the system's words), or it says more than `limit` bytes,
// and was ended for it.
Result<ProcessOutput> run_process(const std::vector<std::string>& words,
                                  const std::vector<std::pair<std::string, std::string>>& environment, std::string_view input,
                                  std::size_t limit);

}  // namespace cupel::cli

// `--report`: what ran, as JSON; docs/execution.md describes it.
#pragma once

#include "execute/runner.h"

#include <string>

namespace cupel::cli {

// Asks `session` what was left behind: invalid indexes, constraints that are NOT VALID. Without it if it broke.
std::string run_report(const execute::RunResult& result, const execute::Plan& plan, const std::string& backup, execute::PgSession& session);

}  // namespace cupel::cli

// What an upgrade or downgrade says on stderr while it runs: lines for people, or one JSON object per event.
#pragma once

#include "execute/runner.h"

#include <memory>
#include <string>

namespace cupel::cli {

enum class LogFormat { text, json };

// `interactive`: stderr is a terminal, so a waiting statement has one line that changes instead of many.
std::unique_ptr<execute::RunListener> make_run_progress(LogFormat format, bool interactive);

// Why a run stopped: place, SQLSTATE, detail, hint, who was in the way, and what is in the database now. Several lines,
// each with its newline.
std::string describe_failure(const execute::RunResult& result);
std::string failure_json(const execute::RunResult& result);

}  // namespace cupel::cli

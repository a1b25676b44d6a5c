// A plan as a script for psql, with the same rows for the journal.
#pragma once

#include "execute/journal.h"
#include "execute/plan.h"
#include "execute/runner.h"

#include <string>

namespace cupel::execute {

// SQL and comments only. The script stops at the first error when it is run with ON_ERROR_STOP; run again, it stops at
// once at what is applied already.
std::string offline_script(const Plan& plan, const Journal& journal, const RunOptions& options);

}  // namespace cupel::execute

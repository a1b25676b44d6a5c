// Ctrl-C, SIGTERM and SIGHUP as a value that whoever waits can look at.
#pragma once

#include "execute/pg_session.h"

namespace cupel::cli {

// From now on the first of these signals makes the interruption readable; a second one ends the program as it would
// have without this, for whoever cannot wait. One per program; may be called again, and gives the same.
const execute::Interruption& watch_signals();

}  // namespace cupel::cli

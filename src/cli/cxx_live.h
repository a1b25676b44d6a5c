// Running revisions that read data: their module asks, the executor sends.
#pragma once

#include "base/result.h"
#include "cli/cxx_revisions.h"
#include "cli/database.h"
#include "execute/live_migration.h"
#include "execute/plan.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace cupel::cli {

// Own what a plan with live revisions points to.
using LiveMigrations = std::vector<std::unique_ptr<execute::LiveMigration>>;

// The plan's revisions that read data become live. Loads their modules into this process.
Result<LiveMigrations> make_live(execute::Plan& plan, const LiveRevisions& live);
// The same, only to show the plan.
void show_live(execute::Plan& plan, const LiveRevisions& live);

// Lint for what a live revision is about to send, judged on what is there and on what the revision sent before. `fail_on` as of
// LintGateOptions. An error names the finding that forbids it. Borrows `deployment`.
std::function<Status(const execute::PlannedRevision&, std::string_view, const execute::LivePlace&)> live_gate(const Deployment& deployment,
                                                                                                              const std::string& fail_on);

}  // namespace cupel::cli

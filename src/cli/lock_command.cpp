#include "base/counted.h"
#include "cli/commands.h"
#include "cli/input.h"
#include "cli/output.h"
#include "migrations/lock_file.h"

#include <filesystem>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

Result<int> run(const LockOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const std::vector<migrations::MigrationSet> sets, load_migrations(options.paths, configuration, {}));
  bool stale = false;
  for (const migrations::MigrationSet& set : sets) {
    std::error_code error;
    if (!fs::is_directory(set.path, error)) {
      return Error{ErrorCode::usage, fmt::format("{} is not a folder: cupel.lock stands for a folder of migrations", set.path)};
    }
    for (const migrations::Problem& problem : set.problems) {
      // Without it the file would say that the migration does not exist.
      if (problem.rule == "unreadable-file") return Error{ErrorCode::unreadable, problem.message};
    }
    const fs::path file = fs::path(set.path) / migrations::lock_file_name;
    const std::string wanted = migrations::write_lock_file(set);
    TRY_ASSIGN(const std::string present, present_text(file.string()));
    if (present == wanted) {
      TRY_VOID(write_output(fmt::format("{} is up to date ({})\n", file.string(), counted(set.migrations.size(), "migration")), ""));
    } else if (options.check) {
      print_problem(fmt::format("{} is not up to date; `cupel lock {}` writes it", file.string(), set.path));
      stale = true;
    } else {
      TRY_VOID(write_output(wanted, file.string()));
      TRY_VOID(write_output(fmt::format("wrote {} ({})\n", file.string(), counted(set.migrations.size(), "migration")), ""));
    }
  }
  return static_cast<int>(stale ? exit_findings : exit_clean);
}

}  // namespace

int lock_command(const LockOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli

#include "cli/freeze_command.h"

#include "cli/input.h"
#include "cli/output.h"

#include <filesystem>
#include <set>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;

// The folder is new, or empty: what is written is exactly what was recorded.
Status make_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return Error{ErrorCode::unreadable, fmt::format("cannot make {}: {}", folder, error.message())};
  if (!fs::is_empty(folder, error) || error)
    return Error{ErrorCode::usage, fmt::format("{} is not empty: what is frozen gets a folder of its own", folder)};
  return success();
}

// "20240101_users.cpp (recorded)" becomes 20240101_users.sql.
std::string file_name(const std::string& source) {
  std::string name = source.substr(source.rfind('/') + 1);
  if (const std::size_t end = name.rfind(" (recorded)"); end != std::string::npos) name = name.substr(0, name.rfind('.', end)) + ".sql";
  return name;
}

Result<int> run(const FreezeOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.migrations.common));
  TRY_ASSIGN(const OwnMigrations own, load_own_migrations(options.migrations, configuration));
  if (!own.live.empty()) {
    const LiveRevision& live = own.live.begin()->second;
    return Error{
        ErrorCode::unsupported,
        fmt::format("revision {} reads data (op.bind()): its statements are known only when it runs, so it cannot be frozen", live.id)};
  }
  TRY_VOID(make_folder(options.output));
  std::set<std::string> written;
  for (const migrations::Migration& migration : own.set.migrations) {
    if (!migration.upgrade) continue;
    const SourceText& source = *own.set.sources[migration.upgrade->source];
    std::string name = file_name(source.name());
    if (!written.insert(name).second) {
      name = fmt::format("{}.{}.sql", name.substr(0, name.size() - 4), migration.revision);
      written.insert(name);
    }
    TRY_VOID(write_output(source.text(), (fs::path(options.output) / name).string()));
  }
  TRY_VOID(write_output(fmt::format("{} revisions in {}\n", written.size(), options.output), ""));
  return static_cast<int>(exit_clean);
}

}  // namespace

int freeze_command(const FreezeOptions& options) { return finish(run(options)); }

}  // namespace cupel::cli

#include "cli/schema_dump.h"

#include "migrations/file_store.h"

#include <filesystem>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

bool is_same_file(const std::string& a, const std::string& b) {
  return std::filesystem::path(a).lexically_normal() == std::filesystem::path(b).lexically_normal();
}

// A folder of plain SQL that has nothing else.
bool is_only(const migrations::MigrationSet& set, const std::string& file) {
  return set.layout == "plain" && set.migrations.size() == 1 && set.sources.size() == 1 && is_same_file(set.sources[0]->name(), file);
}

}  // namespace

Result<std::shared_ptr<const SourceText>> take_schema_dump(const std::string& file, ChangedMigrations& migrations) {
  if (file.empty()) return std::shared_ptr<const SourceText>();
  migrations::FileStore store;
  auto text = store.read(file);
  if (!text) return Error{ErrorCode::usage, fmt::format("schema_dump of cupel.toml: {}", text.error().message)};
  for (std::size_t i = migrations.sets.size(); i-- > 0;) {
    if (!is_only(migrations.sets[i], file)) continue;
    migrations.sets.erase(migrations.sets.begin() + static_cast<std::ptrdiff_t>(i));
    auto& selected = migrations.selection.sets;
    if (i < selected.size()) selected.erase(selected.begin() + static_cast<std::ptrdiff_t>(i));
  }
  if (migrations.sets.size() > 1) {
    return Error{ErrorCode::usage, fmt::format("schema_dump of cupel.toml: {} is compared with one folder of migrations, and there are {}, "
                                               "{} and {} among them; name one",
                                               file, migrations.sets.size(), migrations.sets[0].path, migrations.sets[1].path)};
  }
  return *text;
}

}  // namespace cupel::cli

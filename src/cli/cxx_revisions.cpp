#include "cli/cxx_revisions.h"

#include "cli/cxx_compile.h"
#include "cli/cxx_record.h"
#include "cli/database.h"
#include "cli/input.h"
#include "cli/output.h"
#include "migrations/file_store.h"

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

#include <fmt/format.h>

namespace cupel::cli {
namespace {

// A revision's source, below one of the paths.
struct Source {
  std::string folder, file;
  [[nodiscard]] std::string path() const { return migrations::join_path(folder, file); }
};

bool is_cxx(std::string_view file) { return file.ends_with(".cpp") || file.ends_with(".cc") || file.ends_with(".cxx"); }

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

// Those that include the operations and register a revision; other C++ files are none of ours.
Result<std::vector<Source>> find_sources(const std::vector<std::string>& paths) {
  std::vector<Source> sources;
  for (const std::string& path : paths) {
    if (migrations::path_kind(path) != migrations::PathKind::folder) continue;
    std::string folder = path;
    while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    TRY_ASSIGN(const migrations::FolderListing listing, migrations::list_folder(folder, migrations::Depth::everything_below));
    migrations::FileStore store;
    for (const std::string& file : listing.files) {
      if (!is_cxx(file)) continue;
      TRY_ASSIGN(const auto text, store.read(migrations::join_path(folder, file)));
      if (text->text().find("cupel/op.hpp") != std::string_view::npos && text->text().find("registered") != std::string_view::npos)
        sources.push_back({folder, file});
    }
  }
  return sources;
}

// The source that a revision of a module is written in; null if it is not among them.
const Source* source_of(const ModuleRevision& revision, const std::vector<Source>& sources) {
  const Source* found = nullptr;
  for (const Source& source : sources) {
    if (base_name(source.file) != base_name(revision.file)) continue;
    if (found == nullptr || revision.file.ends_with(source.file)) found = &source;
  }
  return found;
}

bool is_newer(const std::string& file, const std::string& than) {
  std::error_code error;
  const auto one = std::filesystem::last_write_time(file, error);
  if (error) return false;
  const auto other = std::filesystem::last_write_time(than, error);
  return !error && one > other;
}

// What the project built has all that its sources say, or it is not what would run.
Status check_built(const std::vector<Source>& sources, const std::vector<ModuleRevision>& revisions) {
  for (const Source& source : sources) {
    const auto built =
        std::ranges::find_if(revisions, [&](const ModuleRevision& revision) { return source_of(revision, sources) == &source; });
    if (built == revisions.end()) return Error{ErrorCode::usage, fmt::format("{} is in no module that was given: build it", source.path())};
    if (is_newer(source.path(), built->module))
      print_problem(fmt::format("{} was changed after {} was built: what runs is what was built", source.path(), built->module));
  }
  return success();
}

}  // namespace

Result<RecordedMigrations> load_recorded_migrations(const std::vector<std::string>& paths, const Configuration& configuration,
                                                    const std::vector<std::string>& modules) {
  const std::vector<std::string> wanted = wanted_paths(paths, configuration);
  TRY_ASSIGN(const std::vector<Source> sources, find_sources(wanted));
  std::vector<std::string> loaded = modules.empty() ? configuration.cxx.modules : modules;
  const bool built = !loaded.empty();
  if (!built && !sources.empty()) {
    std::vector<std::string> files;
    for (const Source& source : sources) files.push_back(source.path());
    TRY_ASSIGN(loaded, compile_revisions(files, configuration.cxx));
  }
  TRY_ASSIGN(const std::chrono::milliseconds timeout, parse_duration("record_timeout", configuration.cxx.record_timeout));
  TRY_ASSIGN(std::vector<ModuleRevision> revisions, record_modules(loaded, timeout));
  if (built) TRY_VOID(check_built(sources, revisions));

  RecordedMigrations recorded;
  GivenTexts given;
  std::set<std::string> taken;
  std::map<const SourceText*, std::string_view> messages;
  for (const ModuleRevision& revision : revisions) {
    const Source* source = source_of(revision, sources);
    const std::string folder = source != nullptr ? source->folder : wanted.front();
    std::string file = source != nullptr ? source->file : std::string(base_name(revision.file));
    const std::string shown = fmt::format("{} (recorded)", migrations::join_path(folder, file));
    if (!taken.insert(migrations::join_path(folder, file)).second) file += "." + revision.id;  // several in one file
    const auto text = std::make_shared<const SourceText>(shown, revision.text);
    messages[text.get()] = revision.message;
    given[folder].push_back({file + ".sql", text});
    if (revision.live || revision.live_downgrade)
      recorded.live[revision.id] = {revision.module, revision.id, revision.live, revision.live_downgrade};
  }
  TRY_ASSIGN(recorded.sets, load_migrations(paths, configuration, {}, given));
  for (migrations::MigrationSet& set : recorded.sets) {
    for (migrations::Migration& migration : set.migrations) {
      const auto message = migration.upgrade ? messages.find(set.sources[migration.upgrade->source].get()) : messages.end();
      if (message != messages.end() && !message->second.empty()) migration.title = message->second;
    }
  }
  return recorded;
}

}  // namespace cupel::cli

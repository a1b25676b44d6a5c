// init, revision, merge: what makes files.
#include "cli/graph_commands.h"
#include "cli/input.h"
#include "cli/output.h"
#include "migrations/file_store.h"
#include "migrations/layout.h"
#include "migrations/lock_file.h"
#include "migrations/new_revision.h"

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::cli {
namespace {

namespace fs = std::filesystem;
using migrations::MigrationSet;

constexpr std::string_view first_configuration =
    R"(# What this project decides once; docs/configuration.md of cupel lists all keys.
layout = "cupel"
paths = ["migrations"]
# pg_version = 17                  # what production runs

[revision]
file_name = "{date}_{time}_{slug}.sql"
)";

Error usage(std::string message) { return {ErrorCode::usage, std::move(message)}; }

Status make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return Error{ErrorCode::unreadable, fmt::format("cannot make the folder {}: {}", path, error.message())};
  return success();
}

Result<int> init(const std::string& folder) {
  const std::string configuration = migrations::join_path(folder, "cupel.toml");
  const std::string migrations_folder = migrations::join_path(folder, "migrations");
  std::error_code error;
  if (fs::exists(fs::symlink_status(configuration, error))) {
    return usage(fmt::format("{} is there already: this project is set up; `cupel revision -m MESSAGE` adds a migration", configuration));
  }
  if (fs::exists(fs::symlink_status(migrations_folder, error)) &&
      (!fs::is_directory(migrations_folder, error) || !fs::is_empty(migrations_folder, error) || error)) {
    return usage(
        fmt::format("{} is there already and is not an empty folder: cupel reads it as it is (`cupel history --path "
                    "{}`); nothing was "
                    "written",
                    migrations_folder, migrations_folder));
  }
  TRY_VOID(make_folder(migrations_folder));
  TRY_ASSIGN(const std::string written, migrations::write_new_file(folder, "cupel.toml", first_configuration));
  TRY_VOID(
      write_output(fmt::format("wrote {}\nmade {}/\nthe first migration: cupel revision -m MESSAGE\n", written, migrations_folder), ""));
  return static_cast<int>(exit_clean);
}

// The one folder that the new file goes to.
Result<std::string> target_folder(const NewRevisionOptions& options, const Configuration& configuration) {
  std::vector<std::string> paths = configuration.paths;
  if (!options.path.empty()) {
    paths = {options.path};
  } else if (paths.size() == 1 && migrations::path_kind(paths.front()) == migrations::PathKind::missing) {
    TRY_VOID(make_folder(paths.front()));  // git keeps no empty folders
  }
  TRY_ASSIGN(const std::vector<MigrationSet> sets, load_folders(paths, configuration));
  if (sets.size() > 1) {
    std::vector<std::string> names;
    for (const MigrationSet& set : sets) names.push_back(fmt::format("{} ({})", set.path, set.layout));
    return usage(fmt::format("there are {} folders of migrations: {}; name one with --path", sets.size(), fmt::join(names, ", ")));
  }
  const MigrationSet& set = sets.front();
  if (set.layout != "cupel") {
    const migrations::Layout* layout = migrations::find_layout(set.layout);
    const std::string_view command = layout == nullptr ? std::string_view() : layout->new_migration;
    return usage(fmt::format("{} holds migrations of the layout {}, which its own runner makes{}; cupel makes only those of its own layout",
                             set.path, set.layout, command.empty() ? "" : fmt::format(": {}", command)));
  }
  if (set.migrations.empty() && paths.empty()) {
    return usage(
        "there are no migrations here and no cupel.toml says where they belong: `cupel init` makes both, or name the "
        "folder with --path");
  }
  if (migrations::path_kind(set.path) != migrations::PathKind::folder) {
    return usage(fmt::format("{} is not a folder: a new migration goes into one", set.path));
  }
  return set.path;
}

// The whole folder, and nothing in doubt about it.
Result<MigrationSet> load_folder(const std::string& folder, const Configuration& configuration) {
  TRY_ASSIGN(std::vector<MigrationSet> sets, load_folders({folder}, configuration));
  MigrationSet set = std::move(sets.front());
  for (const migrations::Problem& problem : set.problems) {
    // The revision in that file would be taken for one that does not exist.
    if (problem.rule == "unreadable-file") return Error{ErrorCode::unreadable, problem.message};
    if (problem.rule == "layout-error") print_problem(fmt::format("{}: {}", set.sources[problem.source]->name(), problem.message));
  }
  return set;
}

Result<int> make(const NewRevisionOptions& options) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const std::string folder, target_folder(options, configuration));
  const migrations::FolderLock alone(folder);
  TRY_ASSIGN(const MigrationSet set, load_folder(folder, configuration));
  TRY_ASSIGN(const migrations::FolderListing listing, migrations::list_folder(folder, migrations::Depth::folder_only));

  migrations::NewRevision asked;
  asked.message = options.message;
  asked.parents = options.parents;
  asked.splice = options.splice;
  asked.merge = options.merge;
  asked.labels = options.labels;
  asked.depends_on = options.depends_on;
  asked.id = options.id;
  if (!configuration.revision_file_name.empty()) asked.file_name = configuration.revision_file_name;
  asked.time = std::time(nullptr);
  TRY_ASSIGN(const migrations::RevisionFile file, migrations::make_revision(set, listing.files, asked));

  TRY_VOID(migrations::check_neighbours(folder, listing.files, file));
  TRY_ASSIGN(const std::string path, migrations::write_new_file(folder, file.name, file.text));
  std::string told =
      fmt::format("wrote {} (revision {}, {})\n", path, file.revision,
                  file.parents.empty() ? "the first of its history" : fmt::format("after {}", fmt::join(file.parents, ", ")));
  // Not locked by itself: the file is still empty, and filling it in would be seen as an edit of what was locked.
  if (std::binary_search(listing.files.begin(), listing.files.end(), migrations::lock_file_name)) {
    told += fmt::format("when it is filled in: cupel lock {}\n", folder);
  }
  TRY_VOID(write_output(told, ""));
  return static_cast<int>(exit_clean);
}

void add_making_options(CLI::App& command, const std::shared_ptr<NewRevisionOptions>& options) {
  command.add_option("--label", options->labels, "A name for the branch that begins here (may be given again)")
      ->type_name("LABEL")
      ->allow_extra_args(false);
  command.add_option("--depends-on", options->depends_on, "A revision that must run first, without being a parent (may be given again)")
      ->type_name("REV")
      ->allow_extra_args(false);
  command.add_option("--rev-id", options->id, "The revision's id (default: the time)")->type_name("ID");
  command.add_flag("--splice", options->splice, "Parents need not be heads: a branch begins there");
  command.add_option("--path", options->path, "Folder of migrations (default: that of cupel.toml, else what is found here)")
      ->type_name("DIR");
  add_folder_options(command, options->common);
}

}  // namespace

int init_command(const std::string& folder) { return finish(init(folder)); }

int new_revision_command(const NewRevisionOptions& options) { return finish(make(options)); }

void add_new_revision_commands(CLI::App& app, Action& action) {
  const auto folder = std::make_shared<std::string>(".");
  CLI::App* init_app = app.add_subcommand("init", "Begin a project: a cupel.toml and a folder for migrations");
  init_app->add_option("dir", *folder, "Where (default: here)")->type_name("DIR");
  init_app->callback([&action, folder] { action = [folder] { return init_command(*folder); }; });

  const auto revision = std::make_shared<NewRevisionOptions>();
  CLI::App* revision_app = app.add_subcommand("revision", "Write a new, empty migration");
  revision_app->add_option("-m,--message", revision->message, "What it does; becomes its title")->required()->type_name("MESSAGE");
  revision_app->add_option("--parent", revision->parents, "What it comes after (may be given again; base: nothing; default: the head)")
      ->type_name("REV")
      ->allow_extra_args(false);
  add_making_options(*revision_app, revision);
  revision_app->callback([&action, revision] { action = [revision] { return new_revision_command(*revision); }; });

  const auto merge = std::make_shared<NewRevisionOptions>();
  merge->merge = true;
  merge->message = "merge heads";
  CLI::App* merge_app = app.add_subcommand("merge", "Write a migration that comes after several heads");
  merge_app->add_option("-m,--message", merge->message, "Why; becomes its title")->type_name("MESSAGE")->capture_default_str();
  merge_app->add_option("revision", merge->parents, "What to merge (default: all heads)")->type_name("REV");
  add_making_options(*merge_app, merge);
  merge_app->callback([&action, merge] { action = [merge] { return new_revision_command(*merge); }; });
}

}  // namespace cupel::cli

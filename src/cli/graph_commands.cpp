// heads, branches, history, show: what the revisions are, for which no database is needed.
#include "cli/graph_commands.h"

#include "cli/cxx_sources.h"
#include "cli/database.h"
#include "cli/graph_output.h"
#include "cli/input.h"
#include "cli/output.h"
#include "embedded/dialect.h"
#include "migrations/file_name.h"
#include "migrations/file_store.h"
#include "migrations/revision_map.h"

#include <algorithm>
#include <functional>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace cupel::cli {
namespace {

using migrations::Applied;
using migrations::MigrationSet;
using migrations::RevisionMap;
using Indices = std::vector<std::size_t>;

// No database is asked here.
const Applied& unasked() {
  static const Applied nothing{.revisions = {}, .known = false};
  return nothing;
}

// What stands in the way of believing the graph, on stderr; the exit code it deserves.
int report_problems(const std::vector<MigrationSet>& sets) {
  int code = exit_clean;
  for (const MigrationSet& set : sets) {
    for (const migrations::Problem& problem : set.problems) {
      const bool unreadable = problem.rule == "unreadable-file";
      const bool graph = problem.rule == "duplicate-version" || problem.rule == "missing-parent" || problem.rule == "revision-cycle";
      if (!unreadable && !graph && problem.rule != "layout-error") continue;
      print_problem(unreadable ? problem.message : fmt::format("{}: {}", set.sources[problem.source]->name(), problem.message));
      if (unreadable) code = exit_unreadable;
      if (graph && code == exit_clean) code = exit_graph;
    }
  }
  return code;
}

using Select = std::function<Result<Indices>(const RevisionMap&)>;
using Render = std::function<std::string(const RevisionSelection&)>;
enum class Folders { each, any };  // `any`: that one folder has it is enough

// Every revision, the repeatable ones last.
Indices everything(const RevisionMap& map) {
  Indices all;
  for (const bool repeatable : {false, true}) {
    for (const std::size_t i : map.graph().order()) {
      if (map.migrations()[i].repeatable == repeatable) all.push_back(i);
    }
  }
  return all;
}

Result<int> run(const GraphOptions& options, Folders folders, const Select& select, const Render& render) {
  TRY_ASSIGN(const Configuration configuration, load_configuration(options.common));
  TRY_ASSIGN(const std::vector<MigrationSet> sets, load_folders(options.paths, configuration));
  std::vector<std::unique_ptr<const RevisionMap>> maps;  // selections point at them
  std::vector<RevisionSelection> selections;
  std::optional<Error> error;
  for (const MigrationSet& set : sets) {
    maps.push_back(std::make_unique<const RevisionMap>(set.migrations));
    Result<Indices> selected = select(*maps.back());
    if (!selected) {
      if (folders == Folders::each) return selected.error();
      if (!error) error = selected.error();
      continue;
    }
    selections.push_back({.set = &set, .map = maps.back().get(), .revisions = *std::move(selected)});
  }
  if (selections.empty() && error) return *error;
  std::string text;
  if (options.json) {
    text = revisions_json(selections);
  } else {
    for (const RevisionSelection& selection : selections) {
      if (sets.size() > 1) text += fmt::format("{}{} ({})\n", text.empty() ? "" : "\n", selection.set->path, selection.set->layout);
      text += render(selection);
    }
  }
  TRY_VOID(write_output(text, ""));
  return report_problems(sets);
}

Detail detail_of(const GraphOptions& options) { return options.verbose ? Detail::everything : Detail::lines; }

int heads_command(const GraphOptions& options) {
  return finish(run(
      options, Folders::each, [](const RevisionMap& map) -> Result<Indices> { return map.heads(); },
      [&](const RevisionSelection& selection) { return heads_text(selection, detail_of(options)); }));
}

int branches_command(const GraphOptions& options) {
  const auto branch_points = [](const RevisionMap& map) -> Result<Indices> {
    Indices found;
    for (const std::size_t i : map.graph().order()) {
      if (map.graph().children(i).size() > 1) found.push_back(i);
    }
    return found;
  };
  return finish(run(options, Folders::each, branch_points,
                    [&](const RevisionSelection& selection) { return branches_text(selection, detail_of(options)); }));
}

// Of one folder, with what the database has marked; a range may say `current`.
Result<int> history_with_database(const GraphOptions& options) {
  if (options.paths.size() > 1) return Error{ErrorCode::usage, "a database has one folder of migrations: give one --path"};
  TRY_ASSIGN(const Deployment deployment,
             open_deployment({options.common, options.paths.empty() ? "" : options.paths.front(), options.database}));
  const RevisionMap map(deployment.set.migrations);
  RevisionSelection selection{.set = &deployment.set, .map = &map, .revisions = {}, .applied = &deployment.applied};
  if (options.range.empty()) {
    selection.revisions = everything(map);
  } else {
    TRY_ASSIGN(selection.revisions, map.range(options.range, deployment.applied));
  }
  TRY_VOID(write_output(options.json ? revisions_json(std::span(&selection, 1)) : history_text(selection, detail_of(options)), ""));
  return static_cast<int>(exit_clean);
}

int history_command(const GraphOptions& options) {
  if (options.indicate || !options.database.empty()) return finish(history_with_database(options));
  const auto range = [&](const RevisionMap& map) -> Result<Indices> {
    if (options.range.empty()) return everything(map);
    return map.range(options.range, unasked());
  };
  return finish(run(options, options.range.empty() ? Folders::each : Folders::any, range,
                    [&](const RevisionSelection& selection) { return history_text(selection, detail_of(options)); }));
}

int show_command(const GraphOptions& options) {
  return finish(run(
      options, Folders::any, [&](const RevisionMap& map) { return map.resolve(options.revision, unasked()); },
      [](const RevisionSelection& selection) { return show_text(selection); }));
}

// A command that reads, and the options that all of them have.
CLI::App* add_reading(CLI::App& app, const std::string& name, const std::string& description, Action& action,
                      const std::shared_ptr<GraphOptions>& options, int (*command)(const GraphOptions&)) {
  CLI::App* added = app.add_subcommand(name, description);
  added->add_option("--path", options->paths, "Folder of migrations (may be given again; default: paths of cupel.toml, else .)")
      ->type_name("PATH")
      ->allow_extra_args(false);
  added->add_flag("--json", options->json, "As JSON");
  add_folder_options(*added, options->common);
  added->callback([&action, options, command] { action = [options, command] { return command(*options); }; });
  return added;
}

}  // namespace

void add_folder_options(CLI::App& command, CommonOptions& options) {
  command.add_option("--config", options.config, "Configuration file (default: cupel.toml here or in a folder above)")->type_name("FILE");
  command.add_flag("--no-config", options.no_config, "Ignore any cupel.toml");
  command.add_option("--layout", options.layout, "The runner the folder is made for (default: detected)")->type_name("NAME");
}

Result<std::vector<MigrationSet>> load_folders(const std::vector<std::string>& paths, const Configuration& configuration) {
  std::vector<std::string> wanted = paths.empty() ? configuration.paths : paths;
  if (wanted.empty()) wanted.emplace_back(".");
  std::vector<std::string> filled;
  std::vector<MigrationSet> empty;
  for (const std::string& path : wanted) {
    if (migrations::path_kind(path) == migrations::PathKind::folder) {
      TRY_ASSIGN(const migrations::FolderListing listing, migrations::list_folder(path, migrations::Depth::everything_below));
      const auto is_read = [&](const std::string& file) {
        return migrations::is_sql_file(file) || (configuration.cxx.enabled && embedded::is_cxx_file(file));
      };
      if (listing.unreadable.empty() && std::none_of(listing.files.begin(), listing.files.end(), is_read)) {
        MigrationSet& set = empty.emplace_back();
        set.path = path;
        set.layout = configuration.layout.empty() ? "cupel" : configuration.layout;
        continue;
      }
    }
    filled.push_back(path);
  }
  std::vector<MigrationSet> sets;
  if (!filled.empty()) {
    embedded::Sources sources = make_sources(configuration);
    TRY_ASSIGN(sets, load_migrations(filled, configuration, {}, &sources));
    // SQL that sources send is no revision.
    std::erase_if(sets, [](const MigrationSet& set) { return set.layout == "c++"; });
    if (sets.empty() && empty.empty()) {
      MigrationSet& set = empty.emplace_back();
      set.path = filled.front();
      set.layout = configuration.layout.empty() ? "cupel" : configuration.layout;
    }
  }
  std::move(empty.begin(), empty.end(), std::back_inserter(sets));
  return sets;
}

void add_graph_commands(CLI::App& app, Action& action) {
  add_new_revision_commands(app, action);

  const auto heads = std::make_shared<GraphOptions>();
  CLI::App* heads_app = add_reading(app, "heads", "Show the revisions that nothing comes after", action, heads, heads_command);
  heads_app->add_flag("-v,--verbose", heads->verbose, "Everything about each");

  const auto branches = std::make_shared<GraphOptions>();
  CLI::App* branches_app = add_reading(app, "branches", "Show the revisions that several come after", action, branches, branches_command);
  branches_app->add_flag("-v,--verbose", branches->verbose, "Everything about each");

  const auto history = std::make_shared<GraphOptions>();
  CLI::App* history_app = add_reading(app, "history", "List the revisions, newest first", action, history, history_command);
  history_app->add_option("-r,--range", history->range, "Only these: FROM:TO, FROM: or :TO, both ends included")->type_name("A:B");
  history_app->add_flag("-v,--verbose", history->verbose, "Everything about each");
  history_app->add_flag("-i,--indicate-current", history->indicate, "Mark what the database has, and what it has not");
  history_app->add_option("--database", history->database, "The database to ask (default: CUPEL_DATABASE_URL, else cupel.toml); implies -i")
      ->type_name("URL");

  const auto show = std::make_shared<GraphOptions>();
  CLI::App* show_app = add_reading(app, "show", "Show everything about a revision", action, show, show_command);
  show_app->add_option("revision", show->revision, "An id or the beginning of one, a label, head, heads, label@head, ID-1 …")
      ->required()
      ->type_name("REV");
}

}  // namespace cupel::cli

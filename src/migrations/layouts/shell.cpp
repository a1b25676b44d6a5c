// Shell scripts that send SQL through psql, one after the other by name: isc-projects/kea at d179a1e,
// src/share/database/scripts/pgsql/upgrade_*.sh.in, and whatever is built alike. Each heredoc is a session of psql's.
#include "migrations/file_name.h"
#include "migrations/set_builder.h"
#include "migrations/shell_heredocs.h"

#include <algorithm>

namespace cupel::migrations::runners {
namespace {

// The folder's own scripts. A number in the name says that it is one step of several; names without one are steps only
// where nothing else is SQL.
std::vector<std::string> scripts_of(const Folder& folder) {
  std::vector<std::string> all;
  std::vector<std::string> numbered;
  for (const std::string& file : folder.files()) {
    if (!is_shell_script(file) || !folder_name(file).empty()) continue;
    all.push_back(file);
    if (file.find_first_of("0123456789") != std::string::npos) numbered.push_back(file);
  }
  if (!numbered.empty()) return numbered;
  return std::any_of(folder.files().begin(), folder.files().end(), is_sql_file) ? std::vector<std::string>() : all;
}

Recognition recognise(const Folder& folder) {
  for (const std::string& file : scripts_of(folder)) {
    const auto source = folder.read(file);
    if (source && !parse_shell_script((*source)->text()).heredocs.empty()) return Recognition::possible;
  }
  return Recognition::no;
}

std::string_view without_ending(std::string_view file) {
  for (const std::string_view ending : {".in", ".sh", ".bash"}) {
    if (file.ends_with(ending)) file.remove_suffix(ending.size());
  }
  return file;
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "shell");
  for (const std::string& file : scripts_of(folder)) {
    const auto text = folder.read(file);
    ShellScript script = text ? parse_shell_script((*text)->text()) : ShellScript();
    if (text && script.heredocs.empty()) continue;
    const auto source = builder.add_source(file);
    if (!source) continue;
    Part part;
    part.source = *source;
    // psql's -1 is told for a session; where only some have it, most of what it means for the others is lost.
    const bool single = std::all_of(script.heredocs.begin(), script.heredocs.end(), [](const auto& h) { return h.single_transaction; });
    part.mode = single ? TransactionMode::per_file : TransactionMode::none;
    for (const ShellScript::Heredoc& heredoc : script.heredocs) part.chunks.push_back(heredoc.body);
    part.placeholders = std::move(script.placeholders);
    std::shared_ptr<const SourceText>& shown = builder.set().sources[*source];
    if (shown->text() != script.text) shown = std::make_shared<const SourceText>(shown->name(), std::move(script.text));
    Migration migration;
    migration.revision = without_ending(file);
    migration.title = migration.revision;
    migration.upgrade = std::move(part);
    migration.downgrade_expected = false;
    builder.set().migrations.push_back(std::move(migration));
  }
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

extern const Layout layout_shell;
const Layout layout_shell = {
    .name = "shell",
    .title = "shell scripts with SQL for psql (psql <<EOF)",
    .files = "<n>.sh, .sh.in, .bash with psql <<EOF",
    .order = "file name",
    .transactions = "None: statement by statement, as psql runs a file; one per script where every psql has -1.",
    .recognise = recognise,
    .read = read,
};

}  // namespace cupel::migrations::runners

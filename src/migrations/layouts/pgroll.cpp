// pgroll at cdbe9b0 (2026-05): pkg/migrations/op_common.go (names, order by name, the operations), op_raw_sql.go (up and down are one
// query string each), pkg/roll/roll.go and pkg/db/db.go (lock_timeout of 500 ms by default, and another try when it is hit). Operations
// other than sql expand and contract the schema by pgroll's own means; what they do is not read.
#include "migrations/changelog_document.h"
#include "migrations/file_name.h"
#include "migrations/set_builder.h"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace cupel::migrations::runners {
namespace {

constexpr std::array<std::string_view, 15> operations = {"create_table",         "rename_table",
                                                         "rename_column",        "drop_table",
                                                         "add_column",           "drop_column",
                                                         "alter_column",         "create_index",
                                                         "drop_index",           "sql",
                                                         "rename_constraint",    "drop_constraint",
                                                         "set_replica_identity", "drop_multicolumn_constraint",
                                                         "create_constraint"};

std::string_view without_ending(std::string_view file) {
  for (const std::string_view ending : {".json", ".yaml", ".yml"}) {
    if (file.ends_with(ending)) return file.substr(0, file.size() - ending.size());
  }
  return {};
}

bool may_be_one(std::string_view file) { return folder_name(file).empty() && !without_ending(file).empty(); }

bool is_operation(const ChangelogElement& element) {
  return std::find(operations.begin(), operations.end(), element.name) != operations.end();
}

bool has_operations(std::string_view text) {
  if (text.find("operations") == std::string_view::npos) return false;
  const ChangelogDocument document = read_yaml_document(text);
  const ChangelogElement* list = document.root.find("operations");
  return list != nullptr && !list->children.empty() && std::all_of(list->children.begin(), list->children.end(), is_operation);
}

// A folder of documents that begin with digits; a look at the first tells whose.
Recognition recognise(const Folder& folder) {
  for (const std::string& file : folder.files()) {
    if (!may_be_one(file) || leading_digits(file).empty()) continue;
    const auto text = folder.read(file);
    return text && has_operations((*text)->text()) ? Recognition::certain : Recognition::no;
  }
  return Recognition::no;
}

Part part_of(std::size_t source, Span sql, Span place) {
  Part part;
  part.source = source;
  part.mode = TransactionMode::implicit;
  part.chunks = {sql.empty() ? Span{place.end, place.end} : sql};
  return part;
}

void add(SetBuilder& builder, const std::string& file) {
  const auto source = builder.add_source(file);
  if (!source) return;
  ChangelogDocument document = read_yaml_document(builder.text(*source));
  if (document.refused) {
    builder.add_problem("layout-error", *source, document.refused->place,
                        fmt::format("pgroll refuses this file: {}", document.refused->message));
    return;
  }
  const ChangelogElement* list = document.root.find("operations");
  if (list == nullptr) {
    builder.add_problem("layout-error", *source, {}, "pgroll refuses this file: it has no operations");
    return;
  }
  std::shared_ptr<const SourceText>& shown = builder.set().sources[*source];
  if (shown->text() != document.text) shown = std::make_shared<const SourceText>(shown->name(), std::move(document.text));
  Migration migration;
  migration.revision = without_ending(file);
  const auto name = versioned_name(migration.revision);
  migration.title = name ? std::string(name->title) : migration.revision;
  migration.upgrade = part_of(*source, {}, list->place);
  migration.downgrade_expected = false;
  for (const ChangelogElement& operation : list->children) {
    if (operation.name != "sql") {
      migration.unread = file.ends_with(".json") ? "JSON" : "YAML";
      continue;
    }
    // The only one of its migration, unless it waits for the others to be complete.
    const bool waits = operation.value_of("onComplete") == "true";
    if (list->children.size() > 1 && !waits) {
      builder.add_problem("layout-error", *source, operation.place, "pgroll refuses this: sql cannot be executed with other operations");
    }
    if (const ChangelogElement* up = operation.find("up")) migration.upgrade = part_of(*source, up->text, up->place);
    migration.downgrade_expected = !waits;
    if (const ChangelogElement* down = operation.find("down")) migration.downgrade = part_of(*source, down->text, down->place);
  }
  builder.set().migrations.push_back(std::move(migration));
}

Result<MigrationSet> read(const Folder& folder) {
  SetBuilder builder(folder, "pgroll");
  builder.set().runner_sets_lock_timeout = true;
  for (const std::string& file : folder.files()) {
    if (may_be_one(file)) add(builder, file);
  }
  link_in_order(builder.set());
  return builder.take();
}

}  // namespace

constexpr Record records[] = {{.table = "pgroll.migrations", .applied = "SELECT name FROM pgroll.migrations WHERE done"}};

extern const Layout layout_pgroll;
const Layout layout_pgroll = {
    .name = "pgroll",
    .title = "pgroll (operations in YAML and JSON)",
    .files = "<n>_title.yaml, .yml, .json with operations, of which sql is read",
    .order = "file name",
    .downgrade = "down of the operation, for a rollback",
    .transactions = "None by pgroll: up is one query string, so an implicit transaction as soon as it holds two statements.",
    .opt_out = "one statement per sql operation",
    .late_migration = "pgroll refuses to run",
    .recognise = recognise,
    .read = read,
    .records = records,
};

}  // namespace cupel::migrations::runners

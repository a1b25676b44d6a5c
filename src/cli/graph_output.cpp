#include "cli/graph_output.h"

#include "migrations/set_builder.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace cupel::cli {
namespace {

using migrations::Migration;
using nlohmann::ordered_json;

// One revision with its surroundings.
class RevisionView {
 public:
  RevisionView(const RevisionSelection& selection, std::size_t index)
      : selection_(selection), index_(index), migration_(selection.map->migrations()[index]) {}

  [[nodiscard]] std::string line() const {
    return fmt::format("{}{}{}", migration_.revision, marks(), title().empty() ? "" : ", " + title());
  }

  [[nodiscard]] std::string marks() const {
    std::string text = migration_.labels.empty() ? "" : fmt::format(" ({})", fmt::join(migration_.labels, ", "));
    if (is_head()) text += graph().dependents(index_).empty() ? " (head)" : " (effective head)";
    if (is_branch_point()) text += " (branchpoint)";
    if (is_merge()) text += " (mergepoint)";
    if (migration_.repeatable) text += " (repeatable)";
    if (selection_.applied != nullptr) text += is_current() ? " (current)" : is_applied() ? " (applied)" : " (not applied)";
    return text;
  }

  [[nodiscard]] std::string step() const {
    std::string text = migration_.parents.empty() ? "<base>" : fmt::format("{}", fmt::join(migration_.parents, ", "));
    if (!migration_.depends_on.empty()) text += fmt::format(" ({})", fmt::join(migration_.depends_on, ", "));
    return fmt::format("{} -> {}\n", text, line());
  }

  [[nodiscard]] std::string block() const {
    std::string text = fmt::format("Rev: {}{}\n", migration_.revision, marks());
    if (is_merge()) {
      text += fmt::format("Merges: {}\n", fmt::join(migration_.parents, ", "));
    } else {
      text += fmt::format("Parent: {}\n", migration_.parents.empty() ? "<base>" : migration_.parents.front());
    }
    const auto add = [&text](std::string_view key, const std::vector<std::string>& values) {
      if (!values.empty()) text += fmt::format("{}: {}\n", key, fmt::join(values, ", "));
    };
    add("Also depends on", migration_.depends_on);
    add("Needed by", names(graph().dependents(index_)));
    if (is_branch_point()) add("Branches into", names(graph().children(index_)));
    add("Branch names", migration_.labels);
    if (!file().empty()) text += fmt::format("Path: {}\n", file());
    return title().empty() ? text : fmt::format("{}\n    {}\n", text, title());
  }

  [[nodiscard]] ordered_json json() const {
    ordered_json applied;  // null: not asked
    if (selection_.applied != nullptr) applied = is_applied();
    ordered_json file_or_null;
    if (!file().empty()) file_or_null = file();
    return {{"revision", migration_.revision},
            {"title", migration_.title},
            {"file", file_or_null},
            {"parents", migration_.parents},
            {"depends_on", migration_.depends_on},
            {"children", names(graph().children(index_))},
            {"dependents", names(graph().dependents(index_))},
            {"labels", migration_.labels},
            {"base", migration_.parents.empty() && !migration_.repeatable},
            {"head", is_head()},
            {"branch_point", is_branch_point()},
            {"merge", is_merge()},
            {"repeatable", migration_.repeatable},
            {"downgrade", migration_.downgrade.has_value()},
            {"applied", applied}};
  }

  [[nodiscard]] std::vector<std::string> names(std::span<const std::size_t> others) const {
    std::vector<std::string> revisions;
    for (const std::size_t other : others) revisions.push_back(selection_.map->migrations()[other].revision);
    return revisions;
  }

 private:
  [[nodiscard]] const migrations::RevisionGraph& graph() const { return selection_.map->graph(); }
  [[nodiscard]] std::string title() const { return migration_.title == migration_.revision ? "" : migration_.title; }
  [[nodiscard]] bool is_merge() const { return migration_.parents.size() > 1; }
  [[nodiscard]] bool is_branch_point() const { return graph().children(index_).size() > 1; }
  [[nodiscard]] bool is_head() const { return graph().children(index_).empty() && !migration_.repeatable; }
  [[nodiscard]] bool is_applied() const { return selection_.applied->contains(migration_.revision); }
  [[nodiscard]] bool is_current() const {
    const auto children = graph().children(index_);
    return is_applied() && std::none_of(children.begin(), children.end(), [&](std::size_t child) {
             return selection_.applied->contains(selection_.map->migrations()[child].revision);
           });
  }
  // Empty for one that only the journal knows.
  [[nodiscard]] std::string file() const {
    if (!migration_.upgrade && !migration_.downgrade) return {};
    return selection_.set->sources[migrations::source_of(migration_)]->name();
  }

  const RevisionSelection& selection_;
  std::size_t index_;
  const Migration& migration_;
};

std::string blocks(const RevisionSelection& selection) {
  std::string text;
  for (const std::size_t index : selection.revisions) text += RevisionView(selection, index).block() + "\n";
  return text;
}

RevisionSelection newest_first(RevisionSelection selection) {
  std::reverse(selection.revisions.begin(), selection.revisions.end());
  return selection;
}

}  // namespace

std::string heads_text(const RevisionSelection& selection, Detail detail) {
  if (detail == Detail::everything) return blocks(selection);
  std::string text;
  for (const std::size_t index : selection.revisions) text += RevisionView(selection, index).line() + "\n";
  return text;
}

std::string branches_text(const RevisionSelection& selection, Detail detail) {
  std::string text;
  for (const std::size_t index : selection.revisions) {
    const RevisionView view(selection, index);
    text += detail == Detail::everything ? view.block() : view.line() + "\n";
    const std::string indentation(selection.map->migrations()[index].revision.size() + 1, ' ');
    for (const std::size_t child : selection.map->graph().children(index)) {
      text += fmt::format("{}-> {}\n", indentation, RevisionView(selection, child).line());
    }
    if (detail == Detail::everything) text += "\n";
  }
  return text;
}

std::string history_text(const RevisionSelection& selection, Detail detail) {
  const RevisionSelection newest = newest_first(selection);
  if (detail == Detail::everything) return blocks(newest);
  std::string text;
  for (const std::size_t index : newest.revisions) text += RevisionView(newest, index).step();
  return text;
}

std::string show_text(const RevisionSelection& selection) { return blocks(selection); }

std::string revisions_json(std::span<const RevisionSelection> selections) {
  ordered_json folders = ordered_json::array();
  for (const RevisionSelection& selection : selections) {
    ordered_json revisions = ordered_json::array();
    for (const std::size_t index : selection.revisions) revisions.push_back(RevisionView(selection, index).json());
    std::vector<std::string> heads;
    for (const std::size_t head : selection.map->heads()) heads.push_back(selection.map->migrations()[head].revision);
    folders.push_back({{"path", selection.set->path},
                       {"layout", selection.set->layout},
                       {"heads", std::move(heads)},
                       {"revisions", std::move(revisions)}});
  }
  const ordered_json document = {{"version", 1}, {"folders", std::move(folders)}};
  return document.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace cupel::cli

// What stands in the graph, and what names stand for.
#include "migrations/revision_map.h"

#include "base/suggest.h"
#include "migrations/file_name.h"
#include "migrations/revision_target.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::migrations {
namespace {

// Alembic takes one character, which a typing error also is.
constexpr std::size_t shortest_partial = 4;

Error graph_error(std::string message) { return {ErrorCode::graph, std::move(message)}; }

}  // namespace

RevisionMap::RevisionMap(std::span<const Migration> migrations) : migrations_(migrations), graph_(migrations) {
  for (std::size_t i = 0; i < migrations_.size(); ++i) {
    if (migrations_[i].repeatable) continue;
    by_revision_.emplace(migrations_[i].revision, i);
    sorted_.emplace_back(migrations_[i].revision, i);
    for (const std::string& label : migrations_[i].labels) {
      const auto [known, is_new] = by_label_.emplace(label, i);
      if (!is_new && known->second != i) repeated_labels_.push_back({label, known->second, i});
    }
  }
  std::sort(sorted_.begin(), sorted_.end());
  Marks is_head(migrations_.size(), false);
  for (const std::size_t head : graph_.heads()) is_head[head] = !migrations_[head].repeatable;
  heads_ = in_order(is_head);
  for (const std::size_t i : graph_.order()) {
    if (!migrations_[i].repeatable && graph_.parents(i).empty()) bases_.push_back(i);
  }
}

std::string RevisionMap::name(std::size_t migration) const {
  const Migration& named = migrations_[migration];
  if (named.title.empty() || named.title == named.revision) return named.revision;
  return fmt::format("{} ({})", named.revision, named.title);
}

std::string RevisionMap::names(const Indices& migrations) const {
  constexpr std::size_t most = 8;
  std::vector<std::string> shown;
  for (const std::size_t migration : migrations) {
    if (shown.size() < most) shown.push_back(name(migration));
  }
  if (migrations.size() > most) shown.push_back(fmt::format("{} more", migrations.size() - most));
  return fmt::format("{}", fmt::join(shown, ", "));
}

Status RevisionMap::check() const {
  std::vector<std::string> wrong;
  for (const auto& [first, second] : graph_.duplicates()) {
    if (migrations_[first].repeatable && migrations_[second].repeatable) continue;
    wrong.push_back(fmt::format("two migrations have the revision {}: {} and {}", migrations_[first].revision, migrations_[first].title,
                                migrations_[second].title));
  }
  for (const Indices& cycle : graph_.cycles()) {
    wrong.push_back(cycle.size() == 1 ? fmt::format("{} comes after itself", name(cycle.front()))
                                      : fmt::format("these revisions come after each other: {}", names(cycle)));
  }
  for (const auto& missing : graph_.missing()) {
    wrong.push_back(fmt::format("{} {} {}, which does not exist", name(missing.migration),
                                missing.dependency ? "depends on" : "comes after", missing.revision));
  }
  for (const auto& [label, first, second] : repeated_labels_) {
    wrong.push_back(fmt::format("two revisions have the label {}: {} and {}", label, name(first), name(second)));
  }
  if (wrong.empty()) return success();
  constexpr std::size_t most = 5;
  const std::size_t left = wrong.size() > most ? wrong.size() - most : 0;
  if (left > 0) wrong.resize(most);
  return graph_error(
      fmt::format("the revisions do not fit together: {}{}", fmt::join(wrong, "; "), left > 0 ? fmt::format("; and {} more", left) : ""));
}

std::optional<std::size_t> RevisionMap::find(std::string_view revision) const {
  const auto found = by_revision_.find(revision);
  return found == by_revision_.end() ? std::nullopt : std::optional(found->second);
}

RevisionMap::Indices RevisionMap::partial_matches(std::string_view text) const {
  Indices matches;
  if (text.size() < shortest_partial) return matches;
  const auto before = [](const auto& entry, std::string_view word) { return entry.first < word; };
  for (auto found = std::lower_bound(sorted_.begin(), sorted_.end(), text, before);
       found != sorted_.end() && found->first.starts_with(text); ++found) {
    matches.push_back(found->second);
  }
  return matches;
}

Error RevisionMap::unknown_name(std::string_view text) const {
  if (text.empty()) return graph_error("no revision is named");
  std::vector<std::string_view> known;
  for (const auto& [revision, migration] : sorted_) {
    if (text.size() < shortest_partial && revision.starts_with(text)) {
      return graph_error(
          fmt::format("no revision is called {}; the beginning of an id needs at least {} characters", text, shortest_partial));
    }
    known.push_back(revision);
  }
  for (const auto& [label, migration] : by_label_) known.push_back(label);
  std::sort(known.begin(), known.end());
  const auto meant = closest_match(text, known);
  return graph_error(fmt::format("no revision is called {}{}", text, meant ? fmt::format("; did you mean {}?", *meant) : ""));
}

Result<std::size_t> RevisionMap::find_name(std::string_view text) const {
  if (const auto exact = find(text)) return *exact;
  if (const auto label = by_label_.find(text); label != by_label_.end()) {
    for (const auto& [repeated, first, second] : repeated_labels_) {
      if (repeated != text) continue;
      return graph_error(fmt::format("two revisions have the label {}: {} and {}", text, name(first), name(second)));
    }
    return label->second;
  }
  // Runners that count their migrations fill up with zeros, and their users do not type them.
  if (all_digits(text)) {
    Indices same;
    for (const auto& [revision, migration] : sorted_) {
      if (all_digits(revision) && compare_numbers(revision, text) == 0) same.push_back(migration);
    }
    if (same.size() == 1) return same.front();
  }
  Indices matches = partial_matches(text);
  if (matches.empty()) return unknown_name(text);
  if (matches.size() == 1) return matches.front();
  return graph_error(fmt::format("{} is the beginning of {} revisions: {}", text, matches.size(), names(matches)));
}

RevisionTarget RevisionMap::parse(std::string_view text) const {
  const auto is_exact = [this](std::string_view word) {
    return is_symbolic_name(word) || by_revision_.contains(word) || by_label_.contains(word);
  };
  RevisionTarget target;
  target.text = text;
  target.symbol = text;
  if (is_exact(text)) return target;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    target.branch = text.substr(0, at);
    target.symbol = text.substr(at + 1);
  }
  // Runners other than cupel have ids with - and digits in them: an id, and the beginning of one, are no steps.
  const auto cut = cut_steps(target.symbol);
  if (is_exact(target.symbol) || !cut) return target;
  if (!cut->symbol.empty() && !is_exact(cut->symbol) && !partial_matches(target.symbol).empty()) return target;
  target.symbol = cut->symbol;
  target.direction = cut->direction;
  target.steps = cut->steps;
  return target;
}

Result<RevisionMap::Indices> RevisionMap::several_heads(const Indices& heads, std::string_view branch) const {
  if (heads.empty()) return graph_error("there are no revisions, so there is no head");
  // A label says best which one is meant, where it has only one head.
  std::vector<std::string> choices;
  std::vector<std::pair<std::string_view, std::size_t>> labels(by_label_.begin(), by_label_.end());
  std::sort(labels.begin(), labels.end());
  constexpr std::size_t most = 16;
  for (std::size_t i = 0; i < labels.size() && i < most; ++i) {
    const Marks marks = line(labels[i].second);
    const auto on_line = std::count_if(heads.begin(), heads.end(), [&](std::size_t head) { return marks[head]; });
    if (on_line == 1 && labels[i].first != branch) choices.push_back(fmt::format("{}@head", labels[i].first));
  }
  choices.push_back(migrations_[heads.front()].revision);
  return graph_error(fmt::format("{} has {} heads: {}; write {}heads for all, or name one: {}",
                                 branch.empty() ? std::string_view("the history") : branch, heads.size(), names(heads),
                                 branch.empty() ? "" : fmt::format("{}@", branch), fmt::join(choices, ", ")));
}

Result<RevisionMap::Indices> RevisionMap::resolve(std::string_view symbol, const Applied& applied) const {
  return resolve_target(parse(symbol), applied);
}

Result<RevisionMap::Indices> RevisionMap::resolve_target(const RevisionTarget& target, const Applied& applied) const {
  using Steps = RevisionTarget::Steps;
  if (target.text.empty()) return unknown_name("");
  if (target.text.find('@') != std::string_view::npos && target.branch.empty() && !find(target.text)) {
    return graph_error(fmt::format("{}: before the @ stands a label or a revision", target.text));
  }
  if (target.direction != Steps::none && target.steps == 0) {
    return graph_error(fmt::format("{} is no step: 1 is the least", target.text));
  }
  Marks on_line(migrations_.size(), true);
  const Marks* line_marks = nullptr;
  if (!target.branch.empty()) {
    TRY_ASSIGN(const std::size_t labelled, find_name(target.branch));
    on_line = line(labelled);
    line_marks = &on_line;
  }
  const auto only_line = [&](Indices found) {
    std::erase_if(found, [&](std::size_t i) { return !on_line[i]; });
    return found;
  };

  Indices from;
  if (target.symbol.empty() && target.direction == Steps::none) {
    return graph_error(fmt::format("{}: after the @ stands head, base, a revision or steps", target.text));
  }
  if (target.symbol.empty() && target.direction == Steps::forward) {
    TRY_ASSIGN(const std::size_t next, next_of_current(target, line_marks, applied));
    return Indices{next};
  }
  if (target.symbol.empty() || target.symbol == "current") {
    if (!applied.known) { return graph_error(fmt::format("{} starts from what is applied, which only a database can tell", target.text)); }
    const bool back = target.direction == Steps::back;
    from = only_line(current(applied, back ? Ends::by_parent_and_dependency : Ends::by_parent));
  } else if (target.symbol == "head" || target.symbol == "heads") {
    from = only_line(heads_);
    const bool one = target.symbol == "head" || target.direction != Steps::none;
    if (one && from.size() != 1) return several_heads(from, target.branch);
  } else if (target.symbol != "base") {
    TRY_ASSIGN(const std::size_t found, find_name(target.symbol));
    if (!on_line[found]) { return graph_error(fmt::format("{} is not on the line of {}", name(found), target.branch)); }
    from = {found};
  }
  if (target.direction == Steps::none) return from;
  if (from.size() > 1) {
    return graph_error(fmt::format("{} could start from each of {}: name one, such as {}{}{}", target.text, names(from),
                                   migrations_[from.back()].revision, target.direction == Steps::back ? '-' : '+', target.steps));
  }
  const std::optional<std::size_t> start = from.empty() ? std::nullopt : std::optional(from.front());
  if (target.direction == Steps::forward) {
    TRY_ASSIGN(const std::size_t reached, step_forward(start, target.steps, line_marks, target.text));
    return Indices{reached};
  }
  TRY_ASSIGN(const std::optional<std::size_t> reached, step_back(start, target.steps, line_marks, target.text));
  return reached ? Indices{*reached} : Indices{};
}

Result<std::size_t> RevisionMap::resolve_one(std::string_view symbol, const Applied& applied, std::string_view use) const {
  TRY_ASSIGN(const Indices found, resolve(symbol, applied));
  if (found.size() == 1) return found.front();
  if (found.empty()) return graph_error(fmt::format("{} {} is no revision", use, symbol));
  return graph_error(fmt::format("{} {} is {} revisions: {}; name one", use, symbol, found.size(), names(found)));
}

std::vector<std::size_t> RevisionMap::pending(const Applied& applied) const {
  Marks left = applied_marks(applied);
  left.flip();
  return in_order(left);
}

std::vector<std::string> RevisionMap::unknown(const Applied& applied) const {
  std::vector<std::string> unknown;
  for (const std::string& revision : applied.revisions) {
    if (!find(revision)) unknown.push_back(revision);
  }
  return unknown;
}

}  // namespace cupel::migrations

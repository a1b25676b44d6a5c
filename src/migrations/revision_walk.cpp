// Walks over the graph: what is before and after, and steps from one revision to the next. Every walk visits each edge
// at most once; no path is enumerated, of which diamonds have exponentially many.
#include "base/counted.h"
#include "migrations/revision_map.h"
#include "migrations/revision_target.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

namespace cupel::migrations {
namespace {

Error graph_error(std::string message) { return {ErrorCode::graph, std::move(message)}; }

}  // namespace

RevisionMap::Marks RevisionMap::before(const Indices& from, Edges edges) const {
  Marks marks(migrations_.size(), false);
  Indices open = from;
  for (const std::size_t start : from) marks[start] = true;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t next : edges == Edges::parents ? graph_.parents(at) : graph_.before(at)) {
      if (marks[next]) continue;
      marks[next] = true;
      open.push_back(next);
    }
  }
  return marks;
}

RevisionMap::Marks RevisionMap::after(const Indices& from, Edges edges) const {
  Marks marks(migrations_.size(), false);
  Indices open = from;
  for (const std::size_t start : from) marks[start] = true;
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t next : edges == Edges::parents ? graph_.children(at) : graph_.after(at)) {
      if (marks[next]) continue;
      marks[next] = true;
      open.push_back(next);
    }
  }
  return marks;
}

bool RevisionMap::comes_before(std::size_t earlier, std::size_t later) const {
  return earlier != later && before({later}, Edges::parents)[earlier];
}

// What a label stands for before an @: the revision that has it, all after it, and those that lead straight to it, down
// to where the history forks or joins.
RevisionMap::Marks RevisionMap::line(std::size_t labelled) const {
  Marks marks = after({labelled}, Edges::parents);
  std::size_t at = labelled;
  while (graph_.children(at).size() <= 1 && graph_.parents(at).size() == 1) {
    at = graph_.parents(at).front();
    if (graph_.children(at).size() > 1 || graph_.parents(at).size() > 1 || marks[at]) break;  // marked: a cycle
    marks[at] = true;
  }
  return marks;
}

RevisionMap::Indices RevisionMap::in_order(const Marks& marks) const {
  Indices ordered;
  for (const std::size_t i : graph_.order()) {
    if (marks[i] && !migrations_[i].repeatable) ordered.push_back(i);
  }
  return ordered;
}

RevisionMap::Marks RevisionMap::applied_marks(const Applied& applied) const {
  Marks marks(migrations_.size(), false);
  for (const std::string& revision : applied.revisions) {
    if (const auto found = find(revision)) marks[*found] = true;
  }
  return marks;
}

std::vector<std::size_t> RevisionMap::current(const Applied& applied, Ends ends) const {
  const Marks marks = applied_marks(applied);
  Marks is_end = marks;
  for (std::size_t i = 0; i < migrations_.size(); ++i) {
    if (!marks[i]) continue;
    for (const std::size_t below : ends == Ends::by_parent ? graph_.parents(i) : graph_.before(i)) { is_end[below] = false; }
  }
  return in_order(is_end);
}

std::vector<RevisionMap::NeverRun> RevisionMap::never_run(const Applied& applied) const {
  constexpr std::size_t none = std::numeric_limits<std::size_t>::max();
  const Marks marks = applied_marks(applied);
  Indices because(migrations_.size(), none);
  const Indices& order = graph_.order();
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const std::size_t applied_after = marks[*at] ? *at : because[*at];
    if (applied_after == none) continue;
    for (const std::size_t below : graph_.before(*at)) because[below] = applied_after;
  }
  std::vector<NeverRun> found;
  for (const std::size_t i : order) {
    if (!marks[i] && because[i] != none) found.push_back({i, because[i]});
  }
  return found;
}

// Where a line, or the whole history, begins.
RevisionMap::Indices RevisionMap::first_of(const Marks* line) const {
  if (line == nullptr) return bases_;
  Indices first;
  for (const std::size_t i : in_order(*line)) {
    const auto parents = graph_.parents(i);
    if (std::none_of(parents.begin(), parents.end(), [&](std::size_t parent) { return (*line)[parent]; })) { first.push_back(i); }
  }
  return first;
}

Error RevisionMap::ambiguous_step(const Indices& candidates, std::string_view target) const {
  std::string instead = migrations_[candidates.front()].revision;
  for (const std::size_t candidate : candidates) {
    if (!migrations_[candidate].labels.empty()) {
      instead += fmt::format(" or {}@+1", migrations_[candidate].labels.front());
      break;
    }
  }
  return graph_error(fmt::format("{} could lead to each of {}: name one, such as {}", target, names(candidates), instead));
}

// From nothing (no `from`) the first step is to a base. Nothing in the answer: it stepped off a base.
Result<std::optional<std::size_t>> RevisionMap::step_back(std::optional<std::size_t> from, std::size_t steps, const Marks* line,
                                                          std::string_view target) const {
  std::optional<std::size_t> at = from;
  for (std::size_t step = 0; step < steps; ++step) {
    if (!at) {
      return graph_error(from ? fmt::format("{} goes back too far: {} up to {}", target, counted(step, "revision"), name(*from))
                              : fmt::format("{} goes back too far: nothing is before it", target));
    }
    Indices parents(graph_.parents(*at).begin(), graph_.parents(*at).end());
    if (line != nullptr && parents.size() > 1) {
      std::erase_if(parents, [&](std::size_t parent) { return !(*line)[parent]; });
    }
    if (parents.size() > 1) {
      return graph_error(
          fmt::format("{} goes back over {}, which merges {}: name the one to go to, such as {}; a downgrade to one of them leaves "
                      "the others applied",
                      target, name(*at), names(parents), migrations_[parents.front()].revision));
    }
    at = parents.empty() ? std::nullopt : std::optional(parents.front());
  }
  return at;
}

Result<std::size_t> RevisionMap::step_forward(std::optional<std::size_t> from, std::size_t steps, const Marks* line,
                                              std::string_view target) const {
  std::optional<std::size_t> at = from;
  for (std::size_t step = 0; step < steps; ++step) {
    Indices next = at ? Indices(graph_.children(*at).begin(), graph_.children(*at).end()) : first_of(line);
    if (line != nullptr) std::erase_if(next, [&](std::size_t child) { return !(*line)[child]; });
    if (next.empty()) {
      return graph_error(
          fmt::format("{} goes too far: {} after {}", target, counted(step, "revision"), from ? name(*from) : std::string("the base")));
    }
    if (next.size() > 1) return ambiguous_step(next, target);
    at = next.front();
  }
  return *at;
}

// The steps of a bare +n: each to the one revision that can come next. A step to a merge takes with it what it merges.
Result<std::size_t> RevisionMap::next_of_current(const RevisionTarget& target, const Marks* line, const Applied& applied) const {
  if (!applied.known) { return graph_error(fmt::format("{} starts from what is applied, which only a database can tell", target.text)); }
  Marks reached = applied_marks(applied);
  std::set<std::size_t> ends;
  for (const std::size_t end : current(applied)) {
    if (line == nullptr || (*line)[end]) ends.insert(end);
  }
  const std::string start = ends.empty() ? "the base" : names({ends.begin(), ends.end()});
  std::size_t at = 0;
  for (std::size_t step = 0; step < target.steps; ++step) {
    std::set<std::size_t> next;
    for (const std::size_t end : ends) {
      for (const std::size_t child : graph_.children(end)) {
        if (!reached[child] && (line == nullptr || (*line)[child])) next.insert(child);
      }
    }
    if (ends.empty()) {
      for (const std::size_t first : first_of(line)) {
        if (!reached[first]) next.insert(first);
      }
    }
    if (next.empty()) {
      return graph_error(fmt::format("{} goes too far: {} left after {}", target.text,
                                     step == 0 ? std::string("no revision is") : counted(step, "revision") + (step == 1 ? " is" : " are"),
                                     start));
    }
    if (next.size() > 1) return ambiguous_step({next.begin(), next.end()}, target.text);
    at = *next.begin();
    Indices open = {at};
    reached[at] = true;
    while (!open.empty()) {
      const std::size_t below = open.back();
      open.pop_back();
      for (const std::size_t parent : graph_.parents(below)) {
        ends.erase(parent);
        if (reached[parent]) continue;
        reached[parent] = true;
        open.push_back(parent);
      }
    }
    ends.insert(at);
  }
  return at;
}

}  // namespace cupel::migrations

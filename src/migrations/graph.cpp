#include "migrations/graph.h"

#include "base/suggest.h"

#include <algorithm>
#include <cassert>
#include <functional>
#include <limits>
#include <queue>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::migrations {

RevisionGraph::RevisionGraph(std::span<const Migration> migrations)
    : migrations_(migrations),
      before_(migrations.size()),
      after_(migrations.size()),
      parents_(migrations.size()),
      children_(migrations.size()) {
  connect();
  find_cycles();
  sort();
}

void RevisionGraph::connect() {
  std::unordered_map<std::string_view, std::size_t> by_revision;
  for (std::size_t i = 0; i < migrations_.size(); ++i) {
    const auto [known, is_new] = by_revision.emplace(migrations_[i].revision, i);
    if (!is_new) duplicates_.push_back({known->second, i});
  }
  for (const bool dependency : {false, true}) {
    for (std::size_t i = 0; i < migrations_.size(); ++i) {
      for (const std::string& revision : dependency ? migrations_[i].depends_on : migrations_[i].parents) {
        const auto found = by_revision.find(revision);
        if (found == by_revision.end()) {
          missing_.push_back({i, revision, dependency});
          continue;
        }
        before_[i].push_back(found->second);
        after_[found->second].push_back(i);
        if (dependency) continue;
        ++parents_[i];
        ++children_[found->second];
      }
    }
  }
  std::stable_sort(missing_.begin(), missing_.end(), [](const Missing& a, const Missing& b) { return a.migration < b.migration; });
  for (std::size_t i = 0; i < migrations_.size(); ++i) {
    // The second of two with one id can have no children: all go to the first.
    const bool second = by_revision.find(migrations_[i].revision)->second != i;
    if (children_[i] == 0 && !second) heads_.push_back(i);
    if (children_[i] > 1) branch_points_.push_back(i);
    if (migrations_[i].parents.size() > 1) merges_.push_back(i);
  }
}

// Tarjan's strongly connected components, with a stack of its own: a history may be longer than the machine's stack.
void RevisionGraph::find_cycles() {
  constexpr std::size_t unseen = std::numeric_limits<std::size_t>::max();
  struct Frame {
    std::size_t node, edge;
  };
  std::vector<std::size_t> number(migrations_.size(), unseen), low(migrations_.size(), 0), open;
  std::vector<bool> is_open(migrations_.size(), false);
  std::vector<Frame> frames;
  std::size_t next = 0;
  for (std::size_t start = 0; start < migrations_.size(); ++start) {
    if (number[start] != unseen) continue;
    frames.push_back({start, 0});
    while (!frames.empty()) {
      const std::size_t node = frames.back().node;
      if (number[node] == unseen) {
        number[node] = low[node] = next++;
        open.push_back(node);
        is_open[node] = true;
      }
      if (frames.back().edge < before_[node].size()) {
        const std::size_t to = before_[node][frames.back().edge++];
        if (number[to] == unseen) {
          frames.push_back({to, 0});
        } else if (is_open[to]) {
          low[node] = std::min(low[node], number[to]);
        }
        continue;
      }
      frames.pop_back();
      if (!frames.empty()) low[frames.back().node] = std::min(low[frames.back().node], low[node]);
      if (low[node] != number[node]) continue;
      std::vector<std::size_t> component;
      do {
        component.push_back(open.back());
        is_open[open.back()] = false;
        open.pop_back();
      } while (component.back() != node);
      const bool self = std::find(before_[node].begin(), before_[node].end(), node) != before_[node].end();
      if (component.size() == 1 && !self) continue;
      std::sort(component.begin(), component.end());
      cycles_.push_back(std::move(component));
    }
  }
  std::sort(cycles_.begin(), cycles_.end());
}

void RevisionGraph::sort() {
  std::vector<std::size_t> waits_for(migrations_.size());
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> ready;
  for (std::size_t i = 0; i < migrations_.size(); ++i) {
    waits_for[i] = before_[i].size();
    if (waits_for[i] == 0) ready.push(i);
  }
  std::vector<bool> placed(migrations_.size(), false);
  std::size_t first_unplaced = 0;
  while (order_.size() < migrations_.size()) {
    if (ready.empty()) {  // a cycle: begin it where it stands first
      while (placed[first_unplaced]) ++first_unplaced;
      ready.push(first_unplaced);
    }
    const std::size_t node = ready.top();
    ready.pop();
    if (placed[node]) continue;
    placed[node] = true;
    order_.push_back(node);
    for (const std::size_t child : after_[node]) {
      if (waits_for[child] > 0 && --waits_for[child] == 0) ready.push(child);
    }
  }
}

namespace {

class GraphReport {
 public:
  GraphReport(MigrationSet& set, std::span<const RevisionPlace> places) : set_(set), places_(places) {}

  void add(const RevisionGraph& graph) {
    for (const auto& duplicate : graph.duplicates()) add_duplicate(duplicate);
    for (const auto& cycle : graph.cycles()) add_cycle(cycle);
    for (const auto& missing : graph.missing()) add_missing(missing);
    if (graph.heads().size() > 1) add_heads(graph.heads());
  }

 private:
  [[nodiscard]] std::string name(std::size_t migration) const {
    return fmt::format("{} ({})", set_.migrations[migration].revision, file(migration));
  }
  [[nodiscard]] std::string file(std::size_t migration) const {
    const std::string& path = set_.sources[places_[migration].source]->name();
    return path.substr(path.rfind('/') + 1);
  }
  [[nodiscard]] std::string names(const std::vector<std::size_t>& migrations) const {
    std::vector<std::string> all;
    all.reserve(migrations.size());
    for (const std::size_t migration : migrations) all.push_back(name(migration));
    return fmt::format("{}", fmt::join(all, ", "));
  }
  Problem& add_problem(std::string rule, std::size_t migration, Span span) {
    set_.problems.emplace_back();
    set_.problems.back().rule = std::move(rule);
    set_.problems.back().source = places_[migration].source;
    set_.problems.back().span = span;
    return set_.problems.back();
  }
  static void relate(Problem& problem, std::size_t source, Span span, std::string message) {
    Problem::Place place;
    place.source = source;
    place.span = span;
    place.message = std::move(message);
    problem.related.push_back(std::move(place));
  }

  void add_duplicate(const RevisionGraph::Duplicate& duplicate) {
    const RevisionPlace& first = places_[duplicate.first];
    Problem& problem = add_problem("duplicate-version", duplicate.second, places_[duplicate.second].revision);
    problem.message = fmt::format("revision {} is used twice, in {} and {}", set_.migrations[duplicate.second].revision,
                                  file(duplicate.first), file(duplicate.second));
    relate(problem, first.source, first.revision, "the other one");
  }

  void add_cycle(const std::vector<std::size_t>& members) {
    Problem& problem = add_problem("revision-cycle", members.front(), places_[members.front()].parents);
    problem.message = members.size() == 1 ? fmt::format("revision {} comes after itself", name(members.front()))
                                          : fmt::format("these revisions come after each other: {}", names(members));
    for (std::size_t i = 1; i < members.size(); ++i) {
      relate(problem, places_[members[i]].source, places_[members[i]].parents, "part of the cycle");
    }
  }

  void add_missing(const RevisionGraph::Missing& missing) {
    const RevisionPlace& place = places_[missing.migration];
    Problem& problem = add_problem("missing-parent", missing.migration, missing.dependency ? place.dependencies : place.parents);
    std::vector<std::string_view> known;
    for (const Migration& migration : set_.migrations) {
      if (&migration != &set_.migrations[missing.migration]) known.push_back(migration.revision);
    }
    const auto meant = closest_match(missing.revision, known);
    problem.message = fmt::format("{} {} of revision {} does not exist{}", missing.dependency ? "dependency" : "parent", missing.revision,
                                  name(missing.migration), meant ? fmt::format("; did you mean {}?", *meant) : "");
  }

  void add_heads(const std::vector<std::size_t>& heads) {
    const std::size_t last = heads.back();
    Problem& problem = add_problem("multiple-heads", last, places_[last].revision);
    problem.message = fmt::format(
        "{} revisions have none after them: {}; give one the other as its parent, or add a revision that has all of "
        "them as parents",
        heads.size(), names(heads));
    for (const std::size_t head : heads) {
      if (head != last) relate(problem, places_[head].source, places_[head].revision, "another head");
    }
  }

  MigrationSet& set_;
  std::span<const RevisionPlace> places_;
};

}  // namespace

void arrange(MigrationSet& set, std::span<const RevisionPlace> places) {
  assert(places.size() == set.migrations.size());
  std::vector<Migration> ordered;
  ordered.reserve(set.migrations.size());
  {
    const RevisionGraph graph(set.migrations);
    GraphReport(set, places).add(graph);
    set.heads.clear();
    for (const std::size_t head : graph.heads()) set.heads.push_back(set.migrations[head].revision);
    for (const std::size_t index : graph.order()) ordered.push_back(std::move(set.migrations[index]));
  }
  set.migrations = std::move(ordered);
}

}  // namespace cupel::migrations

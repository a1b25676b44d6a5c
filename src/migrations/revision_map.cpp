#include "migrations/revision_map.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/suggest.h"

namespace cupel::migrations {
namespace {

constexpr std::size_t shortest_abbreviation = 4;
constexpr std::size_t named_at_most = 5;

Error graph_error(std::string message) { return {ErrorCode::graph, std::move(message)}; }

std::string revisions(std::size_t count) { return fmt::format("{} revision{}", count, count == 1 ? "" : "s"); }

// "+2" and "-1" at the end of a symbol: what stands before it, and the number. Ids may hold signs and digits
// themselves, so the whole symbol is tried as a name first.
struct Relative {
  std::string_view base;
  int steps = 0;
};
std::optional<Relative> relative(std::string_view symbol) {
  const std::size_t sign = symbol.find_last_of("+-");
  if (sign == std::string_view::npos || sign + 1 == symbol.size()) return std::nullopt;
  int number = 0;
  const char* const end = symbol.data() + symbol.size();
  const auto parsed = std::from_chars(symbol.data() + sign + 1, end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
  return Relative{symbol.substr(0, sign), symbol[sign] == '-' ? -number : number};
}

}  // namespace

RevisionMap::RevisionMap(std::span<const Migration> migrations)
    : migrations_(migrations), graph_(migrations), parents_(migrations.size()), before_(migrations.size()), children_(migrations.size()), after_(migrations.size()) {
  for (std::size_t index = 0; index < migrations.size(); ++index) {
    by_revision_.emplace(migrations[index].revision, index);
    for (const std::string& label : migrations[index].labels) by_label_.emplace(label, index);
  }
  for (std::size_t index = 0; index < migrations.size(); ++index) {
    for (const bool dependency : {false, true}) {
      for (const std::string& revision : dependency ? migrations[index].depends_on : migrations[index].parents) {
        const auto found = by_revision_.find(revision);
        if (found == by_revision_.end()) continue;  // a finding of its own
        before_[index].push_back(found->second);
        after_[found->second].push_back(index);
        if (dependency) continue;
        parents_[index].push_back(found->second);
        children_[found->second].push_back(index);
      }
    }
  }
}

std::string RevisionMap::describe(std::size_t index) const {
  const Migration& migration = migrations_[index];
  std::string words = migration.revision;
  if (!migration.title.empty() && migration.title != migration.revision) words += fmt::format(" ({})", migration.title);
  return words;
}

std::string RevisionMap::describe(std::span<const std::size_t> indices) const {
  std::string words;
  for (std::size_t i = 0; i < indices.size(); ++i) {
    if (i == named_at_most) return words + fmt::format(" and {} more", indices.size() - i);
    if (i > 0) words += i + 1 == indices.size() ? " and " : ", ";
    words += describe(indices[i]);
  }
  return words;
}

Result<std::size_t> RevisionMap::find(std::string_view name) const {
  if (const auto found = by_revision_.find(name); found != by_revision_.end()) return found->second;
  if (const auto found = by_label_.find(name); found != by_label_.end()) return found->second;
  std::vector<std::size_t> begun;
  if (name.size() >= shortest_abbreviation) {
    for (std::size_t index = 0; index < migrations_.size(); ++index) {
      if (std::string_view(migrations_[index].revision).starts_with(name)) begun.push_back(index);
    }
  }
  if (begun.size() == 1) return begun.front();
  if (begun.size() > 1) return graph_error(fmt::format("\"{}\" is ambiguous: it is the beginning of {}", name, describe(begun)));
  std::vector<std::string_view> known;
  for (const auto& [revision, index] : by_revision_) known.push_back(revision);
  for (const auto& [label, index] : by_label_) known.push_back(label);
  std::ranges::sort(known);
  const std::optional<std::string> meant = closest_match(name, known);
  const bool short_one = !name.empty() && name.size() < shortest_abbreviation &&
                         std::ranges::any_of(migrations_, [name](const Migration& m) { return std::string_view(m.revision).starts_with(name); });
  if (short_one) return graph_error(fmt::format("\"{}\" is too short: an abbreviated revision has at least {} characters", name, shortest_abbreviation));
  return graph_error(fmt::format("there is no revision \"{}\"{}", name, meant ? fmt::format("; did you mean \"{}\"?", *meant) : ""));
}

RevisionMap::Marks RevisionMap::closure(std::span<const std::size_t> from, Way way) const {
  Marks marks(migrations_.size(), false);
  std::vector<std::size_t> open(from.begin(), from.end());
  while (!open.empty()) {
    const std::size_t index = open.back();
    open.pop_back();
    if (marks[index]) continue;
    marks[index] = true;
    const auto& next = way == Way::backward ? before_[index] : after_[index];
    open.insert(open.end(), next.begin(), next.end());
  }
  return marks;
}

// The branch that a label names: what comes after the revision that has it, by parents alone, and itself.
RevisionMap::Marks RevisionMap::lineage(std::size_t labelled) const {
  Marks marks(migrations_.size(), false);
  std::vector<std::size_t> open{labelled};
  while (!open.empty()) {
    const std::size_t index = open.back();
    open.pop_back();
    if (marks[index]) continue;
    marks[index] = true;
    open.insert(open.end(), children_[index].begin(), children_[index].end());
  }
  return marks;
}

std::vector<std::size_t> RevisionMap::ordered(const Marks& marks) const {
  std::vector<std::size_t> result;
  for (const std::size_t index : graph_.order()) {
    if (marks[index]) result.push_back(index);
  }
  return result;
}

Applied RevisionMap::with_ancestors(std::span<const std::size_t> from) const {
  Applied result;
  const Marks marks = closure(from, Way::backward);
  for (std::size_t index = 0; index < marks.size(); ++index) {
    if (marks[index]) result.insert(migrations_[index].revision);
  }
  return result;
}

std::vector<std::size_t> RevisionMap::latest(const Applied& applied) const {
  std::vector<std::size_t> result;
  for (const std::size_t index : graph_.order()) {
    if (is_applied(index, applied) && std::ranges::none_of(after_[index], [&](std::size_t next) { return is_applied(next, applied); })) result.push_back(index);
  }
  return result;
}

std::vector<std::size_t> RevisionMap::bases() const {
  std::vector<std::size_t> result;
  for (const std::size_t index : graph_.order()) {
    if (parents_[index].empty()) result.push_back(index);
  }
  return result;
}

// The one head (of a branch); `words` is what was asked for.
Result<std::vector<std::size_t>> RevisionMap::heads_in(const Marks* branch, std::string_view words) const {
  std::vector<std::size_t> heads;
  for (const std::size_t head : graph_.heads()) {
    if (branch == nullptr || (*branch)[head]) heads.push_back(head);
  }
  if (heads.size() <= 1) return heads;
  return graph_error(fmt::format("\"{}\" is ambiguous: there are {} heads, {}; name one, say heads for all of them, or join them with `cupel merge`", words, heads.size(), describe(heads)));
}

// `steps` along children (forward) or parents.
Result<std::size_t> RevisionMap::walk(std::size_t from, int steps, std::string_view words) const {
  std::size_t at = from;
  for (int step = 0; step < std::abs(steps); ++step) {
    const std::vector<std::size_t>& next = steps > 0 ? children_[at] : parents_[at];
    if (next.empty()) return graph_error(fmt::format("\"{}\" leaves the history: there {} only {} {} {}", words, step == 1 ? "is" : "are", revisions(static_cast<std::size_t>(step)), steps > 0 ? "after" : "before", describe(from)));
    if (next.size() > 1) return graph_error(fmt::format("\"{}\" is ambiguous: {} {} {} {}; name one of them", words, describe(next), next.size() > 1 ? "come" : "comes", steps > 0 ? "after" : "before", describe(at)));
    at = next.front();
  }
  return at;
}

// A symbol without label@ before it; within `branch` if there was one.
Result<std::vector<std::size_t>> RevisionMap::symbol_in(std::string_view symbol, const Marks* branch, const Applied& applied) const {
  if (symbol == "base") return std::vector<std::size_t>();
  if (symbol == "head") return heads_in(branch, symbol);
  if (symbol == "heads") {
    std::vector<std::size_t> heads;
    for (const std::size_t head : graph_.heads()) {
      if (branch == nullptr || (*branch)[head]) heads.push_back(head);
    }
    return heads;
  }
  if (symbol == "current") return latest(applied);
  const bool is_name = by_revision_.contains(symbol) || by_label_.contains(symbol);
  const std::optional<Relative> moved = is_name ? std::nullopt : relative(symbol);
  if (!moved) {
    TRY_ASSIGN(const std::size_t index, find(symbol));
    if (branch != nullptr && !(*branch)[index]) return graph_error(fmt::format("{} is not on that branch", describe(index)));
    return std::vector<std::size_t>{index};
  }
  if (moved->base == "base") {
    if (moved->steps <= 0) return graph_error(fmt::format("\"{}\" leaves the history: nothing is before base", symbol));
    std::vector<std::size_t> first;
    for (const std::size_t base : bases()) {
      if (branch == nullptr || (*branch)[base]) first.push_back(base);
    }
    if (first.size() != 1) return graph_error(fmt::format("\"{}\" is ambiguous: there are {} bases, {}; count from one of them", symbol, first.size(), describe(first)));
    TRY_ASSIGN(const std::size_t index, walk(first.front(), moved->steps - 1, symbol));
    return std::vector<std::size_t>{index};
  }
  if (moved->base.empty()) return graph_error(fmt::format("\"{}\" counts from where a database is; here a revision is needed, such as head{}", symbol, symbol));
  TRY_ASSIGN(const std::vector<std::size_t> from, symbol_in(moved->base, branch, applied));
  if (from.size() != 1) return graph_error(fmt::format("\"{}\" does not count from one revision, but from {}", symbol, from.empty() ? "none" : describe(from)));
  if (moved->steps < 0 && parents_[from.front()].empty() && moved->steps == -1) return std::vector<std::size_t>();  // base
  TRY_ASSIGN(const std::size_t index, walk(from.front(), moved->steps, symbol));
  return std::vector<std::size_t>{index};
}

Result<std::vector<std::size_t>> RevisionMap::resolve(std::string_view symbol, const Applied& applied) const {
  const std::size_t at = by_revision_.contains(symbol) ? std::string_view::npos : symbol.find('@');
  if (at == std::string_view::npos) return symbol_in(symbol, nullptr, applied);
  TRY_ASSIGN(const std::size_t labelled, find(symbol.substr(0, at)));
  const Marks branch = lineage(labelled);
  return symbol_in(symbol.substr(at + 1), &branch, applied);
}

// One after another what can run next; each has to be the only one.
Result<std::vector<std::size_t>> RevisionMap::forward_steps(int steps, const Marks* branch, const Applied& applied) const {
  Marks done(migrations_.size(), false);
  for (std::size_t index = 0; index < migrations_.size(); ++index) done[index] = is_applied(index, applied);
  const auto is_next = [&](std::size_t index) {
    return !done[index] && (branch == nullptr || (*branch)[index]) && std::ranges::all_of(parents_[index], [&](std::size_t parent) { return done[parent]; });
  };
  std::vector<std::size_t> path, next;
  for (const std::size_t index : graph_.order()) {
    if (is_next(index)) next.push_back(index);
  }
  for (int step = 0; step < steps; ++step) {
    if (next.empty()) return graph_error(fmt::format("+{} is more than there is: {} left to apply", steps, path.empty() ? "no revision is" : revisions(path.size()) + (path.size() == 1 ? " is" : " are")));
    if (next.size() > 1) return graph_error(fmt::format("+{} is ambiguous: {} could be next; name one of them, or label@+{}", steps, describe(next), steps));
    const std::size_t index = next.front();
    next.clear();
    done[index] = true;
    path.push_back(index);
    for (const std::size_t child : children_[index]) {
      if (is_next(child)) next.push_back(child);
    }
  }
  // What they depend on runs with them, uncounted.
  Marks needed = closure(path, Way::backward);
  for (std::size_t index = 0; index < migrations_.size(); ++index) needed[index] = needed[index] && !is_applied(index, applied);
  return ordered(needed);
}

Result<std::vector<std::size_t>> RevisionMap::backward_steps(int steps, const Marks* branch, const Applied& applied) const {
  std::vector<std::size_t> remaining(migrations_.size(), 0);  // applied ones that come after
  std::vector<std::size_t> last;
  for (std::size_t index = 0; index < migrations_.size(); ++index) {
    for (const std::size_t next : after_[index]) remaining[index] += is_applied(next, applied) ? 1 : 0;
  }
  const auto belongs = [&](std::size_t index) { return is_applied(index, applied) && (branch == nullptr || (*branch)[index]); };
  for (const std::size_t index : graph_.order()) {
    if (belongs(index) && remaining[index] == 0) last.push_back(index);
  }
  std::vector<std::size_t> path;
  for (int step = 0; step < steps; ++step) {
    if (last.empty()) return graph_error(fmt::format("-{} is more than there is: {} applied", steps, path.empty() ? "no revision is" : revisions(path.size()) + (path.size() == 1 ? " is" : " are")));
    if (last.size() > 1) {
      return graph_error(fmt::format("-{} is ambiguous: {} are the latest ones; say which branch with label@-{}, or down to which revision", steps, describe(last), steps));
    }
    const std::size_t index = last.front();
    last.clear();
    path.push_back(index);
    for (const std::size_t before : before_[index]) {
      if (--remaining[before] == 0 && belongs(before)) last.push_back(before);
    }
  }
  return path;
}

Result<std::vector<std::size_t>> RevisionMap::upgrade_path(std::string_view target, const Applied& applied) const {
  const std::size_t at = by_revision_.contains(target) ? std::string_view::npos : target.find('@');
  const std::string_view symbol = at == std::string_view::npos ? target : target.substr(at + 1);
  if (target.empty()) return graph_error("which target? A revision, head, heads, +1, …");
  if (target.find(':') != std::string_view::npos && !by_revision_.contains(target)) return graph_error(fmt::format("\"{}\" is a range; only --sql takes one", target));
  std::vector<std::size_t> named;
  const std::optional<Relative> moved = by_revision_.contains(symbol) ? std::nullopt : relative(symbol);
  if (moved && moved->base.empty()) {
    if (moved->steps < 0) return graph_error(fmt::format("an upgrade goes forward; {} is for `cupel downgrade`", symbol));
    std::optional<Marks> branch;
    if (at != std::string_view::npos) {
      TRY_ASSIGN(const std::size_t labelled, find(target.substr(0, at)));
      branch = lineage(labelled);
    }
    TRY_ASSIGN(named, forward_steps(moved->steps, branch ? &*branch : nullptr, applied));
  } else {
    TRY_ASSIGN(named, resolve(target, applied));
  }

  // Left behind: it never ran, but one that comes after it did.
  std::vector<std::size_t> present;
  for (std::size_t index = 0; index < migrations_.size(); ++index) {
    if (is_applied(index, applied)) present.push_back(index);
  }
  const Marks behind = closure(present, Way::backward);
  for (const std::size_t index : graph_.order()) {
    if (!behind[index] || is_applied(index, applied)) continue;
    if (std::ranges::find(named, index) != named.end()) continue;
    const auto later = std::ranges::find_if(present, [&](std::size_t one) { return closure(std::span(&one, 1), Way::backward)[index]; });
    return graph_error(fmt::format("revision {} never ran, but {}, which comes after it, did: it was put into the history later. Run it with `cupel upgrade {}`, or, if the database has its changes, "
                                   "note it with `cupel stamp`",
                                   describe(index), describe(*later), migrations_[index].revision));
  }
  Marks needed = closure(named, Way::backward);
  for (std::size_t index = 0; index < migrations_.size(); ++index) needed[index] = needed[index] && !is_applied(index, applied);
  return ordered(needed);
}

Result<std::vector<std::size_t>> RevisionMap::downgrade_path(std::string_view target, const Applied& applied) const {
  if (target.empty()) return graph_error("which target? A revision, base, -1, …");
  const std::size_t at = by_revision_.contains(target) ? std::string_view::npos : target.find('@');
  std::optional<Marks> branch;
  std::size_t labelled = 0;
  if (at != std::string_view::npos) {
    TRY_ASSIGN(labelled, find(target.substr(0, at)));
    branch = lineage(labelled);
  }
  const std::string_view symbol = branch ? target.substr(at + 1) : target;
  const std::optional<Relative> moved = by_revision_.contains(symbol) ? std::nullopt : relative(symbol);
  if (moved && moved->base.empty()) {
    if (moved->steps > 0) return graph_error(fmt::format("a downgrade goes back; {} is for `cupel upgrade`", symbol));
    return backward_steps(-moved->steps, branch ? &*branch : nullptr, applied);
  }
  Marks gone(migrations_.size(), false);
  if (symbol == "base") {
    // Of a branch: itself and what comes after it, dependants included.
    gone = branch ? closure(std::span(&labelled, 1), Way::forward) : Marks(migrations_.size(), true);
  } else {
    TRY_ASSIGN(const std::vector<std::size_t> named, resolve(target, applied));
    if (named.empty()) {
      gone = Marks(migrations_.size(), true);
    } else {
      for (const std::size_t index : named) {
        if (!is_applied(index, applied)) return graph_error(fmt::format("{} is not applied, so nothing can be taken back down to it", describe(index)));
      }
      gone = closure(named, Way::forward);
      for (const std::size_t index : named) gone[index] = false;
    }
  }
  for (std::size_t index = 0; index < migrations_.size(); ++index) gone[index] = gone[index] && is_applied(index, applied);
  std::vector<std::size_t> path = ordered(gone);
  std::ranges::reverse(path);
  return path;
}

Result<std::vector<std::size_t>> RevisionMap::range(std::string_view words, const Applied& applied) const {
  const std::size_t colon = words.find(':');
  if (colon == std::string_view::npos) return graph_error(fmt::format("\"{}\" is not a range: write from:to, from: or :to", words));
  const std::string_view from_words = words.substr(0, colon), to_words = words.substr(colon + 1);
  std::vector<std::size_t> from, to;
  if (!from_words.empty()) {
    TRY_ASSIGN(from, resolve(from_words, applied));
  }
  if (to_words.empty()) {
    TRY_ASSIGN(to, symbol_in("heads", nullptr, applied));
  } else if (to_words.starts_with('+')) {
    const std::string moved = std::string(from_words.empty() ? "base" : from_words) + std::string(to_words);
    TRY_ASSIGN(to, resolve(moved, applied));
  } else {
    TRY_ASSIGN(to, resolve(to_words, applied));
  }
  Marks marks = closure(to, Way::backward);
  if (from.empty()) return ordered(marks);
  for (const std::size_t index : from) {
    if (!marks[index]) return graph_error(fmt::format("{} is not before {}, so there is no way from one to the other", describe(index), to.empty() ? "base" : describe(to)));
  }
  const Marks earlier = closure(from, Way::backward);
  for (std::size_t index = 0; index < migrations_.size(); ++index) marks[index] = marks[index] && (!earlier[index] || std::ranges::find(from, index) != from.end());
  return ordered(marks);
}

}  // namespace cupel::migrations

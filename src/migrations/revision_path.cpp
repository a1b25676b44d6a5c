// What has to run, or to be taken back, to get to a target.
#include "migrations/revision_map.h"
#include "migrations/revision_target.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cupel::migrations {
namespace {

Error graph_error(std::string message) { return {ErrorCode::graph, std::move(message)}; }

constexpr std::size_t most_shown = 5;

}  // namespace

Status RevisionMap::check_applied(const Applied& applied) const {
  std::vector<std::string> strangers = unknown(applied);
  if (strangers.empty()) return success();
  const std::size_t count = strangers.size();
  const std::size_t left = count > most_shown ? count - most_shown : 0;
  strangers.resize(count - left);
  return Error{ErrorCode::edited,
               fmt::format("{} applied, but no migration here has {}: {}{}; bring the file{} back (another branch may "
                           "have {})",
                           count == 1 ? "a revision is" : fmt::format("{} revisions are", count), count == 1 ? "it" : "them",
                           fmt::join(strangers, ", "), left > 0 ? fmt::format(" and {} more", left) : "", count == 1 ? "" : "s",
                           count == 1 ? "it" : "them")};
}

Error RevisionMap::never_ran(const std::vector<NeverRun>& never_run) const {
  std::vector<std::string> said;
  for (std::size_t i = 0; i < never_run.size() && i < most_shown; ++i) {
    said.push_back(
        fmt::format("{} never ran, but {}, which comes after it, is applied", name(never_run[i].migration), name(never_run[i].after)));
  }
  if (never_run.size() > most_shown) said.push_back(fmt::format("and {} more", never_run.size() - most_shown));
  const std::string& first = migrations_[never_run.front().migration].revision;
  return graph_error(fmt::format("{}; to run it late, name it: cupel upgrade {}; if what it does is there already, note it: cupel stamp {}",
                                 fmt::join(said, "; "), first, first));
}

Error RevisionMap::not_applied(std::size_t migration, const Applied& applied) const {
  const Indices at = current(applied);
  return graph_error(fmt::format("{} is not applied, so nothing is taken back to it; {}", name(migration),
                                 at.empty() ? "nothing is applied" : fmt::format("the database is at {}", names(at))));
}

Result<std::vector<std::size_t>> RevisionMap::upgrade_path(std::string_view target, const Applied& applied) const {
  TRY_VOID(check());
  TRY_VOID(check_applied(applied));
  if (cut_range(target) && !find(target)) { return graph_error(fmt::format("{} is a range; an upgrade goes to one target", target)); }
  const RevisionTarget parsed = parse(target);
  if (parsed.symbol.empty() && parsed.direction == RevisionTarget::Steps::back) {
    return graph_error(fmt::format("{} goes back: cupel downgrade {}", target, target));
  }
  TRY_ASSIGN(const Indices wanted, resolve_target(parsed, applied));
  Marks needed = before(wanted, Edges::parents_and_dependencies);
  const Marks done = applied_marks(applied);
  for (std::size_t i = 0; i < needed.size(); ++i) needed[i] = needed[i] && !done[i];

  std::vector<NeverRun> gaps = never_run(applied);
  std::erase_if(gaps, [&](const NeverRun& gap) { return !needed[gap.migration]; });
  // Whoever names such a revision by itself wants it run, and what it needs.
  const bool by_name = parsed.direction == RevisionTarget::Steps::none && !is_symbolic_name(parsed.symbol);
  const bool meant = by_name && std::any_of(gaps.begin(), gaps.end(), [&](const NeverRun& gap) { return gap.migration == wanted.front(); });
  if (!gaps.empty() && !meant) return never_ran(gaps);
  return in_order(needed);
}

Result<std::vector<std::size_t>> RevisionMap::downgrade_path(std::string_view target, const Applied& applied) const {
  TRY_VOID(check());
  TRY_VOID(check_applied(applied));
  if (cut_range(target) && !find(target)) { return graph_error(fmt::format("{} is a range; a downgrade goes to one target", target)); }
  const RevisionTarget parsed = parse(target);
  if (parsed.symbol.empty() && parsed.direction == RevisionTarget::Steps::forward) {
    return graph_error(fmt::format("{} goes forward: cupel upgrade {}", target, target));
  }
  if (parsed.symbol == "current" && parsed.direction == RevisionTarget::Steps::none) return Indices{};
  if (parsed.symbol.empty() && current(applied).empty()) {
    return graph_error(fmt::format("{} goes back too far: nothing is applied", target));
  }
  TRY_ASSIGN(const Indices wanted, resolve_target(parsed, applied));
  if (wanted.size() > 1) {
    return graph_error(fmt::format("a downgrade goes to one revision, and {} is {}: {}", target, wanted.size(), names(wanted)));
  }
  Marks on_line(migrations_.size(), true);
  if (!parsed.branch.empty()) {
    TRY_ASSIGN(const std::size_t labelled, find_name(parsed.branch));
    on_line = line(labelled);
  }

  // What goes first is what stands directly on the target; the rest is what needs it.
  Indices roots;
  if (wanted.empty() && parsed.direction == RevisionTarget::Steps::back) {
    // Steps that lead off a base take back that one, not the other histories beside it.
    RevisionTarget last = parsed;
    if (--last.steps > 0) {
      TRY_ASSIGN(roots, resolve_target(last, applied));
    } else if (last.symbol.empty()) {
      roots = current(applied, Ends::by_parent_and_dependency);
      std::erase_if(roots, [&](std::size_t i) { return !on_line[i]; });
    } else {
      last.direction = RevisionTarget::Steps::none;
      TRY_ASSIGN(roots, resolve_target(last, applied));
    }
  } else if (wanted.empty()) {
    roots = first_of(parsed.branch.empty() ? nullptr : &on_line);
  } else {
    if (!applied.contains(migrations_[wanted.front()].revision)) return not_applied(wanted.front(), applied);
    for (const std::size_t child : graph_.children(wanted.front())) {
      if (on_line[child]) roots.push_back(child);
    }
  }
  Marks dropped = after(roots, Edges::parents_and_dependencies);
  const Marks done = applied_marks(applied);
  for (std::size_t i = 0; i < dropped.size(); ++i) dropped[i] = dropped[i] && done[i];
  Indices path = in_order(dropped);
  std::reverse(path.begin(), path.end());
  return path;
}

Result<Applied> RevisionMap::reached(std::string_view target) const {
  TRY_VOID(check());
  Applied unasked;
  unasked.known = false;
  TRY_ASSIGN(const Indices wanted, resolve(target, unasked));
  Applied applied;
  for (const std::size_t i : in_order(before(wanted, Edges::parents_and_dependencies))) {
    applied.revisions.insert(migrations_[i].revision);
  }
  return applied;
}

Result<std::vector<std::size_t>> RevisionMap::range(std::string_view text, const Applied& applied) const {
  TRY_VOID(check());
  const auto range = cut_range(text);
  if (!range) return graph_error(fmt::format("{} is no range: write FROM:TO, FROM: or :TO", text));
  RevisionTarget lower = parse(range->lower);
  RevisionTarget upper = parse(range->upper);
  const auto is_bare = [](const RevisionTarget& target) {
    return target.symbol.empty() && target.branch.empty() && target.direction != RevisionTarget::Steps::none;
  };
  if (is_bare(lower) && is_bare(upper)) {
    return graph_error(fmt::format("{}: one end has to be a revision, from which the other is counted", text));
  }
  // A bare number of steps is counted from the other end.
  Indices from, to;
  if (!is_bare(upper)) {
    to = heads_;
    if (!upper.text.empty()) { TRY_ASSIGN(to, resolve_target(upper, applied)); }
  }
  if (is_bare(lower)) {
    if (lower.direction == RevisionTarget::Steps::forward) {
      return graph_error(fmt::format("{}: {} counts from the start, which it is itself", text, lower.text));
    }
    if (to.size() != 1) return several_heads(to, "");
    TRY_ASSIGN(const auto start, step_back(to.front(), lower.steps, nullptr, lower.text));
    if (start) from = {*start};
  } else if (!lower.text.empty()) {
    TRY_ASSIGN(from, resolve_target(lower, applied));
  }
  if (is_bare(upper)) {
    if (upper.direction == RevisionTarget::Steps::back) {
      return graph_error(fmt::format("{}: {} counts from the end, which it is itself", text, upper.text));
    }
    if (from.size() > 1) { return graph_error(fmt::format("{} could start from each of {}: name one", text, names(from))); }
    const auto start = from.empty() ? std::nullopt : std::optional(from.front());
    TRY_ASSIGN(const std::size_t end, step_forward(start, upper.steps, nullptr, upper.text));
    to = {end};
  }

  if (from.empty()) {
    Marks all = before(to, Edges::parents_and_dependencies);
    if (!lower.branch.empty()) {
      TRY_ASSIGN(const std::size_t labelled, find_name(lower.branch));
      const Marks on_line = line(labelled);
      for (std::size_t i = 0; i < all.size(); ++i) all[i] = all[i] && on_line[i];
    }
    return in_order(all);
  }
  Marks between = after(from, Edges::parents);
  const Marks below = before(to, Edges::parents);
  for (std::size_t i = 0; i < between.size(); ++i) between[i] = between[i] && below[i];
  Indices found = in_order(between);
  if (!found.empty()) return found;
  const Marks reversed = before(from, Edges::parents);
  if (std::any_of(to.begin(), to.end(), [&](std::size_t end) { return reversed[end]; })) {
    return graph_error(fmt::format("{} is the wrong way round: {} comes before {}; write {}:{}", text, names(to), names(from), range->upper,
                                   range->lower));
  }
  return graph_error(fmt::format("{} does not come after {}, so there is no range between them", names(to), names(from)));
}

}  // namespace cupel::migrations

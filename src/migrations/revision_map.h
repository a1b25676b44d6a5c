// Revisions as users name them (Alembic's syntax, docs/revisions.md), and what has to run to get to one. Knows neither
// files nor a database: what is applied is told to it.
//
// Errors are of the code `graph`, but `edited` where an applied revision is not among the migrations: their messages
// are for the user and say what to type instead.
#pragma once

#include "base/result.h"
#include "migrations/graph.h"
#include "migrations/migration.h"

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cupel::migrations {

struct RevisionTarget;

// The revisions that a database has, all of them and not only the last.
struct Applied {
  std::set<std::string, std::less<>> revisions;
  // False: no database was asked, so `current` and a bare +n or -n mean nothing.
  bool known = true;
  [[nodiscard]] bool contains(std::string_view revision) const { return revisions.find(revision) != revisions.end(); }
};

// Answers in indices into the migrations it was made from. Every question takes time linear in their number, at most
// times its logarithm.
class RevisionMap {
 public:
  // Borrows `migrations` for its life time. Beside those of a folder they may hold ones that only the journal knows,
  // each with its revision, title, parents, depends_on and labels. Repeatable ones are no revisions: no question
  // answers with them.
  explicit RevisionMap(std::span<const Migration> migrations);

  [[nodiscard]] std::span<const Migration> migrations() const { return migrations_; }
  [[nodiscard]] const RevisionGraph& graph() const { return graph_; }
  // Nobody's parent; without a parent. In the order they run.
  [[nodiscard]] const std::vector<std::size_t>& heads() const { return heads_; }
  [[nodiscard]] const std::vector<std::size_t>& bases() const { return bases_; }
  // What is wrong with the graph as a whole: one id twice, a missing parent or dependency, a cycle, one label twice.
  // Paths and ranges are refused then; single revisions can still be resolved.
  [[nodiscard]] Status check() const;

  // The migration of exactly this `revision`.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view revision) const;
  // "4f1b7703e2c5 (add_users)", as messages name it.
  [[nodiscard]] std::string name(std::size_t migration) const;

  // Whether `later` comes after `earlier` by parents, over any number of revisions between.
  [[nodiscard]] bool comes_before(std::size_t earlier, std::size_t later) const;

  // What `symbol` stands for: an id or the beginning of one, a label, head, heads, base, current, with @ and steps; no
  // range. Nothing for base and, where nothing is applied, current; several for heads, label@heads and current. In the
  // order they run. `applied`: for current, +n and -n.
  [[nodiscard]] Result<std::vector<std::size_t>> resolve(std::string_view symbol, const Applied& applied) const;
  // The same where only one revision will do. `use` says in errors what it is wanted as: "--parent".
  [[nodiscard]] Result<std::size_t> resolve_one(std::string_view symbol, const Applied& applied, std::string_view use) const;

  // What has to run so that `target` and everything it needs are applied: parents and dependencies first. Empty when
  // nothing is left to do. An error where a revision below the target never ran although one after it did, unless
  // `target` names that revision itself by its id.
  [[nodiscard]] Result<std::vector<std::size_t>> upgrade_path(std::string_view target, const Applied& applied) const;
  // What has to be taken back so that nothing after `target` is applied: what comes after and depends first. `target`
  // itself stays. Only applied ones are answered.
  [[nodiscard]] Result<std::vector<std::size_t>> downgrade_path(std::string_view target, const Applied& applied) const;
  // The revisions from a to b of `text` ("a:b", "a:", ":b", "a:+n", "-n:b"), both included, in the order they run.
  // `applied`: for current.
  [[nodiscard]] Result<std::vector<std::size_t>> range(std::string_view text, const Applied& applied) const;
  // What is applied where `target` was reached from nothing. SQL of a range a:b is that of upgrade_path(b, reached(a)),
  // or of downgrade_path(b, reached(a)).
  [[nodiscard]] Result<Applied> reached(std::string_view target) const;

  // Applied, and nothing after it is: where the database is. `ends`: whether what an applied one depends on is still
  // an end, though not its parent.
  enum class Ends { by_parent, by_parent_and_dependency };
  [[nodiscard]] std::vector<std::size_t> current(const Applied& applied, Ends ends = Ends::by_parent) const;
  // Not applied, in the order they would run.
  [[nodiscard]] std::vector<std::size_t> pending(const Applied& applied) const;
  // Not applied, although something that comes after it or depends on it is: no upgrade runs them by itself.
  struct NeverRun {
    std::size_t migration;
    std::size_t after;  // the applied one
  };
  [[nodiscard]] std::vector<NeverRun> never_run(const Applied& applied) const;
  // Ids in `applied` that no migration has, sorted.
  [[nodiscard]] std::vector<std::string> unknown(const Applied& applied) const;

 private:
  using Indices = std::vector<std::size_t>;
  using Marks = std::vector<bool>;
  enum class Edges { parents, parents_and_dependencies };

  // Names (revision_map.cpp).
  [[nodiscard]] Result<Indices> resolve_target(const RevisionTarget& target, const Applied& applied) const;
  [[nodiscard]] Result<std::size_t> find_name(std::string_view text) const;
  [[nodiscard]] Indices partial_matches(std::string_view text) const;
  [[nodiscard]] RevisionTarget parse(std::string_view text) const;
  [[nodiscard]] Error unknown_name(std::string_view text) const;
  [[nodiscard]] std::string names(const Indices& migrations) const;
  [[nodiscard]] Result<Indices> several_heads(const Indices& heads, std::string_view branch) const;

  // Walks (revision_walk.cpp). `line`: the only revisions to step on; null: all.
  [[nodiscard]] Marks before(const Indices& from, Edges edges) const;  // themselves included
  [[nodiscard]] Marks after(const Indices& from, Edges edges) const;
  [[nodiscard]] Marks line(std::size_t labelled) const;
  [[nodiscard]] Indices in_order(const Marks& marks) const;
  [[nodiscard]] Marks applied_marks(const Applied& applied) const;
  [[nodiscard]] Indices first_of(const Marks* line) const;
  [[nodiscard]] Result<std::optional<std::size_t>> step_back(std::optional<std::size_t> from, std::size_t steps, const Marks* line,
                                                             std::string_view target) const;
  [[nodiscard]] Result<std::size_t> step_forward(std::optional<std::size_t> from, std::size_t steps, const Marks* line,
                                                 std::string_view target) const;
  [[nodiscard]] Result<std::size_t> next_of_current(const RevisionTarget& target, const Marks* line, const Applied& applied) const;
  [[nodiscard]] Error ambiguous_step(const Indices& candidates, std::string_view target) const;

  // Paths (revision_path.cpp).
  [[nodiscard]] Status check_applied(const Applied& applied) const;
  [[nodiscard]] Error not_applied(std::size_t migration, const Applied& applied) const;
  [[nodiscard]] Error never_ran(const std::vector<NeverRun>& never_run) const;

  std::span<const Migration> migrations_;
  RevisionGraph graph_;
  Indices heads_, bases_;
  std::unordered_map<std::string_view, std::size_t> by_revision_, by_label_;
  std::vector<std::pair<std::string_view, std::size_t>> sorted_;  // ids, for their beginnings
  struct RepeatedLabel {
    std::string_view label;
    std::size_t first, second;
  };
  std::vector<RepeatedLabel> repeated_labels_;
};

}  // namespace cupel::migrations

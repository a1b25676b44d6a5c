// What users call revisions: ids and their beginnings, labels, head, base, +2, label@head, a:b. Alembic's syntax, whole;
// docs/revisions.md says where the meaning differs.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "migrations/graph.h"
#include "migrations/migration.h"

namespace cupel::migrations {

// The ids of all revisions that a database has, not only of the latest ones.
using Applied = std::set<std::string, std::less<>>;

// All errors have the code `graph`. Everything takes time linear in the number of revisions.
class RevisionMap {
 public:
  // Borrows `migrations` for its life time. Revisions that only a journal knows may stand among them.
  explicit RevisionMap(std::span<const Migration> migrations);

  // Indices of what has to run so that `target` is applied: parents and dependencies first, otherwise in the given order.
  // Empty if it is. An error, too, if a revision never ran though one that comes after it did, unless the target names it.
  [[nodiscard]] Result<std::vector<std::size_t>> upgrade_path(std::string_view target, const Applied& applied) const;
  // Indices of what has to be taken back, latest first, so that nothing after `target` is applied.
  [[nodiscard]] Result<std::vector<std::size_t>> downgrade_path(std::string_view target, const Applied& applied) const;
  // "a:b", "a:", ":b", "a:+2", "label@base:label@head": from a to b, both included, in the order they run.
  [[nodiscard]] Result<std::vector<std::size_t>> range(std::string_view words, const Applied& applied) const;
  // One symbol: a revision, a label (the revision that has it), head, heads, base (nothing), current (the latest applied
  // ones), label@head, rev-2 …
  [[nodiscard]] Result<std::vector<std::size_t>> resolve(std::string_view symbol, const Applied& applied) const;

  // These and everything they come after.
  [[nodiscard]] Applied with_ancestors(std::span<const std::size_t> revisions) const;
  // Applied revisions that no applied one comes after, in the given order.
  [[nodiscard]] std::vector<std::size_t> latest(const Applied& applied) const;
  [[nodiscard]] const RevisionGraph& graph() const { return graph_; }

 private:
  using Marks = std::vector<bool>;
  enum class Way { forward, backward };

  [[nodiscard]] Result<std::size_t> find(std::string_view name) const;
  [[nodiscard]] std::string describe(std::size_t index) const;
  [[nodiscard]] std::string describe(std::span<const std::size_t> indices) const;
  [[nodiscard]] Marks closure(std::span<const std::size_t> from, Way way) const;
  [[nodiscard]] Marks lineage(std::size_t labelled) const;
  [[nodiscard]] Result<std::vector<std::size_t>> heads_in(const Marks* branch, std::string_view words) const;
  [[nodiscard]] std::vector<std::size_t> bases() const;
  [[nodiscard]] Result<std::size_t> walk(std::size_t from, int steps, std::string_view words) const;
  [[nodiscard]] Result<std::vector<std::size_t>> symbol_in(std::string_view symbol, const Marks* branch, const Applied& applied) const;
  [[nodiscard]] Result<std::vector<std::size_t>> forward_steps(int steps, const Marks* branch, const Applied& applied) const;
  [[nodiscard]] Result<std::vector<std::size_t>> backward_steps(int steps, const Marks* branch, const Applied& applied) const;
  [[nodiscard]] bool is_applied(std::size_t index, const Applied& applied) const { return applied.contains(migrations_[index].revision); }
  // Those of `marks` in the order they run.
  [[nodiscard]] std::vector<std::size_t> ordered(const Marks& marks) const;

  std::span<const Migration> migrations_;
  RevisionGraph graph_;
  std::unordered_map<std::string_view, std::size_t> by_revision_, by_label_;
  std::vector<std::vector<std::size_t>> parents_, before_, children_, after_;  // `before` and `after` count dependencies too
};

}  // namespace cupel::migrations

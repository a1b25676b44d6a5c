// The graph of revisions: which comes after which. Knows nothing of files; talks in indices into the migrations it was
// made from.
#pragma once

#include "migrations/migration.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace cupel::migrations {

class RevisionGraph {
 public:
  // Borrows `migrations` for its life time.
  explicit RevisionGraph(std::span<const Migration> migrations);

  // All of them, parents and dependencies first; otherwise as given. Members of a cycle come where the first of them
  // stands.
  [[nodiscard]] const std::vector<std::size_t>& order() const { return order_; }
  // Those that are nobody's parent, without a cycle's.
  [[nodiscard]] const std::vector<std::size_t>& heads() const { return heads_; }
  // Several revisions come after these, or these come after several.
  [[nodiscard]] const std::vector<std::size_t>& branch_points() const { return branch_points_; }
  [[nodiscard]] const std::vector<std::size_t>& merges() const { return merges_; }
  // Each cycle's members, as given.
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& cycles() const { return cycles_; }
  struct Missing {
    std::size_t migration;
    std::string revision;
    bool dependency;
  };
  [[nodiscard]] const std::vector<Missing>& missing() const { return missing_; }
  // A migration whose revision an earlier one already has.
  struct Duplicate {
    std::size_t first, second;
  };
  [[nodiscard]] const std::vector<Duplicate>& duplicates() const { return duplicates_; }

  // One migration's neighbours, as given; what is missing is left out. A second one of the same id has none after it.
  using Neighbours = std::span<const std::size_t>;
  [[nodiscard]] Neighbours parents(std::size_t migration) const { return before(migration).first(parents_[migration]); }
  [[nodiscard]] Neighbours dependencies(std::size_t migration) const { return before(migration).subspan(parents_[migration]); }
  [[nodiscard]] Neighbours before(std::size_t migration) const { return before_[migration]; }  // both
  [[nodiscard]] Neighbours children(std::size_t migration) const { return after(migration).first(children_[migration]); }
  [[nodiscard]] Neighbours dependents(std::size_t migration) const { return after(migration).subspan(children_[migration]); }
  [[nodiscard]] Neighbours after(std::size_t migration) const { return after_[migration]; }  // both

 private:
  void connect();
  void sort();
  void find_cycles();

  std::span<const Migration> migrations_;
  std::vector<std::vector<std::size_t>> before_, after_;  // edges of parents, then those of dependencies
  std::vector<std::size_t> parents_, children_;           // how many of them are the former
  std::vector<std::size_t> order_, heads_, branch_points_, merges_;
  std::vector<std::vector<std::size_t>> cycles_;
  std::vector<Missing> missing_;
  std::vector<Duplicate> duplicates_;
};

// Where a migration's file states its revision and its parents; empty spans stand for the file itself.
struct RevisionPlace {
  std::size_t source = 0;
  Span revision;
  Span parents;
  Span dependencies;
};
// Orders set.migrations, fills set.heads and reports what is wrong with the graph. `places`: one per migration, in the
// same order.
void arrange(MigrationSet& set, std::span<const RevisionPlace> places);

}  // namespace cupel::migrations

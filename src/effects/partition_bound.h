// Internal to src/effects: what CHECK constraints prove about a partition's bound, so that its rows need not be read.
//
// Only what PostgreSQL's predicate_implied_by can prove is claimed; what is not understood proves nothing.
#pragma once

#include "effects/effects.h"

#include <optional>
#include <vector>

namespace cupel::effects {

class PartitionProof {
 public:
  // `bound`: of the partition that comes, of `parent`.
  PartitionProof(const schema::Relation& parent, const sql::PartitionBound& bound);
  ~PartitionProof();

  // Every row of `table` satisfies the bound, by its valid CHECK and NOT NULL constraints: ATTACH PARTITION does not scan
  // it (manual, ALTER TABLE: ATTACH PARTITION).
  [[nodiscard]] bool satisfied_by(const schema::Relation& table) const;
  // No row of `table`, the default partition, belongs into the bound: it is not scanned.
  [[nodiscard]] bool excluded_by(const schema::Relation& table) const;

 private:
  // The bound as conditions on single columns that all hold; empty: it is of a kind that nothing is proved about.
  struct Condition;
  std::vector<Condition> conditions_;
};

// Whether a row with this key belongs to the bound; nullopt: it cannot be told. For keys of one column.
std::optional<bool> admits(const sql::PartitionBound& bound, const sql::Expression& key);

// Two bounds of one parent overlap for certain (42P17).
bool overlap(const sql::PartitionBound& a, const sql::PartitionBound& b);

}  // namespace cupel::effects

// Internal to src/effects: what CHECK constraints prove about a partition's bound, so that its rows need not be read.
//
// Only what PostgreSQL's predicate_implied_by can prove is claimed; what is not understood proves nothing.
#pragma once

#include "effects/effects.h"

namespace cupel::effects {

class PartitionProof {
 public:
  // `bound`: of the partition that comes, of `parent`.
  PartitionProof(const schema::Relation& parent, const sql::PartitionBound& bound);

  // Every row of `table` satisfies the bound, by its valid CHECK and NOT NULL constraints: ATTACH PARTITION does not scan
  // it (manual, ALTER TABLE: ATTACH PARTITION).
  [[nodiscard]] bool satisfied_by(const schema::Relation& table) const;
  // No row of `table`, the default partition, belongs into the bound: it is not scanned.
  [[nodiscard]] bool excluded_by(const schema::Relation& table) const;

 private:
  const schema::Relation& parent_;
  const sql::PartitionBound& bound_;
  std::string_view column_;   // the key, when it is one column; empty: nothing can be proved
};

// Two bounds of one parent overlap for certain (42P17).
bool overlap(const sql::PartitionBound& a, const sql::PartitionBound& b);

}  // namespace cupel::effects

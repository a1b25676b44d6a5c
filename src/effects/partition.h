// Internal to src/effects: pieces that attaching and detaching share.
#pragma once

#include "effects/predict.h"

namespace cupel::effects {

// The partition, or the parent, that a subcommand names; nullptr: unknown.
const schema::Relation* find_partition(Prediction& prediction, const sql::AlterTableCommand& alter);
// The table that a partitioned table's foreign key references, and its partitions.
void lock_referenced(Prediction& prediction, const schema::Constraint& key, LockMode mode, CommandIndex command);
// A child must have the parent's columns and checks (MergeAttributesIntoExisting). Returns true if it failed.
bool fails_merge(Prediction& prediction, const schema::Relation& parent, const schema::Relation& child, CommandIndex command);
// Indexes of parent and partition that can be one (CompareIndexInfo).
bool same_definition(const schema::Index& a, const schema::Index& b);

}  // namespace cupel::effects

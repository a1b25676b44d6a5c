// Internal to src/effects: pieces that queries, data changes and views share.
#pragma once

#include "effects/predict.h"

namespace cupel::effects {

// PostgreSQL's own tables and views: always there, never in the replay, and no user waits for their locks.
bool is_catalog(const sql::QualifiedName& name);

void lock_query_relation(Prediction& prediction, const schema::Relation& relation, LockMode mode, Role role, Cause cause, QueryUse use);
// 13 reads the bounds of a partition's parents before it writes to the partition or truncates it (InitResultRelInfo).
void lock_parents_of_written(Prediction& prediction, const schema::Relation& table);
// Every row of the relation, or of its partitions, or of what a view reads.
void scan_relation(Prediction& prediction, const schema::Relation* relation, const sql::QualifiedName& name, Cause cause);

// The relations that subqueries of an expression read, or a rule's actions write: names behind FROM, JOIN, INTO and UPDATE
// in the text, `table` itself left out. Expressions, rules and function bodies do not tell what they name.
void lock_named_in_text(Prediction& prediction, std::string_view text, const sql::QualifiedName& table, Cause cause);

}  // namespace cupel::effects

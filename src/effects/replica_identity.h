// What publications ask of a table whose rows are changed.
#pragma once

#include "effects/predict.h"

namespace cupel::effects {

enum class RowChange { update, delete_ };

// A publication that sends updates or deletes of the table cannot tell the rows apart: 55000, or from 15 on 42P10 where its column
// list or row filter does not go with the replica identity. Whether there are rows does not matter (CheckCmdReplicaIdentity,
// execReplication.c). Returns true if it failed.
bool fails_replica_identity(Prediction& prediction, const schema::Relation& table, RowChange change);

// The column is in a publication's column list or row filter (15).
bool is_published_by_name(const Prediction& prediction, const schema::Relation& table, std::string_view column);

}  // namespace cupel::effects

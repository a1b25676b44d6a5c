#include "effects/replica_identity.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace cupel::effects {
namespace {

// The columns that tell its rows apart (RelationGetReplicaIndex); nothing: it has none.
std::optional<std::vector<std::string>> identity_of(const Prediction& prediction, const schema::Relation& table) {
  std::vector<std::string> columns;
  if (table.replica_identity == 'f') {
    for (const schema::Column& column : table.columns) columns.push_back(column.name);
    return columns;
  }
  if (table.replica_identity == 'd') {
    // A deferrable key may be broken for a while: it does not count.
    const schema::Constraint* key = table.primary_key();
    if (key == nullptr || key->deferrable) return std::nullopt;
    return key->columns;
  }
  if (table.replica_identity != 'i') return std::nullopt;
  for (RelationId id : table.indexes) {
    const schema::Relation& index = prediction.relation(id);
    if (!prediction.database().exists(id) || !index.index || !index.index->replica_identity) continue;
    for (const schema::IndexKey& key : index.index->keys) columns.push_back(key.column);
    return columns;
  }
  return std::nullopt;
}

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool fails_replica_identity(Prediction& prediction, const schema::Relation& table, RowChange change) {
  // Of a partitioned table the partitions are asked, one of which may be all that is touched.
  if (table.kind != schema::RelationKind::table || table.incomplete) return false;
  const bool updates = change == RowChange::update;
  const std::vector<schema::Database::Published> published = prediction.database().published_by(table);
  const std::string action = updates ? "cannot update table \"" : "cannot delete from table \"";
  const std::optional<std::vector<std::string>> identity = identity_of(prediction, table);
  const std::vector<std::string> columns = identity.value_or(std::vector<std::string>{});
  for (const schema::Database::Published& each : published) {
    if (each.part == nullptr || !(updates ? each.publication->updates : each.publication->deletes)) continue;
    // With a FULL identity a list of columns never will do (RelationBuildPublicationDesc, 15 to 18).
    const std::vector<std::string>& list = each.part->columns;
    const bool left_out = std::any_of(columns.begin(), columns.end(), [&list](const std::string& name) { return !contains(list, name); });
    const bool filtered = std::any_of(table.columns.begin(), table.columns.end(), [&](const schema::Column& column) {
      return !contains(columns, column.name) && each.part->filters_by(column.name);
    });
    if (!filtered && (list.empty() || (!left_out && table.replica_identity != 'f'))) continue;
    prediction.fail("42P10", action + table.name.name + "\"");
    return true;
  }
  const bool is_sent = std::any_of(published.begin(), published.end(), [updates](const schema::Database::Published& each) {
    return updates ? each.publication->updates : each.publication->deletes;
  });
  if (!is_sent || identity) return false;
  prediction.fail("55000", action + table.name.name + "\" because it does not have a replica identity and publishes " +
                               (updates ? "updates" : "deletes"));
  return true;
}

bool is_published_by_name(const Prediction& prediction, const schema::Relation& table, std::string_view column) {
  for (const schema::Publication& publication : prediction.database().publications()) {
    for (const schema::PublishedTable& each : publication.tables) {
      if (each.table == table.id && each.mentions(column)) return true;
    }
  }
  return false;
}

}  // namespace cupel::effects

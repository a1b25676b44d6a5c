// Publications.
#include "base/ascii.h"
#include "schema/replay.h"

#include <algorithm>

namespace cupel::schema {
namespace {

using Change = sql::Publication::Change;

// 'insert, update, delete, truncate' is the default (manual: CREATE PUBLICATION, publish).
void set_published(Publication& publication, std::string_view publish) {
  const std::string text = lower_case(publish);
  publication.updates = text.find("update") != std::string::npos;
  publication.deletes = text.find("delete") != std::string::npos;
}

void remove(std::vector<PublishedTable>& tables, RelationId table) {
  std::erase_if(tables, [table](const PublishedTable& each) { return each.table == table; });
}

}  // namespace

std::vector<PublishedTable> Replay::published_tables(const sql::Publication& statement) {
  std::vector<PublishedTable> result;
  for (std::size_t i = 0; i < statement.tables.size() && i < statement.parts.size(); ++i) {
    const sql::PublishedPart& part = statement.parts[i];
    PublishedTable published;
    published.table = target(statement.tables[i]);
    if (published.table == RelationId::none) continue;
    for (const std::string_view column : part.columns) published.columns.emplace_back(column);
    published.where = keep(part.where);
    result.push_back(published);
    // Children that inherit are taken along as they are now, later ones are not; partitions need no entry of their own.
    if (part.only || relation(published.table).kind != RelationKind::table) continue;
    for (const RelationId child : database_.descendants(published.table)) {
      published.table = child;
      result.push_back(published);
    }
  }
  return result;
}

void Replay::apply(const sql::Publication& statement) {
  const std::vector<Publication>& known = state_.publications;
  const auto found = std::find_if(known.begin(), known.end(), [&](const Publication& each) { return each.name == statement.name; });
  // Of one whose creation was not seen nobody knows what else it publishes.
  if (!statement.create && found == known.end()) return;
  if (statement.create && found != known.end()) {
    return contradict(Kind::duplicate_object, statement.name, "publication \"" + std::string(statement.name) + "\" already exists",
                      "42710");
  }
  const auto position = static_cast<std::size_t>(found - known.begin());
  std::vector<PublishedTable> tables = published_tables(statement);
  std::vector<std::string> schemas(statement.schemas.begin(), statement.schemas.end());
  if (statement.current_schema) schemas.emplace_back(state_.creation_schema());
  std::vector<Publication>& all = state_.change_publications();
  if (statement.create) all.emplace_back().name = statement.name;
  Publication& publication = all[position];
  if (statement.publish) set_published(publication, *statement.publish);
  if (statement.create) publication.all_tables = statement.all_tables;
  else if (statement.change == Change::options) return;
  switch (statement.create ? Change::set : statement.change) {
    case Change::set:
      publication.tables = std::move(tables);
      publication.schemas = std::move(schemas);
      return;
    case Change::add:
      for (PublishedTable& table : tables) publication.tables.push_back(std::move(table));
      for (std::string& schema : schemas) publication.schemas.push_back(std::move(schema));
      return;
    case Change::drop:
      for (const PublishedTable& table : tables) remove(publication.tables, table.table);
      for (const std::string& schema : schemas) std::erase(publication.schemas, schema);
      return;
    case Change::options: return;
  }
}

void Replay::drop_publications(const sql::DropObjects& drop) {
  for (const sql::QualifiedName& name : drop.names) {
    const auto is_it = [&name](const Publication& each) { return each.name == name.name; };
    if (std::any_of(state_.publications.begin(), state_.publications.end(), is_it)) std::erase_if(state_.change_publications(), is_it);
  }
}

void Replay::rename_publication(std::string_view from, std::string_view to) {
  for (std::size_t i = 0; i < state_.publications.size(); ++i) {
    if (state_.publications[i].name == from) state_.change_publications()[i].name = to;
  }
}

bool Replay::is_published_column(RelationId table, std::string_view column) const {
  return std::any_of(state_.publications.begin(), state_.publications.end(), [&](const Publication& publication) {
    return std::any_of(publication.tables.begin(), publication.tables.end(),
                       [&](const PublishedTable& each) { return each.table == table && each.mentions(column); });
  });
}

// CASCADE takes the whole table out, not the column out of its list.
void Replay::unpublish(RelationId table, std::string_view column) {
  if (!is_published_column(table, column)) return;
  for (Publication& publication : state_.change_publications()) {
    std::erase_if(publication.tables, [&](const PublishedTable& each) { return each.table == table && each.mentions(column); });
  }
}

}  // namespace cupel::schema

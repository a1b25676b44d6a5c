#include "execute/live_schema.h"

#include "execute/live_statements.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

namespace cupel::execute {

using schema::ObjectName;
using schema::Relation;
using schema::RelationId;

const TableSize* LiveSchema::size(const ObjectName& table) const {
  const auto found = sizes_.find(TableName{table.schema, table.name});
  return found == sizes_.end() ? nullptr : &found->second;
}

std::string_view LiveSchema::text() const { return sources_.empty() ? std::string_view() : std::string_view(sources_.front()->text()); }

// Fills a LiveSchema, one question after the other.
class LiveReader {
 public:
  LiveReader(PgSession& session, const LiveSchemaOptions& options) : session_(session), options_(options) {}

  Result<LiveSchema> read() {
    live_.server_version_ = session_.server_version();
    // With nothing but pg_catalog on the path every name is written with its schema. Whoever holds a view for himself
    // alone keeps pg_get_viewdef waiting: not for ever.
    TRY_VOID(
        session_.query("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY; "
                       "SET LOCAL search_path = pg_catalog; SET LOCAL lock_timeout = '5s'; SET LOCAL quote_all_identifiers = off; "
                       "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; SET LOCAL standard_conforming_strings = on",
                       what));
    const Status status = read_all();
    session_.run_to_end(status ? "COMMIT" : "ROLLBACK");
    if (!status) return status.error();
    return std::move(live_);
  }

 private:
  static constexpr std::string_view what = "cannot read the database's definitions";

  Status read_all() {
    TRY_VOID(replay_definitions());
    TRY_VOID(read_view_columns());
    TRY_VOID(read_inherited());
    TRY_VOID(read_invalid_indexes());
    TRY_VOID(read_typed_tables());
    if (options_.sizes) TRY_VOID(read_sizes());
    TRY_ASSIGN(const Rows path, session_.query("SELECT reset_val FROM pg_settings WHERE name = 'search_path'", what));
    live_.database_.settings().set_default("search_path", path.text(0, 0));
    if (live_.problems_.empty()) live_.database_.note_complete();
    else live_.database_.note_unseen_changes();
    return success();
  }

  const sql::Script& parse(const Rows& rows) {
    std::string text;
    for (std::size_t row = 0; row < rows.size(); ++row) text.append(rows.text(row, 0)).append(";\n");
    live_.sources_.push_back(std::make_shared<const SourceText>(session_.description(), std::move(text)));
    return live_.scripts_.emplace_back(sql::Script::parse(*live_.sources_.back()));
  }

  Status replay_definitions() {
    TRY_ASSIGN(const Rows rows, session_.query(live_statements_sql(session_.server_major(), options_.without_schemas), what));
    const sql::Script& script = parse(rows);
    for (const sql::SyntaxError& error : script.errors()) {
      const std::string_view text = script.source().text();
      const std::size_t begin = text.rfind('\n', error.span.begin) + 1;
      live_.problems_.push_back(fmt::format("{} in: {}", error.message, text.substr(begin, text.find('\n', error.span.begin) - begin)));
    }
    for (const sql::Statement& statement : script.statements()) {
      for (const schema::Contradiction& contradiction : live_.database_.apply(statement, script)) {
        live_.problems_.push_back(fmt::format("{} in: {}", contradiction.message, script.text(statement)));
      }
    }
    return success();
  }

  // A view's columns as the server has them: which ones a query gives, a replay cannot always tell.
  Status read_view_columns() {
    TRY_ASSIGN(const Rows rows, session_.query(live_view_columns_sql(options_.without_schemas), what));
    for (const sql::Statement& statement : parse(rows).statements()) {
      const auto* columns = statement.as<sql::CreateTable>();
      const Relation* view = columns == nullptr ? nullptr : live_.database_.find(columns->name);
      if (view == nullptr) continue;
      Relation& changed = live_.database_.amend(view->id);
      changed.columns.clear();
      for (const sql::ColumnDefinition& definition : columns->columns) {
        schema::Column column;
        column.name = definition.name;
        column.type = live_.database_.resolve(definition.type);
        changed.columns.push_back(std::move(column));
      }
      changed.incomplete = false;
    }
    return success();
  }

  // Columns and constraints of children were written out in full: which of them they have from a parent is known here
  // only.
  Status read_inherited() {
    TRY_ASSIGN(const Rows rows, session_.query(live_inherited_sql(options_.without_schemas), what));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      const Relation* table = live_.database_.find(rows.text(row, 0), rows.text(row, 1));
      if (table == nullptr) continue;
      Relation& changed = live_.database_.amend(table->id);
      const auto mark = [&](auto& parts) {
        for (auto& part : parts) {
          if (part.name != rows.text(row, 3)) continue;
          part.inherited = true;
          part.local = rows.truth(row, 4);
        }
      };
      if (rows.text(row, 2) == "column") mark(changed.columns);
      else mark(changed.constraints);
    }
    return success();
  }

  Status read_invalid_indexes() {
    TRY_ASSIGN(const Rows rows, session_.query(live_invalid_indexes_sql(options_.without_schemas), what));
    std::vector<RelationId> invalid;
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (const Relation* index = live_.database_.find(rows.text(row, 0), rows.text(row, 1))) invalid.push_back(index->id);
    }
    for (const RelationId id : live_.database_.relations()) {
      const Relation& relation = live_.database_.relation(id);
      if (!relation.index) continue;
      const bool valid = std::find(invalid.begin(), invalid.end(), id) == invalid.end();
      if (relation.index->valid != valid) live_.database_.amend(id).index->valid = valid;
    }
    return success();
  }

  Status read_typed_tables() {
    TRY_ASSIGN(const Rows rows, session_.query(live_typed_tables_sql(options_.without_schemas), what));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (const Relation* table = live_.database_.find(rows.text(row, 0), rows.text(row, 1)))
        live_.database_.amend(table->id).of_type = rows.text(row, 2);
    }
    return success();
  }

  Status read_sizes() {
    TRY_ASSIGN(const Rows rows, session_.query(live_sizes_sql(options_.without_schemas), "cannot read the tables' sizes"));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      TableSize& size = live_.sizes_[{rows.text(row, 0), rows.text(row, 1)}];
      if (!rows.is_null(row, 2)) size.rows = std::strtod(rows.text(row, 2).c_str(), nullptr);
      size.bytes = static_cast<std::uint64_t>(rows.number(row, 3));
    }
    return success();
  }

  PgSession& session_;
  const LiveSchemaOptions& options_;
  LiveSchema live_;
};

Result<LiveSchema> read_live_schema(PgSession& session, const LiveSchemaOptions& options) { return LiveReader(session, options).read(); }

}  // namespace cupel::execute

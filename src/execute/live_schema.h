// What exists in a live database, read from its catalogs into the same values that a replay makes.
//
// The catalogs are written out as SQL by the server's own functions (manual 9.27.9, "System Information Functions: Object
// definitions") and replayed; what no statement carries is added afterwards. Only read, in one transaction.
#pragma once

#include "base/result.h"
#include "base/source_text.h"
#include "execute/pg_session.h"
#include "schema/database.h"
#include "sql/script.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cupel::execute {

// How big a table or materialized view is. Of a partitioned table: all its partitions together.
struct TableSize {
  std::optional<double> rows;  // estimated by VACUUM, ANALYZE or the statistics collector; nullopt: nobody has counted yet
  std::uint64_t bytes = 0;     // without indexes, with TOAST; partitions of partitions included
};
// schema and name of a table.
using TableName = std::pair<std::string, std::string>;
using TableSizes = std::map<TableName, TableSize, std::less<>>;

// Owns everything that the Database points into.
class LiveSchema {
 public:
  LiveSchema() = default;
  LiveSchema(LiveSchema&&) noexcept = default;
  LiveSchema& operator=(LiveSchema&&) noexcept = default;

  // Everything there is was there before any migration: epoch 0, rows assumed.
  [[nodiscard]] const schema::Database& database() const { return database_; }
  // To try statements on: see schema::Database::mark.
  [[nodiscard]] schema::Database& database() { return database_; }
  [[nodiscard]] const TableSizes& sizes() const { return sizes_; }
  // nullptr if there is no such table.
  [[nodiscard]] const TableSize* size(const schema::ObjectName& table) const;
  [[nodiscard]] int server_version() const { return server_version_; }
  // What was replayed, for those who want to see it.
  [[nodiscard]] std::string_view text() const;
  // What of it was not understood: a syntax newer than our parser, mostly. One sentence each.
  [[nodiscard]] const std::vector<std::string>& problems() const { return problems_; }

 private:
  friend class LiveReader;
  // In this order: the scripts point into their sources, the database into the scripts.
  std::vector<std::shared_ptr<const SourceText>> sources_;
  std::vector<sql::Script> scripts_;
  schema::Database database_;
  TableSizes sizes_;
  std::vector<std::string> problems_;
  int server_version_ = 0;
};

// What to read, and what not.
struct LiveSchemaOptions {
  std::vector<std::string> without_schemas;  // the journal's; PostgreSQL's own are always left out
  bool sizes = true;                         // ask for sizes too
};

// Reads `session`'s database, in a transaction of its own that only reads: the session must not be in one. What belongs to
// an extension is left out, the extension itself is there. An error if the server does not answer, or if another session
// keeps a view locked for longer than a few seconds.
Result<LiveSchema> read_live_schema(PgSession& session, const LiveSchemaOptions& options = {});

}  // namespace cupel::execute

// What a statement really does to a server, as the session that runs it can see, and how that compares with what was predicted.
//
// Runs in a database of its own that is made for it and dropped again: nothing that anybody uses is touched.
#pragma once

#include "base/result.h"
#include "effects/effects.h"
#include "execute/pg_session.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::execute {

struct Measurement {
  // 25001 in a transaction block; the rest is of a run outside one, where locks cannot be seen.
  bool refused_in_transaction = false;
  std::optional<ServerMessage> failure;  // any other error: nothing else is known then
  // In an explicit transaction block of the file's own: locks taken before are still held.
  bool in_block = false;
  // The strongest lock at the end on each relation that existed before, of those not held before; by "schema.name".
  std::map<std::string, sql::LockMode> locks, index_locks;
  std::map<std::string, sql::LockMode> held_before;
  // Tables (and materialized views) that had rows and have another file now, indexes of such tables likewise, and tables
  // whose rows were read one after another.
  std::set<std::string> rewritten, rebuilt, read;
};

// A new database on the server of `options`, and a session in it.
class ScratchSession {
 public:
  // Errors: the server cannot be reached, or its user may not create databases.
  static Result<ScratchSession> open(const ConnectionOptions& options);
  ScratchSession(ScratchSession&&) noexcept = default;
  ScratchSession& operator=(ScratchSession&&) = delete;
  ~ScratchSession();

  // Runs one statement in a transaction of its own, which is committed, or in the one that the statements before it have
  // begun; one that is refused there runs alone. Errors: the connection is lost.
  Result<Measurement> measure(std::string_view statement);
  // What a session keeps is gone, as where a runner connects anew: settings, temporary tables, an open transaction.
  void begin_part();
  // Runs `sql` unless that fails. True if it did not.
  bool try_out(std::string_view sql);
  [[nodiscard]] int server_major() const { return session_.server_major(); }

 private:
  struct Relation {
    std::string name;  // schema.name
    char kind;         // pg_class.relkind
    std::uint64_t file, bytes;
    std::uint32_t table;  // of an index
  };
  using Relations = std::map<std::uint32_t, Relation>;
  ScratchSession(PgSession maintenance, PgSession session, std::string name)
      : maintenance_(std::move(maintenance)), session_(std::move(session)), name_(std::move(name)) {}
  Result<Relations> relations();
  Result<std::map<std::pair<std::uint32_t, sql::LockMode>, bool>> held_locks();
  Status look(const Relations& before, Measurement& measurement);

  PgSession maintenance_, session_;
  std::string name_;
};

// Where the two differ, in words: "lock on public.orders: predicted SHARE, was ACCESS EXCLUSIVE". Empty: they agree.
// `database`: the schema before the statement, complete; what only rows decide may happen or not.
std::vector<std::string> differences(const effects::Effects& predicted, const schema::Database& database, const Measurement& measured);

}  // namespace cupel::execute

// After a crash: did a statement that ran outside a transaction block happen? The catalogs tell.
#pragma once

#include "base/result.h"
#include "execute/pg_session.h"
#include "execute/plan.h"

#include <string>
#include <string_view>

namespace cupel::execute {

// What has to be known of the time before the statement, to be kept in the journal and given to reconcile() later: the
// indexes of the table, for one. An error (code `failed`) if the statement must not run now: an invalid index of its
// name is there, which IF NOT EXISTS would take for success.
Result<std::string> state_before(PgSession& session, const PlannedStatement& statement);

struct Reconciliation {
  bool happened = false;  // wholly: it is not run again
  std::string what;       // for the user: "index orders_note_idx was built, and is valid"
};

// Looks what became of a statement that was begun; what it left half-done is taken away. `text`: the statement.
// An error (code `failed`) if it cannot be told, or if what is there is not what the statement makes.
Result<Reconciliation> reconcile(PgSession& session, const PlannedStatement& statement, std::string_view text, std::string_view before,
                                 bool idempotent);

}  // namespace cupel::execute

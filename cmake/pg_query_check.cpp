// Does this libpg_query compile and link here? Calls what cupel calls: the raw parser inside a memory context.
extern "C" {
// clang-format off
#include "pg_query.h"
#include "postgres.h"

#include "nodes/parsenodes.h"
#include "pg_query_internal.h"
// clang-format on
}

int main() {
  MemoryContext context = pg_query_enter_memory_context();
  PgQueryInternalParsetreeAndError parsed = pg_query_raw_parse("CREATE INDEX i ON t (a); SELECT 1", PG_QUERY_PARSE_DEFAULT);
  int count = parsed.tree != nullptr ? parsed.tree->length : 0;
  pg_query_exit_memory_context(context);
  return count == 2 ? 0 : 1;
}

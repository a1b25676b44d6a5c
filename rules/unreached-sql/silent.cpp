#include <libpq-fe.h>
static const char* const steps[] = {"CREATE TABLE orders (id bigint)", "ALTER TABLE orders ADD COLUMN a int"};
void migrate(PGconn* connection) {
  for (const char* step : steps) PQexec(connection, step);
}
const char* words = "DROP TABLE cannot be undone";

#include <libpq-fe.h>
#include <boost/not_there.hpp>
void migrate(PGconn* connection) {
  no::such::type thing(connection);
  PQexec(connection, "CREATE TABLE orders (id bigint)");
}
// want-7 front-end-errors "undeclared"

#include <boost/not_there.hpp>
#include <libpq-fe.h>
void migrate(PGconn* connection) { PQexec(connection, "CREATE TABLE orders (id bigint)"); }

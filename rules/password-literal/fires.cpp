#include <libpq-fe.h>
void make(PGconn* connection) {
  PQexec(connection, "CREATE ROLE app LOGIN PASSWORD 'hunter2'");  // want password-literal "password"
}

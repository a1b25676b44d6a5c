#include <libpq-fe.h>
#include <pqxx/pqxx>

#include <fstream>
#include <sstream>

std::string read_file(const char* name);

void from_file(PGconn* connection) {
  std::ifstream file("schema.sql");
  std::stringstream text;
  text << file.rdbuf();
  PQexec(connection, text.str().c_str());  // want dynamic-sql@3 "what PQexec is given here is not known"
}
void from_elsewhere(pqxx::work& tx, const char* sql) {
  tx.exec(read_file("a.sql"));
  tx.exec(sql);
}

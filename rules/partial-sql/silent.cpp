#include <pqxx/pqxx>

void migrate(pqxx::work& tx) {
  for (const char* table : {"a", "b"}) tx.exec(std::string("ALTER TABLE ") + table + " ADD COLUMN note text");
}

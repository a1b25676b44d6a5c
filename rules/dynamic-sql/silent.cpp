#include <pqxx/pqxx>

static const std::string begin = "ALTER TABLE orders ";
void run(pqxx::work& tx, const std::string& sql) { tx.exec(sql); }
void migrate(pqxx::work& tx) {
  run(tx, begin + "ADD COLUMN note text");
  tx.exec_prepared("find_order", 1);
}

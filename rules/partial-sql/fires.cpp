#include <pqxx/pqxx>

void migrate(pqxx::work& tx, const std::string& table, bool unique) {
  std::string sql = "CREATE ";
  if (unique) sql += "UNIQUE ";
  sql += "INDEX i ON orders (id)";
  tx.exec(sql);  // want-2 partial-sql "depends on a condition"
  tx.exec("DROP TABLE " + table);
}

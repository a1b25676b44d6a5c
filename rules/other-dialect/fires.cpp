#include <QSqlQuery>
void migrate() {
  QSqlQuery query;
  query.exec("CREATE TABLE notes (id INTEGER PRIMARY KEY AUTOINCREMENT)");  // want other-dialect@15 "another database"
  query.exec("CREATE TABLE orders (id bigint)");
}

#include <QSqlQuery>
void migrate() { QSqlQuery().exec("CREATE TABLE orders (id bigint PRIMARY KEY)"); }

namespace app { void send(const char*); }
const char* first = "CREATE TABLE orders (id bigint)";  // want unreached-sql@22 "no call"
const char* no_sql = "CREATE the world";
void f() { app::send("ALTER TABLE orders ADD COLUMN a int"); }

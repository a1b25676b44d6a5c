// want source-not-analysed "stopped at its limit"
const char* sql = "CREATE TABLE orders (id bigint)";
int main() {
  for (int i = 0; i < 2000000000; ++i) {}
}

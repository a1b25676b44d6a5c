const char* sql = "CREATE TABLE orders (id bigint)";
int main() {
  for (int i = 0; i < 1000; ++i) {}
}

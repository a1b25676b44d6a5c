// want source-not-analysed "stopped at its limit"
const char* sql = "CREATE TABLE orders (id bigint)";
int twice(int depth) { return depth == 0 ? 1 : twice(depth - 1) + twice(depth - 1); }
int main() { return twice(24); }

// Every way to write a literal.
#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "literals", .message = "literals"};

#define ORDERS "orders"
#define TEXT_OF(words) #words
#define DROP(table) op.execute("DROP TABLE " table)
#define EXECUTE(operations, ...) (operations).execute(__VA_ARGS__)

void plain(operations& op) { op.execute("DROP TABLE a"); }

void adjacent(operations& op) {
  op.execute(
      "ALTER TABLE a "
      "ADD COLUMN b text, "
      R"(ADD COLUMN "C" text)");
}

void raw(operations& op) {
  op.execute(R"(CREATE TABLE "T" (
  path text DEFAULT 'C:\dir\n', -- not an escape
  id int
))");
  op.execute(R"sql(SELECT ')";' AS "quotes"
)sql");
}

void escapes(operations& op) {
  op.execute("COMMENT ON TABLE a IS 'tab\there, \"quoted\", back\\slash, \x41\102\u00e9 and \U0001f600'");
  op.execute(
      "COMMENT ON TABLE b IS 'x\
y'");
}

void prefixed(operations& op) { op.execute(reinterpret_cast<const char*>(u8"COMMENT ON TABLE a IS 'größer'")); }

void macros(operations& op) {
  op.execute("DROP TABLE " ORDERS);
  op.execute(TEXT_OF(DROP TABLE b CASCADE));
  DROP("c");
  DROP(ORDERS " CASCADE");
  EXECUTE(op, "DROP TABLE d");
}

void several(operations& op) { op.execute("DROP TABLE a; DROP TABLE b;\n-- the last one\nDROP TABLE c"); }

void upgrade(operations& op) {
  plain(op);
  adjacent(op);
  raw(op);
  escapes(op);
  prefixed(op);
  macros(op);
  several(op);
}

registered self{rev, upgrade};
}  // namespace

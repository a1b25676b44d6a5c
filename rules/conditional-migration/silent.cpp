#include <cupel/op.hpp>

namespace {
using namespace cupel;
constexpr revision rev{.id = "b1", .message = "notes"};
constexpr bool with_notes = true;
void upgrade(operations& op) {
  if (with_notes) op.create_table("notes", {column("id", bigint())});
  for (const char* table : {"a", "b"}) op.create_table(table, {column("id", bigint())});
}
registered self{rev, upgrade};
}  // namespace

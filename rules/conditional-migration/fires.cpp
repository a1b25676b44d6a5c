#include <cupel/op.hpp>

#include <cstdlib>

namespace {
using namespace cupel;
constexpr revision rev{.id = "b1", .message = "notes"};
void upgrade(operations& op) {
  op.create_table("orders", {column("id", bigint())});
  if (std::getenv("WITH_NOTES") != nullptr) {
    op.create_table("notes", {column("id", bigint())});  // want conditional-migration "create_table"
  }
}
registered self{rev, upgrade};
}  // namespace

// What runs outside the revision's transaction.
#include <string>

#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "transactions", .down = "helpers", .message = "transactions"};

void index_of(operations& op, const std::string& table) { op.create_index(table + "_ix", table, {"id"}, {.concurrently = true}); }

void upgrade(operations& op) {
  op.drop_table("before");
  op.autocommit([&] {
    op.execute("VACUUM a");
    for (const char* table : {"b", "c"}) index_of(op, table);
  });
  op.drop_table("between");
  op.backfill("users", {.set = "phone = ''", .where = "phone IS NULL", .key = "id", .batch = 5'000, .pause_ms = 10});
  const auto outside = [&op] { op.add_enum_value("state", "new"); };
  op.autocommit(outside);
  op.execute("SELECT 1", {.idempotent = true});
}

void downgrade(operations& op) {
  op.autocommit([&] { op.drop_index("b_ix", {.concurrently = true}); });
}

registered self{rev, upgrade, downgrade};
}  // namespace

// Rows, defaults, and options that are computed.
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "values", .down = "transactions", .message = "values"};

struct Plan {
  int id;
  const char* name;
  bool active;
};
constexpr Plan plans[] = {{1, "free", true}, {2, "it's \\ pro", false}};

void rows(operations& op) {
  op.bulk_insert("plans", {"id", "name", "active"}, {{1, "free", true}, {2, nullptr, false}, {3, sql("now()::text"), null}});
  for (const Plan& plan : plans) op.bulk_insert("plans", {"id", "name", "active"}, {{plan.id, plan.name, plan.active}});
  const std::string name = std::string("made") + "_here";
  op.bulk_insert("plans", {"id", "name"}, {{10, name}}, {.on_conflict_do_nothing = true});
}

void made_rows(operations& op) {
  std::vector<std::vector<value>> all;
  for (int i = 0; i < 3; ++i) all.push_back({i, "row"});
  std::vector<list<value>> views;
  for (const std::vector<value>& one : all) views.push_back(one);
  op.bulk_insert("plans", {"id", "name"}, views);
}

void numbers(operations& op) {
  op.bulk_insert("numbers", {"n"}, {{-1}, {2.5}, {5.0}, {18446744073709551615ULL}, {std::size_t{7}}, {std::int64_t{-9}}, {1e3}});
  op.bulk_insert("numbers", {"n"},
                 {{std::numeric_limits<int>::max()}, {std::numeric_limits<long long>::min()}, {-(5 + 3)}, {~0}, {(7 & 5) | 8}});
  const double half = 1 / 2.0;
  op.bulk_insert("numbers", {"n"}, {{half}, {static_cast<int>(2.9)}, {static_cast<double>(3)}});
  unsigned wrapped = 0;
  --wrapped;
  op.bulk_insert("numbers", {"n"}, {{wrapped}, {2147483647U + 1U}});
}

void options(operations& op) {
  drop_options how{.if_exists = true};
  op.drop_table("a", how);
  how.cascade = true;
  op.drop_table("b", how);
  create_index_options index{.unique = true, .method = "btree"};
  index.where = "id > 0";
  op.create_index("i", "t", {"id"}, index);
  const referential_action action = cascade;
  op.create_foreign_key("f", "t", "u", {"a"}, {"id"}, {.ondelete = action});
  op.alter_column("t", "c", {.nullable = true, .server_default = none});
}

void lists(operations& op) {
  const std::vector<str> labels = {"new", "paid"};
  op.create_enum("state", labels);
  const std::vector<str> names = {"a", "b"};
  op.create_unique_constraint("u", "t", names);
  const column columns[] = {column("id", bigint()), column("v", text())};
  op.create_table("made", {columns[0], columns[1], primary_key{"", {"id"}}});
  std::vector<table_element> elements;
  for (const column& one : columns) elements.push_back(one);
  elements.push_back(check{"c", "id > 0"});
  op.create_table("from_vector", elements);
}

void upgrade(operations& op) {
  rows(op);
  made_rows(op);
  numbers(op);
  options(op);
  lists(op);
}

registered self{rev, upgrade};
}  // namespace

// Functions that do the work for others.
#include "helpers.h"

#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "helpers", .down = "conditions", .message = "helpers"};

void drop_both(operations& op, const char* first, const char* second = "standard") {
  op.drop_table(first);
  op.drop_table(second);
}

std::string named(const std::string& table, int number) { return table + "_" + std::to_string(number); }

void rename(std::string& name) { name += "_renamed"; }
void replace_through(const char** name) { *name = "replaced"; }
const std::string& itself(const std::string& name) { return name; }

template <class Type>
void add_two(operations& op, const char* table, Type (*make)(int)) {
  op.add_column(table, column("a", make(1)));
  op.add_column(table, column("b", make(2)));
}
type wide(int number) { return varchar(number * 100); }

template <class... Names>
void drop_all(operations& op, const Names&... names) {
  (op.drop_table(names), ...);
}

template <int Count>
struct Times {
  static void run(operations& op) {
    op.drop_table("times" + std::to_string(Count));
    Times<Count - 1>::run(op);
  }
};
template <>
struct Times<0> {
  static void run(operations&) {}
};

void down_to_zero(operations& op, int number) {
  if (number == 0) return;
  op.drop_table("level" + std::to_string(number));
  down_to_zero(op, number - 1);
}

class Builder {
 public:
  Builder(operations& op, std::string table) : op_(op), table_(std::move(table)) {}
  Builder& add(const char* name, type kind) {
    op_.add_column(table_, column(name, kind));
    ++count_;
    return *this;
  }
  void finish() { op_.create_table_comment(table_, std::to_string(count_) + " columns"); }

 private:
  operations& op_;
  std::string table_;
  int count_ = 0;
};

struct Base {
  virtual ~Base() = default;
  virtual const char* table() const { return "base"; }
};
struct Derived final : Base {
  const char* table() const override { return "derived"; }
};

struct Table {
  std::string name;
  std::vector<std::string> columns;
  std::string index() const { return name + "_" + columns.front() + "_ix"; }
};

void functions(operations& op) {
  drop_both(op, "a", "b");
  drop_both(op, "c");
  op.drop_table(named("t", 3));
  op.drop_table(named(named("t", 4), 5));
  std::string name = "name";
  rename(name);
  op.drop_table(name);
  const char* other = "other";
  replace_through(&other);
  op.drop_table(other);
  op.drop_table(itself(name));
  in_header(op, "from_header");
}

void templates(operations& op) {
  add_two(op, "t", wide);
  drop_all(op, "p1", std::string("p2"), "p3");
  Times<3>::run(op);
  down_to_zero(op, 5);
}

void classes(operations& op) {
  Builder(op, "built").add("a", text()).add("b", bigint()).finish();
  Builder kept(op, "kept");
  kept.add("c", text());
  kept.finish();
  const Derived derived;
  op.drop_table(derived.table());
  const Table table{"orders", {"user_id", "state"}};
  op.create_index(table.index(), table.name, {table.columns[0], table.columns[1]});
  Table copy = table;
  copy.name = "copied";
  op.drop_table(copy.name);
  op.drop_table(table.name);
}

void lambdas(operations& op) {
  std::string table = "captured";
  const auto drop = [&op](const std::string& name) { op.drop_table(name); };
  drop("direct");
  const auto by_value = [&op, table] { op.drop_table(table); };
  const auto by_reference = [&] { op.drop_table(table); };
  const auto with_initial = [&op, name = table + "_made"] { op.drop_table(name); };
  table = "changed";
  by_value();
  by_reference();
  with_initial();
  const auto generic = [&](auto name) { op.drop_table(name); };
  generic("generic");
  const std::function<void(const char*)> held = [&op](const char* name) { op.drop_table(name); };
  held("held");
  [&] { op.drop_table("at_once"); }();
  const auto counter = [count = 0]() mutable { return ++count; };
  auto numbers = counter;
  op.drop_table("n" + std::to_string(numbers()));
  op.drop_table("n" + std::to_string(numbers()));
  const std::vector<std::function<void()>> all = {[&] { op.drop_table("l1"); }, [&] { op.drop_table("l2"); }};
  for (const auto& one : all) one();
}

void pointers(operations& op) {
  void (*function)(operations&, const char*, const char*) = drop_both;
  function(op, "by", "pointer");
  void (operations::*const member)(str, drop_options, source_place) = &operations::drop_table;
  (void)member;
}

void upgrade(operations& op) {
  functions(op);
  templates(op);
  classes(op);
  lambdas(op);
  pointers(op);
}

registered self{rev, upgrade};
}  // namespace

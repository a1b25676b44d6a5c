// Loops over what is known.
#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "loops", .down = "strings", .message = "loops"};

constexpr const char* tables[] = {"a", "b"};
constexpr std::array<std::string_view, 2> views = {"va", "vb"};

struct Step {
  int version;
  const char* name;
  const char* sql;
};
constexpr Step steps[] = {
    {1, "orders", "CREATE TABLE orders (id int)"},
    {2, "users", R"(CREATE TABLE users (
  id int
))"},
};
const std::vector<std::vector<std::string>> batches = {{"SELECT 1", "SELECT 2"}, {}, {"SELECT 3"}};

void over_arrays(operations& op) {
  for (const char* table : tables) op.drop_table(table);
  for (const std::string_view view : views) op.drop_view(view);
  for (const char* table : {"c", "d"}) {
    op.add_column(table, column("updated_at", timestamptz()));
    op.alter_column(table, "updated_at", {.server_default = sql("now()")});
  }
}

void counted(operations& op) {
  for (int i = 0; i < 3; ++i) op.drop_table("t" + std::to_string(i));
  for (std::size_t i = 0; i < std::size(tables); i++) op.drop_table(tables[i]);
  for (std::size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); ++i) op.execute(steps[i].sql);
  for (int year = 2024; year <= 2025; ++year) {
    for (int month = 11; month <= 12; ++month) op.drop_table("events_" + std::to_string(year) + "_" + std::to_string(month));
  }
  for (int i = 6; i > 0; i -= 2) op.drop_table("down" + std::to_string(i));
  for (int i = 1, j = 8; i < j; i *= 2, --j) op.drop_table("both" + std::to_string(i) + "_" + std::to_string(j));
}

void others(operations& op) {
  int left = 2;
  while (left > 0) op.drop_table("while" + std::to_string(left--));
  do {
    op.drop_table("do" + std::to_string(left));
    ++left;
  } while (left < 2);
  for (int i = 0; i < 10; ++i) {
    if (i == 1) continue;
    if (i == 3) break;
    op.drop_table("some" + std::to_string(i));
  }
}

void over_tables(operations& op) {
  for (const Step& step : steps) {
    op.execute(step.sql);
    op.create_table_comment(step.name, "version " + std::to_string(step.version));
  }
  for (const auto& [version, name, sql_text] : steps) {
    if (version > 1) op.drop_table(name);
    else op.execute(std::string(sql_text) + " -- again");
  }
  for (const auto& batch : batches) {
    for (const auto& statement : batch) op.execute(statement);
  }
}

void over_vectors(operations& op) {
  std::vector<std::string> names{"va"};
  names.push_back("vb");
  names.emplace_back("vc");
  for (const std::string& name : names) op.drop_table(name);
  for (std::string& name : names) name += "_old";
  for (const std::string& name : names) op.drop_table(name);
  op.drop_table(names.front());
  op.drop_table(names.back());
  op.drop_table(names[1]);
  op.drop_table("n" + std::to_string(names.size()));
}

void over_pairs(operations& op) {
  const std::vector<std::pair<std::string, int>> widths = {{"a", 10}, {"b", 20}};
  for (const auto& [name, width] : widths) op.add_column("t", column(name, varchar(width)));
  for (const auto& one : widths) op.drop_column("t", one.first);
  const std::tuple<const char*, int> three{"c", 30};
  op.add_column("t", column(std::get<0>(three), varchar(std::get<1>(three))));
}

void in_order_of_keys(operations& op) {
  const std::set<std::string> names = {"zebra", "ant", "mouse", "ant"};
  for (const std::string& name : names) op.drop_table(name);
  std::map<std::string, std::string> renamed = {{"b", "b2"}, {"a", "a2"}};
  renamed["aa"] = "aa2";
  for (const auto& [from, to] : renamed) op.rename_table(from, to);
  std::map<int, const char*> versions;
  versions[10] = "ten";
  versions[9] = "nine";
  versions.emplace(1, "one");
  for (const auto& entry : versions) op.drop_table(entry.second);
}

void upgrade(operations& op) {
  over_arrays(op);
  counted(op);
  others(op);
  over_tables(op);
  over_vectors(op);
  over_pairs(op);
  in_order_of_keys(op);
}

registered self{rev, upgrade};
}  // namespace

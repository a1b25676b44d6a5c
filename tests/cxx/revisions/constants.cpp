// Names and texts that are defined once and used elsewhere.
#include <array>
#include <string>
#include <string_view>

#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "constants", .down = "literals", .message = "constants", .label = "samples", .depends_on = "loops"};

constexpr const char* orders = "orders";
constexpr std::string_view users = "users";
static const char* never_written = "plans";
const std::string with_constructor = "events";
constexpr char letters[] = "letters";
constexpr std::array<const char*, 2> two = {"first", "second"};
const char* const nested[2][2] = {{"aa", "ab"}, {"ba", "bb"}};

namespace names {
inline constexpr const char* table = "inner";
}

struct Settings {
  static constexpr const char* table = "of_class";
  static constexpr int width = 40;
  const char* column = "in_class";
};
constexpr Settings settings{};

enum class Size : int { small = 10, large = 200 };
enum Precision { scale = 2 };

constexpr const char* pick(int which) { return which == 1 ? "one" : "other"; }
constexpr int twice(int number) { return number * 2; }
template <int Width>
constexpr type text_of() {
  return varchar(Width);
}
template <class>
constexpr const char* kind = "anything";
template <>
constexpr const char* kind<int> = "integers";

constexpr column pk() { return column("id", bigint()).primary_key().identity(); }
constexpr create_index_options concurrently{.concurrently = true};

void namespace_scope(operations& op) {
  op.drop_table(orders);
  op.drop_table(users);
  op.drop_table(never_written);
  op.drop_table(with_constructor);
  op.drop_table(letters);
  op.drop_table(two[1]);
  op.drop_table(nested[1][0]);
  op.drop_table(names::table);
}

void of_classes(operations& op) {
  op.drop_table(Settings::table);
  op.drop_column(Settings::table, settings.column);
  op.add_column("t", column("c", varchar(Settings::width)));
}

void numbers(operations& op) {
  constexpr int base = 3;
  op.add_column("t", column("d", varchar(base * 4 + 1)));
  op.add_column("t", column("e", varchar(static_cast<int>(Size::large))));
  op.add_column("t", column("f", numeric(twice(6), scale)));
  op.add_column("t", column("g", varchar(0x20)));
  op.add_column("t", column("h", text_of<64>()));
  op.add_column("t", column("i", varchar(sizeof(letters))));
}

void functions(operations& op) {
  op.drop_table(pick(1));
  op.drop_table(pick(twice(1)));
  op.drop_table(kind<int>);
  op.drop_table(kind<char>);
}

void builders(operations& op) {
  constexpr column state = column("state", text()).not_null();
  op.create_table("t", {pk(), state, state.server_default("new")});
  const column total = column("total", numeric(12, 2)).check("total >= 0");
  op.add_column("t", total);
  op.add_column("t", total.comment("with it"));
  op.create_index("i", "t", {"total"}, concurrently);
}

void locals(operations& op) {
  const char* table = "before";
  op.drop_table(table);
  table = "after";
  op.drop_table(table);
  const auto& alias = table;
  op.drop_table(alias);
  static constexpr const char* kept = "kept";
  op.drop_table(kept);
  const char* const* pointer = &table;
  op.drop_table(*pointer);
}

void upgrade(operations& op) {
  namespace_scope(op);
  of_classes(op);
  numbers(op);
  functions(op);
  builders(op);
  locals(op);
}

void downgrade(operations& op) { op.create_table(orders, {pk()}); }

registered self{rev, upgrade, downgrade};
}  // namespace

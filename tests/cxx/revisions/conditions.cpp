// Branches whose conditions are known.
#include <string>
#include <type_traits>

#include <cupel/op.hpp>

namespace {
using namespace cupel;

constexpr revision rev{.id = "conditions", .down = "loops", .message = "conditions", .transactional = false};

constexpr bool with_audit = true;
constexpr int version = 3;
enum class Mode { first, second };
constexpr Mode mode = Mode::second;

void branches(operations& op) {
  if (with_audit) op.drop_table("audit");
  else op.drop_table("never");
  if (version >= 4) op.drop_table("never");
  else if (version == 3) op.drop_table("three");
  else op.drop_table("never");
  if (const int next = version + 1; next == 4) op.drop_table("four");
  if constexpr (with_audit && sizeof(int) == 4) op.drop_table("constexpr_if");
  else op.drop_table("never");
  if (!with_audit || version < 0) op.drop_table("never");
}

void choices(operations& op) {
  op.drop_table(with_audit ? "yes" : "no");
  const std::string name = version == 1 ? "one" : version == 3 ? "three" : "other";
  op.drop_table(name);
  op.drop_table("x", {.if_exists = with_audit, .cascade = version > 5});
}

void switches(operations& op) {
  switch (version) {
    case 1: op.drop_table("never"); break;
    case 3: op.drop_table("case3"); [[fallthrough]];
    case 4: op.drop_table("case4"); break;
    default: op.drop_table("never");
  }
  switch (mode) {
    case Mode::first: op.drop_table("never"); break;
    case Mode::second: op.drop_table("second"); break;
  }
  switch (version + 10) {
    case 1: op.drop_table("never"); break;
    default: op.drop_table("default");
  }
}

void early(operations& op, int step) {
  if (step == 1) {
    op.drop_table("left_at_one");
    return;
  }
  op.drop_table("went_on");
}

template <class T>
void by_type(operations& op) {
  if constexpr (std::is_same_v<T, int>) op.drop_table("of_int");
  else op.drop_table("of_others");
}

void upgrade(operations& op) {
  branches(op);
  choices(op);
  switches(op);
  early(op, 1);
  early(op, 2);
  by_type<int>(op);
  by_type<char>(op);
}

registered self{rev, upgrade};
}  // namespace

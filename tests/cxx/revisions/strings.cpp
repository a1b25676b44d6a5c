// Texts that are put together.
#include <cstdio>
#include <cstring>
#include <iomanip>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <cupel/op.hpp>
#include <fmt/format.h>

namespace {
using namespace cupel;
using namespace std::string_literals;

constexpr revision rev{.id = "strings", .down = "constants", .message = "strings"};

const std::string prefix = "app_";

void additions(operations& op) {
  const std::string table = "orders";
  op.execute("DROP TABLE " + table);
  op.execute(std::string("ALTER TABLE ") + table + " RENAME TO " + prefix + table + '2' + ";");
  op.drop_table(prefix + "users");
  op.execute("DROP TABLE "s + "literal"s);
}

void appends(operations& op) {
  std::string text = "DROP";
  text += " TABLE ";
  text.append("a").append("b");
  text.push_back('c');
  text += 'd';
  op.execute(text);
  text.clear();
  text += "DROP TABLE e";
  op.execute(text.c_str());
  std::string other = text;
  other += "f";
  op.execute(text);
  op.execute(other);
  std::string moved = std::move(other);
  op.execute(moved);
  text = "SELECT 1";
  op.execute(text);
  text.assign("SELECT 2");
  op.execute(text);
}

void parts(operations& op) {
  const std::string text = "DROP TABLE abcdef";
  op.execute(text.substr(0, 14));
  op.execute("DROP TABLE " + text.substr(14));
  op.execute("DROP TABLE " + std::string("xyz", 2));
  const std::string_view view(text);
  op.execute(view.substr(0, 12));
  op.execute(std::string(view) + "g");
}

void numbers(operations& op) {
  op.execute("DROP TABLE n" + std::to_string(7));
  op.execute("DROP TABLE n" + std::to_string(-7L).substr(1));
  op.execute("DROP TABLE n" + std::to_string(sizeof(char)));
  op.execute("DROP TABLE n" + std::to_string('a'));
  op.execute("DROP TABLE n" + std::to_string(true));
  op.execute("DROP TABLE n" + std::to_string(static_cast<unsigned char>(300)));
  op.execute("DROP TABLE n" + std::to_string(static_cast<int>(static_cast<unsigned char>(301))));
  op.execute("DROP TABLE n" + std::to_string(7 / 2) + std::to_string(7 % 4) + std::to_string(1 << 3));
}

void characters(operations& op) {
  const char letter = 'x';
  std::ostringstream out;
  out << "DROP TABLE c" << letter << static_cast<int>(letter) << static_cast<char>(97) << 'y' << true;
  op.execute(out.str());
  std::string text = "DROP TABLE c";
  text += static_cast<char>(letter + 1);
  text.push_back(static_cast<char>('a' + 2));
  op.execute(text);
}

void streams(operations& op) {
  std::ostringstream out;
  out << "CREATE TABLE s" << 1 << " (id int"
      << ", "
      << "v text)";
  op.execute(out.str());
  std::stringstream more;
  more << "DROP TABLE ";
  more << "s" << 2U << 3L;
  op.execute(more.str());
  out.str("");
  out << "DROP TABLE s4";
  op.execute(out.str());
}

void formats(operations& op) {
  op.execute(fmt::format("DROP TABLE {}", "f"));
  op.execute(fmt::format("DROP TABLE {1}{0}", 1, "g"));
  op.execute(fmt::format("SELECT '{{}}', '{}', '{}', '{}'", true, 'c', -5));
  op.execute(fmt::format("DROP TABLE {}{}", prefix, std::string("h")));
}

void printed(operations& op) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "DROP TABLE %s%d", "p", 1);
  op.execute(buffer);
  std::snprintf(buffer, sizeof buffer, "SELECT '%%', %u, %ld, %c, %d", 2U, 3L, '4', '5');
  op.execute(buffer);
  char small[16];
  const std::string longer = "longer_than_that";
  std::snprintf(small, sizeof small, "DROP TABLE %s", longer.c_str());
  op.execute(small);
  std::strcpy(buffer, "DROP TABLE ");
  std::strcat(buffer, "q");
  op.execute(buffer);
}

void views(operations& op) {
  constexpr std::string_view table = "viewed";
  op.drop_table(table);
  const std::string held(table);
  op.drop_table(held);
  op.execute({"DROP TABLE cut off", 14});
}

void comparisons(operations& op) {
  const std::string name = "orders";
  if (name == "orders") op.drop_table("equal");
  if (name != "users" && !name.empty() && name.size() == 6) op.drop_table("unequal");
  if (name.starts_with("or")) op.drop_table("begins");
  if (name == "users") op.drop_table("never");
}

void upgrade(operations& op) {
  additions(op);
  appends(op);
  parts(op);
  numbers(op);
  characters(op);
  streams(op);
  formats(op);
  printed(op);
  views(op);
  comparisons(op);
}

registered self{rev, upgrade};
}  // namespace

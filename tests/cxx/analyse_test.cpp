// What is found in C++ sources: texts, their origins, and reasons for gaps.
#include "cxx/analysis.h"
#include "tests/cxx/analysed.h"

#include <chrono>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::cxx {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// The text, holes as {expression}.
std::string shown(const Item& item) {
  std::string text;
  for (const Stretch& stretch : item.text) text += stretch.hole ? "{" + stretch.text + "}" : stretch.text;
  return text;
}

std::vector<std::string> texts(const Analysis& analysis) {
  std::vector<std::string> all;
  for (const Item& item : analysis.items) {
    if (item.evidence == Evidence::literal && analysis.items.front().evidence != Evidence::literal) continue;
    all.push_back(item.text.empty() ? "? " + item.reason : shown(item));
  }
  return all;
}

std::string with_pqxx(std::string_view body) {
  return "#include <pqxx/pqxx>\n#include <string>\n#include <vector>\n#include <array>\n#include <map>\n#include <sstream>\n#include "
         "<fmt/format.h>\n" +
         std::string(body);
}

// Statements of a function body that has `tx`.
// What calls send, without the literals that nothing sends.
std::vector<std::string> in_body(std::string_view before, std::string_view body) {
  return texts(analyse_in_thread(
      "a.cpp", with_pqxx(std::string(before) + "\nvoid migrate(pqxx::work& tx, const std::string& name, bool flag, int number) {\n" +
                         std::string(body) + "\n}\n")));
}

TEST(Analyse, ReadsLiteralsOfEveryKind) {
  EXPECT_THAT(in_body("#define T \"orders\"\n#define TEXT(x) #x", R"x(tx.exec("DROP TABLE a");
tx.exec("DROP " "TABLE " T);
tx.exec(R"(DROP
TABLE b)");
tx.exec(TEXT(DROP TABLE c));
tx.exec(u8"DROP TABLE \"d\"");)x"),
              ElementsAre("DROP TABLE a", "DROP TABLE orders", "DROP\nTABLE b", "DROP TABLE c", "DROP TABLE \"d\""));
}

TEST(Analyse, FollowsConstants) {
  EXPECT_THAT(in_body(R"(constexpr const char* kA = "DROP TABLE a";
static const char* kB = "DROP TABLE b";
const std::string kC = "DROP TABLE c";
struct S { static constexpr const char* kD = "DROP TABLE d"; };
constexpr const char* pick(int i) { return i == 1 ? "DROP TABLE e" : "DROP TABLE f"; }
namespace n { inline constexpr std::string_view kG = "DROP TABLE g"; })",
                      "tx.exec(kA); tx.exec(kB); tx.exec(kC); tx.exec(S::kD); tx.exec(pick(1)); tx.exec(n::kG);"),
              ElementsAre("DROP TABLE a", "DROP TABLE b", "DROP TABLE c", "DROP TABLE d", "DROP TABLE e", "DROP TABLE g"));
}

TEST(Analyse, BuildsTexts) {
  EXPECT_THAT(in_body("", R"(std::string a = "DROP"; a += " TABLE "; a.append("a"); a.push_back('1'); tx.exec(a);
tx.exec(std::string("DROP TABLE ") + "b" + std::to_string(2));
std::ostringstream os; os << "DROP TABLE " << 'c' << 3; tx.exec(os.str());
tx.exec(fmt::format("DROP TABLE {}_{{{}}} {1}", "d", 4));
char buffer[99]; snprintf(buffer, sizeof buffer, "DROP TABLE %s%d%%", "e", 5); tx.exec(buffer);
std::string s; { std::string t = "DROP TABLE f"; s = t; t += "x"; } tx.exec(s);
tx.exec(std::string("DROP TABLE gxx").substr(0, 12));)"),
              ElementsAre("DROP TABLE a1", "DROP TABLE b2", "DROP TABLE c3", "DROP TABLE d_{4} 4", "DROP TABLE e5%", "DROP TABLE f",
                          "DROP TABLE g"));
}

TEST(Analyse, RunsLoopsOverWhatIsKnown) {
  EXPECT_THAT(in_body("struct M { int version; const char* name; std::string sql; };\nstatic const M table[] = {{1, \"a\", \"DROP TABLE "
                      "a\"}, {2, \"b\", \"DROP TABLE b\"}};",
                      R"(for (const auto& m : table) tx.exec(m.sql);
for (const auto& [v, n, s] : table) tx.exec("COMMENT ON TABLE " + std::string(n) + " IS 'x'");
std::vector<std::string> v{"DROP TABLE c"}; v.push_back("DROP TABLE d"); for (auto& s : v) tx.exec(s);
for (int i = 0; i < 2; ++i) tx.exec("DROP TABLE e" + std::to_string(i));
constexpr std::array<const char*, 2> names = {"f", "g"}; for (auto n : names) tx.exec(std::string("DROP TABLE ") + n);
std::vector<std::pair<int, std::string>> p = {{1, "DROP TABLE h"}}; for (auto& [k, s] : p) tx.exec(s);
for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); ++i) tx.exec(table[i].sql + " CASCADE");)"),
              ElementsAre("DROP TABLE a", "DROP TABLE b", "COMMENT ON TABLE a IS 'x'", "COMMENT ON TABLE b IS 'x'", "DROP TABLE c",
                          "DROP TABLE d", "DROP TABLE e0", "DROP TABLE e1", "DROP TABLE f", "DROP TABLE g", "DROP TABLE h",
                          "DROP TABLE a CASCADE", "DROP TABLE b CASCADE"));
}

TEST(Analyse, LeavesGapsWhereItMust) {
  const auto found = in_body("", R"(tx.exec("DROP TABLE " + name);
tx.exec(name);
std::string s = "DROP TABLE a"; if (flag) s += " CASCADE"; tx.exec(s);
std::string t = "DROP TABLE b"; t.replace(0, 1, "x"); tx.exec(t);
while (number-- > 0) { tx.exec("DROP TABLE c" + std::to_string(number)); }
tx.exec(getenv("SQL"));)");
  EXPECT_THAT(found, ElementsAre("DROP TABLE {name}", HasSubstr("? the parameter name is given"), "DROP TABLE a{condition}",
                                 HasSubstr("? replace() on a text"), HasSubstr("DROP TABLE c{"), HasSubstr("? getenv() gives it")));
}

TEST(Analyse, ForgetsWhatOthersMayHaveChanged) {
  EXPECT_THAT(in_body("void change(std::string&); struct Options { std::string sql; };",
                      R"(std::string s = "DROP TABLE a"; change(s); tx.exec(s);
Options o{"DROP TABLE b"}; o.sql = "DROP TABLE c"; tx.exec(o.sql);)"),
              ElementsAre(HasSubstr("? change() may have changed it"), "DROP TABLE c"));
}

TEST(Analyse, ForgetsVariablesThatAreWrittenElsewhere) {
  EXPECT_THAT(in_body("static const char* sql = \"DROP TABLE a\"; void set(const char* s) { sql = s; }", "tx.exec(sql);"),
              ElementsAre(HasSubstr("? the variable sql may be changed")));
}

TEST(Analyse, WalksHelpersAndLambdas) {
  const Analysis analysis = analyse_in_thread("a.cpp", with_pqxx(R"(
void run(pqxx::work& tx, const std::string& sql) { tx.exec(sql); }
template <class T> void drop(T& tx, const char* table) { run(tx, std::string("DROP TABLE ") + table); }
void migrate(pqxx::work& tx, pqxx::connection& c) {
  run(tx, "DROP TABLE a");
  drop(tx, "b");
  auto go = [&](const char* table) { tx.exec(std::string("DROP TABLE ") + table); };
  go("c");
  pqxx::perform([&] { pqxx::work own(c); own.exec("DROP TABLE d"); });
}
)"));
  EXPECT_THAT(texts(analysis), ElementsAre("DROP TABLE a", "DROP TABLE b", "DROP TABLE c", "DROP TABLE d"));
  EXPECT_THAT(analysis.items[0].chain, SizeIs(1));
  EXPECT_THAT(analysis.items[1].chain, SizeIs(2));
}

TEST(Analyse, KeepsBranchesApart) {
  const Analysis analysis = analyse_in_thread("a.cpp", with_pqxx(R"(
void migrate(pqxx::work& tx, int version) {
  const char* sql = "DROP TABLE x";
  if constexpr (false) tx.exec("DROP TABLE never");
  if (version < 2) { tx.exec("DROP TABLE a"); sql = "DROP TABLE y"; return; }
  tx.exec(sql);
  switch (version) {
    case 2: tx.exec("DROP TABLE b"); [[fallthrough]];
    case 3: tx.exec("DROP TABLE c"); break;
    default: break;
  }
  tx.exec("DROP TABLE d");
}
)"));
  EXPECT_THAT(texts(analysis), ElementsAre("DROP TABLE a", "DROP TABLE x", "DROP TABLE b", "DROP TABLE c", "DROP TABLE d"));
  for (const Item& item : analysis.items) EXPECT_TRUE(item.conditional || item.evidence == Evidence::literal) << shown(item);
}

TEST(Analyse, ReadsEveryLibrary) {
  EXPECT_THAT(
      texts(analyse_in_thread(
          "a.c",
          "#include <libpq-fe.h>\n#include <stdio.h>\nvoid f(PGconn* c) { char b[80]; sprintf(b, \"DROP TABLE %s\", \"a\"); PQexec(c, b);\n"
          "PQexecParams(c, \"DROP \\\nTABLE b\", 0, NULL, NULL, NULL, NULL, 0); }")),
      ElementsAre("DROP TABLE a", "DROP TABLE b"));
  EXPECT_THAT(texts(analyse_in_thread(
                  "a.cpp",
                  "#include <soci/soci.h>\nvoid f(soci::session& s, int id) { s << \"DROP TABLE a\"; s.once << \"DROP \" << \"TABLE b\";\n"
                  "s << \"DELETE FROM a WHERE id = :id\", soci::use(id); }")),
              ElementsAre("DROP TABLE a", "DROP TABLE b", "DELETE FROM a WHERE id = :id"));
  EXPECT_THAT(texts(analyse_in_thread(
                  "a.cpp",
                  "#include <QSqlQuery>\nvoid f(QSqlDatabase db) { QSqlQuery q(db); q.exec(QStringLiteral(\"DROP TABLE %1\").arg(\"a\"));\n"
                  "q.prepare(\"DROP TABLE b\"); q.exec(); db.exec(QString(\"DROP TABLE \") + \"c\"); QStringList l; l << \"DROP TABLE d\"; "
                  "for (const QString& s : l) q.exec(s); }")),
              ElementsAre("DROP TABLE a", "DROP TABLE b", "DROP TABLE c", "DROP TABLE d"));
  EXPECT_THAT(texts(analyse_in_thread("a.cpp",
                                      "#include <drogon/drogon.h>\nvoid f() { auto c = drogon::app().getDbClient(); c->execSqlSync(\"DROP "
                                      "TABLE a\"); *c << \"DROP TABLE b\" << 1;\n"
                                      "c->execSqlAsync(\"DROP TABLE c\", [](const drogon::orm::Result&) {}); }")),
              ElementsAre("DROP TABLE a", "DROP TABLE b", "DROP TABLE c"));
  EXPECT_THAT(texts(analyse_in_thread("a.cpp",
                                      "#include <userver/storages/postgres/cluster.hpp>\nnamespace pg = userver::storages::postgres; const "
                                      "pg::Query kDrop{\"DROP TABLE a\", pg::Query::Name{\"d\"}};\n"
                                      "void f(pg::Cluster& c) { c.Execute(pg::ClusterHostType::kMaster, kDrop); "
                                      "c.Execute(pg::ClusterHostType::kMaster, \"DROP TABLE b\"); }")),
              ElementsAre("DROP TABLE a", "DROP TABLE b"));
}

TEST(Analyse, MatchesCallsByNameWhereNothingElseIsKnown) {
  const Analysis analysis = analyse_in_thread("a.cpp", R"(#include <missing/database.h>
void sql(const char*, ...);
void f(Database& db, const char* table) {
  db.exec("DROP TABLE a");
  sql("DROP TABLE %s", table);
  db.print("DROP TABLE is what it says");
  auto g = [](auto& tx) { tx.exec0("DROP TABLE b"); };
  g(db);
}
)");
  EXPECT_THAT(texts(analysis), testing::UnorderedElementsAre("DROP TABLE a", "DROP TABLE {table}", "DROP TABLE b"));
  for (const Item& item : analysis.items) EXPECT_NE(item.evidence, Evidence::resolved);
}

TEST(Analyse, TakesSinksOfTheUser) {
  Settings settings;
  settings.sinks = {{"Db::run", 1}};
  const Analysis analysis =
      analyse_in_thread("a.cpp", "struct Db { void run(int, const char*); }; void f(Db& db) { db.run(1, \"whatever it is\"); }", settings);
  EXPECT_THAT(texts(analysis), ElementsAre("whatever it is"));
  EXPECT_EQ(analysis.items[0].evidence, Evidence::resolved);
}

TEST(Analyse, FindsLiteralsThatNothingSends) {
  const Analysis analysis = analyse_in_thread(
      "a.cpp", "const char* a = \"CREATE TABLE a (id int)\"; const char* b = \"CREATE the world\"; const char* c = \"hello\";");
  EXPECT_THAT(texts(analysis), ElementsAre("CREATE TABLE a (id int)"));
  EXPECT_EQ(analysis.items[0].evidence, Evidence::literal);
}

// ---- robustness ---------------------------------------------------------------------------------------------------------

TEST(Analyse, ReadsAFileFullOfErrors) {
  std::string text = "#include <libpq-fe.h>\n";
  for (int i = 0; i < 200; ++i) text += "unknown::type v" + std::to_string(i) + "(; ) }\n";
  text += "void f(PGconn* c) { PQexec(c, \"DROP TABLE a\"); }\n";
  const Analysis analysis = analyse_in_thread("a.cpp", text);
  EXPECT_GT(analysis.errors, 50U);
  EXPECT_THAT(texts(analysis), ElementsAre("DROP TABLE a"));
}

TEST(Analyse, AnswersForJunk) {
  std::string junk;
  unsigned state = 7;
  for (int i = 0; i < 20'000; ++i) junk += static_cast<char>((state = state * 1664525U + 1013904223U) >> 24U);
  EXPECT_THAT(texts(analyse_in_thread("a.cpp", junk)), IsEmpty());
  EXPECT_THAT(texts(analyse_in_thread("a.cpp", std::string(1000, '\0'))), IsEmpty());
  EXPECT_THAT(texts(analyse_in_thread("a.cpp", "")), IsEmpty());
}

TEST(Analyse, ReadsNumbersThatNeedAllTheirBits) {
  EXPECT_THAT(in_body("enum Flags : unsigned long long { all = ~0ULL, top = 1ULL << 63 }; constexpr unsigned long long most = ~0ULL;",
                      R"(tx.exec("DROP TABLE a" + std::to_string(most)); tx.exec("DROP TABLE b" + std::to_string(sizeof(int) + all));
tx.exec("DROP TABLE c" + std::to_string(static_cast<unsigned long long>(top)));)"),
              ElementsAre("DROP TABLE a18446744073709551615", testing::StartsWith("DROP TABLE b"), "DROP TABLE c9223372036854775808"));
}

TEST(Analyse, WalksALongChainOfAdditions) {
  std::string text = with_pqxx("void f(pqxx::work& tx) { tx.exec(std::string(\"DROP TABLE a\")");
  for (int i = 0; i < 5000; ++i) text += " + \"x\"";
  text += "); std::ostringstream os; os << \"DROP TABLE b\"";
  for (int i = 0; i < 5000; ++i) text += " << \"y\"";
  text += "; tx.exec(os.str()); }";
  const Analysis analysis = analyse_in_thread("a.cpp", text);
  ASSERT_THAT(analysis.items, SizeIs(2));
  EXPECT_EQ(shown(analysis.items[0]).size(), 12U + 5000U);
  EXPECT_EQ(shown(analysis.items[1]).size(), 12U + 5000U);
}

TEST(Analyse, EndsInDeepNesting) {
  std::string text = with_pqxx("void f(pqxx::work& tx, bool b) { tx.exec(\"DROP TABLE a\"); ");
  for (int i = 0; i < 900; ++i) text += "if (b) { ";
  text += "tx.exec(\"DROP TABLE b\");";
  text += std::string(900, '}') + "}";
  const auto began = std::chrono::steady_clock::now();
  EXPECT_THAT(texts(analyse_in_thread("a.cpp", text)), testing::Contains("DROP TABLE a"));
  std::string parentheses = "int x = " + std::string(5000, '(') + "1" + std::string(5000, ')') + ";";
  EXPECT_THAT(texts(analyse_in_thread("a.cpp", parentheses)), IsEmpty());
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(20));
}

TEST(Analyse, EndsWhereAProgramDoesNot) {
  Settings settings;
  settings.steps = 200'000;
  const Analysis analysis = analyse_in_thread("a.cpp",
                                              with_pqxx("void g(pqxx::work& tx, int n) { g(tx, n + 1); g(tx, n + 2); }\nvoid f(pqxx::work& "
                                                        "tx) { tx.exec(\"DROP TABLE a\"); for (int i = 0; i < 1000000000; ++i) {} }"),
                                              settings);
  EXPECT_TRUE(analysis.limited);
  EXPECT_THAT(texts(analysis), testing::Contains("DROP TABLE a"));
}

TEST(Analyse, LooksBehindLoopsThatItSeesNoEndOf) {
  Settings settings;
  settings.steps = 200'000;
  const Analysis analysis = analyse_in_thread("a.cpp",
                                              with_pqxx("void f(pqxx::work& tx) { while (true) { if (undeclared(tx)) break; }\n"
                                                        "for (int i = 0; i < 1000000000; ++i) {}\n"
                                                        "std::string s; for (;;) { s += \"x\"; }\n"
                                                        "tx.exec(\"DROP TABLE a\"); tx.exec(s); }"),
                                              settings);
  EXPECT_FALSE(analysis.limited);
  EXPECT_THAT(texts(analysis), testing::Contains("DROP TABLE a"));
  EXPECT_THAT(texts(analysis), testing::Not(testing::Contains(testing::StartsWith("xxx"))));
}

// ---- the operations API -----------------------------------------------------------------------------------------------------

std::string revision_with(std::string_view upgrade) {
  return "#include <cupel/op.hpp>\n#include <string>\nnamespace {\nusing namespace cupel;\nconstexpr revision rev{.id = \"b1\", .down = "
         "\"a0\", .message = \"orders\"};\n"
         "constexpr column pk() { return column(\"id\", bigint()).primary_key().identity(); }\nconstexpr const char* kOrders = "
         "\"orders\";\n"
         "void upgrade(operations& op) {\n" +
         std::string(upgrade) +
         "\n}\nvoid downgrade(operations& op) { op.drop_table(kOrders, {.if_exists = true}); }\nregistered self{rev, upgrade, "
         "downgrade};\n}\n";
}

TEST(Operations, AreReadWithTheRevision) {
  const Analysis analysis = analyse_in_thread(
      "a.cpp",
      revision_with(R"(op.create_table(kOrders, {pk(), column("total", numeric(12, 2)).not_null().server_default(0).check("total >= 0"),
  unique{"orders_total_key", {"total"}}});
op.create_index("ix", kOrders, {"total"}, {.concurrently = true, .where = "total > 0"});
for (const char* t : {"orders", "users"}) op.add_column(t, column("updated_at", timestamptz()));
op.autocommit([&] { op.execute("VACUUM orders"); });)"));
  ASSERT_EQ(analysis.revisions.size(), 1U);
  EXPECT_EQ(analysis.revisions.front().id, "b1");
  EXPECT_EQ(analysis.revisions.front().down, "a0");
  EXPECT_TRUE(analysis.revisions.front().has_downgrade);
  EXPECT_EQ(analysis.revisions.front().problem, "");
  EXPECT_THAT(texts(analysis), ElementsAre(AllOf(HasSubstr("CREATE TABLE orders"), HasSubstr("total numeric(12, 2)"),
                                                 HasSubstr("CHECK (total >= 0)"), HasSubstr("orders_total_key")),
                                           AllOf(HasSubstr("CREATE INDEX CONCURRENTLY ix ON orders"), HasSubstr("WHERE total > 0")),
                                           HasSubstr("ALTER TABLE orders ADD COLUMN updated_at timestamptz"),
                                           HasSubstr("ALTER TABLE users ADD COLUMN updated_at timestamptz"), "? ", "VACUUM orders", "? ",
                                           HasSubstr("DROP TABLE IF EXISTS orders")));
  EXPECT_EQ(analysis.items[4].operation, "begin_autocommit");
  EXPECT_TRUE(analysis.items.back().downgrade);
}

TEST(Operations, KeepWhatIsKnownAroundAGap) {
  const Analysis analysis = analyse_in_thread("a.cpp", revision_with("const char* name = getenv(\"T\"); op.add_column(name, column(\"a\", "
                                                                     "text())); op.drop_table(\"b\", {.cascade = name != nullptr});"));
  ASSERT_THAT(analysis.items, SizeIs(3));
  EXPECT_THAT(shown(analysis.items[0]), AllOf(HasSubstr("ALTER TABLE {hole_"), HasSubstr("ADD COLUMN a text")));
  EXPECT_TRUE(analysis.items[1].text.back().hole);
}

TEST(Operations, ReadTenThousandOfThem) {
  std::string body;
  for (int i = 0; i < 10'000; ++i) body += "op.add_column(\"t\", column(\"c" + std::to_string(i) + "\", integer()).not_null());\n";
  const auto began = std::chrono::steady_clock::now();
  Settings settings;
  settings.seconds = 240;  // with sanitizers, on a busy machine
  settings.steps = 50'000'000;
  const Analysis analysis = analyse_in_thread("a.cpp", revision_with(body), settings);
  EXPECT_THAT(analysis.items, SizeIs(10'001));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(240));
}

}  // namespace
}  // namespace cupel::cxx

#include "replayed.h"

namespace cupel::schema {
namespace {

using Path = std::vector<std::string>;

TEST(Settings, TimesWithUnits) {
  EXPECT_EQ(parse_milliseconds("500"), 500);
  EXPECT_EQ(parse_milliseconds("2s"), 2000);
  EXPECT_EQ(parse_milliseconds(" 1.5 min "), 90000);
  EXPECT_EQ(parse_milliseconds("1500us"), 2);
  EXPECT_EQ(parse_milliseconds("1h"), 3600000);
  EXPECT_EQ(parse_milliseconds("1d"), 86400000);
  EXPECT_EQ(parse_milliseconds("0x10"), 16);
  EXPECT_EQ(parse_milliseconds("0"), 0);
  EXPECT_EQ(parse_milliseconds("1S"), std::nullopt);
  EXPECT_EQ(parse_milliseconds("soon"), std::nullopt);
  EXPECT_EQ(parse_milliseconds(""), std::nullopt);
}

TEST(Settings, SearchPath) {
  struct Case {
    std::string_view sql;
    Path path;
  };
  const std::vector<Case> cases{
      {"", {"public"}},
      {"SET search_path = a, \"B\"", {"a", "B"}},
      {"SET search_path TO A, '$user', public", {"a", "public"}},
      {"SET search_path TO 'a, b'", {"a, b"}},
      {"SET search_path = ''", {}},
      {"SET search_path = a; SET search_path TO DEFAULT", {"public"}},
      {"SET search_path = a; RESET search_path", {"public"}},
      {"SET search_path = a; RESET ALL", {"public"}},
      {"SELECT pg_catalog.set_config('search_path', '', false)", {}},
      {"SELECT set_config('search_path', 'a, \"B c\"', false)", {"a", "B c"}},
      {"SET LOCAL search_path = a", {"public"}},
      {"BEGIN; SET LOCAL search_path = a", {"a"}},
      {"BEGIN; SET LOCAL search_path = a; COMMIT", {"public"}},
      {"BEGIN; SET search_path = a; COMMIT", {"a"}},
      {"BEGIN; SET search_path = a; ROLLBACK", {"public"}},
      {"SET search_path = a; BEGIN; SET LOCAL search_path TO DEFAULT", {"public"}},
      {"BEGIN; SET LOCAL search_path = a; SET search_path = b", {"b"}},
  };
  for (const Case& expected : cases) EXPECT_EQ(Replayed(expected.sql).database().settings().search_path(), expected.path) << expected.sql;
}

TEST(Settings, NamesGoWhereTheyPoint) {
  Replayed schema("CREATE SCHEMA a; SET search_path = a, public; CREATE TABLE t (x int)");
  EXPECT_EQ(schema.database().creation_schema(), "a");
  EXPECT_EQ(schema.at("t").name.schema, "a");
  EXPECT_EQ(schema.database().display_name(schema.at("t")), "t");
  schema.run("SELECT set_config('search_path', '', false); CREATE TABLE public.u (y int)");
  EXPECT_FALSE(schema.has("t"));
  EXPECT_EQ(schema.database().display_name(schema.at("a.t")), "a.t");
  schema.database().settings().reset_all();
  EXPECT_TRUE(schema.has("u"));
}

TEST(Settings, Timeouts) {
  Replayed schema("SET lock_timeout = '2s'; SET statement_timeout TO 0");
  EXPECT_EQ(schema.database().settings().milliseconds("lock_timeout"), 2000);
  EXPECT_EQ(schema.database().settings().milliseconds("statement_timeout"), 0);
  EXPECT_EQ(schema.database().settings().milliseconds("idle_session_timeout"), std::nullopt);
  schema.run("BEGIN; SET LOCAL lock_timeout = 100");
  EXPECT_EQ(schema.database().settings().milliseconds("lock_timeout"), 100);
  schema.run("COMMIT");
  EXPECT_EQ(schema.database().settings().milliseconds("lock_timeout"), 2000);
}

}  // namespace
}  // namespace cupel::schema

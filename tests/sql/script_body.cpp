// Script::body: the statements inside DO blocks and functions.
#include "sql/script.h"
#include "tests/sql/script_test_support.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Each statement of the first statement's body: its source text, behind marks for c(onditional), (in) l(oop), e(rrors
// caught) and o(paque).
struct Parsed {
  explicit Parsed(std::string text) : source("a.sql", std::move(text)), script(Script::parse(source)) {
    EXPECT_THAT(script.errors(), IsEmpty());
    EXPECT_THAT(script.statements(), SizeIs(1));
    body = &script.body(script.statements()[0]);
    for (const Statement& statement : body->statements) {
      std::string marks;
      if (statement.conditional) marks += 'c';
      if (statement.in_loop) marks += 'l';
      if (statement.errors_caught) marks += 'e';
      if (statement.as<Opaque>() != nullptr) marks += 'o';
      statements.push_back((marks.empty() ? "" : marks + ": ") + std::string(script.text(statement)));
    }
    errors = described(body->errors);
  }

  SourceText source;
  Script script;
  const Body* body = nullptr;
  std::vector<std::string> statements;
  std::vector<std::string> errors;
};

Parsed do_block(const std::string& body) { return Parsed("DO $do$" + body + "$do$"); }

TEST(ScriptBody, PlainStatements) {
  const Parsed parsed = do_block(
      "\n<<outer>>\nDECLARE\n  a int := 1; -- begin\n  c CURSOR FOR SELECT 1;\nBEGIN\n"
      "  /* é */ ALTER TABLE t ADD COLUMN x int; a := 2; a = 3; r.f := 4; v[1] := 5;\n"
      "  COMMIT; CALL p(a); NULL; RETURN;\nEND outer;\n");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements, ElementsAre("ALTER TABLE t ADD COLUMN x int", "COMMIT", "CALL p(a)"));
  EXPECT_EQ(parsed.body->span.of(parsed.source.text()).substr(0, 10), "\n<<outer>>");
}

TEST(ScriptBody, ControlStructures) {
  const Parsed parsed = do_block(
      "BEGIN\n"
      "  IF EXISTS (SELECT 1 FROM t) AND (CASE WHEN true THEN true END) THEN DELETE FROM a; ELSIF x THEN DELETE FROM "
      "b;\n"
      "  ELSE DELETE FROM c; END IF;\n"
      "  CASE x WHEN 1, 2 THEN DELETE FROM d; ELSE DELETE FROM e; END CASE;\n"
      "  CASE WHEN x THEN NULL; END CASE;\n"
      "  FOR i IN 1..10 LOOP DELETE FROM f; EXIT WHEN x; END LOOP;\n"
      "  FOR i IN REVERSE a .. b BY 2 LOOP NULL; END LOOP;\n"
      "  <<l>> WHILE x LOOP DELETE FROM g; CONTINUE l; END LOOP l;\n"
      "  LOOP DELETE FROM h; END LOOP;\n"
      "  FOREACH x SLICE 1 IN ARRAY y LOOP DELETE FROM i; END LOOP;\n"
      "  BEGIN DELETE FROM j; END;\n"
      "  DELETE FROM k;\n"
      "END");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements, ElementsAre("c: DELETE FROM a", "c: DELETE FROM b", "c: DELETE FROM c", "c: DELETE FROM d",
                                             "c: DELETE FROM e", "cl: DELETE FROM f", "cl: DELETE FROM g", "cl: DELETE FROM h",
                                             "cl: DELETE FROM i", "DELETE FROM j", "DELETE FROM k"));
}

TEST(ScriptBody, QueriesOfOtherCommands) {
  const Parsed parsed = do_block(
      "BEGIN\n"
      "  FOR r IN SELECT a FROM t LOOP UPDATE t SET a = r.a; END LOOP;\n"
      "  FOR r IN (SELECT a FROM u) LOOP NULL; END LOOP;\n"
      "  FOR r IN some_cursor(1) LOOP NULL; END LOOP;\n"
      "  RETURN QUERY SELECT b FROM t;\n"
      "  OPEN c NO SCROLL FOR SELECT c FROM t;\n"
      "  OPEN c (1);\n"
      "  FETCH c INTO x; MOVE c; CLOSE c; GET STACKED DIAGNOSTICS x = MESSAGE_TEXT; ASSERT x > 1; RAISE NOTICE 'a %', "
      "x;\n"
      "  PERFORM f(1), g(2) FROM t;\n"
      "END;");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements, ElementsAre("SELECT a FROM t", "cl: UPDATE t SET a = r.a", "(SELECT a FROM u)", "SELECT b FROM t",
                                             "SELECT c FROM t", "PERFORM f(1), g(2) FROM t"));
  ASSERT_THAT(parsed.body->statements, SizeIs(6));
  ASSERT_NE(parsed.body->statements[5].as<Select>(), nullptr);
  EXPECT_THAT(parsed.body->statements[5].as<Select>()->query.calls, SizeIs(2));
}

TEST(ScriptBody, IntoGoesToVariables) {
  const Parsed parsed = do_block(
      "BEGIN\n"
      "  SELECT a, b INTO STRICT x, y.z FROM t;\n"
      "  SELECT INTO x a FROM t;\n"
      "  INSERT INTO t (a) VALUES (1) RETURNING a INTO x;\n"
      "  WITH i AS (INSERT INTO t VALUES (1) RETURNING a) SELECT a INTO x FROM i;\n"
      "  MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN DO NOTHING;\n"
      "  UPDATE t SET a = 1 RETURNING a INTO x;\n"
      "END");
  EXPECT_THAT(parsed.errors, IsEmpty());
  ASSERT_THAT(parsed.body->statements, SizeIs(6));
  EXPECT_NE(parsed.body->statements[0].as<Select>(), nullptr);
  EXPECT_NE(parsed.body->statements[1].as<Select>(), nullptr);
  EXPECT_NE(parsed.body->statements[2].as<Insert>(), nullptr);
  EXPECT_NE(parsed.body->statements[4].as<Merge>(), nullptr);
}

TEST(ScriptBody, CaughtErrors) {
  const Parsed parsed = do_block(
      "BEGIN\n"
      "  DELETE FROM a;\n"
      "  BEGIN DELETE FROM b; IF x THEN DELETE FROM c; END IF;\n"
      "  EXCEPTION WHEN duplicate_table OR undefined_table THEN DELETE FROM d; WHEN OTHERS THEN RAISE; END;\n"
      "  BEGIN DELETE FROM e;\n"
      "  EXCEPTION WHEN OTHERS THEN RAISE NOTICE 'x'; RAISE EXCEPTION 'y'; END;\n"
      "  BEGIN DELETE FROM f; EXCEPTION WHEN OTHERS THEN IF x THEN RAISE; END IF; END;\n"
      "  DELETE FROM g;\n"
      "END");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements, ElementsAre("DELETE FROM a", "e: DELETE FROM b", "ce: DELETE FROM c", "c: DELETE FROM d", "DELETE FROM e",
                                             "e: DELETE FROM f", "DELETE FROM g"));
}

TEST(ScriptBody, ConstantStringsAreStatements) {
  const Parsed parsed = do_block(
      "BEGIN\n"
      "  EXECUTE 'ALTER TABLE a ADD x int; DROP TABLE é';\n"
      "  EXECUTE $q$DROP TABLE b$q$ INTO x USING y;\n"
      "  EXECUTE format('DROP TABLE c');\n"
      "  EXECUTE ('DROP TABLE ' || 'd');\n"
      "  EXECUTE E'DROP\\tTABLE e';\n"
      "  EXECUTE format('DROP TABLE %I.%s', 'S', $$f$$);\n"
      "  EXECUTE 'COMMENT ON TABLE g IS ''x''';\n"
      "  FOR r IN EXECUTE 'SELECT 1' LOOP NULL; END LOOP;\n"
      "  RETURN QUERY EXECUTE 'SELECT 2';\n"
      "END");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements,
              ElementsAre("ALTER TABLE a ADD x int", "DROP TABLE é", "DROP TABLE b", "DROP TABLE c", "EXECUTE ('DROP TABLE ' || 'd')",
                          "EXECUTE E'DROP\\tTABLE e'", "EXECUTE format('DROP TABLE %I.%s', 'S', $$f$$)",
                          "EXECUTE 'COMMENT ON TABLE g IS ''x'''", "SELECT 1", "SELECT 2"));
  const auto* drop = parsed.body->statements[6].as<DropObjects>();
  ASSERT_NE(drop, nullptr);
  ASSERT_THAT(drop->names, SizeIs(1));
  EXPECT_EQ(drop->names[0].schema, "S");
  EXPECT_EQ(drop->names[0].name, "f");
}

TEST(ScriptBody, OtherStringsAreOpaque) {
  const Parsed parsed = do_block(
      "BEGIN\n"
      "  EXECUTE 'DROP TABLE ' || x;\n"
      "  EXECUTE format('DROP TABLE %I', x) USING y;\n"
      "  IF true THEN EXECUTE sql; END IF;\n"
      "  FOR r IN EXECUTE q LOOP NULL; END LOOP;\n"
      "END");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements, ElementsAre("o: EXECUTE 'DROP TABLE ' || x", "o: EXECUTE format('DROP TABLE %I', x) USING y",
                                             "co: EXECUTE sql", "o: EXECUTE q"));
}

TEST(ScriptBody, ErrorsHaveTheirPlaces) {
  const Parsed parsed = do_block("BEGIN\n  SELECT 'é' FRM t u;\n  DELETE FROM a;\n  EXECUTE 'DROP TABEL x';\nEND");
  EXPECT_THAT(parsed.statements, ElementsAre("DELETE FROM a"));
  EXPECT_THAT(parsed.errors, ElementsAre("31-32 syntax error at or near \"t\"", "69-74 syntax error at or near \"TABEL\""));
}

TEST(ScriptBody, BrokenStructureIsOneError) {
  EXPECT_THAT(do_block("BEGIN IF x THEN DELETE FROM a; END LOOP; DELETE FROM b; END").errors,
              ElementsAre("42-46 syntax error at or near \"LOOP\""));
  EXPECT_THAT(do_block("BEGIN DELETE FROM a;").errors, ElementsAre("26-27 syntax error at end of input"));
  EXPECT_THAT(do_block("").errors, SizeIs(1));
  EXPECT_THAT(do_block("DELETE FROM a; END").errors, ElementsAre("7-13 syntax error at or near \"DELETE\""));
  EXPECT_THAT(do_block("BEGIN END; DELETE FROM a").errors, ElementsAre("18-24 syntax error at or near \"DELETE\""));
  EXPECT_THAT(do_block("BEGIN IF x; DELETE FROM a; END").statements, ElementsAre("DELETE FROM a"));
}

TEST(ScriptBody, BodiesInQuotesHaveOnePlace) {
  const Parsed parsed("DO 'BEGIN COMMENT ON TABLE t IS ''x''; DELETE FROM a; END'");
  EXPECT_THAT(parsed.errors, IsEmpty());
  ASSERT_THAT(parsed.statements, SizeIs(2));
  EXPECT_EQ(parsed.statements[0], parsed.statements[1]);
}

TEST(ScriptBody, FunctionsWrittenInSql) {
  const Parsed parsed("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n  DELETE FROM a;\n  DELET FROM b;\n  DELETE FROM c\n$$");
  EXPECT_THAT(parsed.statements, ElementsAre("DELETE FROM a", "DELETE FROM c"));
  EXPECT_THAT(parsed.errors, ElementsAre("71-76 syntax error at or near \"DELET\""));
}

TEST(ScriptBody, FunctionsWrittenInPlpgsql) {
  const Parsed parsed(
      "CREATE FUNCTION f() RETURNS trigger AS $$#variable_conflict use_column\nBEGIN\n  NEW.a := 1;\n"
      "  INSERT INTO t SELECT NEW.*;\n  RETURN NEW;\nEND $$ LANGUAGE plpgsql");
  EXPECT_THAT(parsed.errors, IsEmpty());
  EXPECT_THAT(parsed.statements, ElementsAre("INSERT INTO t SELECT NEW.*"));
}

TEST(ScriptBody, PsqlKnowsNothingOfBodies) {
  const Parsed parsed("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n\\echo x\nDELETE FROM a;\n$$");
  EXPECT_THAT(parsed.errors, SizeIs(1));
}

TEST(ScriptBody, OtherLanguagesAndStatementsHaveNone) {
  EXPECT_THAT(Parsed("CREATE FUNCTION f() RETURNS int AS $$ return 1 $$ LANGUAGE plpython3u").statements, IsEmpty());
  EXPECT_THAT(Parsed("SELECT 1").statements, IsEmpty());
}

TEST(ScriptBody, BlocksInsideBlocks) {
  const Parsed parsed = do_block("BEGIN\n  EXECUTE $e$DO $i$BEGIN DELETE FROM a; END$i$$e$;\nEND");
  ASSERT_THAT(parsed.body->statements, SizeIs(1));
  const Body& inner = parsed.script.body(parsed.body->statements[0]);
  EXPECT_THAT(texts(parsed.script, inner.statements), ElementsAre("DELETE FROM a"));
  EXPECT_EQ(&inner, &parsed.script.body(parsed.body->statements[0]));
}

TEST(ScriptBody, DeepAndLongBodies) {
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "BEGIN IF x THEN ";
  deep += "DELETE FROM a;";
  EXPECT_THAT(do_block(deep).errors, SizeIs(1));
  for (int i = 0; i < 20000; ++i) deep += "END IF; EXCEPTION WHEN OTHERS THEN NULL; END;";
  EXPECT_THAT(do_block(deep).statements, ElementsAre("ce: DELETE FROM a"));
}

}  // namespace
}  // namespace cupel::sql

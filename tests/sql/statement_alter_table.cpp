// ALTER TABLE and its siblings as typed statements.
#include "tests/sql/statement_test_support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cupel::sql {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

const AlterTableCommand& command(const Sql& sql, std::size_t index = 0) { return sql.as<AlterTable>().commands.at(index); }

TEST(AlterTable, SpansOfSubcommands) {
  const Sql sql(
      "-- é, é\nALTER TABLE IF EXISTS ONLY Public.\"Tä,b\" /* , */ ADD COLUMN IF NOT EXISTS a text DEFAULT f(1, 2), -- "
      "x,y\n"
      "  DROP COLUMN b CASCADE , ALTER c SET DEFAULT ',';");
  const auto& table = sql.as<AlterTable>();
  EXPECT_EQ(shown(sql, table.name), "public.Tä,b @ Public.\"Tä,b\"");
  EXPECT_TRUE(table.if_exists);
  EXPECT_TRUE(table.only);
  EXPECT_EQ(table.kind, ObjectKind::table);
  ASSERT_THAT(table.commands, SizeIs(3));
  EXPECT_EQ(sql.at(table.commands[0].span), "ADD COLUMN IF NOT EXISTS a text DEFAULT f(1, 2)");
  EXPECT_EQ(sql.at(table.commands[1].span), "DROP COLUMN b CASCADE");
  EXPECT_EQ(sql.at(table.commands[2].span), "ALTER c SET DEFAULT ','");
  EXPECT_EQ(sql.at(sql.statement().span).substr(0, 15), "ALTER TABLE IF ");

  EXPECT_EQ(table.commands[0].action, AlterTableAction::add_column);
  EXPECT_EQ(table.commands[0].name, "a");
  EXPECT_TRUE(table.commands[0].missing_ok);
  EXPECT_EQ(sql.at(table.commands[0].column->span), "a text DEFAULT f(1, 2)");
  EXPECT_EQ(table.commands[0].column->default_value.text(), "f(1, 2)");
  EXPECT_EQ(table.commands[1].action, AlterTableAction::drop_column);
  EXPECT_EQ(table.commands[1].behavior, DropBehavior::cascade);
  EXPECT_EQ(table.commands[2].action, AlterTableAction::set_default);
  EXPECT_EQ(table.commands[2].expression.literal(), ",");
}

TEST(AlterTable, ParenthesesAndStarAroundTheName) {
  const Sql sql("ALTER TABLE ONLY (t) DROP a; ALTER TABLE t * DROP a");
  EXPECT_EQ(sql.at(sql.as<AlterTable>(0).commands.at(0).span), "DROP a");
  EXPECT_EQ(sql.at(sql.as<AlterTable>(1).commands.at(0).span), "DROP a");
}

TEST(AlterTable, AlterType) {
  const Sql sql("ALTER TABLE t ALTER COLUMN a TYPE numeric(10, 2) COLLATE \"C\" USING a::numeric");
  EXPECT_EQ(command(sql).action, AlterTableAction::alter_type);
  EXPECT_EQ(command(sql).name, "a");
  EXPECT_EQ(command(sql).column->type.name, "numeric");
  EXPECT_THAT(command(sql).column->type.modifiers, ElementsAre(10, 2));
  EXPECT_EQ(command(sql).column->collation, "C");
  EXPECT_EQ(command(sql).column->name, "a");
  EXPECT_FALSE(command(sql).column->default_value);
  EXPECT_EQ(command(sql).expression.text(), "a::numeric");
}

TEST(AlterTable, Constraints) {
  const Sql sql(
      "ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.o (id) NOT VALID, VALIDATE CONSTRAINT v, DROP "
      "CONSTRAINT IF EXISTS d,"
      " ADD CONSTRAINT k UNIQUE USING INDEX idx, ALTER CONSTRAINT c DEFERRABLE INITIALLY DEFERRED, ADD CHECK (a > 0)");
  const auto& commands = sql.as<AlterTable>().commands;
  ASSERT_THAT(commands, SizeIs(6));
  EXPECT_EQ(commands[0].action, AlterTableAction::add_constraint);
  EXPECT_EQ(commands[0].name, "fk");
  EXPECT_TRUE(commands[0].constraint->not_valid);
  EXPECT_FALSE(commands[0].constraint->on_delete_written);
  EXPECT_EQ(shown(sql, commands[0].constraint->referenced), "s.o @ s.o");
  EXPECT_EQ(sql.at(commands[0].constraint->span), "CONSTRAINT fk FOREIGN KEY (a) REFERENCES s.o (id) NOT VALID");
  EXPECT_EQ(commands[1].action, AlterTableAction::validate_constraint);
  EXPECT_EQ(commands[1].name, "v");
  EXPECT_EQ(commands[2].action, AlterTableAction::drop_constraint);
  EXPECT_TRUE(commands[2].missing_ok);
  EXPECT_EQ(commands[3].constraint->using_index, "idx");
  EXPECT_EQ(commands[4].action, AlterTableAction::alter_constraint);
  EXPECT_EQ(commands[4].constraint->name, "c");
  EXPECT_TRUE(commands[4].alters_deferrability);
  EXPECT_FALSE(commands[4].alters_enforceability);
  EXPECT_TRUE(commands[4].constraint->initially_deferred);
  EXPECT_EQ(commands[5].constraint->kind, ConstraintKind::check);
}

TEST(AlterTable, NewIn18) {
  if (parser_version_number() < 180000) GTEST_SKIP() << "SKIPPED: needs the grammar of PostgreSQL 18, this build has " << parser_version();
  const Sql sql(
      "ALTER TABLE t ADD CONSTRAINT n NOT NULL a NOT VALID, ALTER CONSTRAINT c NOT ENFORCED, ALTER CONSTRAINT n NO "
      "INHERIT,"
      " ADD CHECK (true) NOT ENFORCED");
  const auto& commands = sql.as<AlterTable>().commands;
  EXPECT_EQ(commands.at(0).constraint->kind, ConstraintKind::not_null);
  EXPECT_TRUE(commands[0].constraint->not_valid);
  EXPECT_THAT(commands[0].constraint->columns, ElementsAre("a"));
  EXPECT_TRUE(commands.at(1).alters_enforceability);
  EXPECT_TRUE(commands[1].constraint->not_enforced);
  EXPECT_TRUE(commands.at(2).alters_inheritability);
  EXPECT_TRUE(commands[2].constraint->no_inherit);
  EXPECT_TRUE(commands.at(3).constraint->not_enforced);
}

TEST(AlterTable, Partitions) {
  const Sql sql(
      "ALTER TABLE t ATTACH PARTITION s.p FOR VALUES FROM (1) TO (2); ALTER TABLE t DETACH PARTITION p CONCURRENTLY;"
      "ALTER TABLE t DETACH PARTITION p FINALIZE; ALTER INDEX i ATTACH PARTITION j; ALTER TABLE t INHERIT s.q, NO "
      "INHERIT r");
  const auto& attach = sql.as<AlterTable>(0).commands.at(0);
  EXPECT_EQ(attach.action, AlterTableAction::attach_partition);
  EXPECT_EQ(shown(sql, *attach.relation), "s.p @ s.p");
  EXPECT_EQ(attach.bound->from.at(0).literal(), "1");
  EXPECT_EQ(sql.as<AlterTable>(1).commands.at(0).action, AlterTableAction::detach_partition);
  EXPECT_TRUE(sql.as<AlterTable>(1).commands[0].concurrently);
  EXPECT_EQ(sql.as<AlterTable>(2).commands.at(0).action, AlterTableAction::detach_partition_finalize);
  EXPECT_EQ(sql.as<AlterTable>(3).kind, ObjectKind::index);
  EXPECT_FALSE(sql.as<AlterTable>(3).commands.at(0).bound);
  EXPECT_EQ(sql.as<AlterTable>(4).commands.at(0).action, AlterTableAction::inherit);
  EXPECT_EQ(shown(sql, *sql.as<AlterTable>(4).commands[0].relation), "s.q @ s.q");
  EXPECT_EQ(sql.as<AlterTable>(4).commands.at(1).action, AlterTableAction::no_inherit);
}

TEST(AlterTable, IdentityOptionsAndTheRest) {
  const Sql sql(
      "ALTER TABLE t ALTER a ADD GENERATED BY DEFAULT AS IDENTITY, ALTER a SET GENERATED ALWAYS, SET (fillfactor = 50, "
      "parallel_workers),"
      " RESET (fillfactor), ALTER a SET (n_distinct = -0.5), REPLICA IDENTITY USING INDEX i, OWNER TO CURRENT_USER, "
      "DISABLE TRIGGER ALL,"
      " ENABLE TRIGGER USER, OF s.ty");
  const auto& commands = sql.as<AlterTable>().commands;
  EXPECT_EQ(commands.at(0).identity, Identity::by_default);
  EXPECT_EQ(commands.at(1).identity, Identity::always);
  EXPECT_EQ(commands.at(2).options.at(0).value, "50");
  EXPECT_EQ(commands[2].options.at(1).value, "");
  EXPECT_EQ(commands.at(3).action, AlterTableAction::reset_options);
  EXPECT_EQ(commands.at(4).action, AlterTableAction::set_column_options);
  EXPECT_EQ(commands[4].options.at(0).value, "-0.5");
  EXPECT_EQ(commands.at(5).replica_identity, 'i');
  EXPECT_EQ(commands[5].name, "i");
  EXPECT_EQ(commands.at(6).name, "current_user");
  EXPECT_TRUE(commands.at(7).all_triggers);
  EXPECT_EQ(commands[7].action, AlterTableAction::disable_trigger);
  EXPECT_TRUE(commands.at(8).user_triggers);
  EXPECT_EQ(commands.at(9).of_type->name, "ty");
}

struct ActionCase {
  const char* sql;
  AlterTableAction action;
  const char* name;
};
class AlterTableActions : public testing::TestWithParam<ActionCase> {};

TEST_P(AlterTableActions, AreTold) {
  const Sql sql("ALTER TABLE t " + std::string(GetParam().sql));
  EXPECT_EQ(command(sql).action, GetParam().action);
  EXPECT_EQ(command(sql).name, GetParam().name);
  EXPECT_EQ(sql.at(command(sql).span), GetParam().sql);
}

INSTANTIATE_TEST_SUITE_P(Each, AlterTableActions,
                         testing::Values(ActionCase{"ALTER a DROP DEFAULT", AlterTableAction::drop_default, "a"},
                                         ActionCase{"ALTER a SET NOT NULL", AlterTableAction::set_not_null, "a"},
                                         ActionCase{"ALTER a DROP NOT NULL", AlterTableAction::drop_not_null, "a"},
                                         ActionCase{"ALTER a SET EXPRESSION AS (b + 1)", AlterTableAction::set_expression, "a"},
                                         ActionCase{"ALTER a DROP EXPRESSION", AlterTableAction::drop_expression, "a"},
                                         ActionCase{"ALTER a SET STATISTICS 100", AlterTableAction::set_statistics, "a"},
                                         ActionCase{"ALTER a SET STORAGE plain", AlterTableAction::set_storage, "a"},
                                         ActionCase{"ALTER a SET COMPRESSION lz4", AlterTableAction::set_compression, "a"},
                                         ActionCase{"ALTER a RESET (n_distinct)", AlterTableAction::reset_column_options, "a"},
                                         ActionCase{"ALTER a DROP IDENTITY", AlterTableAction::drop_identity, "a"},
                                         ActionCase{"SET LOGGED", AlterTableAction::set_logged, ""},
                                         ActionCase{"SET UNLOGGED", AlterTableAction::set_unlogged, ""},
                                         ActionCase{"SET TABLESPACE ts", AlterTableAction::set_tablespace, "ts"},
                                         ActionCase{"SET ACCESS METHOD heap2", AlterTableAction::set_access_method, "heap2"},
                                         ActionCase{"CLUSTER ON i", AlterTableAction::cluster_on, "i"},
                                         ActionCase{"SET WITHOUT CLUSTER", AlterTableAction::set_without_cluster, ""},
                                         ActionCase{"SET WITHOUT OIDS", AlterTableAction::set_without_oids, ""},
                                         ActionCase{"ENABLE TRIGGER g", AlterTableAction::enable_trigger, "g"},
                                         ActionCase{"DISABLE TRIGGER g", AlterTableAction::disable_trigger, "g"},
                                         ActionCase{"ENABLE ALWAYS TRIGGER g", AlterTableAction::enable_always_trigger, "g"},
                                         ActionCase{"ENABLE REPLICA TRIGGER g", AlterTableAction::enable_replica_trigger, "g"},
                                         ActionCase{"ENABLE RULE r", AlterTableAction::enable_rule, "r"},
                                         ActionCase{"DISABLE RULE r", AlterTableAction::disable_rule, "r"},
                                         ActionCase{"ENABLE ALWAYS RULE r", AlterTableAction::enable_always_rule, "r"},
                                         ActionCase{"ENABLE REPLICA RULE r", AlterTableAction::enable_replica_rule, "r"},
                                         ActionCase{"ENABLE ROW LEVEL SECURITY", AlterTableAction::enable_row_security, ""},
                                         ActionCase{"DISABLE ROW LEVEL SECURITY", AlterTableAction::disable_row_security, ""},
                                         ActionCase{"FORCE ROW LEVEL SECURITY", AlterTableAction::force_row_security, ""},
                                         ActionCase{"NO FORCE ROW LEVEL SECURITY", AlterTableAction::no_force_row_security, ""},
                                         ActionCase{"NOT OF", AlterTableAction::not_of, ""},
                                         ActionCase{"REPLICA IDENTITY FULL", AlterTableAction::replica_identity, ""},
                                         ActionCase{"OPTIONS (ADD x 'y')", AlterTableAction::options_foreign, ""},
                                         ActionCase{"ALTER a OPTIONS (SET x 'y')", AlterTableAction::options_foreign, "a"}));

TEST(AlterTable, OtherRelationsAndTypes) {
  const Sql sql(
      "ALTER INDEX s.i ALTER COLUMN 2 SET STATISTICS 10; ALTER VIEW v ALTER a SET DEFAULT 1; ALTER MATERIALIZED VIEW m "
      "SET (x = 1);"
      "ALTER SEQUENCE q OWNER TO joe; ALTER TYPE s.ty ADD ATTRIBUTE a int CASCADE, DROP ATTRIBUTE b; ALTER FOREIGN "
      "TABLE f DROP a");
  EXPECT_EQ(sql.as<AlterTable>(0).kind, ObjectKind::index);
  EXPECT_EQ(sql.as<AlterTable>(0).commands.at(0).column_number, 2);
  EXPECT_EQ(sql.as<AlterTable>(1).kind, ObjectKind::view);
  EXPECT_EQ(sql.as<AlterTable>(2).kind, ObjectKind::materialized_view);
  EXPECT_EQ(sql.as<AlterTable>(3).kind, ObjectKind::sequence);
  EXPECT_EQ(sql.as<AlterTable>(3).commands.at(0).action, AlterTableAction::owner_to);
  EXPECT_EQ(sql.as<AlterTable>(4).kind, ObjectKind::type);
  EXPECT_EQ(shown(sql, sql.as<AlterTable>(4).name), "s.ty @ s.ty");
  EXPECT_EQ(sql.at(sql.as<AlterTable>(4).commands.at(0).span), "ADD ATTRIBUTE a int CASCADE");
  EXPECT_EQ(sql.at(sql.as<AlterTable>(4).commands.at(0).column->span), "a int CASCADE");
  EXPECT_EQ(sql.statement(4).tag(), "ALTER TYPE");
  EXPECT_EQ(sql.as<AlterTable>(5).kind, ObjectKind::foreign_table);
}

}  // namespace
}  // namespace cupel::sql

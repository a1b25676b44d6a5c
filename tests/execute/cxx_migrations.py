#!/usr/bin/env python3
"""Revisions written in C++, from outside: compiled on demand, built as a module, recorded, run live, and failing in every way.

cxx_migrations.py CUPEL SERVERS WHICH [unittest arguments]; as end_to_end.py.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

import end_to_end
from end_to_end import ROOT, WithDatabase, main

PROJECT = ROOT / "fixtures" / "cpp-project"
COMPILER = os.environ.get("CXX") or "c++"


def revision(name, down, upgrade, downgrade=None, head="", options=""):
    """A file with one revision."""
    text = f'#include <cupel/op.hpp>\n{head}\nnamespace {{\nusing namespace cupel;\nconstexpr revision rev{{.id = "{name}", .down = "{down}", .message = "{name}"{options}}};\n'
    text += f"void upgrade(operations& op) {{\n{upgrade}\n}}\n"
    if downgrade is not None:
        text += f"void downgrade(operations& op) {{\n{downgrade}\n}}\n"
    return text + f"registered self{{rev, upgrade{', downgrade' if downgrade is not None else ''}}};\n}}\n"


class WithCache(WithDatabase):
    """Everything that these tests compile is kept for all of them."""

    cache = tempfile.TemporaryDirectory()

    def setUp(self):
        super().setUp()
        self.environment = {**os.environ, "XDG_CACHE_HOME": self.cache.name}

    def cupel(self, *arguments, **options):
        return super().cupel(*arguments, env=self.environment, **options)

    def revisions(self):
        if self.ask("SELECT to_regclass('cupel.revision') IS NULL") == "t":
            return ""
        return self.ask("SELECT string_agg(revision, ' ' ORDER BY revision) FROM cupel.revision")


class OnDemand(WithCache):
    def test_the_example_project_goes_up_down_and_up(self):
        migrations = PROJECT / "migrations"
        self.cupel("upgrade", "e0b75512f6d8", path=migrations)
        self.assertEqual(self.ask("SELECT count(*) FROM customers"), "2")
        self.assertEqual(self.ask("SELECT enum_range(NULL::order_state)"), "{new,paid,cancelled,shipped}")
        self.assertEqual(self.ask("SELECT attnotnull, atthasdef FROM pg_attribute WHERE attrelid = 'customers'::regclass AND attname = 'phone'"), "t|f")
        self.ask("INSERT INTO customers (email, phone) VALUES ('a', '+49 (0)30/12'), ('b', '1-2')")
        self.cupel("lint-and-upgrade", "head", path=migrations)
        self.assertEqual(self.ask("SELECT string_agg(phone, ' ' ORDER BY id) FROM customers WHERE phone <> ''"), "+4903012 12")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0")
        self.assertEqual(self.cupel("upgrade", path=migrations)[0], "nothing to upgrade\n")
        self.assertIn("6 applied, 0 pending", self.cupel("status", path=migrations)[0])
        self.assertIn("audit", self.ask("SELECT string_agg(title, ' ') FROM cupel.revision"))
        self.cupel("downgrade", "base", path=migrations)
        self.assertEqual(self.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0")
        self.cupel("upgrade", path=migrations)
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "6")

    def test_findings_forbid_and_suppressions_count(self):
        self.write("1_a.cpp", revision("a", "", 'op.create_table("t", {column("id", bigint()), column("v", text())});'))
        self.cupel("upgrade")
        self.ask("INSERT INTO t SELECT n, 'x' FROM generate_series(1, 20000) n")
        self.ask("ANALYZE t")
        self.write("2_b.cpp", revision("b", "a", 'op.create_index("t_id", "t", {"id"});'))
        out, err = self.cupel("lint-and-upgrade", expect=1)
        self.assertIn("add-index-non-concurrent", out)
        self.assertIn("2_b.cpp (recorded)", out)
        self.assertIn("nothing was applied", err)
        self.write("2_b.cpp", revision("b", "a", '// cupel:ignore add-index-non-concurrent: nobody writes\nop.create_index("t_id", "t", {"id"});'))
        self.cupel("lint-and-upgrade")
        self.assertEqual(self.revisions(), "a b")

    def test_what_was_applied_and_is_edited_is_noticed(self):
        self.write("1_a.cpp", revision("a", "", 'op.create_table("t", {column("id", bigint())});', 'op.drop_table("t");'))
        self.cupel("upgrade")
        # Comments and lines may change, what is asked for may not.
        self.write("1_a.cpp", "\n// more\n" + revision("a", "", '\nop.create_table("t", {column("id", bigint())});', 'op.drop_table("t");'))
        self.assertIn("1 applied, 0 pending", self.cupel("status", "--exit-code")[0])
        self.write("1_a.cpp", revision("a", "", 'op.create_table("t", {column("id", integer())});', 'op.drop_table("t");'))
        self.cupel("status", "--exit-code", expect=9)
        # Without its file it is taken back by what the journal kept.
        (self.path / "1_a.cpp").unlink()
        self.write("1_b.sql", "-- cupel:revision b\n-- cupel:parent none\n-- cupel:upgrade\nSELECT 1;\n")
        self.cupel("downgrade", "base")
        self.assertEqual(self.ask("SELECT to_regclass('t') IS NULL"), "t")

    def test_a_failing_statement_is_rolled_back_and_named(self):
        self.write("1_a.cpp", revision("a", "", 'op.create_table("t", {column("id", bigint())});\nop.execute("SELECT 1 / 0");'))
        _, err = self.cupel("upgrade", expect=7)
        self.assertIn("division by zero", err)
        self.assertIn("1_a.cpp (recorded)", err)
        self.assertEqual(self.revisions(), "")
        self.assertEqual(self.ask("SELECT to_regclass('t') IS NULL"), "t")

    def test_sql_script(self):
        self.write("1_a.cpp", revision("a", "", 'op.create_table("t", {column("id", bigint())});'))
        script = self.cupel("upgrade", "--sql")[0]
        self.assertIn("CREATE TABLE t", script)
        end_to_end.psql(self.target, script)
        self.assertEqual(self.revisions(), "a")

    def test_frozen_where_there_is_no_compiler(self):
        self.write("1_a.cpp", revision("a", "", 'op.create_table("t", {column("id", bigint())});\nop.autocommit([&] { op.create_index("t_id", "t", {"id"}, {.concurrently = true}); });'))
        self.write("2_b.sql", "-- cupel:revision b\n-- cupel:parent a\n-- cupel:upgrade\nCREATE TABLE u (id int);\n")
        frozen = Path(self.folder.name) / "frozen"
        done = subprocess.run([end_to_end.CUPEL, "freeze", "--no-config", "--path", self.path, "--output", frozen], env=self.environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(sorted(file.name for file in frozen.iterdir()), ["1_a.sql", "2_b.sql"])
        self.environment["PATH"] = "/nowhere"
        self.cupel("upgrade", path=frozen)
        self.assertEqual(self.revisions(), "a b")
        # The journal does not tell one from the other.
        self.environment = {**os.environ, "XDG_CACHE_HOME": self.cache.name}
        self.assertIn("2 applied, 0 pending", self.cupel("status", "--exit-code")[0])

    def test_compiled_once_and_again_when_a_header_changed(self):
        header = self.path / "names.h"
        header.write_text('constexpr const char* table = "one";\n')
        self.write("1_a.cpp", revision("a", "", 'op.create_table(table, {});', head='#include "names.h"'))
        self.assertIn('CREATE TABLE one', self.cupel("upgrade", "--sql")[0])
        begin = time.monotonic()
        self.environment["CXX"] = COMPILER
        self.cupel("upgrade", "--sql")
        header.write_text('constexpr const char* table = "two";\n')
        self.assertIn('CREATE TABLE two', self.cupel("upgrade", "--sql")[0])
        # What is there needs no compiler, only the same one to be named.
        self.assertLess(time.monotonic() - begin, 60)

    def test_what_cannot_be_compiled(self):
        self.write("1_a.cpp", revision("a", "", "op.no_such_operation();"))
        _, err = self.cupel("upgrade", expect=3)
        self.assertIn("no_such_operation", err)
        self.assertIn("1_a.cpp cannot be compiled", err)
        self.environment["CXX"] = "no-such-compiler"
        _, err = self.cupel("upgrade", expect=3)
        self.assertIn('no compiler "no-such-compiler"', err)
        self.assertEqual(self.revisions(), "")


class Failing(WithCache):
    """Code that does what it should not: one clear error, and nothing in the database."""

    def refused(self, upgrade, words, head="", expect=3, **options):
        self.write("1_a.cpp", revision("a", "", upgrade, head=head, **options))
        _, err = self.cupel("upgrade", expect=expect)
        self.assertIn(words, err)
        self.assertEqual(self.revisions(), "")

    def test_throws(self):
        self.refused('op.execute("SELECT 1"); throw std::runtime_error("no luck");', "upgrade of revision a threw: no luck", head="#include <stdexcept>")

    def test_throws_something_else(self):
        self.refused("throw 1;", "threw: an exception that is no std::exception")

    def test_crashes(self):
        self.refused("__builtin_trap();", "revision a (")
        _, err = self.cupel("upgrade", expect=3)
        self.assertIn("signal", err)
        self.assertIn("Nothing was sent to a database", err)

    def test_never_ends(self):
        configuration = Path(self.folder.name) / "cupel.toml"
        configuration.write_text(f'paths = ["migrations"]\n[cxx]\nrecord_timeout = "1s"\n[database]\nurl = "{self.target}"\n')
        self.write("1_a.cpp", revision("a", "", "volatile int n = 0;\nfor (;;) n = n + 1;"))
        begin = time.monotonic()
        done = subprocess.run([end_to_end.CUPEL, "upgrade", "--config", configuration], env=self.environment, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("did not say within 1000 ms", done.stderr)
        self.assertIn("revision a (", done.stderr)
        self.assertLess(time.monotonic() - begin, 60)

    def test_ends_the_process(self):
        self.refused("std::exit(5);", "exit code 5", head="#include <cstdlib>")

    def test_an_operation_without_meaning(self):
        self.refused('op.execute("SELECT 1");\nop.drop_table("");', "drop_table: a name is empty")
        self.assertIn("1_a.cpp:8:", self.cupel("upgrade", expect=3)[1])

    def test_a_directive_in_sql(self):
        self.refused('op.execute("SELECT 1; -- cupel:downgrade");', "cupel:downgrade")

    def test_prints(self):
        self.write("1_a.cpp", revision("a", "", 'std::puts("hello");', head="#include <cstdio>"))
        out, err = self.cupel("upgrade", "--sql")
        self.assertNotIn("hello", out)
        self.assertIn("hello", err)

    def test_ids(self):
        self.write("1_a.cpp", revision("", "", 'op.execute("SELECT 1");'))
        self.assertIn("the revision has no .id", self.cupel("upgrade", expect=3)[1])
        self.write("1_a.cpp", revision("a", "gone", 'op.execute("SELECT 1");'))
        self.assertIn("gone", self.cupel("upgrade", expect=10)[1])


class Live(WithCache):
    CONNECTION = "#include <cupel/connection.hpp>\n#include <stdexcept>\n#include <string>\n"

    def setUp(self):
        super().setUp()
        self.ask("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'a'), (2, NULL), (3, 'it''s')")

    def live(self, upgrade, downgrade=None):
        self.write("1_a.cpp", revision("a", "", upgrade, downgrade, head=self.CONNECTION))

    def test_reads_and_changes(self):
        self.live('''connection db = op.bind();
            unsigned long long changed = 0;
            for (const row& one : db.query("SELECT id, v FROM t ORDER BY id"))
              changed += db.exec("UPDATE t SET v = $2 WHERE id = $1", {one[0].integer(), one[1].text_or("was null") + "!"});
            db.exec("INSERT INTO t VALUES ($1, $2)", {100, nullptr});
            op.execute("COMMENT ON TABLE t IS '" + std::to_string(changed) + "'");''', 'connection db = op.bind();\ndb.exec("DELETE FROM t WHERE id = $1", {100});')
        self.assertIn("live: reads data", self.cupel("plan")[0])
        self.cupel("lint-and-upgrade")
        self.assertEqual(self.ask("SELECT id, v FROM t ORDER BY id"), "1|a!\n2|was null!\n3|it's!\n100|")
        self.assertEqual(self.ask("SELECT obj_description('t'::regclass)"), "3")
        self.assertEqual(self.ask("SELECT string_agg(tag, ',' ORDER BY number) FROM cupel.statement"), "SELECT,UPDATE,INSERT,COMMENT")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_prepared_statements"), "0")
        self.assertIn("1 applied, 0 pending", self.cupel("status", "--exit-code")[0])
        self.cupel("downgrade", "base")
        self.assertEqual(self.ask("SELECT count(*) FROM t"), "3")
        self.assertEqual(self.revisions(), "")

    def test_throwing_leaves_nothing(self):
        self.live('connection db = op.bind();\ndb.exec("DELETE FROM t");\nthrow std::runtime_error("second thoughts");')
        _, err = self.cupel("upgrade", expect=7)
        self.assertIn("second thoughts", err)
        self.assertEqual(self.ask("SELECT count(*) FROM t"), "3")
        self.assertEqual(self.revisions(), "")

    def test_a_failing_statement_is_named_even_if_what_stops_is_caught(self):
        self.live('connection db = op.bind();\ntry {\ndb.exec("SELECT 1 / 0");\n} catch (...) {}\nop.execute("DELETE FROM t");')
        _, err = self.cupel("upgrade", expect=7)
        self.assertIn("1_a.cpp:12", err)
        self.assertIn("division by zero", err)
        self.assertEqual(self.ask("SELECT count(*) FROM t"), "3")

    def test_its_transaction_stays_its_own(self):
        for upgrade, words in (('op.execute("COMMIT");', "would end the transaction"), ('op.autocommit([&] { op.execute("VACUUM"); });', "one transaction"),
                               ('op.backfill("t", {.set = "v = 1", .key = "id"});', "one transaction")):
            self.live('connection db = op.bind();\ndb.exec("DELETE FROM t");\n' + upgrade)
            _, err = self.cupel("upgrade", expect=7)
            self.assertIn(words, err)
            self.assertEqual(self.ask("SELECT count(*) FROM t"), "3")

    def test_lint_comes_before_what_it_sends(self):
        self.ask("INSERT INTO t SELECT n FROM generate_series(10, 20000) n; ANALYZE t")
        self.live('''connection db = op.bind();
            for (const row& one : db.query("SELECT relname FROM pg_class WHERE relname = 't'")) op.create_index("ix", one[0].text(), {"v"});''')
        _, err = self.cupel("lint-and-upgrade", expect=7)
        self.assertIn("lint forbids this statement", err)
        self.assertIn("add-index-non-concurrent", err)
        self.assertEqual(self.ask("SELECT to_regclass('ix') IS NULL"), "t")
        self.cupel("upgrade")
        self.assertEqual(self.ask("SELECT to_regclass('ix') IS NULL"), "f")

    def test_lint_knows_that_a_table_is_small(self):
        self.ask("ANALYZE t")
        self.live('op.bind();\nop.create_index("ix", "t", {"v"});')
        self.cupel("lint-and-upgrade")
        self.assertEqual(self.ask("SELECT to_regclass('ix') IS NULL"), "f")

    def test_locks_are_tried_for_again(self):
        self.live('connection db = op.bind();\ndb.exec("UPDATE t SET v = \'x\'");\nop.add_column("t", column("w", text()));')
        reader = self.reader("SELECT count(*) FROM t")
        process = self.start("upgrade", "--lock-timeout", "200ms", "--lock-budget", "60s", env=self.environment)
        self.wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'cupel upgrade%' AND wait_event_type = 'Lock')")
        time.sleep(0.5)
        reader.communicate("COMMIT;")
        out, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(self.ask("SELECT count(*) FROM t WHERE v = 'x'"), "3")
        self.assertEqual(self.revisions(), "a")

    def test_killed_in_the_middle(self):
        self.live('connection db = op.bind();\ndb.exec("DELETE FROM t");\n(void)db.query("SELECT pg_sleep(60)");')
        process = self.start("upgrade", env=self.environment)
        self.wait_for_sleep()
        process.kill()
        process.communicate()
        self.wait_until("NOT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'cupel upgrade%')")
        self.assertEqual(self.ask("SELECT count(*) FROM t"), "3")
        self.assertEqual(self.revisions(), "")

    def test_only_its_module_can_run_it(self):
        self.live('op.execute("DELETE FROM t");\nconnection db = op.bind();')
        script = self.cupel("upgrade", "--sql")[0]
        done = subprocess.run([end_to_end.PSQL, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", script, self.target], capture_output=True, text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("only cupel with its module", done.stderr)
        self.assertEqual(self.ask("SELECT count(*) FROM t"), "3")


@unittest.skipUnless(shutil.which("cmake"), "there is no cmake")
class Modules(WithCache):
    """A project that builds its revisions, with an installed cupel."""

    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        work = Path(cls.work.name)
        build = Path(end_to_end.CUPEL).parent.parent
        for command in (["cmake", "--install", build, "--prefix", work / "installed"],
                        ["cmake", "-S", PROJECT, "-B", work / "build", f"-DCMAKE_PREFIX_PATH={work / 'installed'}", "-DCMAKE_BUILD_TYPE=Debug"],
                        ["cmake", "--build", work / "build"]):
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"{command}\n{done.stdout}\n{done.stderr}")
        cls.module = work / "build" / "shop_migrations.so"

    @classmethod
    def tearDownClass(cls):
        cls.work.cleanup()

    def test_built_with_find_package(self):
        self.environment["PATH"] = "/nowhere"  # no compiler is needed any more
        self.cupel("upgrade", "--module", str(self.module), path=PROJECT / "migrations")
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "6")
        self.cupel("downgrade", "base", "--module", str(self.module), path=PROJECT / "migrations")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0")

    def test_the_same_as_compiled_on_demand(self):
        migrations = Path(self.folder.name) / "all_but_the_live_one"
        shutil.copytree(PROJECT / "migrations", migrations)
        (migrations / "20240306_140000_phone_format.cpp").unlink()
        self.cupel("upgrade", "e0b75512f6d8", "--module", str(self.module), path=PROJECT / "migrations")
        self.assertIn("5 applied, 0 pending", self.cupel("status", "--exit-code", path=migrations)[0])

    def test_sources_that_were_not_built(self):
        self.write("9_new.cpp", revision("new", "", 'op.execute("SELECT 1");'))
        _, err = self.cupel("upgrade", "--module", str(self.module), expect=2)
        self.assertIn("9_new.cpp is in no module that was given: build it", err)

    def test_modules_that_are_none(self):
        self.write("1_a.sql", "SELECT 1;\n")
        _, err = self.cupel("upgrade", "--module", "/nowhere/module.so", expect=3)
        self.assertIn("cannot load the module /nowhere/module.so", err)
        for source, words in (("int x;", "no module of migrations"), ('extern "C" unsigned cupel_module_abi() { return 77; }', "module ABI 77"),
                              ('extern "C" unsigned cupel_module_abi() { return 1; }', "lacks cupel_module_revisions")):
            file = Path(self.folder.name) / "other.cpp"
            module = Path(self.folder.name) / f"other{len(words)}.so"
            file.write_text(source + "\n")
            subprocess.run([COMPILER, "-shared", "-fPIC", "-o", module, file], check=True)
            _, err = self.cupel("upgrade", "--module", str(module), expect=3)
            self.assertIn(words, err)


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The program from outside, on a real server: end_to_end.py CUPEL SERVERS WHICH [unittest arguments]

SERVERS is the file with VERSION=CONNECTION lines that tests/execute/servers wrote. WHICH is a version, or oldest, newest or between (those that are
neither, one after the other). Exit code 77 when there is none.
"""
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CUPEL = ""
SCRATCH = ROOT / "scripts" / "scratch-server"
# Debian's psql is a script that looks for the program, for longer than most queries take.
PSQL = max(map(str, Path("/usr/lib/postgresql").glob("*/bin/psql")), default="psql")
SERVER = ""
VERSION = 0
NUMBER = 0


def psql(target, sql, check=True):
    done = subprocess.run([PSQL, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, target], capture_output=True, text=True, check=False)
    if check and done.returncode != 0:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


def wait_for(condition, what, seconds=60):
    """Until the condition holds: how long that takes is the machine's affair, that it happens is the test's."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError(f"not seen in {seconds} s: {what}")
        time.sleep(0.02)


@contextlib.contextmanager
def scratch_folder(name):
    """A folder with a short name, and the server in it if there is one; both are gone in the end."""
    folder = tempfile.mkdtemp(prefix=f"cupel-{name}-", dir="/tmp")
    try:
        yield folder
    finally:
        if Path(folder, "data").exists():
            subprocess.run([SCRATCH, "stop", folder], check=False)
        shutil.rmtree(folder, ignore_errors=True)


class WithDatabase(unittest.TestCase):
    def setUp(self):
        global NUMBER
        NUMBER += 1
        self.name = f"end_{os.getpid()}_{NUMBER}"
        psql(SERVER, f"CREATE DATABASE {self.name}")
        self.target = SERVER.replace("dbname=postgres", f"dbname={self.name}")
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "migrations"
        self.path.mkdir()

    def tearDown(self):
        psql(SERVER, f"DROP DATABASE {self.name} WITH (FORCE)")
        self.folder.cleanup()

    def write(self, name, text):
        (self.path / name).write_text(text)

    def start(self, *arguments, path=None, target=None, **options):
        command = [CUPEL, *arguments, "--no-config", "--path", str(path or self.path)]
        if "--sql" not in arguments:
            command += ["--database", target or self.target]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def cupel(self, *arguments, expect=0, **options):
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=300)
        self.assertEqual(process.returncode, expect, f"{arguments}\n{out}\n{err}")
        return out, err

    def ask(self, sql):
        return psql(self.target, sql)

    def wait_until(self, condition, seconds=60):
        wait_for(lambda: self.ask(f"SELECT {condition}") == "t", condition, seconds)

    def wait_for_sleep(self):
        """Until a migration's pg_sleep runs."""
        self.wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database())")

    def reader(self, sql):
        """A session that stays in a transaction after the query; end it with communicate("COMMIT;")."""
        session = subprocess.Popen([PSQL, "-Xq", self.target], stdin=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL)
        session.stdin.write(f"SET application_name = 'the reader'; BEGIN; {sql};\n")
        session.stdin.flush()
        self.wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'the reader' AND state = 'idle in transaction' AND query LIKE 'SELECT%')")
        return session


class Upgrades(WithDatabase):
    def test_the_example_project_goes_up_down_and_up(self):
        shop = ROOT / "fixtures" / "shop" / "migrations"
        self.cupel("lint-and-upgrade", "head", path=shop)
        self.assertEqual(self.ask("SELECT count(*), count(*) FILTER (WHERE account_state = 'closed') FROM accounts"), "3000|1000")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_constraint WHERE NOT convalidated"), "0")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_index WHERE NOT indisvalid"), "0")
        self.assertEqual(self.cupel("current", path=shop)[0], "order-total-default (head)\n")
        self.assertEqual(self.cupel("upgrade", path=shop)[0], "nothing to upgrade\n")
        self.cupel("check", path=shop)
        self.cupel("downgrade", "base", path=shop)
        self.assertEqual(self.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace"), "0")
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "0")
        self.cupel("upgrade", "head", path=shop)
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "11")

    def test_findings_forbid(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        self.cupel("upgrade")
        self.ask("INSERT INTO a SELECT generate_series(1, 20000)")
        self.ask("ANALYZE a")
        self.write("20260102_000000_b.sql", "CREATE INDEX a_id ON a (id);\n")
        out, err = self.cupel("lint-and-upgrade", expect=1)
        self.assertIn("add-index-non-concurrent", out)
        self.assertIn("nothing was applied", err)
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "1")
        self.cupel("lint-and-upgrade", "--fail-on", "never")
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "2")

    def test_the_gate_judges_what_is_in_the_database(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE t (id int PRIMARY KEY, v int);\n")
        self.cupel("upgrade")
        # The folder knows nothing of what somebody did by hand, or of how big the table has become.
        self.ask("ALTER TABLE t DROP COLUMN v; CREATE SCHEMA other; CREATE TABLE other.t (v text); CREATE TABLE big (id int NOT NULL, w int)")
        self.ask("INSERT INTO big SELECT n, n FROM generate_series(1, 41234) n")
        self.ask("ANALYZE big")
        self.write("20260102_000000_b.sql", "ALTER TABLE t DROP COLUMN v;\n")
        out, _ = self.cupel("lint-and-upgrade", expect=1)
        self.assertIn('column "v" of relation "t" does not exist', out)
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "1")
        plan = json.loads(self.cupel("plan", "--json")[0])
        self.assertFalse(plan["lint"]["passed"])
        self.assertIn('the statement fails: column "v" of relation "t" does not exist', [finding["message"] for finding in plan["lint"]["findings"]])
        self.assertIn("lint-and-upgrade would refuse it", self.cupel("plan")[0])

        self.write("20260102_000000_b.sql", "ALTER TABLE big ALTER COLUMN w TYPE bigint;\n")
        out, _ = self.cupel("lint-and-upgrade", expect=1)
        self.assertRegex(out, r"while every row of big \(about 41,000 rows, 1\.\d MB\) is rewritten")
        # A small one is rewritten in no time: told, and no reason to refuse.
        self.ask("DELETE FROM big WHERE id > 50")
        self.ask("VACUUM (FULL, ANALYZE) big")
        # Up to PostgreSQL 14 a process of its own counts rows, and it may come late.
        for _ in range(100):
            if self.ask("SELECT pg_stat_get_live_tuples('big'::regclass) = 50") == "t": break
            time.sleep(0.1)
        out, _ = self.cupel("lint-and-upgrade")
        self.assertIn("The table is small (about 50 rows, 8.0 kB)", out)
        # The session's own search path decides what an unqualified name means.
        self.ask(f"ALTER DATABASE {self.name} SET search_path = other")
        self.write("20260103_000000_c.sql", "ALTER TABLE t ADD COLUMN n int;\nALTER TABLE t DROP COLUMN v;\n")
        out, _ = self.cupel("lint-and-upgrade", "--fail-on", "never")
        self.assertNotIn("does not exist", out)
        self.assertEqual(self.ask("SELECT string_agg(attname, ',') FROM pg_attribute WHERE attrelid = 'other.t'::regclass AND attnum > 0 AND NOT attisdropped"), "n")

    def test_the_gate_goes_on_behind_what_is_applied_already(self):
        self.ask("CREATE TABLE t (id int)")
        self.write("20260101_000000_a.sql", "ALTER TABLE t ADD COLUMN v int;\nCREATE INDEX CONCURRENTLY t_v ON t (v);\nSELECT nothing;\n")
        self.cupel("lint-and-upgrade", "--fail-on", "never", expect=8)
        self.write("20260101_000000_a.sql", "ALTER TABLE t ADD COLUMN v int;\nCREATE INDEX CONCURRENTLY t_v ON t (v);\nSELECT 1;\n")
        out, _ = self.cupel("lint-and-upgrade")
        self.assertNotIn("already exists", out)
        self.assertEqual(self.ask("SELECT state FROM cupel.revision"), "applied")

    def test_the_gate_leaves_suppressions_of_what_ran_alone(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE t (id int, v int);\n")
        self.write("20260102_000000_b.sql", "-- cupel:ignore drop-column: nothing reads it\nALTER TABLE t DROP COLUMN v;\n")
        self.cupel("upgrade")
        self.write("20260103_000000_c.sql", "-- cupel:ignore drop-table: not needed here\nCREATE TABLE u (id int);\n")
        out, _ = self.cupel("lint-and-upgrade", "--fail-on", "never")
        self.assertIn("20260103_000000_c.sql:1", out)
        self.assertNotIn("20260102_000000_b.sql", out)

    def test_the_lock_timeout_that_a_run_sets_is_known(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE t (id int);\n")
        self.write("20260102_000000_b.sql", "ALTER TABLE t ADD COLUMN v int;\n")
        done = subprocess.run([CUPEL, "lint", "--no-config", str(self.path)], capture_output=True, text=True, check=False)
        self.assertNotIn("lock-queue-blocker", done.stdout)

    def test_a_failure_points_at_the_place(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n\n  INSERT INTO a VALUES ('é', nope);\n")
        _, err = self.cupel("upgrade", expect=7)
        self.assertIn("20260101_000000_a.sql:3:30: column \"nope\" does not exist (SQLSTATE 42703)", err)
        self.assertIn("nothing of 20260101_000000 is in the database", err)

    def test_a_script_for_psql_leaves_the_same_journal(self):
        shop = ROOT / "fixtures" / "shop" / "migrations"
        script = self.cupel("upgrade", "base:head", "--sql", path=shop)[0]
        done = subprocess.run([PSQL, "-X", "-q", "-v", "ON_ERROR_STOP=1", self.target], input=script, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.cupel("upgrade", path=shop)[0], "nothing to upgrade\n")
        self.assertEqual(self.ask("SELECT count(*), min(state) FROM cupel.revision"), "11|applied")
        self.cupel("status", "--exit-code", path=shop)
        back = self.cupel("downgrade", "head:base", "--sql", path=shop)[0]
        done = subprocess.run([PSQL, "-X", "-q", "-v", "ON_ERROR_STOP=1", self.target], input=back, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "0")

    def test_what_a_migration_sets_ends_with_it(self):
        self.write("20260101_000000_a.sql", "CREATE SCHEMA s;\nSET search_path = s;\nCREATE TABLE here (id int);\n")
        self.write("20260102_000000_b.sql", "CREATE TABLE there (id int);\n")
        self.cupel("upgrade")
        self.assertEqual(self.ask("SELECT to_regclass('s.here') IS NOT NULL, to_regclass('public.there') IS NOT NULL"), "t|t")

    def test_a_migration_that_takes_another_role_is_recorded(self):
        self.ask("CREATE ROLE r_" + self.name)
        try:
            self.write("20260101_000000_a.sql", f"SET ROLE r_{self.name};\nSELECT 1;\n")
            self.write("20260102_000000_b.sql", "CREATE TABLE b (id int);\n")
            self.cupel("upgrade")
            self.assertEqual(self.ask("SELECT count(*) FROM cupel.revision"), "2")
        finally:
            psql(SERVER, f"DROP ROLE IF EXISTS r_{self.name}")

    def test_notices_are_shown_with_their_place(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\nDROP TABLE IF EXISTS nothing;\n")
        _, err = self.cupel("upgrade")
        self.assertIn("20260101_000000_a.sql:2: NOTICE: table \"nothing\" does not exist, skipping", err)

    def test_a_commit_of_its_own_is_refused(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\nCOMMIT;\n")
        _, err = self.cupel("upgrade", expect=2)
        self.assertIn(":2:1: this COMMIT would end the transaction", err)
        self.assertEqual(self.ask("SELECT to_regclass('a') IS NULL"), "t")

    def test_events_as_json(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        _, err = self.cupel("upgrade", "--log-format", "json")
        events = [json.loads(line) for line in err.splitlines()]
        self.assertEqual([event["event"] for event in events], ["revision", "statement", "statement_done", "revision_done"])

    def test_backup(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        backups = Path(self.folder.name) / "backups"
        said = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=True).stdout
        if int(re.search(r" (\d+)", said)[1]) < VERSION:
            _, err = self.cupel("upgrade", "--backup", str(backups), expect=7)
            self.assertIn("server version mismatch", err)
            self.assertIn("pg_dump failed with exit code 1; nothing was changed", err)
            self.assertEqual(self.ask("SELECT to_regclass('a') IS NULL"), "t")
            return
        self.cupel("upgrade", "--backup", str(backups))
        dumps = list(backups.iterdir())
        self.assertEqual(len(dumps), 1)
        self.assertEqual(dumps[0].read_bytes()[:5], b"PGDMP")
        self.assertEqual(self.ask("SELECT backup FROM cupel.run"), str(dumps[0]))

    def test_report(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        report = Path(self.folder.name) / "report.json"
        self.cupel("upgrade", "--report", str(report))
        written = json.loads(report.read_text())
        self.assertEqual(written["outcome"], "done")
        self.assertEqual(written["revisions"][0]["statements"][0]["tag"], "CREATE TABLE")

    def test_how_far_an_index_is_built_is_told(self):
        self.ask("CREATE FUNCTION slowly(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.002); RETURN $1; END'")
        self.ask("CREATE TABLE wide (id int, filler char(2000)); ALTER TABLE wide ALTER filler SET STORAGE PLAIN; INSERT INTO wide SELECT n, '' FROM generate_series(1, 1200) n")
        self.write("20260101_000000_a.sql", "CREATE INDEX CONCURRENTLY wide_slowly ON wide (slowly(id));\n")
        _, err = self.cupel("upgrade", "--log-format", "json")
        seen = [event["percent"] for event in map(json.loads, err.splitlines()) if event["event"] == "waiting" and event.get("phase") == "building index: scanning table"]
        self.assertGreater(len(set(seen)), 1, err)
        self.assertEqual(seen, sorted(seen))
        self.assertLessEqual(seen[-1], 100)
        self.assertEqual(self.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = 'wide_slowly'::regclass"), "t")

    def test_no_backup_no_change(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        _, err = self.cupel("upgrade", "--backup-command", "exit 3", expect=7)
        self.assertIn("exit code 3; nothing was changed", err)
        self.assertEqual(self.ask("SELECT to_regclass('a') IS NULL"), "t")
        _, err = self.cupel("upgrade", "--report", "/dev/full", expect=3)
        self.assertIn("the journal has what ran", err)
        self.assertEqual(self.ask("SELECT to_regclass('a') IS NOT NULL"), "t")


class Backfills(WithDatabase):
    SQL = "-- cupel:backfill key=id batch=100 pause={}ms\nUPDATE big AS b SET v = v + 1 WHERE v >= 0 -- all of them\n;\n"

    def setUp(self):
        super().setUp()
        self.ask("CREATE TABLE big (id int PRIMARY KEY, v int NOT NULL); INSERT INTO big SELECT n, 0 FROM generate_series(1, 2050) n")

    def test_in_batches_and_once(self):
        self.write("20260101_000000_a.sql", self.SQL.format(0))
        self.cupel("upgrade")
        self.assertEqual(self.ask("SELECT min(v), max(v) FROM big"), "1|1")
        self.assertEqual(self.ask("SELECT count(DISTINCT xmin::text) FROM big"), "21")
        self.assertEqual(self.ask("SELECT outcome, message FROM cupel.statement"), "done|2050 rows")
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.backfill"), "0")

    def test_killed_it_goes_on(self):
        self.write("20260101_000000_a.sql", self.SQL.format(30))
        done = 0
        for _ in range(3):
            process = self.start("upgrade", "--wait", "20s")
            rows = lambda: int(psql(self.target, "SELECT max(rows) FROM cupel.backfill", check=False) or 0)
            wait_for(lambda: rows() > done, "the backfill goes on")
            process.kill()
            done = rows()
            process.communicate()
        self.assertEqual(self.cupel("status", "--exit-code", expect=11)[0].count("partly applied"), 1)
        self.cupel("upgrade", "--wait", "20s")
        self.assertEqual(self.ask("SELECT min(v), max(v) FROM big"), "1|1")

    def test_the_key_has_to_be_unique(self):
        self.ask("CREATE TABLE loose (id int, v int)")
        self.write("20260101_000000_a.sql", "-- cupel:backfill key=id\nUPDATE loose SET v = 1;\n")
        _, err = self.cupel("upgrade", expect=8)
        self.assertIn("needs a column that is NOT NULL and has a unique index", err)


class Replicas(unittest.TestCase):
    """A server of its own with a standby, which replays when it is told to."""

    def server(self, name):
        return self.enterContext(scratch_folder(name))

    def start(self, folder):
        return subprocess.run([SCRATCH, "start", folder, str(VERSION)], capture_output=True, text=True, check=True).stdout.strip()

    def test_a_backfill_waits_for_a_replica_that_is_behind(self):
        first, second, project = self.server("primary"), self.server("standby"), self.server("project")
        self.start(first)
        pid = int(Path(first, "data", "postmaster.pid").read_text().split()[0])
        os.kill(pid, signal.SIGINT)
        wait_for(lambda: not Path(first, "data", "postmaster.pid").exists(), "the primary stops")
        subprocess.run(["cp", "-a", f"{first}/data", f"{second}/data"], check=True)
        Path(second, "data", "standby.signal").touch()
        with open(Path(second, "data", "postgresql.auto.conf"), "a", encoding="utf-8") as settings:
            settings.write(f"primary_conninfo = 'host={first} port=5432 user=postgres'\nwal_receiver_status_interval = 1\n")
        primary, standby = self.start(first), self.start(second)
        psql(primary, "CREATE TABLE big (id int PRIMARY KEY, v int NOT NULL); INSERT INTO big SELECT n, 0 FROM generate_series(1, 1000) n")
        wait_for(lambda: psql(standby, "SELECT count(*) FROM pg_class WHERE relname = 'big'") == "1", "the standby follows")
        psql(standby, "SELECT pg_wal_replay_pause()")
        wait_for(lambda: psql(standby, "SELECT pg_get_wal_replay_pause_state()") == "paused", "the standby pauses")

        Path(project, "20260101_000000_a.sql").write_text("-- cupel:backfill key=id batch=25 pause=100ms max-lag=500ms\nUPDATE big SET v = v + 1;\n")
        command = [CUPEL, "upgrade", "--no-config", "--path", project, "--database", primary, "--log-format", "json"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        told = []
        for line in process.stderr:
            told.append(line)
            if "waits for a replica that is" in line:
                break
        rows = lambda: int(psql(primary, "SELECT count(*) FROM big WHERE v = 1"))
        done = rows()
        self.assertTrue(0 < done < 1000, f"{done} rows\n{''.join(told)}")
        time.sleep(2)
        self.assertEqual(rows(), done, "it went on although the replica is behind")
        psql(standby, "SELECT pg_wal_replay_resume()")
        _, err = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, err)
        self.assertEqual(psql(primary, "SELECT min(v), max(v) FROM big"), "1|1")
        wait_for(lambda: psql(standby, "SELECT min(v), max(v) FROM big") == "1|1", "the standby has it all")


class Together(WithDatabase):
    def test_twenty_at_once_apply_each_change_once(self):
        for number in range(1, 11):
            self.write(f"202601{number:02}_000000_r.sql", f"CREATE TABLE IF NOT EXISTS log (n int);\nINSERT INTO log VALUES ({number});\n")
        processes = [self.start("upgrade", "--wait", "200s") for _ in range(20)]
        codes = []
        for process in processes:
            process.communicate(timeout=300)
            codes.append(process.returncode)
        self.assertEqual(codes, [0] * 20)
        self.assertEqual(self.ask("SELECT count(*), count(DISTINCT n) FROM log"), "10|10")
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.run WHERE outcome = 'done'"), "1")

    def test_the_entrypoint_starts_the_application_when_all_is_well(self):
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(CUPEL, Path(folder, "cupel"))
            environment = dict(os.environ, PATH=f"{folder}:{os.environ['PATH']}", CUPEL_DATABASE_URL=self.target, MIGRATIONS=str(self.path))
            command = [ROOT / "fixtures" / "deployment" / "entrypoint", "echo", "the application"]
            self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
            replicas = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=folder) for _ in range(3)]
            for replica in replicas:
                out, err = replica.communicate(timeout=300)
                self.assertEqual(replica.returncode, 0, err)
                self.assertEqual(out.splitlines()[-1], "the application")
            self.assertEqual(self.ask("SELECT count(*) FROM cupel.run"), "1")
            self.write("20260102_000000_b.sql", "ALTER TABLE a DROP COLUMN nope;\n")
            done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=folder, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertNotIn("the application", done.stdout)

    def test_who_holds_the_lock_is_told(self):
        self.write("20260101_000000_a.sql", "SELECT pg_sleep(3600);\n")
        first = self.start("upgrade")
        self.wait_for_sleep()
        _, err = self.cupel("upgrade", expect=5)
        self.assertIn("another run holds the lock", err)
        self.assertIn("cupel upgrade (", err)
        first.send_signal(signal.SIGINT)
        first.communicate(timeout=60)
        self.assertEqual(first.returncode, 12)

    def test_who_is_in_the_way_is_told(self):
        self.ask("CREATE TABLE a (id int)")
        self.write("20260101_000000_a.sql", "ALTER TABLE a ADD COLUMN b int;\n")
        reader = self.reader("SELECT * FROM a")
        _, err = self.cupel("upgrade", "--lock-timeout", "700ms", "--lock-budget", "2s", expect=6)
        self.assertIn("in the way: pid", err)
        self.assertIn("the reader, idle in transaction", err)
        reader.communicate("COMMIT;\n")
        self.cupel("upgrade")

    def test_control_c_stops_the_statement_and_exits_with_12(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\nSELECT pg_sleep(3600);\n")
        process = self.start("upgrade")
        self.wait_for_sleep()
        process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 12)
        self.assertLess(time.monotonic() - begin, 30)
        self.assertEqual(self.ask("SELECT outcome FROM cupel.run"), "interrupted")
        self.assertEqual(self.ask("SELECT to_regclass('a') IS NULL"), "t")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"), "0")

    def interrupted_index(self):
        """An upgrade that was told to stop while it builds an index, and waits for a reader before it can take the index away."""
        self.ask("CREATE FUNCTION slowly(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.05); RETURN $1; END'")
        self.ask("CREATE TABLE t (id int); INSERT INTO t SELECT generate_series(1, 200)")
        self.write("20260101_000000_a.sql", "CREATE INDEX CONCURRENTLY t_slowly ON t (slowly(id));\n")
        process = self.start("upgrade")
        self.wait_until("EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass('t_slowly') AND NOT indisvalid)")
        self.wait_for_sleep()
        reader = self.reader("SELECT FROM t LIMIT 1")
        process.send_signal(signal.SIGINT)
        self.wait_until("EXISTS (SELECT FROM pg_stat_activity WHERE query LIKE 'DROP INDEX CONCURRENTLY%' AND wait_event_type = 'Lock')")
        return process, reader

    def then_it_is_built(self):
        self.ask("CREATE OR REPLACE FUNCTION slowly(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'")
        self.cupel("upgrade", "--wait", "20s")
        self.assertEqual(self.ask("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('t_slowly')"), "t")

    def test_control_c_in_an_index_takes_away_what_was_begun(self):
        process, reader = self.interrupted_index()
        time.sleep(0.5)
        self.assertIsNone(process.poll(), "it did not wait until the index is gone")
        reader.communicate("COMMIT;\n")
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 12, err)
        self.assertEqual(self.ask("SELECT to_regclass('t_slowly') IS NULL"), "t")
        self.then_it_is_built()

    def test_killed_while_it_takes_an_index_away(self):
        process, reader = self.interrupted_index()
        process.kill()
        process.communicate()
        reader.communicate("COMMIT;\n")
        self.then_it_is_built()


class Stalls(WithDatabase):
    """Measured: nothing else should run meanwhile."""

    def test_an_application_waits_no_longer_than_promised(self):
        self.ask("CREATE TABLE busy (id int PRIMARY KEY, v int); INSERT INTO busy SELECT n, 0 FROM generate_series(1, 100) n")
        self.write("20260101_000000_a.sql", "ALTER TABLE busy ADD COLUMN w int;\nALTER TABLE busy ADD COLUMN x int;\n")
        long_reader = self.reader("SELECT count(*) FROM busy")
        stalls, stop = [], threading.Event()

        def client():
            session = subprocess.Popen([PSQL, "-XAtq", self.target], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
            while not stop.is_set():
                begin = time.monotonic()
                session.stdin.write("UPDATE busy SET v = v + 1 WHERE id = 1 RETURNING 'ok';\n")
                session.stdin.flush()
                session.stdout.readline()
                stalls.append(time.monotonic() - begin)
            session.communicate()

        worker = threading.Thread(target=client)
        worker.start()
        process = self.start("upgrade", "--lock-timeout", "500ms", "--lock-budget", "30s")
        waits = "EXISTS (SELECT FROM pg_locks WHERE relation = 'busy'::regclass AND mode = 'AccessExclusiveLock' AND NOT granted)"
        for _ in range(3):  # it asks, gives up so that the client goes on, and asks again
            self.wait_until(waits)
            self.wait_until("NOT " + waits)
        time.sleep(4)
        long_reader.communicate("COMMIT;\n")
        _, err = process.communicate(timeout=120)
        stop.set()
        worker.join()
        self.assertEqual(process.returncode, 0, err)
        self.assertGreater(max(stalls), 0.3, "the load did not meet the migration")
        self.assertLess(max(stalls), 2.0, "the reader stood in the way for more than four seconds")
        print(f"\nlongest stall of a client: {max(stalls):.2f} s with --lock-timeout 500ms", file=sys.stderr)


class Graphs(WithDatabase):
    def test_a_database_ahead_goes_down_without_the_file(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        self.write("20260102_000000_b.sql", "CREATE TABLE b (id int);\n-- cupel:downgrade\nDROP TABLE b;\n")
        self.cupel("upgrade")
        (self.path / "20260102_000000_b.sql").unlink()
        self.assertIn("unknown  20260102_000000", self.cupel("status", "--exit-code", expect=9)[0])
        self.write("20260103_000000_c.sql", "CREATE TABLE c (id int);\n")
        _, err = self.cupel("upgrade", "heads", expect=9)
        self.assertIn("the database is ahead of this checkout", err)
        self.cupel("downgrade", "20260101_000000")
        self.assertEqual(self.ask("SELECT to_regclass('b') IS NULL"), "t")
        self.cupel("upgrade")

    def test_history_marks_what_the_database_has(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        self.write("20260102_000000_b.sql", "CREATE TABLE b (id int);\n")
        self.cupel("upgrade")
        self.write("20260103_000000_c.sql", "CREATE TABLE c (id int);\n")
        lines = self.cupel("history", "-i")[0].splitlines()
        self.assertEqual(len(lines), 3)
        for line, mark in zip(lines, ["20260103_000000 (not applied)", "20260102_000000 (current)", "20260101_000000 (applied)"]):
            self.assertIn(mark.split()[0], line)
            self.assertIn(" ".join(mark.split()[1:]), line)
        self.assertEqual(len(self.cupel("history", "-i", "-r", "current:")[0].splitlines()), 2)
        revisions = json.loads(self.cupel("history", "-i", "--json")[0])
        self.assertIn('"applied": false', json.dumps(revisions))

    def test_check_tells_what_somebody_changed_by_hand(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        self.cupel("upgrade")
        self.assertIn("is what its applied revisions make", self.cupel("check")[0])
        self.ask("ALTER TABLE a ADD COLUMN by_hand int; CREATE INDEX by_hand ON a (id)")
        out, _ = self.cupel("check", expect=1)
        self.assertIn("by_hand", out)
        self.assertTrue(json.loads(self.cupel("check", "--json", expect=1)[0])["drift"])

    def test_an_edited_file_is_refused_and_can_be_accepted(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        self.cupel("upgrade")
        self.write("20260101_000000_a.sql", "-- only a comment, and other case\ncreate   table A (ID int);\n")
        self.cupel("status", "--exit-code")
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id bigint);\n")
        self.write("20260102_000000_b.sql", "CREATE TABLE b (id int);\n")
        _, err = self.cupel("upgrade", expect=9)
        self.assertIn("was edited after it was applied", err)
        self.cupel("stamp", "--accept", "20260101_000000")
        self.cupel("upgrade")

    def test_a_revision_put_into_the_past_is_an_error(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        self.write("20260103_000000_c.sql", "CREATE TABLE c (id int);\n")
        self.cupel("upgrade")
        self.write("20260102_000000_b.sql", "CREATE TABLE b (id int);\n")
        _, err = self.cupel("upgrade", expect=10)
        self.assertIn("20260102_000000", err)
        self.cupel("upgrade", "20260102_000000")
        self.assertEqual(self.ask("SELECT to_regclass('b') IS NOT NULL"), "t")

    def test_stamp_and_alembic(self):
        self.write("20260101_000000_a.sql", "-- cupel:revision aaaa1111\nCREATE TABLE a (id int);\n")
        self.write("20260102_000000_b.sql", "-- cupel:revision bbbb2222\nCREATE TABLE b (id int);\n")
        self.ask("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY); INSERT INTO alembic_version VALUES ('bbbb2222')")
        self.assertIn("bbbb2222 (alembic_version", self.cupel("current")[0])
        self.cupel("stamp", "--from-alembic")
        self.assertEqual(self.cupel("current", "--check-heads")[0], "bbbb2222 (head)\n")
        self.assertEqual(self.cupel("upgrade")[0], "nothing to upgrade\n")
        self.cupel("stamp", "base")
        self.cupel("current", "--check-heads", expect=11)

    def lint_pending(self, *arguments, expect=0):
        done = subprocess.run([CUPEL, "lint", self.path, "--no-config", "--database", self.target, "--format", "compact", *arguments], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, expect, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def test_lint_of_what_is_pending(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int PRIMARY KEY, n int);\n-- cupel:downgrade\nDROP TABLE a;\n")
        self.cupel("upgrade")
        self.ask("INSERT INTO a SELECT g, 1 FROM generate_series(1, 5000) g; ANALYZE a")
        self.assertEqual(self.lint_pending(), ("", ""))
        # What somebody added by hand is known, too.
        self.ask("ALTER TABLE a ADD COLUMN late text")
        self.write("20260102_000000_b.sql", "SET lock_timeout = '2s';\nCREATE INDEX a_n_idx ON a (n);\nALTER TABLE a ADD COLUMN late int;\n-- cupel:downgrade\nDROP INDEX a_n_idx;\n")
        out, err = self.lint_pending("--rule", "add-index-non-concurrent,statement-fails", expect=1)
        self.assertIn('column "late" of relation "a" already exists', out)
        self.assertIn("building index a_n_idx", out)
        self.assertEqual(err, "")
        self.assertEqual(self.ask("SELECT count(*) FROM cupel.run"), "1")  # only read

    def test_lint_of_what_another_runner_has_not_run(self):
        self.write("1_a.up.sql", "CREATE TABLE a (id int PRIMARY KEY, n int);\n")
        self.write("2_b.up.sql", "CREATE INDEX a_n_idx ON a (n);\n")
        out, err = self.lint_pending("--rule", "missing-down", "--fail-on", "info", expect=1)
        self.assertIn("has no table schema_migrations: nothing", err)
        self.assertIn("none of the 2 migrations says how to undo it", out)
        self.ask("CREATE TABLE a (id int PRIMARY KEY, n int); INSERT INTO a SELECT g, 1 FROM generate_series(1, 5000) g; ANALYZE a; CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL); INSERT INTO schema_migrations VALUES (1, false)")
        out, err = self.lint_pending("--rule", "add-index-non-concurrent", "--fail-on", "info", expect=1)
        self.assertIn("2_b.up.sql:1:14: info: building index a_n_idx", out)
        self.assertEqual(err, "")
        self.ask("UPDATE schema_migrations SET version = 2, dirty = true")
        out, err = self.lint_pending("--rule", "add-index-non-concurrent", "--fail-on", "info", expect=1)
        self.assertIn("2 half done in", err)
        self.assertIn("judged on the folder's history", err)
        self.ask("UPDATE schema_migrations SET dirty = false")
        self.assertEqual(self.lint_pending(), ("", ""))

    def test_other_runners_folders_are_theirs(self):
        _, err = self.cupel("upgrade", path=ROOT / "fixtures" / "layouts" / "goose", expect=3)
        self.assertIn("belongs to goose", err)


class Connections(WithDatabase):
    def test_no_password_is_ever_shown(self):
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        host = SERVER.split()[0].split("=")[1]
        for target in [f"postgresql://postgres:hunter2@/x?host=/nowhere", "postgresql://u:hunter2@[::1", "host=/nowhere password=hunter2 =", f"postgresql+psycopg2://postgres:hunter2@/{self.name}_?host={host}"]:
            process = self.start("status", target=target)
            out, err = process.communicate(timeout=300)
            self.assertIn(process.returncode, (2, 4), err)
            self.assertNotIn("hunter2", out + err)
            self.assertEqual(len(err.splitlines()), 1, err)
        self.cupel("upgrade", target=f"postgresql+psycopg2://postgres:hunter2@/{self.name}?host={host}")
        self.assertNotIn("hunter2", self.ask("SELECT r::text FROM cupel.run r"))

    def test_a_database_has_to_be_named(self):
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "CUPEL"))}
        done = subprocess.run([CUPEL, "status", "--no-config", "--path", str(self.path)], capture_output=True, text=True, check=False, env=environment)
        self.assertIn(done.returncode, (2, 3), done.stderr)


PGBOUNCER = shutil.which("pgbouncer", path=os.environ.get("PATH", "") + ":/usr/sbin")


@unittest.skipUnless(PGBOUNCER, "NOT TESTED through a pooler: pgbouncer is not installed (scripts/obtain-servers)")
class Poolers(WithDatabase):
    def pooled(self, mode):
        """A connection string that goes through a pgbouncer, which ends with the test."""
        folder = self.enterContext(scratch_folder("pooler"))
        host = SERVER.split()[0].split("=")[1]
        settings = Path(folder, "pgbouncer.ini")
        settings.write_text(f"[databases]\n* = host={host} port=5432 user=postgres\n[pgbouncer]\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = {folder}\nauth_type = any\n"
                            f"pool_mode = {mode}\nlogfile = {folder}/log\n")
        account = []
        if os.getuid() == 0:  # pgbouncer, too, refuses to be root
            owner = Path(host).stat()
            for path in (folder, settings):
                os.chown(path, owner.st_uid, owner.st_gid)
            account = ["setpriv", f"--reuid={owner.st_uid}", f"--regid={owner.st_gid}", "--clear-groups"]
        process = subprocess.Popen([*account, PGBOUNCER, "-q", settings], cwd="/", stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_for(Path(folder, ".s.PGSQL.6432").exists, "pgbouncer starts")
        return f"host={folder} port=6432 user=postgres dbname={self.name}"

    def test_one_that_shares_sessions_between_transactions_is_refused(self):
        target = self.pooled("transaction")
        self.write("20260101_000000_a.sql", "CREATE TABLE a (id int);\n")
        settings = "SELECT current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'), pg_backend_pid()"
        before = psql(target, settings)
        for command in (["upgrade"], ["upgrade", "--wait", "5s"], ["lint-and-upgrade"], ["stamp", "head"]):
            _, err = self.cupel(*command, target=target, expect=4)
            self.assertIn("goes through a pooler that hands out a server session for each transaction", err)
        self.assertEqual(psql(target, settings), before, "the application's session has other settings now")
        self.assertEqual(self.ask("SELECT to_regclass('a') IS NULL, to_regnamespace('cupel') IS NULL"), "t|t")
        self.assertEqual(self.ask("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"), "0")
        self.cupel("upgrade")
        self.assertIn("1 applied, 0 pending", self.cupel("status", target=target)[0])  # reading is fine
        self.assertEqual(self.cupel("upgrade", target=target)[0], "nothing to upgrade\n")

    def test_one_that_keeps_a_session_for_each_client_is_fine(self):
        target = self.pooled("session")
        self.cupel("upgrade", path=ROOT / "fixtures" / "shop" / "migrations", target=target)
        self.assertEqual(self.ask("SELECT count(*), min(state) FROM cupel.revision"), "11|applied")


class ClientLibrary(unittest.TestCase):
    """libpq is loaded when a database is needed. The loader takes the first file of the name, whatever is in it."""

    def run_with(self, make, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder, "libpq.so.5"))
            migrations = Path(folder, "migrations")
            migrations.mkdir()
            (migrations / "20260101_000000_a.sql").write_text("CREATE TABLE a (id int);\n")
            command = [CUPEL, *arguments, "--no-config", "--path", str(migrations)]
            return subprocess.run(command, capture_output=True, text=True, check=False, env=dict(os.environ, LD_LIBRARY_PATH=folder, CUPEL_DATABASE_URL=SERVER))

    def test_none_that_works(self):
        for command in ("status", "upgrade", "current", "check"):
            done = self.run_with(lambda file: file.write_bytes(b""), command)
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertIn("PostgreSQL's client library libpq is needed to talk to a database, and cannot be loaded", done.stderr)
            self.assertIn("apt install libpq5", done.stderr)
            self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        for command in (["history"], ["heads"], ["upgrade", "base:head", "--sql"]):
            done = self.run_with(lambda file: file.write_bytes(b""), *command)
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_one_that_lacks_functions(self):
        def make(file):
            subprocess.run(["cc", "-shared", "-o", file, "-x", "c", "/dev/null"], check=True)

        done = self.run_with(make, "status")
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("the installed libpq has no function PQ", done.stderr)


def main():
    global CUPEL, SERVER, VERSION
    CUPEL, which = sys.argv[1], sys.argv[3]
    servers = {int(version): target for version, _, target in (line.strip().partition("=") for line in Path(sys.argv[2]).read_text().splitlines())}
    oldest, newest = min(servers), max(servers)
    if which == "oldest":
        versions = [oldest] if oldest != newest else []  # the newest is tested anyhow
    elif which == "newest":
        versions = [newest]
    elif which == "between":
        versions = sorted(set(servers) - {oldest, newest})
    else:
        versions = [int(which)] if int(which) in servers else []
    if not versions:
        print(f"no server to test on for '{which}'; there are: {', '.join(map(str, sorted(servers)))}")
        return 77
    good = True
    for VERSION in versions:
        SERVER = servers[VERSION]
        print(f"PostgreSQL {VERSION}", file=sys.stderr)
        good = unittest.main(argv=[sys.argv[0], *sys.argv[4:]], exit=False).result.wasSuccessful() and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

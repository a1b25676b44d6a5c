#!/usr/bin/env python3
"""Kills `cupel upgrade` at every message it sends to the server, runs it again, and compares with an undisturbed run.

    faults.py CUPEL SERVERS [--every N] [--jobs N]

CUPEL is the program, SERVERS the file with VERSION=CONNECTION lines that tests/execute/servers wrote. A proxy between cupel and the server
counts cupel's queries; at the k-th one, for every k, it does each of these:

    kill-before    the client is killed (SIGKILL) and its query never arrives
    kill-after     the client is killed as soon as the server has the query
    kill-answered  the client is killed when the server has answered, before it sees the answer
    cut-before, cut-after, cut-answered   the same, but the connection is cut and the client lives
    terminate      the server process is ended with pg_terminate_backend as soon as it has the query
    term-signal    the client gets SIGTERM as soon as the server has the query

and, for some k, `crash`: the whole server is stopped at once and started again. Then `cupel upgrade` runs until it succeeds. Afterwards journal, schema
and data must be those of an undisturbed run. Prints the number of faults; exit code 1 if any of them left a mess.
"""
import argparse
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

SCRATCH = Path(__file__).resolve().parent.parent.parent / "scripts" / "scratch-server"
# Debian's psql is a script that looks for the program, for longer than most queries take.
PSQL = max(map(str, Path("/usr/lib/postgresql").glob("*/bin/psql")), default="psql")

# One revision of each kind that can be caught half-way.
PROJECT = {
    "20260101_000000_tables.sql": """
CREATE TABLE account (id bigint PRIMARY KEY, name text NOT NULL, balance int NOT NULL DEFAULT 0);
COPY account (id, name) FROM stdin;
1\tann
2\tbob
\\.
INSERT INTO account SELECT n, 'user ' || n FROM generate_series(3, 400) AS n;
-- cupel:downgrade
DROP TABLE account;
""",
    "20260102_000000_data.sql": "UPDATE account SET balance = balance + 1;\nALTER TABLE account ADD COLUMN note text;\nUPDATE account SET note = name || balance;\n",
    "20260103_000000_mixed.sql": """
UPDATE account SET balance = balance + 10;
CREATE INDEX CONCURRENTLY account_name_idx ON account (name);
UPDATE account SET balance = balance + 100;
CREATE UNIQUE INDEX CONCURRENTLY ON account (note) WHERE note IS NOT NULL;
""",
    "20260104_000000_outside.sql": """-- cupel:transaction none
INSERT INTO account VALUES (1000, 'one by one');
SET work_mem = '8MB';
UPDATE account SET balance = balance + 1000;
VACUUM account;
BEGIN;
UPDATE account SET balance = balance + 10000;
INSERT INTO account VALUES (1001, 'in a block');
COMMIT;
DROP INDEX CONCURRENTLY account_name_idx;
""",
    "20260105_000000_enum.sql": "CREATE TYPE mood AS ENUM ('good');\nALTER TABLE account ADD COLUMN mood mood DEFAULT 'good';\n",
    "20260106_000000_partition.sql": """
CREATE TABLE event (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE event_2025 PARTITION OF event FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
INSERT INTO event VALUES ('2025-05-05');
""",
}
DETACH = "ALTER TABLE event DETACH PARTITION event_2025 CONCURRENTLY;\nINSERT INTO event_2025 VALUES ('2025-06-06');\n"  # PostgreSQL 14

STATE = """
SELECT 'revision ' || r.revision || ' ' || state || ' ' || array_to_string(parents, ',') || ' ' || upgrade_hash FROM cupel.revision r
UNION ALL SELECT DISTINCT 'statement ' || s.revision || ' ' || number || ' ' || hash FROM cupel.statement s WHERE outcome = 'done'
UNION ALL SELECT 'times ' || s.revision || ' ' || number || ' ' || count(*) FROM cupel.statement s WHERE outcome = 'done' GROUP BY s.revision, number
UNION ALL SELECT 'left ' || s.revision || ' ' || number FROM cupel.statement s WHERE outcome = 'started'
  AND NOT EXISTS (SELECT FROM cupel.statement d WHERE d.revision = s.revision AND d.number = s.number AND d.outcome = 'done')
UNION ALL SELECT 'account ' || a::text FROM account a
UNION ALL SELECT 'event ' || tableoid::regclass || ' ' || at FROM event
UNION ALL SELECT 'event_2025 ' || at FROM event_2025
UNION ALL SELECT 'index ' || pg_get_indexdef(indexrelid) || ' ' || indisvalid FROM pg_index WHERE indrelid = 'account'::regclass
UNION ALL SELECT 'column ' || attrelid::regclass || ' ' || attnum || ' ' || attname || ' ' || format_type(atttypid, atttypmod) || ' ' || attnotnull FROM pg_attribute
  WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')) AND attnum > 0
UNION ALL SELECT 'inherits ' || inhrelid::regclass || ' ' || inhparent::regclass || ' ' || inhdetachpending FROM pg_inherits WHERE inhparent = 'event'::regclass
UNION ALL SELECT 'label ' || enumlabel FROM pg_enum
ORDER BY 1
"""

ACTIONS = ["kill-before", "kill-after", "kill-answered", "cut-before", "cut-after", "cut-answered", "terminate", "term-signal"]


def psql(target, sql):
    done = subprocess.run([PSQL, "-XAtq", "-v", "ON_ERROR_STOP=1", "-c", sql, target], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


def field(target, name):
    return dict(word.split("=", 1) for word in target.split())[name]


class Proxy(threading.Thread):
    """Listens on a socket of its own; counts the queries of all connections that are not the observer's."""

    def __init__(self, folder, server, action, at):
        super().__init__(daemon=True)
        self.server = server
        self.action, self.at = action, at
        self.count = 0
        self.fired = False
        self.over = threading.Event()  # crash: the server is there again
        self.client = None  # the process, set by who starts it
        self.lock = threading.Lock()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(os.path.join(folder, ".s.PGSQL.5432"))
        self.listener.listen(16)

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def close(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def serve(self, client):
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self.server)
        except OSError:
            client.close()
            return
        state = {"pid": 0, "hold": False}
        threading.Thread(target=self.back, args=(client, server, state), daemon=True).start()
        try:
            self.forth(client, server, state)
        except OSError:
            pass
        for one in (client, server):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    @staticmethod
    def exactly(source, count):
        data = b""
        while len(data) < count:
            part = source.recv(count - len(data))
            if not part:
                raise OSError("closed")
            data += part
        return data

    def forth(self, client, server, state):
        length = self.exactly(client, 4)
        server.sendall(length + self.exactly(client, struct.unpack("!I", length)[0] - 4))
        while True:
            kind = self.exactly(client, 1)
            length = self.exactly(client, 4)
            message = kind + length + self.exactly(client, struct.unpack("!I", length)[0] - 4)
            fire = False
            if kind == b"Q":
                with self.lock:
                    self.count += 1
                    fire = self.count == self.at and not self.fired
                    self.fired = self.fired or fire
            if not fire:
                server.sendall(message)
                continue
            what, _, when = self.action.partition("-")
            if when == "before":
                self.strike(what)
                raise OSError("struck")
            if when == "answered":
                state["hold"] = True
                server.sendall(message)
                state["answered"] = threading.Event()
                state["answered"].wait(20)
                self.strike(what)
                raise OSError("struck")
            server.sendall(message)
            if self.action == "terminate":
                psql(self.admin, f"SELECT pg_terminate_backend({state['pid']})")
            elif self.action == "term-signal":
                self.client.send_signal(signal.SIGTERM)
            elif self.action == "crash":
                self.crash()
                self.over.set()
            else:
                self.strike(what)
                raise OSError("struck")

    def strike(self, what):
        if what == "kill":
            self.client.kill()

    def back(self, client, server, state):
        """From the server: looks for BackendKeyData and ReadyForQuery."""
        try:
            while True:
                kind = self.exactly(server, 1)
                length = self.exactly(server, 4)
                body = self.exactly(server, struct.unpack("!I", length)[0] - 4)
                if kind == b"K":
                    state["pid"] = struct.unpack("!I", body[:4])[0]
                if state["hold"]:
                    if kind == b"Z" and "answered" in state:
                        state["answered"].set()
                    if kind == b"G":  # COPY wants data, which the client sends only when told to
                        client.sendall(kind + length + body)
                    continue
                client.sendall(kind + length + body)
        except OSError:
            if "answered" in state:
                state["answered"].set()
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class Lab:
    def __init__(self, cupel, target, version):
        self.cupel, self.target, self.version = cupel, target, version
        self.folder = Path(tempfile.mkdtemp(prefix="cupel-faults-"))
        self.project = self.folder / "migrations"
        self.project.mkdir()
        for name, text in PROJECT.items():
            if name.startswith("20260106") and version >= 14:
                text += DETACH
            (self.project / name).write_text(text)
        self.number = 0
        self.lock = threading.Lock()

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self):
        with self.lock:
            self.number += 1
            name = f"faults_{os.getpid()}_{self.number}"
        psql(self.target, f"CREATE DATABASE {name}")
        return name

    def upgrade(self, target, **arguments):
        # A connection that is lost is noticed at once here; the timeouts only keep a broken test from hanging.
        return subprocess.Popen([self.cupel, "upgrade", "--no-config", "--path", str(self.project), "--database", target, "--wait", "30s"], stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, **arguments)

    def undisturbed(self):
        name = self.database()
        folder = tempfile.mkdtemp(prefix="cupel-proxy-")
        proxy = Proxy(folder, os.path.join(field(self.target, "host"), ".s.PGSQL.5432"), "none", 0)
        proxy.start()
        process = self.upgrade(f"host={folder} port=5432 user=postgres dbname={name}")
        output = process.communicate(timeout=120)[0]
        if process.returncode != 0:
            raise RuntimeError("the undisturbed run failed:\n" + output)
        proxy.close()
        shutil.rmtree(folder)
        state = psql(self.target.replace("dbname=postgres", f"dbname={name}"), STATE)
        psql(self.target, f"DROP DATABASE {name} WITH (FORCE)")
        return state, proxy.count

    def fault(self, action, at, wanted, crash=None):
        """None if all is well afterwards; else what is not."""
        name = self.database()
        target = self.target.replace("dbname=postgres", f"dbname={name}")
        folder = tempfile.mkdtemp(prefix="cupel-proxy-")
        proxy = Proxy(folder, os.path.join(field(self.target, "host"), ".s.PGSQL.5432"), action, at)
        proxy.admin = self.target
        proxy.crash = crash
        outputs = []
        try:
            process = self.upgrade(f"host={folder} port=5432 user=postgres dbname={name}")
            proxy.client = process
            proxy.start()
            outputs.append(process.communicate(timeout=120)[0])
            first = process.returncode
            if action == "crash" and not proxy.over.wait(60):
                return "the server did not come back"
            if not proxy.fired:
                return f"never fired (exit code {first})\n{outputs[0]}"
            for _ in range(3):
                process = self.upgrade(target)
                outputs.append(process.communicate(timeout=120)[0])
                if process.returncode == 0:
                    break
            else:
                return "does not succeed:\n" + "\n--\n".join(outputs)
            state = psql(target, STATE)
            if state != wanted:
                missing = sorted(set(wanted.splitlines()) - set(state.splitlines()))
                extra = sorted(set(state.splitlines()) - set(wanted.splitlines()))
                return f"differs: missing {missing[:6]}, extra {extra[:6]}\n" + "\n--\n".join(outputs)
            return None
        finally:
            proxy.close()
            shutil.rmtree(folder, ignore_errors=True)
            psql(self.target, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def crash_tests(cupel, version, every):
    """The whole server dies, as with stop -m immediate. A server of its own."""
    folder = tempfile.mkdtemp(prefix="cupel-crash-")
    target = subprocess.run([SCRATCH, "start", folder, str(version)], capture_output=True, text=True, check=True).stdout.strip()
    lab = Lab(cupel, target, version)
    count, failures = 0, []
    try:
        wanted, queries = lab.undisturbed()

        def crash():
            pid = int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
            os.kill(pid, signal.SIGQUIT)
            for _ in range(200):
                if not Path(f"/proc/{pid}").exists():
                    break
                time.sleep(0.05)
            # The old server's processes may need a moment to let go of its shared memory.
            for _ in range(20):
                started = subprocess.run([SCRATCH, "start", folder, str(version)], capture_output=True, text=True, check=False)
                if started.returncode == 0:
                    return
                time.sleep(0.3)
            raise RuntimeError("the server does not start again: " + started.stderr)

        for at in range(1, queries + 1, every):
            problem = lab.fault("crash", at, wanted, crash)
            count += 1
            if problem:
                failures.append(f"crash at query {at}: {problem}")
                print(failures[-1], flush=True)
    finally:
        lab.close()
        subprocess.run([SCRATCH, "stop", folder], check=False)
    return count, failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cupel")
    parser.add_argument("servers")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--action", choices=ACTIONS + ["crash"])
    parser.add_argument("--version", type=int)
    arguments = parser.parse_args()
    servers = dict(line.strip().split("=", 1) for line in Path(arguments.servers).read_text().splitlines())
    version = arguments.version or (15 if "15" in servers else max(map(int, servers)))
    lab = Lab(arguments.cupel, servers[str(version)], version)
    failures = []
    counts = {}
    try:
        wanted, queries = lab.undisturbed()
        todo = [(action, at) for at in range(1, queries + 1, arguments.every) for action in ACTIONS if arguments.action in (None, action)]
        with ThreadPoolExecutor(arguments.jobs) as pool:
            for (action, at), problem in zip(todo, pool.map(lambda one: lab.fault(*one, wanted), todo)):
                counts[action] = counts.get(action, 0) + 1
                if problem:
                    failures.append(f"{action} at query {at}: {problem}")
                    print(failures[-1], flush=True)
    finally:
        lab.close()
    if arguments.action in (None, "crash"):
        counts["crash"], crashed = crash_tests(arguments.cupel, version, 6 * arguments.every)
        failures += crashed
    total = sum(counts.values())
    print(f"PostgreSQL {version}: {queries} queries in an undisturbed run; {total} faults ({', '.join(f'{name} {count}' for name, count in counts.items())}); {len(failures)} left a mess")
    return 1 if failures or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())

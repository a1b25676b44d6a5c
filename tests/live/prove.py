#!/usr/bin/env python3
"""What cupel predicts beside what servers do: every fixture of every rule, and every measured statement, run by `cupel effects --live`.

    prove.py CUPEL SERVERS [--fixtures] [--rows] [--version N]... [--every N] [--only TEXT] [--jobs N]

SERVERS: a file with VERSION=CONNECTION lines (tests/execute/servers start FILE). Without --fixtures and --rows: both. A difference that
known-gaps.txt beside this file does not list fails, and so does a line there that nothing needs any more (unless only a part is run).
"""
import argparse
import collections
import concurrent.futures
import csv
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
GAPS = pathlib.Path(__file__).with_name("known-gaps.txt")


class Case:
    def __init__(self, name, files, versions, layout="plain"):
        self.name, self.files, self.versions, self.layout = name, files, versions, layout


def fixture_cases():
    """The upgrades of the rules' fixtures, file by file as they are written there."""
    for path in sorted((ROOT / "rules").glob("*/*.sql")):
        if not path.name.startswith(("fires", "silent")) or path.name.endswith(".fixed.sql"):
            continue
        text = path.read_bytes().decode("utf-8", "replace")
        header = re.match(r"-- fixture:(.*)", text)
        words = dict(word.split("=", 1) for word in header.group(1).split() if "=" in word) if header else {}
        first, _, last = words.get("pg", "13..18").partition("..")
        name = f"{path.parent.name}/{path.name}"
        pieces = re.split(r"(?m)^-- file: (.*)\n", text)
        files = {"000_first.sql": pieces[0]} if "-- file:" not in text or words.get("layout") is None else {}
        if not pieces[0].strip().replace("-- fixture:" + (header.group(1) if header else ""), "").strip():
            files = {}
        for file, body in zip(pieces[1::2], pieces[2::2]):
            if " " in file or "\\" in file:
                files = None  # unreadable on purpose
                break
            files[file] = body
        if files:
            files.pop(words.get("schema_dump"), None)
            yield Case(name, files, range(int(first), int(last or first) + 1), words.get("layout", "plain"))


def row_cases():
    """The measured statements of fixtures/effects, each with its set-up."""
    rows = collections.defaultdict(dict)
    for version in range(13, 19):
        with open(ROOT / f"fixtures/effects/effects-{version}.csv", newline="") as file:
            for row in csv.DictReader(file):
                if row["allowed_in_tx"] != "n/a":
                    rows[(row["case_id"], row["setup_sql"], row["statement"])][version] = row
    for (case, setup, statement), versions in rows.items():
        setup = re.sub(r"-- in the measured session: (.*)", r"\1;", setup)
        yield Case("rows/" + case, {"statement.sql": setup.rstrip("; \n") + ";\n" + statement + ";"}, sorted(versions))


def prove(cupel, target, version, case):
    """Returns (statements compared, [(place, difference)])."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case.files.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        run = subprocess.run(
            [cupel, "effects", "--no-config", "--layout", case.layout, "--format", "json", "--live", target, "."],
            cwd=folder, capture_output=True, text=True, timeout=300)
        if run.returncode not in (0, 1, 3) or not run.stdout:
            return 0, [(case.name, f"cupel effects --live: exit {run.returncode}: {run.stderr.strip()[-300:]}")]
        compared, found = 0, []
        for statement in json.loads(run.stdout)["statements"]:
            compared += statement["compared"]
            for difference in statement["differences"]:
                found.append((f"{case.name} {statement['file'].removeprefix('./')}:{statement['line']} {statement['tag']}", difference))
        return compared, found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cupel")
    parser.add_argument("servers")
    parser.add_argument("--fixtures", action="store_true")
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--version", type=int, action="append")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    servers = dict(line.split("=", 1) for line in pathlib.Path(options.servers).read_text().splitlines() if line)
    servers = {int(version): target for version, target in servers.items()}
    cupel = str(pathlib.Path(options.cupel).resolve())
    both = options.fixtures == options.rows
    cases = []
    if options.fixtures or both:
        cases += fixture_cases()
    if options.rows or both:
        cases += row_cases()
    jobs = [(case, version) for case in cases for version in case.versions
            if version in servers and options.only in case.name and (not options.version or version in options.version)]
    jobs = jobs[::options.every]
    if not jobs:
        sys.exit("prove: nothing to do: no such case, or no server of its versions")

    # Lines "NAME-PATTERN | DIFFERENCE-PATTERN | reason": regular expressions that must match from the start.
    gaps = []
    for line in GAPS.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            name, difference, reason = (part.strip() for part in line.split(" | ", 2))
            gaps.append([re.compile(name), re.compile(difference), reason, 0])
    compared, per_version, unexpected = 0, collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda job: prove(cupel, servers[job[1]], job[1], job[0]), jobs)
        for (case, version), (count, found) in zip(jobs, results):
            compared += count
            per_version[version] += count
            for place, difference in found:
                gap = next((gap for gap in gaps if gap[0].match(place) and gap[1].match(difference)), None)
                if gap is not None:
                    gap[3] += 1
                else:
                    unexpected.append(f"PostgreSQL {version}: {place}: {difference}")
    for line in unexpected:
        print(line)
    known = sum(gap[3] for gap in gaps)
    print(f"{len(jobs)} cases, {compared} statements compared ({', '.join(f'{v}: {n}' for v, n in sorted(per_version.items()))}), "
          f"{len(unexpected)} differences, {known} known gaps")
    whole = options.every == 1 and not options.only and not options.version and both
    stale = [gap[0].pattern + " | " + gap[1].pattern for gap in gaps if whole and gap[3] == 0]
    for gap in stale:
        print(f"known-gaps.txt lists what does not differ any more: {gap}")
    sys.exit(1 if unexpected or stale else 0)


if __name__ == "__main__":
    main()

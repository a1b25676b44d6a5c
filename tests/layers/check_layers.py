#!/usr/bin/env python3
"""Holds the arrows between folders, drawn in docs/architecture.md, against every #include.

    check_layers.py [ROOT]         list what is drawn but not allowed; exit code 1 when there is any
    check_layers.py --self-test    show that each kind of forbidden thing is noticed
"""

import re
import sys
import tempfile
from pathlib import Path

# What each folder may include, besides itself, the standard library and the libraries it links.
ARROWS = {
    "src/base": [],
    "src/sql": ["base"],
    "src/schema": ["sql", "base"],
    "src/effects": ["schema", "sql", "base"],
    "src/migrations": ["sql", "base"],
    "src/lint": ["migrations", "effects", "schema", "sql", "base"],
    "rules": ["lint", "migrations", "effects", "schema", "sql", "base"],
    "src/report": ["lint", "base"],
    "src/op": [],
    "src/cxx": ["op", "base"],
    "src/embedded": ["cxx", "lint", "migrations", "sql", "base"],
    "src/lsp": ["report", "lint", "migrations", "effects", "schema", "sql", "base"],
    "src/execute": ["migrations", "effects", "schema", "sql", "base"],
    "src/cli": ["base", "sql", "schema", "effects", "migrations", "lint", "report", "op", "execute", "embedded", "lsp"],
}

# Headers of libraries that only one place may see: (what, pattern of the included path, where it may be included).
FOREIGN = [
    ("libpq", r"(postgresql/)?(libpq-fe|libpq-events|pg_config_ext|libpq/libpq-fs)\.h$", r"src/execute/pg_session\.cpp$"),
    ("the operations API", r"cupel/", r"src/(op|cxx|cli)/"),
    ("yaml-cpp", r"yaml-cpp/", r"src/migrations/changelog_yaml\.cpp$"),
    ("pugixml", r"pugixml", r"src/migrations/changelog_xml\.cpp$"),
    ("Clang", r"(clang|clang-c|llvm|llvm-c)/", r"src/cxx/"),
    (
        "the parser",
        r"pg_query|postgres(_deparse|_ext|_fe)?\.h$|(access|catalog|commands|common|datatype|executor|foreign|lib|mb|nodes|optimizer|"
        r"parser|partitioning|regex|replication|rewrite|storage|tcop|tsearch|utils)/|(c|fmgr|gram|gramparse|miscadmin|plpgsql|port|varatt)\.h$",
        r"src/sql/",
    ),
]

# Only src/cli talks to the world. (A FILE* that was opened is fine: this looks for the standard streams.)
WORLD = re.compile(
    r"\bstd::(cout|cerr|clog|print|println)\b|\b(stdout|stderr|stdin)\b|(?<![\w.>])(printf|vprintf|puts|putchar|perror)\s*\("
    r"|\bfmt::(v?print|println)\s*\(|\b(secure_)?getenv\b|\benviron\b"
)

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.M)
# Sources that rules are tried on; nothing of them is built.
FIXTURE = re.compile(r"(fires|silent)[a-z0-9-]*\.(cpp|c|hpp|h)$")
FILE_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\.(cpp|h|c)$")
# Folders whose files are named by the id that users write.
NAMED_BY_ID = {"src/migrations/layouts": re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.cpp$"), "src/op/cupel": re.compile(r"[a-z0-9]+(_[a-z0-9]+)*\.hpp$")}
FOLDER_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*$")

# Comments, string literals (raw ones too) and character literals, to be blanked.
NOT_CODE = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^()\\ \n]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n]){1,8}\'',
    re.S,
)


def code_only(text):
    return NOT_CODE.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), text)


def without_comments(text):
    """Blanks comments, keeps strings: an include's path looks like one."""
    blank = lambda found: re.sub(r"[^\n]", " ", found.group()) if found.group().startswith("/") else found.group()
    return NOT_CODE.sub(blank, text)


def layer_of(path):
    first, *rest = path.parts
    return f"{first}/{rest[0]}" if first == "src" else first


def check_file(root, path):
    layer = layer_of(path)
    text = (root / path).read_text(encoding="utf-8", errors="replace")

    def line(position):
        return f"{path}:{text.count(chr(10), 0, position) + 1}"

    if not NAMED_BY_ID.get(path.parent.as_posix(), FILE_NAME).match(path.name):
        yield f"{path}: files are named in snake_case, those of src/migrations/layouts by their layout's id, those of src/op/cupel end in .hpp"
    for folder in path.parts[:-1]:
        if layer != "rules" and not FOLDER_NAME.match(folder):
            yield f"{path}: folder names are snake_case"

    if layer == "tests":
        return
    if layer not in ARROWS:
        yield f"{path}: {layer} is not in the table of layers (tests/layers/check_layers.py, docs/architecture.md)"
        return

    for found in INCLUDE.finditer(without_comments(text)):
        included = found.group(1) or found.group(2)
        first = included.split("/")[0]
        foreign = next((f for f in FOREIGN if re.match(f[1], included)), None)
        if ".." in included.split("/") or first in ("src", "rules", "tests"):
            yield f'{line(found.start())}: "{included}": includes read "folder/file.h", from src/ on'
        elif f"src/{first}" in ARROWS and "/" in included:
            if first != layer.removeprefix("src/") and first not in ARROWS[layer]:
                yield f"{line(found.start())}: {layer} may not include {first} (it may: {', '.join(ARROWS[layer]) or 'nothing'})"
            elif not (root / "src" / included).exists():
                yield f"{line(found.start())}: src/{included} does not exist"
        elif foreign and not re.match(foreign[2], path.as_posix()):
            # The standard library has headers without a dot; PostgreSQL's folders are also names of nobody else's here.
            yield f"{line(found.start())}: only {foreign[2].replace(chr(92), '').rstrip('$')} may see {foreign[0]} ({included})"
        elif found.group(1) and not foreign:
            yield f'{line(found.start())}: "{included}": neither a folder of src/ nor a library\'s header (those are written <...>)'

    if layer != "src/cli":
        for found in WORLD.finditer(code_only(text)):
            yield f"{line(found.start())}: only src/cli prints or reads the environment ({found.group().strip()})"


def check(root):
    problems = []
    for top in ("src", "rules", "tests"):
        for path in sorted((root / top).rglob("*")):
            if top == "rules" and FIXTURE.match(path.name):
                continue
            if path.suffix in (".cpp", ".h", ".c", ".cc", ".hpp", ".cxx") and path.is_file():
                problems += check_file(root, path.relative_to(root))
    return problems


def self_test():
    """Each case: a file, its text, and a word of the one problem it must raise ("" for none)."""
    cases = [
        ("src/base/span.h", "#pragma once\n#include <string>\n", ""),
        ("src/sql/parse.cpp", '#include "base/span.h"\nextern "C" {\n#include "pg_query.h"\n#include "nodes/parsenodes.h"\n}\n', ""),
        ("src/lint/rule.h", '#include "base/span.h"\n', ""),
        ("src/cli/main.cpp", '#include "lint/rule.h"\nint main() { std::puts(getenv("HOME")); }\n', ""),
        ("src/execute/pg_session.cpp", "#include <libpq-fe.h>\n", ""),
        ("src/cxx/reader.cpp", "#include <clang/AST/AST.h>\n", ""),
        ("src/op/cupel/op.hpp", "#include <cupel/text.hpp>\n", ""),
        ("src/op/render.h", "#include <cupel/request.hpp>\n", ""),
        ("src/op/cupel/text.h", "\n", "named"),
        ("src/op/record.cpp", '#include "base/result.h"\n', "may not include"),
        ("src/lint/operations.cpp", "#include <cupel/op.hpp>\n", "operations API"),
        ("rules/some-hazard/rule.cpp", '#include "lint/rule.h"\n', ""),
        ("tests/lint/rule_test.cpp", '#include "cli/main.h"\nint main() { std::cout << 1; }\n', ""),
        ("src/report/words.cpp", '// std::cout, "stdout"\nconst char* s = "#include \\"cli/a.h\\" stderr"; /* getenv( */ int n = snprintf(b, 1, "");\n', ""),
        ("src/report/raw.cpp", 'auto s = R"(stdout\n#include "base/span.h")";\n', ""),
        ("src/report/file.cpp", "void f(FILE* out) { std::fputs(text, out); }\n", ""),
        ("src/base/up.h", '#include "lint/rule.h"\n', "may not include"),
        ("src/lint/engine.cpp", '#include "report/text.h"\n', "may not include"),
        ("src/report/text.cpp", '#include "sql/parse.h"\n', "may not include"),
        ("src/schema/parse.cpp", '#include "pg_query.h"\n', "parser"),
        ("src/effects/tree.cpp", '#include "nodes/parsenodes.h"\n', "parser"),
        ("src/lint/tree.cpp", "#include <pg_query/postgres/postgres.h>\n", "parser"),
        ("src/cli/database.cpp", "#include <libpq-fe.h>\n", "libpq"),
        ("src/execute/runner.cpp", "#include <postgresql/libpq-fe.h>\n", "libpq"),
        ("src/cli/cxx.cpp", "#include <clang/AST/AST.h>\n", "Clang"),
        ("src/report/print.cpp", "void f() { std::cout << 1; }\n", "prints"),
        ("src/sql/print.cpp", "void f() { std::fputs(text, stderr); }\n", "prints"),
        ("src/schema/print.cpp", 'void f() { fmt::print("{}", 1); }\n', "prints"),
        ("src/lint/environment.cpp", 'auto f() { return std::getenv("HOME"); }\n', "environment"),
        ("rules/other-hazard/rule.cpp", '#include "rules/some-hazard/rule.h"\n', "from src/ on"),
        ("rules/third-hazard/rule.cpp", '#include "../some-hazard/rule.h"\n', "from src/ on"),
        ("rules/fourth-hazard/rule.cpp", '#include "report/text.h"\n', "may not include"),
        ("src/lint/local.cpp", '#include "rule.h"\n', "neither"),
        ("src/lint/gone.cpp", '#include "lint/gone.h"\n', "does not exist"),
        ("src/lint/CamelCase.cpp", "\n", "named"),
        ("src/migrations/layouts/golang-migrate.cpp", "\n", ""),
        ("src/migrations/layouts/golang_migrate.cpp", "\n", "named"),
        ("src/helpers/a.h", "\n", "table of layers"),
    ]
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text, _ in cases:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        for name, _, word in cases:
            problems = list(check_file(root, Path(name)))
            right = len(problems) == 1 and word in problems[0] if word else not problems
            if not right:
                failures += 1
                print(f"{name}: expected {word or 'nothing'!r}, got {problems}")
        expected = sum(1 for case in cases if case[2])
        if len(check(root)) != expected:
            failures += 1
            print(f"the whole tree: expected {expected} problems, got {len(check(root))}")
    print(f"{len(cases)} cases, {failures} wrong")
    return failures == 0


def main():
    if sys.argv[1:] == ["--self-test"]:
        return 0 if self_test() else 1
    root = Path(sys.argv[1]) if sys.argv[1:] else Path(__file__).resolve().parents[2]
    problems = check(root)
    print("\n".join(problems) or "every arrow is allowed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""The package that cpack makes of a build: what is in it, that it works where it is unpacked, and what it depends on.

usage: package.py BUILD_FOLDER
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

BUILD = Path()


def run(*command, **options):
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ends with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@unittest.skipUnless(shutil.which("cpack") and shutil.which("dpkg-deb"), "there is no cpack or no dpkg-deb")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        # Not compressed, not stripped: this is about what is in it, and a build with sanitizers is big.
        run("cpack", "-G", "DEB", "-B", cls.work.name, "-D", "CPACK_STRIP_FILES=OFF", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none", cwd=BUILD)
        (cls.package,) = Path(cls.work.name).glob("*.deb")
        cls.root = Path(cls.work.name) / "root"
        run("dpkg-deb", "-x", cls.package, cls.root)
        cls.program = cls.root / "usr/bin/cupel"

    @classmethod
    def tearDownClass(cls):
        cls.work.cleanup()

    def field(self, name):
        return run("dpkg-deb", "-f", self.package, name).strip()

    def test_says_what_it_is(self):
        self.assertEqual(self.field("Package"), "cupel")
        self.assertEqual(f"cupel {self.field('Version')}", run(self.program, "--version").split("\n")[0].split(" (")[0])
        self.assertEqual(self.package.name, f"cupel_{self.field('Version')}_{self.field('Architecture')}.deb")
        self.assertIn("libc6", self.field("Depends"))
        # Only commands that need a database load it.
        self.assertNotIn("libpq5", self.field("Depends"))
        self.assertIn("libpq5", self.field("Recommends"))

    def test_lints_from_where_it_is(self):
        migrations = Path(self.work.name) / "migrations"
        migrations.mkdir()
        (migrations / "1_a.up.sql").write_text("CREATE INDEX i ON t (a);\n")
        done = subprocess.run([self.program, "lint", migrations], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("add-index-non-concurrent", done.stdout)

    def test_has_the_manual_page_and_completions(self):
        page = (self.root / "usr/share/man/man1/cupel.1").read_text()
        self.assertRegex(page, r'^\.TH ')
        self.assertIn("lint", page)
        run("bash", "-n", self.root / "usr/share/bash-completion/completions/cupel")
        offered = run("bash", "-c", 'source "$1"; complete -p cupel', "bash", self.root / "usr/share/bash-completion/completions/cupel")
        self.assertRegex(offered, r"complete .*cupel")
        self.assertTrue((self.root / "usr/share/zsh/vendor-completions/_cupel").read_text().startswith("#compdef cupel"))
        self.assertIn("complete -c cupel", (self.root / "usr/share/fish/vendor_completions.d/cupel.fish").read_text())

    def test_has_a_page_for_each_rule(self):
        rules = re.findall(r"^  ([a-z0-9-]+) ", run(self.program, "rules"), re.MULTILINE)
        pages = {page.stem for page in (self.root / "usr/share/doc/cupel/rules").rglob("*.md")}
        self.assertGreater(len(rules), 50)
        self.assertEqual(set(rules) - pages, set())

    def test_has_what_revisions_in_cxx_are_built_with(self):
        self.assertTrue((self.root / "usr/include/cupel/operations.hpp").is_file())
        (configuration,) = self.root.glob("usr/lib/**/cmake/cupel/cupelConfig.cmake")
        self.assertTrue((configuration.parent / "CupelMigrations.cmake").is_file())

    def test_names_no_folder_of_the_machine_it_was_made_on(self):
        for file in self.root.rglob("*"):
            if file.is_file() and file.suffix in (".cmake", ".md", ".1", ".fish", ".hpp"):
                self.assertNotIn(str(BUILD), file.read_text(), file)


if __name__ == "__main__":
    BUILD = Path(sys.argv.pop(1)).resolve()
    os.environ["LC_ALL"] = "C.UTF-8"
    unittest.main()

"""usage: man_pages_test.py PROGRAM...
Lints the manual pages of docs/man, and compares the flags that they and the shell completions know
with those that the programs have."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = {page.stem: page for page in sorted((ROOT / "docs" / "man").glob("*.[1-8]"))}
PROGRAMS = {Path(arg).name: arg for arg in sys.argv[1:]}
del sys.argv[1:]

FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*[a-z]")
COMMAND = re.compile(r"^  ([a-z]+) {2,}", re.M)


def help_of(program, *commands):
    """The help of a program and of all its commands, by command."""
    text = subprocess.run([program, *commands, "--help"], capture_output=True, text=True, timeout=30, check=True).stdout
    yield commands, text
    for name in COMMAND.findall(text.partition("Subcommands:\n")[2].partition("\n\n")[0]):
        yield from help_of(program, *commands, name)


def flags_in(help_text):
    """Those that are explained, not those of examples."""
    lines = help_text.partition("Options:\n")[2].partition("\n\n")[0].splitlines()
    return {flag for line in lines if re.match(r" {2}-", line) for flag in FLAG.findall(line[:34])}


def flags_of_page(name):
    text = re.sub(r"\\f.", "", PAGES[name].read_text()).replace("\\-", "-")
    # Examples may show other programs.
    return set(FLAG.findall(re.sub(r"^\.EX$.*?^\.EE$", "", text, flags=re.M | re.S)))


class manual(unittest.TestCase):
    def lint(self, page):
        return subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page], capture_output=True,
                              text=True, timeout=60)

    def test_pages_have_no_warnings(self):
        self.assertGreaterEqual(len(PAGES), 3)
        for page in PAGES.values():
            with self.subTest(page.name):
                done = self.lint(page)
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_the_lint_sees_mistakes(self):
        self.assertNotEqual(self.lint(Path(__file__)).stderr, "")

    def test_pages_have_the_sections_that_people_look_for(self):
        for name, page in PAGES.items():
            if page.suffix == ".5":
                continue
            heads = re.findall(r"^\.SH (.+)$", page.read_text(), re.M)
            for head in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS", "SEE ALSO"):
                self.assertIn(head, heads, name)

    def test_flags_are_those_of_the_programs(self):
        self.assertTrue(PROGRAMS)
        for name, program in PROGRAMS.items():
            with self.subTest(name):
                known = set().union(*(flags_in(text) for _, text in help_of(program)))
                self.assertGreater(len(known), 2)
                self.assertEqual(flags_of_page(name), known)

    def test_commands_are_those_of_the_programs(self):
        for name, program in PROGRAMS.items():
            page = PAGES[name].read_text()
            for commands, text in help_of(program):
                if commands and "Subcommands:" not in text:
                    self.assertRegex(page, rf'(?m)^\.BR? "?{" ".join(commands)}\b', name)

    def test_completions_offer_every_flag(self):
        for name, program in PROGRAMS.items():
            with self.subTest(name):
                known = set().union(*(flags_in(text) for _, text in help_of(program)))
                offered = set(FLAG.findall((ROOT / "tools" / "completion" / f"{name}.bash").read_text()))
                self.assertEqual(offered, known)


if __name__ == "__main__":
    unittest.main()

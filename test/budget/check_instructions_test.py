"""Tries tools/check-instructions with made-up figures: what it has to complain about, and what not."""
import os
import stat
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "tools" / "check-instructions"


def load():
    sys.dont_write_bytecode = True  # not into tools/
    loader = SourceFileLoader("check_instructions", str(PROGRAM))
    module = module_from_spec(spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


budget = load()


def record(**figures):
    return {"toolchain": "GCC 12.2.0, Boost 1_81", "tolerance_percent": 3, "reason": "made up for a test",
            "instructions_per_event": figures}


class Comparison(unittest.TestCase):
    def test_figures_within_the_tolerance_pass(self):
        for measured in (9_700, 9_999, 10_000, 10_300):
            with self.subTest(measured):
                self.assertEqual(budget.compare(record(one=10_000), {"one": measured})[0], 0)

    def test_growth_beyond_it_fails_and_says_all_there_is_to_say(self):
        code, text = budget.compare(record(one=10_000, tls=500), {"one": 10_301, "tls": 500})
        self.assertEqual(code, 1)
        self.assertIn("one: has become slower: 10000 instructions recorded, 10301 measured for one event, +3.0 %; "
                      "3 % are tolerated.", text)
        self.assertIn('tools/check-instructions --record "why"', text)
        self.assertNotIn("tls:", text)

    def test_shrinking_beyond_it_fails_in_its_own_words(self):
        code, text = budget.compare(record(one=10_000), {"one": 9_699})
        self.assertEqual(code, 1)
        self.assertIn("one: has become faster", text)
        self.assertIn("-3.0 %", text)
        self.assertNotIn("slower", text)

    def test_every_workload_that_is_wrong_is_named(self):
        text = budget.compare(record(one=100, sms=100, call=100), {"one": 200, "sms": 50, "call": 100})[1]
        self.assertIn("one: has become slower", text)
        self.assertIn("sms: has become faster", text)
        self.assertNotIn("call:", text)

    def test_a_workload_on_one_side_only_fails(self):
        code, text = budget.compare(record(one=100), {"one": 100, "call": 5})
        self.assertEqual(code, 1)
        self.assertIn("call: 5 instructions for one event, and nothing is recorded", text)
        code, text = budget.compare(record(one=100, call=5), {"one": 100})
        self.assertEqual(code, 1)
        self.assertIn("call: is recorded, but there is no such workload", text)

    def test_the_tolerance_is_the_records(self):
        wide = record(one=10_000) | {"tolerance_percent": 10}
        self.assertEqual(budget.compare(wide, {"one": 10_900})[0], 0)
        self.assertEqual(budget.compare(wide, {"one": 11_100})[0], 1)

    def test_only_figures_of_the_same_toolchain_compare(self):
        self.assertIsNone(budget.other_toolchain(record(), "GCC 12.2.0, Boost 1_81"))
        for other in ("GCC 13.3.0, Boost 1_81", "GCC 12.2.0, Boost 1_83"):
            self.assertIn(other, budget.other_toolchain(record(), other))


class Recording(unittest.TestCase):
    def test_a_record_holds_what_the_next_comparison_needs(self):
        made = budget.new_record(record(one=100), "GCC 13", {"one": 50}, "One copy less for each event. ")
        self.assertEqual(made, {"toolchain": "GCC 13", "tolerance_percent": 3,
                                "reason": "One copy less for each event.", "instructions_per_event": {"one": 50}})

    def test_a_reason_that_is_none_is_refused(self):
        for reason in ("", "  ", "because", record()["reason"]):
            with self.subTest(reason), self.assertRaises(ValueError):
                budget.new_record(record(one=100), "GCC 13", {"one": 50}, reason)

    def test_the_record_of_this_tree_is_of_these_workloads(self):
        kept = budget.json.loads(budget.RECORD.read_text())
        self.assertEqual(kept["instructions_per_event"].keys(), budget.WORKLOADS.keys())
        self.assertEqual(kept["tolerance_percent"], 3)


class Program(unittest.TestCase):
    """As ctest runs it."""

    def run_with(self, script, *arguments):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "steps"
            program.write_text("#!/bin/sh\n" + script)
            program.chmod(program.stat().st_mode | stat.S_IXUSR)
            return subprocess.run([PROGRAM, "--program", program, *arguments], capture_output=True, text=True,
                                  env=os.environ)

    def test_another_toolchain_is_skipped_with_the_reason(self):
        done = self.run_with("echo GCC 99")
        self.assertEqual(done.returncode, 77)
        self.assertIn("and this is GCC 99", done.stdout)

    def test_a_program_that_fails_is_no_pass(self):
        done = self.run_with("echo out of order >&2; exit 3")
        self.assertEqual(done.returncode, 1)
        self.assertIn("out of order", done.stderr)

    def test_wrong_usage(self):
        self.assertEqual(self.run_with("", "--recrod").returncode, 64)
        self.assertEqual(self.run_with("echo GCC 99", "--record", "faster").returncode, 64)


if __name__ == "__main__":
    unittest.main()

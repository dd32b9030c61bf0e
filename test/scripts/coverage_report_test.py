"""Shows made-up counts to tools/lib/coverage-report."""
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "tools" / "lib" / "coverage-report"


def file(path, run, missed, branches=()):
    lines = [{"line_number": n, "count": int(n <= run), "branches": []} for n in range(1, run + missed + 1)]
    lines[0]["branches"] = [{"count": c} for c in branches]
    return {"file": path, "lines": lines + [{"line_number": 900, "count": 0, "branches": [], "gcovr/noncode": True}]}


FINE = [file("src/protocol/a.cpp", 90, 10, (3, 0)), file("src/sms/a.cpp", 50, 0), file("src/session/a.cpp", 30, 0),
        file("src/session/b.cpp", 65, 5), file("include/aiflow/a.hpp", 1, 1)]


class CoverageReport(unittest.TestCase):
    def reported(self, files):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as counts:
            json.dump({"files": files}, counts)
            counts.flush()
            done = subprocess.run([sys.executable, PROGRAM, counts.name], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done

    def test_a_table_of_the_layers(self):
        done = self.reported(FINE)
        self.assertEqual(done.returncode, 0, done.stdout)
        for row in ("| protocol | 100 | 90.0 % | 2 | 50.0 % |", "| session | 100 | 95.0 % | 0 | 0.0 % |",
                    "| include | 2 | 50.0 % | 0 | 0.0 % |", "  src/protocol/a.cpp: 91-100"):
            self.assertIn(row + "\n", done.stdout)
        self.assertNotIn("src/sms/a.cpp", done.stdout)

    def test_less_than_enough_fails(self):
        done = self.reported(FINE + [file("src/sms/b.cpp", 30, 10)])
        self.assertEqual(done.returncode, 1)
        self.assertTrue(done.stdout.endswith("\nsms: 88.9 % of the lines are run, 90 % have to be\n"), done.stdout)

    def test_a_layer_that_is_not_there_fails(self):
        self.assertEqual(self.reported(FINE[1:]).returncode, 1)


if __name__ == "__main__":
    unittest.main()

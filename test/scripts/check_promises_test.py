"""Breaks what tools/check-promises checks in a made-up tree and looks for the complaint."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "tools" / "check-promises"
FILES = {
    "docs/reliability.md": "| # | fault |\n|---|---|\n| F01 | no server |\n| F02 | reset |\n\n| S1 | wss |\n| S10 | path |\n",
    "docs/security.md": """
| # | promise | shown by |
| --- | --- | --- |
| F01 | comes back | `F01_*` |
| F02 | one gap | `a_lost_connection_is_one_gap`, `crowd_test` |
| S1 | encrypted | `tools/check-tls` |
| S10 | one path | not tested: there is nothing that a test could see of it |
""",
    "test/unit/a_test.cpp": "BOOST_AUTO_TEST_CASE(a_lost_connection_is_one_gap)\n",
    "test/CMakeLists.txt": "aiflow_test(crowd_test LABEL unit)\n",
    "test/daemon/life.py": "class T:\n    def test_F01_a_server_that_comes_later(self):\n",
    "tools/check-tls": "",
}


class CheckPromises(unittest.TestCase):
    def complaints(self, file=None, old="", new=""):
        with tempfile.TemporaryDirectory() as root:
            for path, text in FILES.items():
                if path == file:
                    self.assertIn(old, text)
                    text = text.replace(old, new)
                (target := Path(root, path)).parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text)
            done = subprocess.run([sys.executable, PROGRAM, root], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout else 0)
        return done.stdout

    def test_a_tree_that_shows_all_is_silent(self):
        self.assertEqual(self.complaints(), "")

    def test_what_is_missing_is_named(self):
        page = "docs/security.md"
        for file, old, new, complaint in (
                (page, "| F02 | one gap | `a_lost_connection_is_one_gap`, `crowd_test` |\n", "", "has no row for F02"),
                (page, "| S1 |", "| F02 |", "has 2 rows for F02"),
                (page, "| S1 |", "| S2 |", "docs/reliability.md has no S2"),
                (page, "`crowd_test`", "`crowds`", "F02 is shown by crowds, which is not there"),
                (page, "`F01_*`", "`F1_*`", "F01 is shown by F1_*, which is not there"),
                (page, "`tools/check-tls`", "in the code", "S1 names no test"),
                (page, "not tested: there is nothing that a test could see of it", "not tested: no", "S10 names no test"),
                (page, "| one path |", "| one | path |", "the row of S10 has not three columns"),
                ("docs/reliability.md", "| S10 |", "| S11 |", "has no row for S11"),
                ("test/unit/a_test.cpp", "one_gap", "two_gaps", "a_lost_connection_is_one_gap, which is not there"),
                ("test/CMakeLists.txt", "crowd_test", "other_test", "crowd_test, which is not there"),
                ("test/daemon/life.py", "test_F01", "test_F02", "F01_*, which is not there")):
            with self.subTest(complaint):
                self.assertIn(complaint, self.complaints(file, old, new))


if __name__ == "__main__":
    unittest.main()

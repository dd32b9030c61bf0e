"""Breaks what tools/check-messages checks in a made-up tree and looks for the message."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "tools" / "check-messages"

CODE = '''void f() {
    // log.write(log_level::error, "comment.only", "is no code");
    log.write(log_level::debug, "door.knock", "text, with (brackets", {{"a", g(1, 2)}});
    env_->log.write(log_level::warning, "door.stuck", "text");
    o.log.write(fine ? log_level::info : log_level::error,
                fine ? "door.shut" : "door.lost", "text");
    log_.write(level, "door.rattle", "text");
    report(log_level::error, "door.gone", "text");
    const log_record r{log_level::info, "door.open", "text", fields};
    log.write(log_level::error, "door.stuck", "text");
}
'''
PAGE = '''| id | level | what it means | what to do |
| --- | --- | --- | --- |
| `door.stuck` | warning, error | It is stuck. | Push. |
| `door.shut` | info | It is shut. | Nothing. |
| `door.lost` | error | It is lost. | Look for it. |
| `door.rattle` | debug, warning | It rattles. | Listen. |
| `door.gone` | error | It is gone. | Wait. |
| `door.open` | info | It is open. | Nothing. |
'''


class check_messages(unittest.TestCase):
    def complaints(self, code=CODE, page=PAGE):
        with tempfile.TemporaryDirectory() as root:
            for path, text in (("src/a/door.cpp", code), ("docs/messages.md", page)):
                (file := Path(root, path)).parent.mkdir(parents=True)
                file.write_text(text)
            done = subprocess.run([sys.executable, PROGRAM, root], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout else 0)
        return done.stdout

    def expect(self, complaint, *words):
        self.assertEqual(complaint.count("\n"), 1, complaint)
        for word in words:
            self.assertIn(word, complaint)

    def test_code_and_page_that_agree(self):
        self.assertEqual(self.complaints(), "")

    def test_each_message_needs_a_row(self):
        for row in PAGE.splitlines(keepends=True)[2:]:
            name = row.split("`")[1]
            self.expect(self.complaints(page=PAGE.replace(row, "")), "src/a/door.cpp:", name, "no row")

    def test_place_of_a_message(self):
        page = PAGE.replace("| `door.shut`", "| shut")
        self.assertTrue(self.complaints(page=page).startswith("src/a/door.cpp:5: door.shut has no row"))

    def test_debug_may_have_a_row(self):
        self.assertEqual(self.complaints(page=PAGE + "| `door.knock` | debug | A knock. | Open. |\n"), "")

    def test_row_of_nothing(self):
        for name in ("door.bell", "comment.only"):
            self.expect(self.complaints(page=PAGE + f"| `{name}` | info | It. | Nothing. |\n"),
                        "docs/messages.md:9: ", "nothing logs", name)

    def test_row_twice(self):
        self.expect(self.complaints(page=PAGE + PAGE.splitlines(keepends=True)[3]), "door.shut", "twice")

    def test_other_level(self):
        self.expect(self.complaints(page=PAGE.replace("| info | It is shut", "| error | It is shut")),
                    "docs/messages.md:4: ", "door.shut", "logged as info")
        self.expect(self.complaints(page=PAGE.replace("warning, error", "warning")),
                    "door.stuck", "logged as error, warning")
        self.expect(self.complaints(page=PAGE.replace("debug, warning", "loud")), "docs/messages.md:6: ")

    def test_row_of_another_form(self):
        page = PAGE.replace(" Push. |", "")
        self.assertIn("docs/messages.md:3: the form is", self.complaints(page=page))

    def test_id_that_is_not_written_where_it_is_logged(self):
        self.expect(self.complaints(code=CODE + "log.write(log_level::info, id, text);\n"),
                    "src/a/door.cpp:12: ", "as a string")


if __name__ == "__main__":
    unittest.main()

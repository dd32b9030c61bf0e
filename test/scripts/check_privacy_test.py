"""Tries tools/check-privacy with lines that it has to find, and with others."""
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "tools" / "check-privacy"


def run(text):
    with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
        file.write(text)
        file.flush()
        return subprocess.run([PROGRAM, file.name], capture_output=True, text=True)


class CheckPrivacy(unittest.TestCase):
    def test_what_is_private_is_found_with_its_line(self):
        for line, what in (("info sms: to 4915112345678", "a whole phone number"),
                           ('say "Your confirmation code is 4242."', "the text of an SMS"),
                           ("x-api-token: hunter2", "a token"), ("token-that-nobody-may-see", "a token")):
            with self.subTest(line):
                done = run("fine\n" + line + "\n")
                self.assertEqual(done.returncode, 1)
                self.assertTrue(done.stdout.rstrip().endswith(f":2: {what}"), done.stdout)

    def test_what_may_be_seen_is_left_alone(self):
        done = run("to ***678, 31 characters\n3 passed in 4915 ms\n  client (tls): {\"phone_number\": \"4915112345678\"}\n")
        self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_a_file_that_is_not_there_is_an_error(self):
        self.assertEqual(subprocess.run([PROGRAM, "/nowhere"], capture_output=True).returncode, 2)


if __name__ == "__main__":
    unittest.main()

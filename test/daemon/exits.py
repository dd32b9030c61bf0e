#!/usr/bin/env python3
"""usage: exits.py AIFLOWD AIFLOW_SIM
How aiflowd ends: with which code, how soon, and what it says (reliability.md section 7, F23)."""
import os
import signal
import socket
import subprocess
import time
import unittest

from daemon_rig import AIFLOWD, NEVER, RULES, DaemonTest


class Exits(DaemonTest):
    def run_once(self, *arguments):
        began = time.monotonic()
        done = subprocess.run([AIFLOWD, *arguments], capture_output=True, text=True, timeout=30)
        self.assertLess(time.monotonic() - began, 10, "it has to end at once")
        for secret in NEVER:
            self.assertNotIn(secret, done.stdout + done.stderr)
        return done

    def written(self, *lines, rules=RULES, before=None):
        """The configuration file, with its rules beside it unless there are to be none."""
        if rules is not None:
            (self.folder / "rules.toml").write_text(rules)
        file = self.folder / "aiflowd.toml"
        file.write_text(self.config(*lines) if before is None else before)
        return file

    def check(self, *lines, rules=RULES):
        return self.run_once("--config", self.written(*lines, rules=rules), "--check")

    def refused(self, code, says, *lines, rules=RULES, before=None):
        """A configuration with which it must not start."""
        done = self.run_once("--config", self.written(*lines, rules=rules, before=before))
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(says, done.stderr)
        return done

    def test_the_command_line(self):
        for arguments in (["--frobnicate"], ["--config"], ["--config", "a", "b"]):
            with self.subTest(arguments):
                done = self.run_once(*arguments)
                self.assertEqual(done.returncode, 64, done.stderr)
                self.assertIn("--help", done.stderr)
        self.assertIn("not expected: --confg x\nSee aiflowd --help.", self.run_once("--confg", "x").stderr)
        self.assertEqual(self.run_once("--help").returncode, 0)
        self.assertRegex(self.run_once("--version").stdout, r"^aiflowd \d+\.\d+\.\d+")

    def test_the_configuration(self):
        self.assertEqual(self.run_once("--config", self.folder / "nowhere.toml").returncode, 78)
        for says, line in ((":7: frob: ", "frob = 1"), ("listen.porr", 'listen.porr = "x"'),
                           ("session.grace", 'session.grace = 30'), ("certificate_file", 'listen.certificate_file = "x.pem"'),
                           ("token", 'listen.token_files = ["nowhere"]'), ("listen.token_files", 'listen.address = "0.0.0.0"'),
                           ("rules.file", 'rules.file = "nowhere.toml"')):
            with self.subTest(line):
                before = self.config(line)
                if line.startswith("rules.file"):
                    before = before.replace('rules.file = "rules.toml"\n', "")
                self.refused(78, says, before=before)
        self.refused(78, "rules.toml:2: rule[1].on", rules='[[rule]]\non = "user_speek"\ndo = []\n')

    def test_a_check_changes_nothing_and_tells_what_is_in_force(self):
        token = self.secret()
        file = self.written(f'listen.token_files = ["{token}"]')
        done = self.run_once("--config", file, "--check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('window = "1s"', done.stdout)
        self.assertFalse((self.folder / "state").exists())
        file.write_text("mode = 5")
        self.assertEqual(self.run_once("--config", file, "--check").returncode, 78)

    def test_a_check_tells_every_mistake_in_the_rules_in_a_line_of_its_own(self):
        done = self.check(rules=8 * '[[rule]]\non = "user_speek"\ndo = []\n')
        self.assertEqual(done.returncode, 78)
        said = [line for line in done.stderr.splitlines() if "user_speek" in line]
        self.assertEqual([line.split(": ")[1] for line in said], [f"rule[{n}].on" for n in range(1, 9)], done.stderr)

    def test_a_fifo_in_place_of_a_file_is_not_waited_for(self):
        os.mkfifo(self.folder / "rules.toml")
        done = self.check(rules=None)
        self.assertEqual(done.returncode, 78)
        self.assertIn("is no regular file", done.stderr)

    def test_a_check_knows_the_users_of_the_control_socket(self):
        done = self.check('control.users = ["nobody-of-this-name"]')
        self.assertEqual(done.returncode, 78)
        self.assertIn("control.users", done.stderr)

    def test_a_check_finds_the_credentials_beside_the_configuration(self):
        file = self.written('listen.token_files = ["credential:api-token"]')
        missing = self.run_once("--config", file, "--check")
        self.assertEqual(missing.returncode, 78)
        self.assertIn("credential:api-token", missing.stderr)
        (self.folder / "credentials").mkdir()
        self.secret(name="credentials/api-token")
        found = self.run_once("--config", file, "--check")
        self.assertEqual(found.returncode, 0, found.stderr)
        # To start is another matter: only systemd hands them over.
        self.assertEqual(self.run_once("--config", file).returncode, 78)

    def test_a_port_that_is_taken(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            done = self.refused(69, str(port), before=self.config(port=port))
            self.assertIn("listen.port", done.stderr)

    def test_F23_an_address_of_another_machine(self):
        # Of a block that is kept for documentation, so no machine has it.
        done = self.refused(69, "192.0.2.1", 'listen.address = "192.0.2.1"', f'listen.token_files = ["{self.secret()}"]')
        self.assertIn("listen.address", done.stderr)
        self.assertFalse((self.folder / "control.sock").exists())

    def test_an_outbox_that_another_one_has(self):
        first = self.daemon(self.config()).start()
        done = self.refused(75, "outbox.directory", before=first.config.read_text())
        self.assertIn("another process", done.stderr)
        self.assertEqual(first.end(), 0)

    def test_an_outbox_that_cannot_be_made(self):
        (self.folder / "state").write_text("a file in the way")
        self.refused(74, "state")

    def test_it_ends_in_order_when_it_is_told_to(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                d = self.daemon(self.config(), name=f"aiflowd{number}")
                self.assertEqual(d.start().end(number), 0)
                self.assertTrue(d.manager.heard("STOPPING=1"))


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""usage: soak_smoke.py SOAK BUILD
Half a minute of tools/soak, with one SIGKILL: nothing is lost and nothing doubled, and the report is whole. Never how
fast, and never how much memory."""
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml
from pathlib import Path

SOAK, BUILD = sys.argv.pop(1), sys.argv.pop(1)


def soak(*flags):
    return subprocess.run([SOAK, "--build", BUILD, *flags], capture_output=True, text=True, timeout=280)


class Smoke(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            drawn = Path(folder, "soak.svg")
            cls.done = soak("--minutes", "0.4", "--kill-every", "15", "--counts-only", "--svg", drawn)
            cls.svg = drawn.read_text() if drawn.exists() else ""
        print(cls.done.stdout, cls.done.stderr, sep="")
        cls.figures = {name.strip(): (value.strip(), limit.strip()) for name, value, limit, _ in
                       re.findall(r"^\| (.+?) \| (.+?) \| (.*?) \| (.*?) \|$", cls.done.stdout, re.M)}

    def test_every_limit_was_kept(self):
        self.assertEqual(self.done.returncode, 0, self.done.stderr)
        self.assertRegex(self.done.stdout, r"seed \d+")

    def test_nothing_was_lost_or_doubled(self):
        self.assertEqual(self.figures["lost"], ("0", "= 0"))
        self.assertEqual(self.figures["doubled"], ("0", "= 0"))

    def test_there_was_something_to_lose(self):
        self.assertGreater(int(self.figures["SMS accepted"][0]), 50)
        self.assertEqual(self.figures["restarts after SIGKILL"], ("1", "= 1"))
        self.assertEqual(self.figures["reloads after SIGHUP"], ("2", "= 2"))
        self.assertGreater(int(self.figures["calls that came back"][0]), 0)
        for how in ("reset", "half close", "vanish"):
            self.assertIn(how, self.figures["connections lost by"][0])

    def test_every_figure_is_there(self):
        for name in ("calls, connections", "events, actions", "of these, told as accepted", "failures sent",
                     "outcomes on disk", "memory, at the end of the first and the last life",
                     "memory slope from life to life, at the same age", "memory slope within a life",
                     "descriptors without a call, at the beginning and at the end", "turn-around, p50 and p99",
                     "p99 over time, first and last third", "exit code after SIGTERM", "log lines",
                     "private things in what was printed"):
            self.assertTrue(self.figures[name][0], name)

    def test_it_is_drawn(self):
        shapes = [e.get("class") for e in xml.fromstring(self.svg).iter()]
        self.assertEqual((shapes.count("kill"), shapes.count("reload")), (1, 2))
        self.assertGreaterEqual(shapes.count("main"), 5)  # memory and descriptors of two lives, and the p99


class Stopped(unittest.TestCase):
    def test_a_signal_ends_the_daemon_and_removes_the_folder(self):
        with tempfile.TemporaryDirectory() as folder:
            process = subprocess.Popen([SOAK, "--build", BUILD], env=os.environ | {"TMPDIR": folder},
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            end = time.monotonic() + 60
            while not list(Path(folder).glob("*/control.sock")):
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)
            process.send_signal(signal.SIGTERM)
            self.assertIn("stopped before its end", process.communicate(timeout=60)[1])
            self.assertEqual((process.returncode, list(Path(folder).iterdir())), (1, []))


class Usage(unittest.TestCase):
    def test_wrong_usage_and_a_daemon_that_is_not_there(self):
        self.assertEqual(soak("--minutes", "0").returncode, 64)
        self.assertEqual(soak("--frob").returncode, 64)
        with tempfile.TemporaryDirectory() as nothing:
            done = subprocess.run([SOAK, "--build", nothing], capture_output=True, text=True, timeout=20)
        self.assertEqual(done.returncode, 69)
        self.assertIn("not there", done.stderr)


unittest.main()

"""usage: aiflowctl_tail.py AIFLOWCTL
Checks `aiflowctl tail`: what it asks for, how lines look, and how it ends."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from fake_control import FakeControl

CTL = sys.argv.pop(1)
LIMIT = 30  # seconds; nothing here takes longer unless it hangs

LINES = [
    {"time": "2026-03-01T13:03:22.123Z", "kind": "opened", "session": "1a2b3c4d-5e6f", "from": "+49151***78",
     "to": "+4930***56", "direction": "inbound"},
    {"time": "2026-03-01T13:03:23.004Z", "kind": "event", "session": "1a2b3c4d-5e6f", "type": "user_speak",
     "barged_in": True, "text": "yes \u001b[2J please"},
    {"time": "2026-03-01T13:03:23.5Z", "kind": "action", "session": "1a2b3c4d-5e6f", "type": "send_sms",
     "recipient": "+49151***78", "id": "0000000000abc"},
    {"time": "2026-03-01T13:03:24Z", "kind": "outcome", "session": "1a2b3c4d-5e6f", "id": "0000000000abc",
     "state": "assumed_sent", "reason": "", "attempts": 2, "handed_off": True, "corrected": False},
    {"kind": "lost", "lines": 12},
    {"time": "2026-03-01T13:03:25Z", "kind": "closed", "session": "1a2b3c4d-5e6f"},
]
PLAIN = """\
14:03:22.123  1a2b3c4d  · call opened               from +49151***78  to +4930***56  direction inbound
14:03:23.004  1a2b3c4d  → user_speak                barged in  “yes \\x1b[2J please”
14:03:23.500  1a2b3c4d  ← send_sms                  recipient +49151***78  id 0000000000abc
14:03:24.000  1a2b3c4d  · SMS assumed sent          id 0000000000abc  attempts 2  handed off
(12 lines are missing: they came too fast)
14:03:25.000  1a2b3c4d  · call closed
"""


class tail(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.daemon = FakeControl(Path(self.folder.name, "control.sock"))
        self.addCleanup(self.daemon.close)
        self.left = threading.Event()
        self.addCleanup(self.left.set)

    def start(self, *args):
        env = {"PATH": os.environ["PATH"], "TZ": "Europe/Berlin", "AIFLOWD_SOCKET": self.daemon.server_address}
        return subprocess.Popen([CTL, "tail", *args], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)

    def whole(self, *args):
        p = self.start(*args)
        out, err = p.communicate(timeout=LIMIT)
        return p.returncode, out, err

    def say(self, pieces, end=True):
        def answer(handler):
            handler.begin_chunks()
            for piece in pieces:
                handler.chunk(piece)
            if end:
                handler.chunk("")
            else:
                self.left.wait(LIMIT)
            handler.close_connection = True
        self.daemon.answer = answer

    def test_lines_for_people(self):
        self.say(json.dumps(line) + "\n" for line in LINES)
        self.assertEqual(self.whole(), (0, PLAIN, ""))
        self.assertEqual(self.daemon.requests[0][:2], ("GET", "/v1/tail"))

    def test_lines_come_in_pieces(self):
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in LINES).encode()
        self.say(text[i:i + 7] for i in range(0, len(text), 7))
        self.assertEqual(self.whole(), (0, PLAIN, ""))
        self.say([text])
        self.assertEqual(self.whole(), (0, PLAIN, ""))

    def test_json_is_raw(self):
        text = "".join(json.dumps(line) + "\n" for line in LINES)
        self.say([text[:100], text[100:]])
        self.assertEqual(self.whole("--json"), (0, text, ""))

    def test_what_is_asked_for(self):
        self.say([])
        self.whole("--session", "a b&c", "--type", "user_speak", "--type", "speak", "--content", "--unmasked")
        self.assertEqual(self.daemon.requests[0][1],
                         "/v1/tail?session=a%20b%26c&types=user_speak%2Cspeak&content=true&unmasked=true")

    def test_types_that_there_are(self):
        self.say([])
        self.whole("--type", "opened,closed", "--type", "outcome")
        self.assertEqual(self.daemon.requests[0][1], "/v1/tail?types=opened%2Cclosed%2Coutcome")
        for args in (("--type", "nosuch"), ("--type", "speak", "--type", "nosuch"), ("--type", "speak,nosuch")):
            code, out, err = self.whole(*args)
            self.assertEqual((code, out), (64, ""))
            self.assertIn('--type: "nosuch" is not known; it has to be opened, event, action, outcome, closed, session_start, ',
                          err)
            self.assertIn(" or send_sms\n", err)
        self.assertEqual(len(self.daemon.requests), 1)

    def test_a_reason_is_shown_where_it_explains_the_state(self):
        outcome = LINES[3] | {"reason": "smsc_unavailable", "ambiguous": False}
        for more, shown in (({}, False), ({"state": "failed"}, True), ({"ambiguous": True}, True)):
            self.say([json.dumps(outcome | more) + "\n"])
            self.assertEqual("smsc_unavailable" in self.whole()[1], shown, more)

    def test_nothing_for_longer_than_an_answer_may_take(self):
        def answer(handler):
            handler.begin_chunks()
            self.left.wait(11)
            handler.chunk(json.dumps(LINES[-1]) + "\n")
            handler.chunk("")
        self.daemon.answer = answer
        self.assertEqual(self.whole(), (0, PLAIN.splitlines(True)[-1], ""))

    def test_signals_end_it_well(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.say([json.dumps(LINES[-1]) + "\n"], end=False)
            p = self.start()
            self.assertIn("call closed", p.stdout.readline())  # each line at once, not when there are many
            p.send_signal(number)
            self.assertEqual(p.communicate(timeout=LIMIT), ("", ""))
            self.assertEqual(p.returncode, 0)

    def test_a_daemon_that_goes_away(self):
        def answer(handler):
            handler.begin_chunks()
            handler.chunk(json.dumps(LINES[-1]) + "\n")
            handler.close_connection = True
        self.daemon.answer = answer
        code, out, err = self.whole()
        self.assertEqual((code, out), (69, PLAIN.splitlines(True)[-1]))
        self.assertIn("went away", err)

    def test_garbage_between(self):
        self.say(["what?\n", json.dumps(LINES[-1]) + "\n"])
        code, out, err = self.whole()
        self.assertEqual((code, out), (69, PLAIN.splitlines(True)[-1]))
        self.assertIn("not understood", err)


if __name__ == "__main__":
    unittest.main()

"""usage: aiflowctl_cli.py AIFLOWCTL
Checks the program aiflowctl from outside, against a control socket that says what it is told to."""
import json
import os
import pty
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from fake_control import FakeControl

CTL = sys.argv.pop(1)
LIMIT = 30  # seconds; nothing here takes longer unless it hangs

CALL = {"session": "1a2b3c4d-5e6f-7081", "from": "+49151***78", "to": "+4930***56", "direction": "inbound",
        "opened": "2026-03-01T13:03:22.120Z", "last": "2026-03-01T13:05:01.000Z", "last_event": "user_speak",
        "events": 12, "actions": 3}
SMS = {"id": "0000000000abc", "session": "1a2b3c4d-5e6f-7081", "recipient": "+49151***78", "state": "waiting_retry",
       "reason": "smsc_unavailable", "attempts": 1, "segments": 1, "accepted": "2026-03-01T13:04:00.000Z",
       "due": "2026-03-01T13:06:00.500Z", "settled": None, "handed_off": True, "client_ref": "order-7"}


class control_case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name, "control.sock")
        self.daemon = FakeControl(self.path)
        self.addCleanup(self.folder.cleanup)
        self.addCleanup(self.daemon.close)

    def environment(self, **more):
        return {"PATH": os.environ["PATH"], "TZ": "Europe/Berlin", "AIFLOWD_SOCKET": str(self.path), **more}

    def run_it(self, *args, stdin="", **more):
        return subprocess.run([CTL, *args], input=stdin, capture_output=True, text=True, timeout=LIMIT,
                              env=self.environment(**more))

    def good(self, *args, **more):
        """Its output; it must succeed and say nothing else."""
        done = self.run_it(*args, **more)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        return done.stdout

    def bad(self, code, *args, **more):
        """What it says on stderr, alone; it must end with that code."""
        done = self.run_it(*args, **more)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        return done.stderr

    def asked(self):
        """The one request that came: method, target, body as JSON or None."""
        (method, target, body, _), = self.daemon.requests
        return method, target, json.loads(body) if body else None


class commands(control_case):
    def test_calls(self):
        self.daemon.answer = 200, {"calls": [CALL, CALL | {"session": "ffff", "from": "", "events": 1234}]}
        self.assertEqual(self.good("calls"), """\
SESSION   FROM         TO          DIRECTION  OPENED            LAST              LAST EVENT  EVENTS  ACTIONS
1a2b3c4d  +49151***78  +4930***56  inbound    2026-03-01 14:03  2026-03-01 14:05  user_speak  12      3
ffff                   +4930***56  inbound    2026-03-01 14:03  2026-03-01 14:05  user_speak  1234    3
""")
        self.assertEqual(self.asked(), ("GET", "/v1/calls", None))

    def test_no_calls(self):
        self.daemon.answer = 200, {"calls": []}
        self.assertEqual(self.good("calls", "--unmasked"), "no call is open\n")
        self.assertEqual(self.asked(), ("GET", "/v1/calls?unmasked=true", None))

    def test_a_time_of_today_has_no_date(self):
        now = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
        self.daemon.answer = 200, {"calls": [CALL | {"opened": now + "Z"}]}
        self.assertRegex(self.good("calls"), rf"inbound +\d\d:{now[14:16]}:{now[17:19]} ")

    def test_sms_list(self):
        settled = SMS | {"id": "0000000000abd", "state": "failed", "due": None, "settled": "2026-03-01T13:05:00Z",
                         "reason": "unknown", "attempts": 4}
        self.daemon.answer = 200, {"sms": [SMS, settled]}
        self.assertEqual(self.good("sms", "list", "--state", "waiting_retry", "--limit", "7"), """\
ID             SESSION   TO           STATE          TRIES  ACCEPTED          DUE               SETTLED           REASON
0000000000abc  1a2b3c4d  +49151***78  waiting retry  1      2026-03-01 14:04  2026-03-01 14:06                    smsc_unavailable
0000000000abd  1a2b3c4d  +49151***78  failed         4      2026-03-01 14:04                    2026-03-01 14:05  unknown
""")
        self.assertEqual(self.asked(), ("GET", "/v1/sms?state=waiting_retry&limit=7", None))

    def test_a_state_may_be_written_as_it_is_shown(self):
        self.daemon.answer = 200, {"sms": []}
        self.good("sms", "list", "--state", "assumed sent")
        self.assertEqual(self.asked(), ("GET", "/v1/sms?state=assumed_sent", None))

    def test_a_reason_is_shown_where_it_explains_the_state(self):
        for state, shown in (("waiting_retry", True), ("failed", True), ("abandoned", True), ("expired", True),
                             ("accepted", False), ("sending", False), ("written", False), ("handed_off", False),
                             ("assumed_sent", False), ("unobserved", False), ("cancelled", False)):
            with self.subTest(state):
                self.daemon.answer = 200, {"sms": [SMS | {"state": state}]}
                self.assertEqual("smsc_unavailable" in self.good("sms", "list"), shown)
                self.daemon.answer = 200, SMS | {"state": state, "history": []}
                self.assertEqual("smsc_unavailable" in self.good("sms", "show", "x"), shown)

    def test_sms_show(self):
        self.daemon.answer = 200, SMS | {"history": [
            {"attempt": 1, "started": "2026-03-01T13:04:00Z", "written": True, "handed_off": True,
             "reason": "smsc_unavailable"}]}
        self.assertEqual(self.good("sms", "show", "0000000000abc"), """\
id          0000000000abc
session     1a2b3c4d-5e6f-7081
recipient   +49151***78
state       waiting retry
reason      smsc_unavailable
attempts    1
segments    1
accepted    2026-03-01 14:04
due         2026-03-01 14:06
handed off  yes
client ref  order-7

ATTEMPT  STARTED           WRITTEN  HANDED OFF  REASON
1        2026-03-01 14:04  yes      yes         smsc_unavailable
""")
        self.assertEqual(self.asked(), ("GET", "/v1/sms/0000000000abc", None))

    def test_sms_send(self):
        self.daemon.answer = 201, {"id": "0000000000abc", "segments": 2, "repeated": False}
        self.assertEqual(self.good("sms", "send", "1a2b", "+4915112345678", "Grüße \"4242\"", "--ref", "x"),
                         "0000000000abc: accepted, 2 segments\n")
        self.assertEqual(self.asked(), ("POST", "/v1/sms", {
            "session": "1a2b", "to": "+4915112345678", "text": "Grüße \"4242\"", "client_ref": "x"}))

    def test_sms_send_of_a_text_that_nobody_is_to_see(self):
        self.daemon.answer = 201, {"id": "0000000000abc", "segments": 1, "repeated": True}
        self.assertEqual(self.good("sms", "send", "1a2b", "+49151", "-", stdin="code\n4242\n"),
                         "0000000000abc: this key is of an SMS that was accepted before\n")
        self.assertEqual(self.asked()[2], {"session": "1a2b", "to": "+49151", "text": "code\n4242"})

    def test_sms_cancel(self):
        self.daemon.answer = 204, None
        self.assertEqual(self.good("sms", "cancel", "a/../b"), "cancelled\n")
        self.assertEqual(self.asked(), ("DELETE", "/v1/sms/a%2F..%2Fb", None))
        self.assertEqual(self.good("--json", "sms", "cancel", "0000000000abc"), "")

    def test_send(self):
        self.daemon.answer = 200, {"sent": 2, "refused": [], "sms": ["0000000000abc"]}
        action = '[{"type":"hangup","session_id":"1a2b"}]'
        self.assertEqual(self.good("send", action), "2 actions sent\nSMS accepted: 0000000000abc\n")
        self.assertEqual(self.asked(), ("POST", "/v1/actions", json.loads(action)))
        self.good("send", "-", stdin=action + "\n")
        self.assertEqual(self.daemon.requests[1][2], action)

    def test_send_of_which_some_is_refused(self):
        self.daemon.answer = 200, {"sent": 1, "sms": [], "refused": [
            {"code": "invalid_value", "field": "speak.text", "text": "is empty"}]}
        done = self.run_it("send", "{}")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (1, "1 action sent\n", "aiflowctl: the daemon refused: speak.text: is empty\n"))

    def test_log_level(self):
        self.daemon.answer = 200, {"level": "debug"}
        self.assertEqual(self.good("log", "level"), "the level of the log is debug\n")
        self.assertEqual(self.good("log", "level", "debug"), "the level of the log is debug\n")
        self.assertEqual([r[:3] for r in self.daemon.requests],
                         [("GET", "/v1/log", ""), ("PUT", "/v1/log", '{"level":"debug"}')])

    def test_drain_and_reload(self):
        self.daemon.answer = 202, {"draining": True}
        self.assertIn("ends when the open ones have ended", self.good("drain"))
        self.daemon.answer = 200, b""
        self.assertEqual(self.good("reload"), "the configuration was read again\n")
        self.assertEqual([r[:3] for r in self.daemon.requests], [("POST", "/v1/drain", ""), ("POST", "/v1/reload", "")])

    def test_status(self):
        self.daemon.answer = 200, {
            "state": "serving", "ready": False, "not_ready": "not connected", "version": "0.1.0",
            "uptime_seconds": 93784, "started": "2026-03-01T13:00:00Z", "resident_bytes": 12_900_000,
            "sides": [{"name": "connect", "state": "waiting", "next_attempt_ms": 1500, "last_error": None,
                       "outbox": {"bytes": 340, "messages": {"assumed_sent": 3, "failed": 0}}},
                      {"name": "listen", "ports": [8080, 8081], "origins": []}],
            "config": {"reloads": 2}}
        self.assertEqual(self.good("status"), """\
state      serving
ready      no
not ready  not connected
version    0.1.0
uptime     1d 2h
started    2026-03-01 14:00
resident   12.3 MiB
sides
  name          connect
  state         waiting
  next attempt  1.5s
  outbox
    bytes  340 bytes
    messages
      assumed sent  3
      failed        0
sides
  name     listen
  ports    8080, 8081
  origins  none
config
  reloads  2
""")

    def test_json_is_what_the_daemon_said(self):
        body = b'{"calls": [ ],  "extra": 1.50}'
        self.daemon.answer = 200, body
        self.assertEqual(self.good("--json", "calls"), body.decode() + "\n")
        self.assertEqual(self.good("calls", "--json"), body.decode() + "\n")

    def test_json_on_a_terminal_has_lines(self):
        self.daemon.answer = 200, {"calls": [{"session": "a\x1b[31m\u202eb"}], "none": []}
        leader, follower = pty.openpty()
        subprocess.run([CTL, "calls", "--json"], stdout=follower, timeout=LIMIT, check=True, env=self.environment())
        os.close(follower)
        output = b""
        try:
            while piece := os.read(leader, 4096):
                output += piece
        except OSError:
            pass
        os.close(leader)
        self.assertEqual(output.decode().replace("\r\n", "\n"), """\
{
  "calls": [
    {
      "session": "a\\u001b[31m\\xe2\\x80\\xaeb"
    }
  ],
  "none": []
}
""")

    def test_the_request_is_one_that_every_server_takes(self):
        self.daemon.answer = 200, {"calls": []}
        self.good("calls")
        headers = self.daemon.requests[0][3]
        self.assertEqual((headers["Host"], headers["Connection"]), ("aiflowd", "close"))


class refusals(control_case):
    def test_a_reason_is_told(self):
        self.daemon.answer = 429, {"error": {"code": "sms_session_interval", "field": "sms.session_interval",
                                             "text": "wait for 4 s"}}
        self.assertEqual(self.bad(1, "sms", "send", "1a2b", "+49151", "x"),
                         "aiflowctl: the daemon refused: sms.session_interval: wait for 4 s\n")
        done = self.run_it("--json", "sms", "send", "1a2b", "+49151", "x")
        self.assertEqual(json.loads(done.stdout)["error"]["code"], "sms_session_interval")
        self.assertEqual(done.returncode, 1)

    def test_a_reason_without_a_field(self):
        self.daemon.answer = 404, {"error": {"code": "unknown", "field": "", "text": "no such call"}}
        self.assertEqual(self.bad(1, "tail"), "aiflowctl: the daemon refused: no such call\n")

    def test_a_remedy_is_a_command(self):
        for args, text, shown in ((("tail", "--session", "ffff"), "no live call has this id; GET /v1/calls lists those that there are",
                                   "no live call has this id; aiflowctl calls lists those that there are"),
                                  (("sms", "show", "x"), "no SMS has this id; GET /v1/sms lists those that are remembered",
                                   "no SMS has this id; aiflowctl sms list lists those that are remembered")):
            self.daemon.answer = 404, {"error": {"code": "unknown", "field": "", "text": text}}
            self.assertEqual(self.bad(1, *args), f"aiflowctl: the daemon refused: {shown}\n")

    def test_no_reason(self):
        for body in (b"", b"<html>", b"[]", b'{"error": 1}', b'{"error": {}}'):
            self.daemon.answer = 500, body
            self.assertEqual(self.bad(1, "status"), "aiflowctl: the daemon refused: HTTP status 500\n")

    def test_not_permitted(self):
        self.daemon.answer = 403, {"error": {"code": "forbidden", "field": "", "text": "user nobody is not listed"}}
        self.assertEqual(self.bad(77, "status"), "aiflowctl: not permitted: user nobody is not listed\n")

    def test_control_characters_do_not_reach_the_terminal(self):
        evil = "a\x1b]0;x\x07\r\n\u009b1m\u202e"
        safe = "a\\x1b]0;x\\x07\\x0d\\x0a\\xc2\\x9b1m\\xe2\\x80\\xae"
        self.daemon.answer = 400, {"error": {"code": "x", "field": evil, "text": evil}}
        self.assertEqual(self.bad(1, "status"), f"aiflowctl: the daemon refused: {safe}: {safe}\n")
        for args, body in ((("status",), {evil: {evil: evil}}), (("calls",), {"calls": [CALL | {"from": evil}]}),
                           (("sms", "show", "x"), SMS | {"state": evil, "history": [{"reason": evil}]}),
                           (("log", "level"), {"level": evil})):
            self.daemon.answer = 200, body
            output = self.good(*args)
            self.assertIn(safe, output)
            self.assertFalse([c for c in output if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")])


class no_daemon(control_case):
    def test_nothing_there(self):
        text = self.bad(69, "status", AIFLOWD_SOCKET=self.folder.name + "/none.sock")
        self.assertIn("no daemon listens at " + self.folder.name + "/none.sock", text)
        self.assertIn("systemctl status aiflowd", text)

    def test_a_socket_that_nobody_listens_at(self):
        dead = self.folder.name + "/dead.sock"
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(dead)
        self.assertIn("no daemon listens", self.bad(69, "status", "--socket", dead))
        self.assertIn("no daemon listens", self.bad(69, "status", "--socket", __file__))

    def test_the_flag_counts_more_than_the_environment(self):
        self.daemon.answer = 200, {"calls": []}
        self.good("--socket", str(self.path), "calls", AIFLOWD_SOCKET="/nonexistent")
        self.assertIn("/run/aiflowd/control.sock", self.bad(69, "calls", AIFLOWD_SOCKET=""))

    @unittest.skipUnless(os.geteuid() == 0, "needs a user to become")
    def test_a_socket_that_one_may_not_use(self):
        os.chmod(self.path, 0o660)
        os.chmod(self.folder.name, 0o755)
        # Where the program was built may be out of reach for others.
        done = subprocess.run([shutil.copy(CTL, self.folder.name), "status"], capture_output=True, text=True, timeout=LIMIT, user=65534, group=65534,
                              extra_groups=[], env=self.environment(), cwd="/")
        self.assertEqual((done.returncode, done.stdout), (77, ""))
        self.assertIn("control.users", done.stderr)

    def raw(self, data, linger=0.0):
        def answer(handler):
            handler.wfile.write(data)
            handler.close_connection = True
            time.sleep(linger)
        self.daemon.answer = answer

    def test_garbage(self):
        for data, words in ((b"", "is missing"), (b"SSH-2.0-OpenSSH_9.2\r\n", "is not HTTP"), (b"\0" * 100_000, "is not HTTP"),
                            (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", "went away in the middle"),
                            (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "is not HTTP"),
                            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", "is not understood"),
                            (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "is not understood"),
                            (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "is not understood"),
                            (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n", "is too large")):
            with self.subTest(data[:60]):
                self.raw(data)
                self.assertIn(words, self.bad(69, "calls"))

    def test_an_answer_that_does_not_come(self):
        self.raw(b"HTTP/1.1 200 OK\r\n", linger=LIMIT)
        begin = time.monotonic()
        self.assertIn("does not answer within 10 s", self.bad(69, "calls"))
        self.assertGreater(time.monotonic() - begin, 9)

    def test_a_large_answer(self):
        self.daemon.answer = 200, {"calls": [CALL] * 20_000}
        self.assertEqual(self.good("calls").count("\n"), 20_001)


class command_line(control_case):
    def test_usage(self):
        for args in ((), ("what",), ("sms",), ("log",), ("calls", "now"), ("sms", "show"), ("sms", "send", "a", "b"),
                     ("--socket",), ("--wrong", "calls"), ("sms", "list", "--limit", "many"),
                     ("--socket", "x" * 200, "calls"), ("--socket", "", "calls")):
            with self.subTest(args):
                text = self.bad(64, *args)
                self.assertTrue(text.startswith("aiflowctl: "), text)
        self.assertEqual(self.daemon.requests, [])

    def test_what_is_wrong_is_named_with_its_remedy(self):
        every = "it has to be status, calls, send, tail, sms, log, drain or reload\nSee aiflowctl --help."
        of_sms = "it has to be list, show, send or cancel\nSee aiflowctl sms --help."
        for args, text in (((), "a command is missing; " + every), (("frob",), f'"frob" is no command; {every}'),
                           (("help",), f'"help" is no command; {every}'), (("sms",), "a command is missing; " + of_sms),
                           (("sms", "lst", "x"), f'"lst" is no command; {of_sms}'),
                           (("log", "levle"), '"levle" is no command; it has to be level\nSee aiflowctl log --help.'),
                           (("sms", "send", "S", "N", "too", "many", "words"),
                            "not expected: many words\nSee aiflowctl sms send --help."),
                           (("sms", "show", "--idd"), "not expected: --idd\nSee aiflowctl sms show --help."),
                           (("--sokcet", "/x"), "not expected: --sokcet /x\nSee aiflowctl --help."),
                           (("sms", "show"), "ID is required\nSee aiflowctl sms show --help."),
                           (("a\x1bb",), f'"a\\x1bb" is no command; {every}')):
            with self.subTest(args):
                self.assertEqual(self.bad(64, *args), f"aiflowctl: {text}\n")

    def test_a_wrong_value_is_named_with_those_that_can_be(self):
        states = ("accepted, sending, written, handed_off, waiting_retry, assumed_sent, unobserved, failed, abandoned, "
                  "expired or cancelled")
        for value in ("x", "0", "1001", "-1", "7 ", "1.5", "99999999999999999999"):
            self.assertEqual(self.bad(64, "sms", "list", "--limit", value),
                             f'aiflowctl: --limit: "{value}" is no whole number from 1 to 1000\nSee aiflowctl sms list --help.\n')
        self.assertIn(f'--state: "sent" is not known; it has to be {states}\n', self.bad(64, "sms", "list", "--state", "sent"))
        self.assertIn('LEVEL: "loud" is not known; it has to be debug, info, warning or error\n',
                      self.bad(64, "log", "level", "loud"))
        self.assertEqual(self.daemon.requests, [])

    def test_help_and_version(self):
        self.assertRegex(self.good("--version"), r"^aiflowctl \d+\.\d+\.\d+\n$")
        self.assertIn("Exit codes:", self.good("--help"))
        self.assertIn("--ref REF", self.good("sms", "send", "--help"))


if __name__ == "__main__":
    unittest.main()

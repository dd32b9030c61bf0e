#!/usr/bin/env python3
"""usage: aiflow_sim_cli.py AIFLOW_SIM SCENARIOS
Checks the program aiflow-sim from outside: flags, exit codes, handshake, cuts, and whole plays."""
import base64
import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SIM, SCENARIOS = sys.argv.pop(1), Path(sys.argv.pop(1))
LIMIT = 20  # seconds; nothing here takes longer unless it hangs


class Bot:
    """A WebSocket client that can do just what is needed here."""

    def __init__(self, port, path="/stream", headers=()):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LIMIT)
        request = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket", "Connection: Upgrade",
                   "Sec-WebSocket-Key: " + base64.b64encode(os.urandom(16)).decode(), "Sec-WebSocket-Version: 13"]
        self.socket.sendall("\r\n".join([*request, *headers, "", ""]).encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        while self.file.readline() not in (b"\r\n", b""):
            pass

    def receive(self):
        """The next event, or what ended the connection: a close code, "reset" or "end"."""
        try:
            head = self.file.read(2)
            if len(head) < 2:
                return "end"
            size = head[1] & 127
            if size == 126:
                size, = struct.unpack(">H", self.file.read(2))
            data = self.file.read(size)
        except ConnectionResetError:
            return "reset"
        if head[0] & 15 == 8:
            self._send(0x88, data)
            return struct.unpack(">H", data[:2])[0]
        return json.loads(data)

    def receive_type(self, kind):
        while (event := self.receive())["type"] != kind:
            pass
        return event

    def act(self, event, **action):
        action["session_id"] = event["session"]["id"]
        self._send(0x81, json.dumps(action).encode())

    def _send(self, first, data):
        mask = os.urandom(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + struct.pack(">H", len(data))
        self.socket.sendall(bytes([first]) + size + mask + masked)

    def close(self):
        self.file.close()
        self.socket.close()


class SimTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, text, name="scenario.toml"):
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def run_sim(self, *args):
        return subprocess.run([SIM, *args], capture_output=True, text=True, timeout=LIMIT, check=False)

    def start(self, scenario, *args):
        sim = subprocess.Popen([SIM, self.write(scenario), "--listen", "127.0.0.1:0", "--print-port", *args],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(lambda: sim.poll() is None and sim.kill() or sim.wait() and None)
        self.addCleanup(sim.stdout.close)
        return sim, int(sim.stdout.readline())

    def connect(self, *args, **kw):
        bot = Bot(*args, **kw)
        self.addCleanup(bot.close)
        return bot

    def ends(self, sim, code):
        output = sim.communicate(timeout=LIMIT)[0]
        self.assertEqual(sim.returncode, code, output)
        return output


class CommandLine(SimTest):
    def test_help_teaches(self):
        shown = self.run_sim("--help")
        self.assertEqual(shown.returncode, 0)
        for word in ("Examples:", "Exit codes:", "--token-file", "docs/simulator.md"):
            self.assertIn(word, shown.stdout)
        self.assertLessEqual(max(map(len, shown.stdout.splitlines())), 100)

    def test_version(self):
        shown = self.run_sim("--version")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertRegex(shown.stdout, r"^aiflow-sim \d+\.\d+\.\d+\n$")

    def test_wrong_usage_names_flag_and_remedy(self):
        scenario = self.write("[[calls]]")
        for args, said in (
                ([], "SCENARIO"),
                ([scenario, "--frob", "x"], "not expected: --frob x\nSee aiflow-sim --help."),
                (["--frob"], "not expected: --frob\n"),
                ([scenario, "--listen", "8080"], "--listen: \"8080\" is no address to listen on; write an IP"),
                ([scenario, "--listen", "127.0.0.1:70000"], "--listen: "),
                ([scenario, "--listen", "0.0.0.0:0"], "--token-file, or listen on 127.0.0.1"),
                ([scenario, "--path", "stream"], "--path: \"stream\" is no path; it begins with /"),
                ([scenario, "--speed", "0"], "--speed: has to be from 0.01"),
                ([scenario, "--speed", "fast"], "--speed"),
                ([scenario, "--timeout", "60"], "--timeout: \"60\" is no time limit; write a number and a unit"),
                ([scenario, "--color", "blue"], "--color: \"blue\" is not known; it has to be auto"),
                ([scenario, "--connections", "0"], "--connections: has to be from 1"),
                ([scenario, "--token-file", str(self.folder / "none")], "--token-file: ")):
            with self.subTest(args=args):
                shown = self.run_sim(*args)
                self.assertEqual(shown.returncode, 64, shown.stderr)
                self.assertIn(said, shown.stderr)
                self.assertEqual(shown.stdout, "")

    def test_wrong_scenario(self):
        shown = self.run_sim(self.write("[[calls]]\nlable = 1\ncount = 0\n"))
        self.assertEqual(shown.returncode, 78)
        self.assertRegex(shown.stderr, r"scenario\.toml:2: calls\[1\]\.lable: .*`label`")
        self.assertRegex(shown.stderr, r"scenario\.toml:3: calls\[1\]\.count: ")
        self.assertEqual(self.run_sim(str(self.folder / "none.toml")).returncode, 78)

    def test_address_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            shown = self.run_sim(self.write("[[calls]]"), "--listen", address)
        self.assertEqual(shown.returncode, 69)
        self.assertIn(f"--listen: {address}: ", shown.stderr)

    def test_record_that_cannot_be_written(self):
        shown = self.run_sim(self.write("[[calls]]"), "--record", str(self.folder / "no" / "file"))
        self.assertEqual(shown.returncode, 73)
        self.assertIn("--record: ", shown.stderr)

    def test_a_record_that_becomes_full(self):
        sim, port = self.start("[[calls]]\nsteps = []", "--check", "--record", "/dev/full")
        bot = self.connect(port)
        bot.receive()
        self.assertIn("--record: the file cannot be written any more", self.ends(sim, 73))

    def test_the_reference_quotes_a_scenario_as_it_is(self):
        reference = (SCENARIOS.parent.parent / "docs" / "simulator.md").read_text()
        self.assertIn((SCENARIOS / "first-call.toml").read_text(), reference)

    def test_scenarios_that_come_along_can_be_played(self):
        files = sorted(SCENARIOS.glob("*.toml"))
        self.assertGreaterEqual(len(files), 7)
        for file in files:
            shown = self.run_sim(str(file), "--listen", "127.0.0.1:0", "--check", "--timeout", "1ms")
            self.assertEqual(shown.returncode, 1, shown.stderr)  # nobody came; the file itself is good


class Handshake(SimTest):
    def test_token_and_path(self):
        token = self.write("s3cret\n", "token")
        sim, port = self.start("[[calls]]", "--once", "--token-file", token, "--path", "/a")
        for path, headers, status in (("/a", [], 401), ("/a", ["X-API-TOKEN: wrong"], 401),
                                      ("/a", ["X-API-TOKEN: s3cret", "X-API-TOKEN: s3cret"], 401),
                                      ("/b", ["X-API-TOKEN: s3cret"], 404)):
            with self.subTest(path=path, headers=headers):
                self.assertEqual(self.connect(port, path, headers).status, status)
        bot = self.connect(port, "/a?x=1", ["x-api-token: s3cret"])
        self.assertEqual(bot.status, 101)
        while isinstance(bot.receive(), dict):
            pass
        output = self.ends(sim, 0)
        self.assertIn("HTTP 401", output)
        self.assertNotIn("s3cret", output)


class Plays(SimTest):
    CODE = """
        [sms]
        answers = [{ answer = "smsc_unavailable", after = "10ms" }]
        [[calls]]
        steps = [
            { say = "code" },
            { expect = "send_sms", to = "caller" },
            { expect = "send_sms", to = "caller" },
            { hang_up = true },
        ]
        [expect]
        sms_frames = 2
    """
    SMS = {"type": "send_sms", "phone_number": "4915112345678", "message": "Code 4242"}

    def test_a_call_as_expected(self):
        record = self.folder / "record.jsonl"
        sim, port = self.start(self.CODE, "--check", "--record", str(record))
        bot = self.connect(port)
        bot.act(bot.receive_type("user_speak"), **self.SMS)
        bot.act(bot.receive_type("sms_failed"), **self.SMS)
        bot.receive_type("session_end")
        self.assertEqual(bot.receive(), 1000)
        output = self.ends(sim, 0)
        for line in (r"→ session_start +\*\*\*678 calls \*\*\*234", r"← send_sms +to \*\*\*678, attempt 2, 9 characters",
                     r"→ sms_failed +smsc_unavailable", r"All \d expectations held"):
            self.assertRegex(output, line)
        self.assertNotIn("4242", output)
        self.assertNotIn("\x1b", output)
        kinds = [json.loads(json.loads(line)["text"])["type"] for line in record.read_text().splitlines()]
        self.assertEqual(kinds, ["session_start", "user_speak", "send_sms", "sms_failed", "send_sms", "session_end"])

    def test_an_expectation_that_fails(self):
        sim, port = self.start(self.CODE, "--once", "--quiet")
        bot = self.connect(port)
        bot.act(bot.receive_type("user_speak"), type="hangup")
        output = self.ends(sim, 1)
        self.assertRegex(output, r"✗ call 1: `send_sms` to the caller within 5s: the call was over .*\n.*\(line 7\)")
        self.assertNotIn("→", output)

    def test_content_is_shown_when_asked_for_and_colour_too(self):
        sim, port = self.start(self.CODE, "--once", "--show-content", "--color", "always")
        bot = self.connect(port)
        bot.act(bot.receive_type("user_speak"), **self.SMS)
        bot.act(bot.receive_type("sms_failed"), **self.SMS)
        output = self.ends(sim, 0)
        self.assertIn("Code 4242", output)
        self.assertIn("4915112345678", output)
        self.assertIn("\x1b[", output)

    def test_cuts_are_what_they_say(self):
        for cut, seen in (("cut = 'reset'", "reset"), ("cut = 'half_close'", "end"),
                          ("cut = 'close', code = 4401", 4401), ("cut = 'silence', for = '100ms'", "reset")):
            with self.subTest(cut=cut):
                sim, port = self.start("[[calls]]\nsteps = [{ wait = '100ms' }, { %s }]" % cut, "--once")
                bot = self.connect(port)
                self.assertEqual(bot.receive()["type"], "session_start")
                self.assertEqual(bot.receive(), seen)
                bot.close()
                self.ends(sim, 0)

    def test_the_next_bot_gets_the_next_play(self):
        sim, port = self.start("[[calls]]\nsteps = []")
        for _ in range(2):
            bot = self.connect(port)
            self.assertEqual(bot.receive()["type"], "session_start")
            bot.receive_type("session_end")
            self.assertEqual(bot.receive(), 1000)
        sim.send_signal(signal.SIGTERM)
        output = self.ends(sim, 0)
        self.assertEqual(len(re.findall("expectations held", output)), 2)

    def test_many_bots(self):
        sim, port = self.start("[connections]\ncalls_on = 'own'\n[[calls]]\ncount = 3", "--once", "--connections", "3")
        bots = [self.connect(port) for _ in range(3)]
        self.assertEqual(len({bot.receive()["session"]["id"] for bot in bots}), 3)
        self.ends(sim, 0)


class Ends(SimTest):
    WAITS = "[[calls]]\nsteps = [{ wait = '1h' }]"

    def test_signals(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for flags, code in (([], 0), (["--check"], 1)):
                with self.subTest(number=number, flags=flags):
                    sim, port = self.start(self.WAITS, *flags)
                    bot = self.connect(port)
                    bot.receive()
                    sim.send_signal(number)
                    self.assertEqual(bot.receive(), 1001)
                    self.ends(sim, code)

    def test_a_signal_before_anybody_came(self):
        sim, _ = self.start(self.WAITS)
        sim.send_signal(signal.SIGINT)
        self.ends(sim, 0)

    def test_timeout(self):
        sim, port = self.start(self.WAITS, "--once", "--timeout", "200ms")
        bot = self.connect(port)
        bot.receive()
        self.assertEqual(bot.receive(), 1001)
        self.assertIn("--timeout", self.ends(sim, 1))


unittest.main()

#!/usr/bin/python3
"""usage: aiflow_sim_dial.py AIFLOW_SIM
Checks aiflow-sim where it dials: the bots here are servers, on Debian's python3-websockets."""
import asyncio
import http
import json
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import websockets
from websockets.legacy.server import WebSocketServerProtocol

SIM = sys.argv.pop(1)
LIMIT = 20  # seconds; nothing here takes longer unless it hangs
TALK = """
    steps = [{ say = "hello" }, { expect = "speak", text = "hi there" }, { hang_up = true }]
"""


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


class Connection:
    def __init__(self, path, headers):
        self.path, self.headers, self.events, self.closed = path, headers, [], None

    def types(self):
        return [e["type"] for e in self.events]

    def sessions(self):
        return {e["session"]["id"] for e in self.events}


class Bot:
    """A WebSocket server that answers `user_speak`, or refuses with a status; the first connections may be dropped."""

    def __init__(self, port=0, status=None, tls=None, drops=0, status_after_drops=None):
        self.port, self.status, self.tls, self.connections = port, status, tls, []
        self.drops, self.status_after_drops = drops, status_after_drops
        self.ready = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self.thread.start()
        self.ready.wait(LIMIT)

    def stop(self):
        self.loop.call_soon_threadsafe(self.over.set)
        self.thread.join(LIMIT)

    def url(self, path="/ws"):
        return f"{'wss' if self.tls else 'ws'}://127.0.0.1:{self.port}{path}"

    async def _run(self):
        bot = self

        class Upgrade(WebSocketServerProtocol):
            async def process_request(self, path, request_headers):
                return bot.status and (http.HTTPStatus(bot.status), [], b"")

        self.loop, self.over = asyncio.get_running_loop(), asyncio.Event()
        async with websockets.serve(self._talk, "127.0.0.1", self.port, create_protocol=Upgrade, ssl=self.tls) as server:
            self.port = server.sockets[0].getsockname()[1]
            self.ready.set()
            await self.over.wait()

    async def _talk(self, peer, path):
        seen = Connection(path, peer.request_headers)
        self.connections.append(seen)
        if len(self.connections) <= self.drops:
            self.status = self.status_after_drops
            await peer.close(1011)
        try:
            async for text in peer:
                event = json.loads(text)
                seen.events.append(event)
                if event["type"] == "user_speak":
                    await peer.send(json.dumps(
                        {"type": "speak", "session_id": event["session"]["id"], "text": "Hi there."}))
        except websockets.ConnectionClosedError:
            pass
        seen.closed = peer.close_code


class DialTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, text, name="scenario.toml"):
        (self.folder / name).write_text(text)
        return str(self.folder / name)

    def bot(self, **how):
        bot = Bot(**how)
        self.addCleanup(bot.stop)
        return bot

    def start(self, scenario, url, *args):
        sim = subprocess.Popen([SIM, self.write(scenario), "--dial", url, *args],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(lambda: sim.poll() is None and sim.kill() or sim.wait() and None)
        self.addCleanup(sim.stdout.close)
        return sim

    def ends(self, sim, code):
        output = sim.communicate(timeout=LIMIT)[0]
        self.assertEqual(sim.returncode, code, output)
        return output

    def play(self, code, scenario, url, *args):
        return self.ends(self.start(scenario, url, "--check", "--speed", "10", *args), code)

    def wait_until(self, true):
        limit = time.monotonic() + LIMIT
        while not true():
            self.assertLess(time.monotonic(), limit)
            time.sleep(0.02)


class Plays(DialTest):
    def test_a_call_with_token_and_headers(self):
        bot = self.bot()
        token = self.write("s3cret\n", "token")
        output = self.play(0, "[[calls]]" + TALK, bot.url("/ws?flow=q7"), "--token-file", token,
                           "--header", "X-Flow: test: 1", "--header", "X-Empty:")
        seen, = bot.connections
        self.assertEqual(seen.types()[:2], ["session_start", "user_speak"])
        self.assertEqual(seen.types()[-1], "session_end")
        self.wait_until(lambda: seen.closed == 1000)
        self.assertEqual(seen.path, "/ws?flow=q7")
        self.assertEqual(seen.headers.get_all("X-API-TOKEN"), ["s3cret"])
        self.assertEqual((seen.headers["X-Flow"], seen.headers["X-Empty"]), ("test: 1", ""))
        self.assertIn(f"1 call for the bot at {bot.url()}\n", output)
        self.assertRegex(output, r"← speak +bot: \"Hi there\.\"")
        self.assertNotIn("s3cret", output)
        self.assertNotIn("q7", output)

    def test_one_connection_for_each_call(self):
        own = "[connections]\ncalls_on = 'own'\n"
        for scenario, flags in ((own, []), (own, ["--connections", "2"]), ("", ["--per-call"])):
            with self.subTest(scenario=scenario, flags=flags):
                bot = self.bot()
                output = self.play(0, scenario + "[expect]\nconnections = 3\n[[calls]]\ncount = 3" + TALK, bot.url(),
                                   *flags)
                self.assertEqual([len(c.sessions()) for c in bot.connections], [1, 1, 1], output)
                self.assertEqual(len(set.union(*(c.sessions() for c in bot.connections))), 3)

    def test_calls_share_connections_where_the_scenario_says_so(self):
        bot = self.bot()
        self.play(0, "[connections]\nwait_for = 2\ncalls_on = 'spread'\n[[calls]]\ncount = 4" + TALK, bot.url())
        self.assertEqual([len(c.sessions()) for c in bot.connections], [2, 2])

    def test_a_call_whose_connection_is_cut_goes_on_with_another_one(self):
        bot = self.bot()
        self.play(0, """
            [expect]
            connections = 5
            [[calls]]
            steps = [{ cut = "reset" }, { say = "hello" }, { expect = "speak" }, { cut = "close", code = 1012 },
                     { resume = true }, { cut = "half_close" }, { say = "bye" }]
            [[calls]]
            steps = [{ wait = "20s" }]
        """, bot.url(), "--per-call")
        first, second = (c.sessions() for c in bot.connections[:2])
        self.assertEqual([c.sessions() for c in bot.connections[2:]], [bot.connections[2].sessions()] * 3)
        self.assertIn(bot.connections[2].sessions(), (first, second))
        self.assertNotEqual(first, second)

    def test_a_bot_that_closes_is_dialled_again(self):
        bot = self.bot(drops=2)
        self.play(0, "[[calls]]\nsteps = [{ wait = '10s' }, { say = 'hello' }, { expect = 'speak' }]", bot.url())
        self.assertEqual([c.closed for c in bot.connections[:2]], [1011, 1011])
        self.assertEqual(bot.connections[2].types()[0], "user_speak")

    def test_a_bot_that_does_not_come_back_fails_the_play_and_not_the_program(self):
        bot = self.bot(drops=1, status_after_drops=503)
        output = self.play(1, "[[calls]]\nreturn_within = '600ms'" + TALK, bot.url())
        self.assertIn("refused: upgrade: HTTP 503", output)
        self.assertIn("1 finished call expected, but there were 0", output)

    def test_without_once_it_waits_for_the_bot_and_calls_again(self):
        bot = self.bot(status=401)
        sim = self.start("[[calls]]" + TALK, bot.url(), "--speed", "10")
        time.sleep(0.5)
        self.assertIsNone(sim.poll())
        bot.status = None
        self.wait_until(lambda: len(bot.connections) == 2 and "session_end" in bot.connections[1].types())
        sim.send_signal(signal.SIGTERM)
        output = self.ends(sim, 0)
        self.assertEqual(output.count("refused: upgrade: HTTP 401"), 1)  # told once, tried more often


class Failures(DialTest):
    CALL = "[[calls]]" + TALK

    def test_a_refusal_ends_it_at_once(self):
        for status, hint in ((401, "--token-file"), (403, "--token-file"), (404, "path"), (500, "bot")):
            with self.subTest(status=status):
                bot = self.bot(status=status)
                began = time.monotonic()
                output = self.play(69, self.CALL, bot.url())
                self.assertLess(time.monotonic() - began, 3)
                self.assertRegex(output, rf"! connection +refused: upgrade: HTTP {status}")
                self.assertRegex(output, rf"--dial: the bot at {bot.url()} refuses: .*HTTP {status}.*; see .*{hint}")
                self.assertNotIn("expectation", output)

    def test_nobody_listens(self):
        began = time.monotonic()
        output = self.play(69, self.CALL, f"ws://127.0.0.1:{free_port()}/")
        self.assertGreater(time.monotonic() - began, 4.5)
        self.assertRegex(output, r"not reached: tcp: Connection refused")
        self.assertRegex(output, r"cannot be reached: tcp: Connection refused; start the bot")

    def test_a_bot_that_starts_later_is_reached(self):
        port = free_port()
        sim = self.start(self.CALL, f"ws://127.0.0.1:{port}/", "--check")
        self.assertIn("for the bot", sim.stdout.readline())
        self.assertIn("not reached", sim.stdout.readline())
        self.bot(port=port)
        self.ends(sim, 0)

    def test_a_signal_while_it_tries(self):
        sim = self.start(self.CALL, f"ws://127.0.0.1:{free_port()}/")
        self.assertIn("for the bot", sim.stdout.readline())
        sim.send_signal(signal.SIGINT)
        self.ends(sim, 0)

    def test_wrong_usage_names_flag_and_remedy(self):
        url = ["--dial", "ws://127.0.0.1:9/"]
        for args, said in (
                ([*url, "--listen", "127.0.0.1:0"], "--listen: is for listening, and --dial is given too"),
                ([*url, "--path", "/a"], "--path: is for listening"),
                ([*url, "--print-port"], "--print-port: is for listening"),
                (["--ca-file", "x"], "--ca-file: is for dialling only; give the bot's URL with --dial"),
                (["--header", "A: b"], "--header: is for dialling only"),
                (["--allow-plain-text"], "--allow-plain-text: is for dialling only"),
                (["--dial", "127.0.0.1:9"], "--dial: "),
                (["--dial", ""], "--dial: "),
                (["--dial", "ws://192.0.2.1/"], "use wss://, or give --allow-plain-text"),
                ([*url, "--header", "nonsense"], "--header: a header is written as"),
                ([*url, "--header", "Upgrade: x"], "--header: Upgrade is set by the handshake"),
                ([*url, "--ca-file", self.write("", "ca")], "--ca-file: "),
                (["--dial", "wss://127.0.0.1:9/", "--ca-file", str(self.folder / "none")], "--ca-file: "),
                ([*url, "--token-file", self.write("a\tb\x01\n", "token")], "--token-file: the secret must not")):
            with self.subTest(args=args):
                shown = subprocess.run([SIM, self.write("[[calls]]"), *args], capture_output=True, text=True,
                                       timeout=LIMIT, check=False)
                self.assertEqual(shown.returncode, 64, shown.stderr)
                self.assertIn(said, shown.stderr)
                self.assertEqual(shown.stdout, "")

    def test_plain_text_to_another_machine_on_demand(self):
        output = self.play(1, self.CALL, "ws://192.0.2.1/", "--allow-plain-text", "--timeout", "100ms")
        self.assertIn("--timeout", output)


class Tls(DialTest):
    def authority(self, name):
        """A CA of its own, and a certificate of it for 127.0.0.1."""
        paths = {part: str(self.folder / f"{name}.{part}") for part in ("ca", "cakey", "cert", "key", "request", "ext")}
        Path(paths["ext"]).write_text("subjectAltName = IP:127.0.0.1\n")
        new_key = ["openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        for command in (
                [*new_key, "-x509", "-days", "2", "-subj", f"/CN={name}", "-keyout", paths["cakey"], "-out", paths["ca"]],
                [*new_key, "-subj", "/CN=bot", "-keyout", paths["key"], "-out", paths["request"]],
                ["openssl", "x509", "-req", "-days", "2", "-in", paths["request"], "-CA", paths["ca"], "-CAkey",
                 paths["cakey"], "-CAcreateserial", "-extfile", paths["ext"], "-out", paths["cert"]]):
            subprocess.run(command, check=True, capture_output=True)
        return paths

    def test_certificates(self):
        good, other = self.authority("good"), self.authority("other")
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(good["cert"], good["key"])
        bot = self.bot(tls=tls)
        self.play(0, "[[calls]]" + TALK, bot.url(), "--ca-file", good["ca"])
        for flags in (["--ca-file", other["ca"]], []):
            with self.subTest(flags=flags):
                output = self.play(69, "[[calls]]" + TALK, bot.url(), *flags)
                self.assertRegex(output, r"! connection +refused: tls: .*certificate")
                self.assertIn("--ca-file", output)
        self.assertEqual(len(bot.connections), 1)

    def test_no_tls_there(self):
        bot = self.bot()
        output = self.play(69, "[[calls]]" + TALK, bot.url().replace("ws:", "wss:"))
        self.assertRegex(output, r"refused: tls: ")


unittest.main()

#!/usr/bin/env python3
"""usage: life.py AIFLOWD AIFLOW_SIM
Signals at every moment (F59), a peer that is not there yet (F01), a suspended process (F21), a certificate that is
renewed (F28), reloads, and a slow link (F06)."""
import json
import os
import re
import select
import signal
import socket
import ssl
import subprocess
import threading
import time
import unittest

from daemon_rig import LIMIT, LONG_CALL, ONE_CALL, RULES, TOKEN, DaemonTest, free_port, until


class Stop(DaemonTest):
    def in_a_call(self, *lines):
        sim = self.sim("call.toml", "--listen", "127.0.0.1:0", "--print-port", "--once", text=LONG_CALL)
        port = int(sim.stdout.readline())
        d = self.daemon(self.config(*lines, listen=False, url=f"ws://127.0.0.1:{port}/stream")).start()
        until(lambda: "speak" in sim.stdout.readline(), "the greeting")
        return sim, d

    def test_while_it_is_in_a_call_it_waits_for_the_end(self):
        sim, d = self.in_a_call()
        d.tell(signal.SIGTERM)
        self.assertIn("= over", sim.communicate(timeout=LIMIT)[0])
        self.assertEqual(d.end(None), 0)

    def test_a_second_signal_does_not_wait(self):
        sim, d = self.in_a_call('shutdown.drain = "5m"')
        d.tell(signal.SIGTERM)
        d.noted("STOPPING=1")
        self.assertIsNone(d.process.poll())
        self.assertEqual(d.end(signal.SIGTERM, 10), 0)

    def test_a_second_signal_does_not_wait_for_a_program_either(self):
        d = self.daemon(self.config('handler.type = "pipe"', 'pipe.stop_timeout = "5m"',
                                    'pipe.command = ["/bin/sh", "-c", "trap : TERM; while :; do sleep 0.1; done"]')).start()
        d.logged(r"pipe\.started")
        until(lambda: d.tell(signal.SIGTERM) or d.process.poll() is not None, "the end")
        self.assertEqual(d.end(None), 0)

    def test_while_it_starts(self):
        for delay in range(0, 60, 6):
            d = self.daemon(self.config())
            d.start(ready=False)
            time.sleep(delay / 1000)
            d.tell(signal.SIGTERM)
            self.assertIn(d.process.wait(10), (0, -signal.SIGTERM), d.log())
            d.close()
            os.unlink(d.manager.path)

    def test_with_a_peer_that_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as mute:
            d = self.daemon(self.config(listen=False, url=f"ws://127.0.0.1:{mute.getsockname()[1]}/")).start()
            peer, _ = mute.accept()
            with peer:
                self.assertEqual(d.end(limit=10), 0)

    def test_while_it_reloads(self):
        d = self.daemon(self.config()).start()
        for _ in range(20):
            d.tell(signal.SIGHUP)
        self.assertEqual(d.end(limit=10), 0)


class Reload(DaemonTest):
    def reload(self, d):
        before = len(d.manager.notes)
        d.tell(signal.SIGHUP)
        d.noted("READY=1", before)
        first = next(n for n in d.manager.notes[before:] if "RELOADING=1" in n)
        self.assertRegex(first, r"MONOTONIC_USEC=\d+")
        return "\n".join(d.manager.notes[before:])

    def greets(self, d, words):
        sim = self.sim("greeting.toml", "--dial", f"ws://127.0.0.1:{d.port()}/ws", "--check", text=f"""
            [[calls]]
            steps = [{{ expect = "speak", text = "{words}", within = "5s" }}, {{ hang_up = true }}]""")
        self.played(sim)

    def test_new_rules_hold_for_the_next_call(self):
        d = self.daemon(self.config()).start()
        self.greets(d, "Hello")
        d.rules.write_text(RULES.replace("Hello", "Good evening"))
        self.reload(d)
        self.greets(d, "Good evening")

    def test_a_broken_configuration_changes_nothing(self):
        d = self.daemon(self.config()).start()
        good = d.config.read_text()
        d.write(good + "frob = 1\n")
        said = self.reload(d)
        self.assertIn("STATUS=", said)
        self.assertRegex(d.logged(r"config\.refused")[-1], r":\d+: frob")
        d.write(good)
        d.rules.write_text('[[rule]]\non = "nothing"\n')
        self.reload(d)
        d.logged(r"rules\.toml:\d+", count=1)
        self.greets(d, "Hello")
        self.assertEqual(d.end(), 0)

    def test_another_program_replaces_the_one_that_runs(self):
        program = 'handler.type = "pipe"\npipe.command = ["/bin/sh", "-c", "exec cat >/dev/null # {}"]'
        d = self.daemon(self.config(program.format("one"))).start()
        d.logged(r"pipe\.started", count=1)
        d.write(d.config.read_text().replace("# one", "# two"))
        said = self.reload(d)
        self.assertNotIn("refused", said)
        d.logged(r"pipe\.started", count=2)
        self.assertNotIn("config.restart", d.log())
        self.assertEqual(d.end(), 0)

    def test_what_needs_a_restart_is_named(self):
        d = self.daemon(self.config()).start()
        d.write(d.config.read_text().replace("listen.port = 0", f"listen.port = {free_port()}"))
        self.reload(d)
        self.assertIn("listen.port", d.logged(r"config\.restart")[-1])
        self.greets(d, "Hello")

    def test_a_new_token_is_taken(self):
        token = self.secret()
        d = self.daemon(self.config(f'listen.token_files = ["{token}"]')).start()
        self.secret(TOKEN[::-1])
        self.reload(d)
        url = f"ws://127.0.0.1:{d.port()}/ws"
        good, bad = self.secret(TOKEN[::-1], "good"), self.secret(TOKEN, "bad")
        self.played(self.sim("call.toml", "--dial", url, "--check", "--token-file", good, text=ONE_CALL))
        old = self.sim("call.toml", "--dial", url, "--check", "--token-file", bad)
        self.assertIn("401", old.communicate(timeout=LIMIT)[0])
        self.assertEqual(old.returncode, 69)

    def test_a_storm_of_them_does_no_harm(self):
        d = self.daemon(self.config()).start()
        end = time.monotonic() + 3
        while time.monotonic() < end:
            d.tell(signal.SIGHUP)
            time.sleep(0.01)
        self.greets(d, "Hello")
        self.assertEqual(d.end(), 0)

    def certificate(self, name):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)

    def test_a_renewed_certificate_is_shown_to_new_connections(self):
        def serial(port):
            return ssl.get_server_certificate(("127.0.0.1", port))

        self.certificate("first")
        d = self.daemon(self.config(f'listen.certificate_file = "{self.folder}/cert.pem"',
                                    f'listen.key_file = "{self.folder}/key.pem"')).start()
        port, first = d.port(), (self.folder / "cert.pem").read_text()
        self.assertEqual(serial(port).split(), first.split())
        self.certificate("second")
        self.reload(d)
        second = (self.folder / "cert.pem").read_text()
        self.assertEqual(serial(port).split(), second.split())
        (self.folder / "cert.pem").write_text("broken")
        self.reload(d)
        d.logged(r"listener\.certificate|config\.refused")
        self.assertEqual(serial(port).split(), second.split())
        self.assertEqual(d.end(), 0)


class Network(DaemonTest):
    def test_F01_a_service_that_comes_later_is_met(self):
        port = free_port()
        d = self.daemon(self.config(listen=False, url=f"ws://127.0.0.1:{port}/stream")).start()
        d.logged(r"connection\.failed: tcp")
        sim = self.sim("call.toml", "--listen", f"127.0.0.1:{port}", "--check", text=ONE_CALL)
        self.played(sim)
        self.assertEqual(d.end(), 0)

    def test_F21_a_suspended_process_connects_once_again(self):
        sim = self.sim("call.toml", "--listen", "127.0.0.1:0", "--print-port", text="""
            [[calls]]
            return_within = "30s"
            steps = [{ expect = "speak" }, { wait = "40s" }]""")
        relay = Relay(int(sim.stdout.readline()))
        self.addCleanup(relay.close)
        d = self.daemon(self.config('connection.ping_interval = "1s"', 'connection.pong_timeout = "1s"', listen=False,
                                    url=f"ws://127.0.0.1:{relay.port}/stream"),
                        environment={"WATCHDOG_USEC": "2000000"}).start()
        d.logged(r"connection\.open")
        until(lambda: d.manager.heard("WATCHDOG=1"), "WATCHDOG=1")
        d.tell(signal.SIGSTOP)
        before = len(d.manager.notes)
        time.sleep(0.5)
        relay.cut()
        time.sleep(3.5)
        self.assertEqual(len(d.manager.notes), before, "a stopped process must not be able to speak")
        d.tell(signal.SIGCONT)
        d.logged(r"connection\.open", count=2)
        time.sleep(1.5)
        self.assertEqual(len(d.logged(r"connection\.open")), 2)
        beats = d.manager.notes[before:].count("WATCHDOG=1")
        self.assertLessEqual(beats, 4, "a burst of timers that were due")
        self.assertGreaterEqual(beats, 1)
        self.assertEqual(d.end(), 0)

    def test_F06_a_slow_link_with_audio_is_no_dead_link(self):
        frames = 16000 * 12
        wav = (b"RIFF" + (36 + frames).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little") +
               b"\x01\0\x01\0" + (16000).to_bytes(4, "little") + (32000).to_bytes(4, "little") + b"\x02\0\x10\0data" +
               frames.to_bytes(4, "little") + bytes(frames))
        (self.folder / "long.wav").write_bytes(wav)
        sim = self.sim("call.toml", "--listen", "127.0.0.1:0", "--print-port", "--check", text="""
            [[calls]]
            steps = [{ expect = "audio", within = "40s" }, { press = "1" }, { expect = "speak", within = "40s" }, { hang_up = true }]""")
        relay = Relay(int(sim.stdout.readline()), bytes_per_second=40_000)
        self.addCleanup(relay.close)
        rules = """
            [[rule]]
            on = "session_start"
            do = [{ play = "long.wav" }]
            [[rule]]
            on = "dtmf_received"
            do = [{ say = "One." }]"""
        d = self.daemon(self.config('connection.ping_interval = "1s"', 'connection.pong_timeout = "1s"',
                                    'connection.write_timeout = "2s"', listen=False,
                                    url=f"ws://127.0.0.1:{relay.port}/stream"), rules=rules).start()
        self.assertNotIn("connection 2", self.played(sim))
        self.assertEqual(d.end(), 0)


class Relay:
    """Passes bytes on to a port of this machine, as slowly as is wanted, until it is cut."""

    def __init__(self, target, bytes_per_second=None):
        self.target, self.rate = target, bytes_per_second
        self.server = socket.create_server(("127.0.0.1", 0))
        if bytes_per_second:
            self.server.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        self.port = self.server.getsockname()[1]
        self.pairs = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        try:
            while True:
                near, _ = self.server.accept()
                far = socket.create_connection(("127.0.0.1", self.target))
                self.pairs.append((near, far))
                threading.Thread(target=self._pass, args=(near, far, self.rate), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, None), daemon=True).start()
        except OSError:
            pass

    def _pass(self, source, sink, rate):
        try:
            while data := source.recv(rate // 20 if rate else 65536):
                sink.sendall(data)
                if rate:
                    time.sleep(len(data) / rate)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        for pair in self.pairs:
            for s in pair:
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                s.close()
        self.pairs.clear()

    def close(self):
        self.server.close()
        self.cut()


if __name__ == "__main__":
    unittest.main()

#!/usr/bin/env python3
"""usage: dns.py AIFLOWD AIFLOW_SIM
A name server that fails, hangs, changes its mind or names a dead address first (F08), in a network of the test's own.
Exit code 77 where that cannot be made: it takes root, or user namespaces."""
import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

INSIDE = "AIFLOW_TEST_OWN_NETWORK"
if INSIDE not in os.environ:
    own = ["unshare", "--net", "--mount"] if os.geteuid() == 0 else ["unshare", "--net", "--mount", "--map-root-user"]
    if subprocess.run([*own, "mount", "--bind", "/dev/null", "/etc/resolv.conf"], capture_output=True).returncode != 0:
        print("SKIPPED: no network and no mounts of its own can be had here")
        sys.exit(77)
    os.environ[INSIDE] = "yes"
    os.execvp("unshare", [*own, sys.executable, *sys.argv])

from daemon_rig import ONE_CALL, DaemonTest  # noqa: E402

NAME, A, AAAA = "bot.example", 1, 28


def loopback_up():
    with socket.socket() as s:
        SIOCSIFFLAGS, IFF_UP = 0x8914, 1
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


class NameServer:
    """Answers as it is told to: `None` hangs, a number is an error of DNS, a dict holds addresses."""

    def __init__(self, answer):
        self.answer, self.asked = answer, 0
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            query, peer = self.socket.recvfrom(512)
            answer, end = self.answer, query.index(b"\0", 12) + 5
            kind, = struct.unpack(">H", query[end - 4:end - 2])
            if query == b"end":
                return
            self.asked += 1
            if answer is None:
                continue
            addresses = answer.get(kind, []) if isinstance(answer, dict) else []
            family = socket.AF_INET if kind == A else socket.AF_INET6
            records = b"".join(struct.pack(">HHHIH", 0xc00c, kind, 1, 0, 4 if kind == A else 16) +
                               socket.inet_pton(family, address) for address in addresses)
            flags = 0x8180 | (answer if isinstance(answer, int) else 0)
            self.socket.sendto(query[:2] + struct.pack(">HHHHH", flags, 1, len(addresses), 0, 0) + query[12:end] + records,
                               peer)


class Names(DaemonTest):
    @classmethod
    def setUpClass(cls):
        loopback_up()
        with tempfile.NamedTemporaryFile("w") as resolv:
            resolv.write("nameserver 127.0.0.1\n")
            resolv.flush()
            subprocess.run(["mount", "--bind", resolv.name, "/etc/resolv.conf"], check=True)
        cls.names = NameServer(None)

    def start(self, answer):
        self.names.answer = answer
        sim = self.sim("call.toml", "--listen", "127.0.0.1:0", "--print-port", "--check", text=ONE_CALL)
        url = f"ws://{NAME}:{int(sim.stdout.readline())}/stream"
        d = self.daemon(self.config('connect.allow_plain_text = true', 'connect.backoff_max = "1s"', listen=False, url=url))
        return sim, d.start()

    def recovers(self, answer, says):
        sim, d = self.start(answer)
        d.logged(says)
        asked = self.names.asked
        self.names.answer = {A: ["127.0.0.1"]}
        self.played(sim)
        self.assertGreater(self.names.asked, asked, "each attempt has to ask anew")
        self.assertEqual(d.end(), 0)

    def test_a_name_server_that_fails(self):
        self.recovers(2, r"connection\.failed: resolve")

    def test_a_name_server_that_hangs(self):
        self.recovers(None, r"connection\.failed: resolve")

    def test_an_address_that_changes(self):
        self.recovers({A: ["127.0.0.2"]}, r"connection\.failed: tcp")

    def test_a_dead_address_of_ipv6_first(self):
        sim, d = self.start({AAAA: ["fd00::1"], A: ["127.0.0.1"]})
        self.played(sim)
        self.assertNotIn("connection.failed", d.log())
        self.assertEqual(d.end(), 0)


if __name__ == "__main__":
    unittest.main()

"""What the tests of aiflowd have in common: a daemon in a folder of its own, and what it says.

Everything that a daemon wrote, to its log and to the service manager, is searched at the end for
what must never be there: the token, a whole phone number, the text of an SMS.
"""
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

AIFLOWD, SIM = sys.argv.pop(1), sys.argv.pop(1)
LIMIT = 60  # seconds; nothing here takes longer unless it hangs
TOKEN = "a-token-that-nobody-may-see-5f1c"
CALLER = "4915112345678"
SMS_TEXT = "Your confirmation code is 4242."
NEVER = (TOKEN, CALLER, SMS_TEXT)

RULES = f"""
[[rule]]
on = "session_start"
do = [{{ say = "Hello. Shall I text you the code?" }}]

[[rule]]
on = "user_speak"
text = "code"
do = [{{ send_sms = "{SMS_TEXT}" }}, {{ say = "It is on its way." }}]

[[rule]]
on = "sms_failed"
do = [{{ say = "Sorry, I could not send it." }}]
"""


def until(done, what, limit=LIMIT):
    """Waits for something that another process does."""
    end = time.monotonic() + limit
    while time.monotonic() < end:
        if found := done():
            return found
        time.sleep(0.02)
    raise AssertionError(f"never came: {what}")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class ServiceManager:
    """systemd's end of the notify socket."""

    def __init__(self, path):
        self.path = str(path)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)
        self.notes, self.times = [], []
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        with contextlib.suppress(OSError):
            while data := self.socket.recv(4096):
                self.times.append(time.monotonic())
                self.notes.append(data.decode())

    def heard(self, text, since=0):
        return any(text in note for note in self.notes[since:])

    def close(self):
        # Wakes the thread: a close alone would not.
        with contextlib.suppress(OSError):
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
                s.sendto(b"", self.path)
        self.thread.join(5)
        self.socket.close()


class Daemon:
    def __init__(self, folder, config, rules=RULES, environment=None, prefix=(), descriptors=(), name="aiflowd"):
        self.folder = Path(folder)
        self.config = self.folder / f"{name}.toml"
        self.rules = self.folder / "rules.toml"
        self.rules.write_text(rules)
        self.write(config)
        self.manager = ServiceManager(self.folder / f"{name}.notify")
        self.log_file = self.folder / f"{name}.log"
        self.environment = environment or {}
        self.prefix, self.descriptors = prefix, descriptors
        self.process = None

    def write(self, config):
        self.config.write_text(config)

    def start(self, ready=True):
        before = len(self.manager.notes)
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LISTEN_", "WATCHDOG_"))}
        environment |= {"NOTIFY_SOCKET": self.manager.path, **self.environment}
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen([*self.prefix, AIFLOWD, "--config", self.config],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                                            pass_fds=self.descriptors)
        if ready:
            until(lambda: self.manager.heard("READY=1", before) or self.process.poll() is not None, "READY=1")
            if self.process.poll() is not None:
                raise AssertionError(f"it ended with {self.process.returncode}:\n{self.log()}")
        return self

    def log(self):
        return self.log_file.read_text(errors="replace")

    def logged(self, pattern, limit=LIMIT, count=1):
        """The lines that match, when there are so many."""
        def found():
            lines = [line for line in self.log().splitlines() if re.search(pattern, line)]
            return lines if len(lines) >= count else None
        try:
            return until(found, f"a line of the log with {pattern}", limit)
        except AssertionError as e:
            raise AssertionError(f"{e}\n{self.log()}") from None

    def noted(self, text, since=0, limit=LIMIT):
        until(lambda: self.manager.heard(text, since), f"{text} for the service manager; heard {self.manager.notes}",
              limit)

    def port(self):
        line = self.logged(r"listener\.open")[-1]
        return int(re.search(r":(\d+)", line.split("listener.open")[1])[1])

    def ask(self, path):
        """What the control socket answers to a GET; the configuration has to name one."""
        with socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.folder / "control.sock"))
            s.sendall(f"GET {path} HTTP/1.0\r\nHost: aiflowd\r\n\r\n".encode())
            answer = b"".join(iter(lambda: s.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n")[0], head
        return json.loads(body)

    def tell(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM, limit=LIMIT):
        if number:
            self.tell(number)
        return self.process.wait(limit)

    def close(self):
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.send_signal(signal.SIGCONT)
                self.process.kill()
            self.process.wait()
        self.manager.close()
        said = (self.log() if self.log_file.exists() else "") + "\n".join(self.manager.notes)
        for secret in NEVER:
            assert secret not in said, f"{secret!r} stands in what aiflowd said:\n{said}"


class DaemonTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="aiflowd-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def secret(self, text=TOKEN, name="token"):
        path = self.folder / name
        path.write_text(text + "\n")
        path.chmod(0o600)
        return path

    def config(self, *lines, listen=True, port=0, url=None, control=False):
        """A configuration that works, with further lines of `section.key = value`."""
        text = ['mode = "listen"' if listen else 'mode = "connect"',
                *([f"listen.port = {port}"] if listen else [f'connect.url = "{url}"']),
                'rules.file = "rules.toml"', f'outbox.directory = "{self.folder}/state"',
                f'control.socket = "{self.folder / "control.sock" if control else "off"}"', 'sms.window = "1s"', *lines]
        return "\n".join(text) + "\n"

    def daemon(self, config, **options):
        d = Daemon(self.folder, config, **options)
        self.addCleanup(d.close)
        return d

    def sim(self, scenario, *flags, text=None):
        """A stand-in; its lines are in `lines`, once it has ended."""
        path = self.folder / scenario
        if text:
            path.write_text(text)
        process = subprocess.Popen([SIM, path, *flags, "--color", "never", "--timeout", f"{LIMIT}s"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def played(self, sim):
        """Waits for the end of a play that has to go well."""
        lines, _ = sim.communicate(timeout=LIMIT + 10)
        self.assertEqual(sim.returncode, 0, lines)
        return lines


ONE_CALL = f"""
[speech]
characters_per_second = 200.0

[[calls]]
from = "{CALLER}"
to = "4921155501234"
return_within = "30s"
steps = [
    {{ expect = "speak", text = "text you the code" }},
    {{ say = "The code, please." }},
    {{ expect = "send_sms", to = "caller" }},
    {{ expect = "speak", text = "on its way" }},
    {{ hang_up = true }},
]
"""

LONG_CALL = f"""
[[calls]]
from = "{CALLER}"
to = "4921155501234"
return_within = "30s"
steps = [{{ expect = "speak" }}, {{ wait = "3s" }}, {{ say = "The code" }}, {{ expect = "send_sms" }}, {{ hang_up = true }}]
"""

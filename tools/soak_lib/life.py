"""The daemon of a soak: its lives one after the other, and what each of them used."""
import asyncio
import os
import re
import signal
import socket
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from soak_lib import outbox
from soak_lib.caller import RULES, TOKEN

LEVELS = {"3": "error", "4": "warning", "6": "info", "7": "debug"}
LINE = re.compile(r"<([3467])>([\w.]+)")
EXPECTED_ERRORS = {"sms.breaker.open", "sms.account_refused"}  # what the vendor's side does on purpose
READY_WITHIN, STOPPED_WITHIN = 60, 60  # seconds
PAGE = os.sysconf("SC_PAGE_SIZE")


class DidNotStart(Exception):
    pass


@dataclass
class Life:
    start: float
    memory: list = field(default_factory=list)       # (age, bytes)
    descriptors: list = field(default_factory=list)  # (age, count)
    reloads: list = field(default_factory=list)      # ages
    idle: int | None = None                          # descriptors while there was no call


class Daemon:
    def __init__(self, program, folder, port, keep_minutes, now):
        self.program, self.folder, self.port, self.now = program, Path(folder), port, now
        self.state = self.folder / "state"
        self.lives, self.process, self.handle, self.log = [], None, None, None
        self.levels, self.errors, self.private = Counter(), Counter(), []
        self.kills = self.reloads = self.reloaded = 0
        self.trouble, self.exit, self.up = [], None, False
        self.scans = set()
        self.keep = keep_minutes * 60
        self.notes = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notes.bind(str(self.folder / "notify"))
        self.notes.setblocking(False)
        self.write(keep_minutes)

    def write(self, keep_minutes):
        token = self.folder / "token"
        token.write_text(TOKEN + "\n")
        token.chmod(0o600)
        self.state.mkdir(mode=0o700)
        self.greet("Hello.")
        # Limits of one caller are widened, since the calls stand for many; times are shortened, so that a run of
        # some minutes sees all of them pass.
        (self.folder / "aiflowd.toml").write_text(f"""
mode = "listen"
listen.port = {self.port}
listen.token_files = ["token"]
rules.file = "rules.toml"
session.grace = "4s"
sms.window = "4s"
sms.max_age = "15s"
sms.retry_delays = ["1s", "2s", "4s"]
sms.process_per_minute = 100000
sms.account_refusal = "1s"
sms.breaker_failures = 150
outbox.directory = "{self.state}"
outbox.keep = "{keep_minutes}m"
control.socket = "{self.folder}/control.sock"
log.level = "debug"
log.format = "text"
""")

    def greet(self, words):
        (self.folder / "rules.toml").write_text(RULES.replace("GREETING", words))

    async def start(self):
        self.log = self.folder / f"aiflowd-{len(self.lives) + 1}.log"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("LISTEN_", "WATCHDOG_"))}
        with open(self.log, "wb") as log:
            self.process = await asyncio.create_subprocess_exec(
                self.program, "--config", str(self.folder / "aiflowd.toml"), stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, env=environment | {"NOTIFY_SOCKET": str(self.folder / "notify")})
        self.forget()
        self.handle = os.pidfd_open(self.process.pid)
        ready = asyncio.create_task(self.noted("READY=1"))
        ended = asyncio.create_task(self.process.wait())
        await asyncio.wait({ready, ended}, timeout=READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            raise DidNotStart(f"aiflowd did not start, exit code {self.process.returncode}:\n"
                              + self.log.read_text(errors="replace")[-2000:])
        self.lives.append(Life(self.now()))
        self.up = True

    async def noted(self, text):
        loop = asyncio.get_running_loop()
        while text not in (await loop.sock_recv(self.notes, 4096)).decode():
            pass

    def drop_notes(self):
        try:
            while self.notes.recv(4096):
                pass
        except BlockingIOError:
            pass

    def send(self, number):
        """Sends a signal past asyncio, whose own way looks whether the process has ended and then may take the exit
        status away from the thread that waits for it."""
        try:
            signal.pidfd_send_signal(self.handle, number)
        except ProcessLookupError:
            pass  # it has ended; who waits for it is told

    def forget(self):
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

    def strike(self):
        self.up = False
        self.send(signal.SIGKILL)

    async def restart(self):
        """After a strike: a look at what is on disk, and a start; gives what the outbox held."""
        self.kills += 1
        status = await self.process.wait()
        if status != -signal.SIGKILL:
            self.trouble.append(f"it had ended by itself with {status} before it was killed")
        held = outbox.rows(self.state)
        self.scan(self.log)
        self.drop_notes()
        await self.start()
        return held

    async def reload(self):
        self.reloads += 1
        self.lives[-1].reloads.append(self.now() - self.lives[-1].start)
        self.greet(f"Hello {self.reloads}.")
        self.drop_notes()
        self.send(signal.SIGHUP)
        async with asyncio.timeout(READY_WITHIN):
            await self.noted("READY=1")

    async def stop(self):
        self.send(signal.SIGTERM)
        async with asyncio.timeout(STOPPED_WITHIN):
            self.exit = await self.process.wait()
        self.scan(self.log)
        await asyncio.gather(*self.scans)
        return outbox.rows(self.state)

    def sample(self):
        if not self.up:
            return  # between two lives
        life = self.lives[-1]
        try:
            pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
            count = len(os.listdir(f"/proc/{self.process.pid}/fd"))
        except (OSError, IndexError):
            return  # it has just ended
        age = self.now() - life.start
        life.memory.append((age, pages * PAGE))
        life.descriptors.append((age, count))

    async def idle(self):
        """Notes the descriptors at a time without any call: the fewest of a second, in which the daemon closes what
        it has answered last."""
        counts = []
        for _ in range(10):
            counts.append(len(os.listdir(f"/proc/{self.process.pid}/fd")))
            await asyncio.sleep(0.1)
        self.lives[-1].idle = min(counts)

    def scan(self, *files):
        """Searches what was printed for what is private, and counts the lines of the log; then the files may go."""
        self.scans.add(asyncio.create_task(self._scan(files)))

    async def _scan(self, files):
        checker = Path(__file__).parents[1] / "check-privacy"
        process = await asyncio.create_subprocess_exec(str(checker), *map(str, files), stdout=subprocess.PIPE,
                                                       stderr=subprocess.STDOUT)
        found, _ = await process.communicate()
        self.private += found.decode().splitlines()
        if process.returncode not in (0, 1):
            self.trouble.append(f"tools/check-privacy ended with {process.returncode}")
        for path in files:
            await asyncio.to_thread(self.count, path)
            path.unlink()

    def count(self, path):
        with open(path, errors="replace") as lines:
            for match in filter(None, map(LINE.match, lines)):
                self.levels[LEVELS[match[1]]] += 1
                self.reloaded += match[2] == "config.loaded"
                if match[1] == "3":
                    self.errors[match[2]] += 1

    async def close(self):
        if self.process and self.process.returncode is None:
            self.send(signal.SIGKILL)
            await self.process.wait()
        self.forget()
        self.notes.close()

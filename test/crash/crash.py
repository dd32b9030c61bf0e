"""What the crash tests have in common: a play, a bot that dies, and the comparison afterwards.

After the play, what the stand-in saw on the wire is compared with what the outbox remembers:
every accepted SMS has one outcome, no attempt has two frames, no SMS has more attempts than allowed.
"""
import json
import re
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path

FINAL = {"assumed_sent", "unobserved", "failed", "abandoned", "expired", "cancelled"}
MAX_ATTEMPTS = 4


class broken(Exception):
    """A promise that was not kept."""


class play:
    """One play of a scenario with a bot that keeps its SMS in an outbox of its own. `bot` is the
    beginning of its command."""

    def __init__(self, sim, bot, scenario):
        self.place = tempfile.TemporaryDirectory(prefix="aiflow-crash-")
        self.record = Path(self.place.name, "record.jsonl")
        self.outbox = Path(self.place.name, "outbox")
        self.log = open(Path(self.place.name, "bot.log"), "wb")
        self.sim = subprocess.Popen(
            [sim, scenario, "--listen", "127.0.0.1:0", "--print-port", "--once", "--quiet",
             "--record", self.record, "--timeout", "120s"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        url = f"ws://127.0.0.1:{int(self.sim.stdout.readline())}/stream"
        self.bot_words = len(bot)
        self.command = [*bot, url, "--outbox", self.outbox, "--window", "1"]
        self.bot = None

    def start_and_see(self):
        """Starts the bot and waits until it has tried to connect: it takes signals by then."""
        before = len(self.bot_log())
        self.start_bot()
        while self.bot.poll() is None and "connection." not in self.bot_log()[before:]:
            time.sleep(0.02)

    def prepare(self):
        """Makes the outbox, so that the bot's first durable step is about an SMS."""
        at = self.bot_words
        url, self.command[at] = self.command[at], "ws://127.0.0.1:1/"
        self.start_and_see()
        if self.stop_bot() != 0:
            raise broken(f"the bot did not start: {self.bot_log()}")
        self.command[at] = url

    def start_bot(self, *prefix):
        self.bot = subprocess.Popen([*prefix, *self.command], stdin=subprocess.DEVNULL,
                                    stdout=self.log, stderr=self.log)
        return self.bot

    def playing(self):
        return self.sim.poll() is None

    def stop_bot(self):
        """Asks it to end, and tells how it did."""
        self.bot.send_signal(signal.SIGTERM)
        return self.bot.wait(60)

    def end(self, may_wait=()):
        """Lets the play end, then the bot; gives what the outbox and the stand-in have seen.
        `may_wait`: states besides the final ones in which an SMS may be."""
        self.sim.wait(150)
        status = self.stop_bot()
        if status == -signal.SIGKILL:  # while it ended: what it left is taken up once more
            self.start_and_see()
            status = self.stop_bot()
        if status != 0:
            raise broken(f"the bot ended with {status}: {self.bot_log()[-2000:]}")
        return self.compare(may_wait)

    def close(self):
        for process in (self.sim, self.bot):
            if process and process.poll() is None:
                process.kill()
                process.wait()
        self.sim.stdout.close()
        self.log.close()
        self.place.cleanup()

    def bot_log(self):
        self.log.flush()
        return Path(self.log.name).read_text(errors="replace")

    def frames(self):
        """How many `send_sms` the stand-in got for each session."""
        seen = Counter()
        for line in self.record.read_text().splitlines():
            frame = json.loads(line)
            if frame["direction"] == "action" and '"send_sms"' in frame["text"]:
                seen[json.loads(frame["text"])["session_id"]] += 1
        return seen

    def compare(self, may_wait):
        db = sqlite3.connect(next(self.outbox.rglob("outbox.sqlite")))
        rows = db.execute("SELECT session, state, attempts, recipient, text, "
                          "(SELECT count(*) FROM attempt WHERE sms = sms.id) FROM sms").fetchall()
        db.close()
        frames = self.frames()
        by_session = Counter()
        for session, state, attempts, recipient, text, announced in rows:
            by_session[session] += announced
            if state not in FINAL and state not in may_wait:
                raise broken(f"an accepted SMS has no outcome, but is {state}")
            if state in FINAL and (recipient or text):
                raise broken("a settled SMS still has its number or text")
            if max(attempts, announced) > MAX_ATTEMPTS:
                raise broken(f"{announced} attempts of one SMS")
        for session, number in frames.items():
            if number > by_session[session]:
                raise broken(f"{number} frames for {by_session[session]} attempts: one was doubled")
        return rows, frames


def tracing_works():
    """Whether strace can trace here; containers often forbid it."""
    try:
        done = subprocess.run(["strace", "-f", "-e", "trace=none", "true"], capture_output=True)
        return done.returncode == 0
    except FileNotFoundError:
        return False

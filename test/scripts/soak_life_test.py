"""Tries the lives of tools/soak with a stand-in for the daemon: how it ended is told as it was."""
import asyncio
import os
import signal
import sqlite3
import sys
import tempfile
import unittest
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from soak_lib.life import Daemon  # noqa: E402

STAND_IN = f"""#!{sys.executable}
import os, signal, socket
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
signal.pause()
"""


class LifeTest(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        program = Path(folder.name, "stand-in")
        program.write_text(STAND_IN)
        program.chmod(0o700)
        # This one waits in the loop, so that nobody else takes the exit status while a test holds the loop.
        watcher = asyncio.PidfdChildWatcher()
        watcher.attach_loop(asyncio.get_running_loop())
        asyncio.set_child_watcher(watcher)
        self.addCleanup(asyncio.set_child_watcher, None)
        self.daemon = Daemon(str(program), folder.name, 1, 1, lambda: 0)
        self.addAsyncCleanup(self.daemon.close)
        with closing(sqlite3.connect(self.daemon.state / "outbox.sqlite")) as outbox:
            outbox.execute("CREATE TABLE sms (id, session, state, handed_off)")
            outbox.execute("CREATE TABLE attempt (sms)")
        await self.daemon.start()

    def wait_until_it_has_ended(self):
        os.waitid(os.P_PID, self.daemon.process.pid, os.WEXITED | os.WNOWAIT)

    async def trouble(self):
        await self.daemon.restart()
        await self.daemon.stop()
        return self.daemon.trouble

    async def test_it_is_told_as_killed_though_it_was_struck_twice(self):
        self.daemon.strike()
        self.wait_until_it_has_ended()
        self.daemon.strike()
        self.assertEqual(await self.trouble(), [])
        self.assertEqual((self.daemon.kills, len(self.daemon.lives)), (1, 2))

    async def test_an_end_of_its_own_is_told(self):
        os.kill(self.daemon.process.pid, signal.SIGTERM)
        self.wait_until_it_has_ended()
        self.daemon.strike()
        self.assertEqual(await self.trouble(), ["it had ended by itself with -15 before it was killed"])

    async def test_a_strike_after_the_end_was_noticed_does_nothing(self):
        self.daemon.strike()
        await self.daemon.process.wait()
        self.daemon.strike()
        self.assertEqual(await self.trouble(), [])


if __name__ == "__main__":
    unittest.main()

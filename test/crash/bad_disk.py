"""Lets the disk fail under a bot that is on the phone: calls go on, and nothing is sent unremembered.

usage: bad_disk.py SIM BOT
"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import crash

# What strace makes a call fail with, from its which time on, and what the log has to say. The
# opening thread makes three syncs of its own, and three writes.
FAULTS = [
    ("a sync fails", "fdatasync:error=EIO:when=4+", "outbox.failed"),
    ("writing fails", "pwrite64:error=EIO:when=20+", "outbox.failed"),
    ("the disk is full", "pwrite64:error=ENOSPC:when=20+", "storage_full|no space"),
    ("the disk is read-only", "pwrite64:error=EROFS:when=20+", "outbox"),
]


def scene(sim, bot, fault):
    name, inject, words = fault
    play = crash.play(sim, [bot], Path(__file__).with_name("calls.toml"))
    try:
        play.prepare()
        call = inject.partition(":")[0]
        play.start_bot("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                       "-e", f"inject={inject}")
        play.sim.wait(150)
        if play.bot.poll() is not None:
            raise crash.broken(f"{name}: the bot ended with {play.bot.returncode}")
        status = play.stop_bot()
        if status not in (0, 1):
            raise crash.broken(f"{name}: the bot ended with {status}: {play.bot_log()}")
        if not crash.re.search(words, play.bot_log()):
            raise crash.broken(f"{name}: the log does not say so: {play.bot_log()}")
        # The disk is well again: what was in flight is settled, what never went out may wait.
        play.start_and_see()
        rows, frames = play.end(may_wait={"accepted", "waiting_retry"})
        print(f"{name}: {sum(frames.values())} frames; "
              f"{', '.join(sorted(row[1] for row in rows)) or 'nothing accepted'}", flush=True)
    finally:
        play.close()


def main(sim, bot):
    if not crash.tracing_works():
        print("SKIPPED: strace cannot trace here (no ptrace)")
        return 77
    with ThreadPoolExecutor(len(FAULTS)) as pool:
        list(pool.map(lambda fault: scene(sim, bot, fault), FAULTS))
    return 0


try:
    sys.exit(main(*sys.argv[1:]))
except crash.broken as error:
    sys.exit(f"broken: {error}")

"""Kills the bot at each of its durable steps and at each write to the wire, one after the other.

usage: every_step.py SIM BOT
"""
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import crash

AT_ONCE = 8
# strace counts for each thread. The thread that opens the outbox makes the first three; what
# happens to an SMS before the writing thread's own fourth is hit by the steps of `pwrite64`, of
# which several make one commit.
STEPS = {"fdatasync": range(1, 40), "pwrite64": range(4, 40, 3), "sendto": range(1, 40)}


def hit(sim, bot, call, step):
    """Whether the bot was killed at that call, and what became of it."""
    scene = crash.play(sim, [bot], Path(__file__).with_name("calls.toml"))
    try:
        scene.prepare()
        # With -D the bot itself is our child, so a signal to it does not end in strace.
        traced = scene.start_bot("strace", "-D", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}",
                                 "-e", f"inject={call}:signal=KILL:when={step}")
        while scene.playing() and traced.poll() is None:
            try:
                traced.wait(0.1)
            except crash.subprocess.TimeoutExpired:
                pass
        if traced.poll() is not None:
            scene.start_and_see()
        rows, frames = scene.end()
        killed = traced.returncode != 0
        states = ", ".join(sorted(row[1] for row in rows))
        print(f"{call} {step}: {'killed' if killed else 'lived'}; {sum(frames.values())} frames; "
              f"{states or 'nothing accepted'}", flush=True)
        return killed
    finally:
        scene.close()


def main(sim, bot):
    if not crash.tracing_works():
        print("SKIPPED: strace cannot trace here (no ptrace)")
        return 77
    killed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for call, steps in STEPS.items():
            for first in range(0, len(steps), AT_ONCE):
                batch = steps[first:first + AT_ONCE]
                hits = list(pool.map(lambda step, call=call: hit(sim, bot, call, step), batch))
                killed += sum(hits)
                if not all(hits):  # there are no further steps to hit
                    break
    print(f"killed {killed} times")
    if killed < 20:
        raise crash.broken("too few steps were hit: nothing is shown by that")
    return 0


try:
    sys.exit(main(*sys.argv[1:]))
except crash.broken as error:
    sys.exit(f"broken: {error}")

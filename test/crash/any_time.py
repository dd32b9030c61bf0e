"""Kills the bot a hundred times, at any moment, while calls ask for SMS.

usage: any_time.py SIM BOT...
"""
import random
import sys
import tempfile
from pathlib import Path

import crash

KILLS = 100


def main(sim, *bot):
    seed = random.randrange(1 << 32)
    chance = random.Random(seed)
    print(f"seed {seed}")
    text = Path(__file__).with_name("calls.toml").read_text()
    text = text.replace("count = 2", "count = 90").replace('every = "100ms"', 'every = "600ms"')
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as scenario:
        scenario.write(text)
        scenario.flush()
        scene = crash.play(sim, bot, scenario.name)
        try:
            kills = 0
            while kills < KILLS and scene.playing():
                running = scene.start_bot()
                try:
                    running.wait(chance.uniform(0.02, 0.45))
                except crash.subprocess.TimeoutExpired:
                    running.kill()
                    kills += 1
                running.wait()
            if kills < KILLS:
                raise crash.broken(f"the play was over after {kills} kills")
            scene.start_and_see()
            rows, frames = scene.end()
        finally:
            scene.close()
    states = crash.Counter(row[1] for row in rows)
    print(f"{kills} kills, {len(rows)} SMS accepted, {sum(frames.values())} frames: "
          + ", ".join(f"{number} {state}" for state, number in sorted(states.items())))
    if not rows:
        raise crash.broken("no SMS was accepted at all")
    return 0


try:
    sys.exit(main(*sys.argv[1:]))
except crash.broken as error:
    sys.exit(f"broken: {error}")

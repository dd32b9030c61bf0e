"""usage: play_example.py AIFLOW_SIM SCENARIO BOT TEXT...
Plays a scenario to an example and checks both: the scenario's expectations hold, the bot ends cleanly
on SIGTERM, and each TEXT stands in its output."""
import signal
import subprocess
import sys

LIMIT_S = 60


def main(sim_path, scenario, bot_path, *texts):
    sim = subprocess.Popen(
        [sim_path, scenario, "--listen", "127.0.0.1:0", "--check", "--print-port", "--color", "never",
         "--timeout", f"{LIMIT_S}s"], stdout=subprocess.PIPE, text=True)
    bot = None
    try:
        port = int(sim.stdout.readline())
        bot = subprocess.Popen([bot_path, f"ws://127.0.0.1:{port}/stream", "--window", "2"],
                               stdout=subprocess.PIPE, text=True)
        timeline, _ = sim.communicate(timeout=LIMIT_S + 10)
        bot.send_signal(signal.SIGTERM)
        said, _ = bot.communicate(timeout=LIMIT_S)
    finally:
        for process in (sim, bot):
            if process and process.poll() is None:
                process.kill()
    print(timeline, said, sep="\n")
    failures = [f"the bot did not print: {t}" for t in texts if t not in said]
    if sim.returncode != 0:
        failures.append(f"the scenario's expectations did not hold (exit code {sim.returncode})")
    if bot.returncode != 0:
        failures.append(f"the bot ended with exit code {bot.returncode}")
    print(*failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""usage: pipe_foreign.py AIFLOWD AIFLOW_SIM
The stand-in plays a call to aiflowd, which lets docs/examples/pipe_bot.py answer it: the scenario's expectations hold,
the daemon ends cleanly on SIGTERM and takes the bot with it, and its log shows neither numbers nor texts."""
import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT_S = 60
ROOT = Path(__file__).parents[2]
BOT = ROOT / "docs/examples/pipe_bot.py"

CONFIG = """
mode = "connect"

[connect]
url = "ws://127.0.0.1:{port}/stream"

[handler]
type = "pipe"
apology = "One moment please."

[pipe]
command = ["/usr/bin/python3", "{bot}"]

[sms]
window = "2s"

[outbox]
directory = "{outbox}"

[control]
socket = "off"

[log]
format = "text"
"""


def is_there(pid):
    try:
        os.kill(pid, 0)
        return True
    except ProcessLookupError:
        return False


def judge(sim, daemon, timeline, log):
    code = BOT.read_text().partition("\nimport")
    if code[1] + code[2] not in (ROOT / "docs/pipe.md").read_text():
        yield "docs/pipe.md does not quote docs/examples/pipe_bot.py as it is"
    if sim.returncode != 0:
        yield f"the scenario's expectations did not hold (exit code {sim.returncode})"
    if daemon.returncode != 0:
        yield f"aiflowd ended with exit code {daemon.returncode}"
    if timeline.count("send_sms") < 2:
        yield "the stand-in did not see the SMS twice"
    if "One moment please" in timeline:
        yield "the daemon apologised for a bot that was there"
    started = re.findall(r"pipe\.started.*\bpid=(\d+)", log)
    if len(started) != 1:
        yield f"the bot was started {len(started)} times"
    if any(is_there(int(pid)) for pid in started):
        yield "the bot has outlived the daemon"
    if "pipe.ended" not in log or "exited with 0" not in log:
        yield "the bot did not end by itself at the end of its stdin"
    for bad in ("pipe.bad_line", "pipe.no_session", "pipe.stderr", "bot.refused"):
        if bad in log:
            yield f"the log has {bad}"
    for secret in ("4915112345678", "4921155501234", "confirmation code", "Shall I text"):
        if secret in log:
            yield f"the log shows {secret!r}"


def main(aiflowd, sim_path):
    with tempfile.TemporaryDirectory(prefix="aiflow-pipe-") as folder:
        sim = subprocess.Popen(
            [sim_path, ROOT / "tools/scenarios/first-call.toml", "--listen", "127.0.0.1:0", "--check",
             "--print-port", "--color", "never", "--timeout", f"{LIMIT_S}s"],
            stdout=subprocess.PIPE, text=True)
        daemon = None
        try:
            port = int(sim.stdout.readline())
            outbox = Path(folder) / "outbox"
            outbox.mkdir(mode=0o700)
            config = Path(folder) / "aiflowd.toml"
            config.write_text(CONFIG.format(port=port, bot=BOT, outbox=outbox))
            with open(Path(folder) / "log", "w+") as log_file:
                daemon = subprocess.Popen([aiflowd, "--config", config], stdout=subprocess.DEVNULL,
                                          stderr=log_file)
                timeline, _ = sim.communicate(timeout=LIMIT_S + 10)
                daemon.send_signal(signal.SIGTERM)
                daemon.wait(timeout=LIMIT_S)
                log_file.seek(0)
                log = log_file.read()
        finally:
            for process in (sim, daemon):
                if process and process.poll() is None:
                    process.kill()
                    process.wait()
    print(timeline, log, sep="\n")
    failures = list(judge(sim, daemon, timeline, log))
    print(*failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))

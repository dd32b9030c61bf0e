"""Plays a call to a web app that was written for the vendor's webhooks, with aiflowd in between.

usage: webhook_foreign.py AIFLOWD SIM APP...

AIFLOWD  the daemon; it gets "--config FILE"
SIM      the program aiflow-sim; it plays webhook/code-by-sms.toml and checks what comes of it
APP...   the command that starts the web app; it gets the port as its last argument

The app answers one event with a send_sms, and all others with 204. Its SMS has to get through at the
second attempt, which aiflowd makes; the app has to be shown every event but the failure.
"""
import asyncio
import signal
import socket
import sys
import tempfile
from pathlib import Path

from reachable import process
from run_foreign import broken, check

SECONDS_IN_ALL = 60
SCENARIO = Path(__file__).parent / "webhook" / "code-by-sms.toml"
TOKEN = "webhook-test-token"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


async def listens(port, program):
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except ConnectionRefusedError:
            check(program.returncode is None, "the web app did not start")
            await asyncio.sleep(0.05)


class relay:
    """Stands between aiflowd and the app, to see what is posted."""

    def __init__(self, app_port):
        self.app_port, self.seen, self.connections = app_port, [], 0

    async def __call__(self, reader, writer):
        self.connections += 1
        app_reader, app_writer = await asyncio.open_connection("127.0.0.1", self.app_port)
        await asyncio.gather(self.pump(reader, app_writer, self.seen), self.pump(app_reader, writer, []))

    @staticmethod
    async def pump(reader, writer, seen):
        try:
            while data := await reader.read(65536):
                seen.append(data)
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    def text(self):
        return b"".join(self.seen).decode()


def write_config(folder, stream_port, app_port):
    token = folder / "token"
    token.write_text(TOKEN + "\n")
    token.chmod(0o600)
    (folder / "outbox").mkdir(mode=0o700)
    config = folder / "aiflowd.toml"
    config.write_text(f"""
mode = "connect"

[connect]
url = "ws://127.0.0.1:{stream_port}/stream"

[handler]
type = "webhook"

[webhook]
url = "http://127.0.0.1:{app_port}/webhook"
token_file = "{token}"

[sms]
window = "1s"

[outbox]
directory = "{folder}/outbox"

[control]
socket = "off"
""")
    return config


async def play(folder, daemon_program, sim_program, app_command):
    app_port = free_port()
    async with process(*app_command, str(app_port), stdin=asyncio.subprocess.DEVNULL) as app:
        await listens(app_port, app)
        between = relay(app_port)
        server = await asyncio.start_server(between, "127.0.0.1", 0)
        between_port = server.sockets[0].getsockname()[1]
        async with process(sim_program, str(SCENARIO), "--listen", "127.0.0.1:0", "--check",
                           "--print-port", "--color", "never", "--timeout", f"{SECONDS_IN_ALL}s",
                           stdout=asyncio.subprocess.PIPE) as sim:
            stream_port = int(await sim.stdout.readline())
            config = write_config(folder, stream_port, between_port)
            with open(folder / "log", "w", encoding="utf-8") as log:
                async with process(daemon_program, "--config", str(config), stderr=log,
                                   stdin=asyncio.subprocess.DEVNULL) as daemon:
                    timeline, _ = await sim.communicate()
                    print(timeline.decode())
                    daemon.send_signal(signal.SIGTERM)
                    check(await daemon.wait() == 0, f"aiflowd ended with {daemon.returncode}")
        server.close()
        check(sim.returncode == 0, f"the expectations did not hold (exit code {sim.returncode})")
        posted = between.text()
        check(posted.count("POST /webhook HTTP/1.1\r\n") >= 4, f"too few requests: {posted}")
        for kind in ("session_start", "user_speak", "session_end"):
            check(f'"type":"{kind}"' in posted, f"the app was not asked about {kind}")
        for kind in ("sms_failed", "user_speech_started"):
            check(kind not in posted, f"the app was asked about {kind}")
        requests = posted.count("POST ")
        check(posted.count(f"X-API-TOKEN: {TOKEN}\r\n") == requests, "a request without the token")
        log_text = (folder / "log").read_text(encoding="utf-8")
        for hidden in (TOKEN, "4915112345678", "confirmation code"):
            check(hidden not in log_text, f"the log holds {hidden}")


async def main(daemon_program, sim_program, *app_command):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            await asyncio.wait_for(play(folder, daemon_program, sim_program, app_command),
                                   SECONDS_IN_ALL + 20)
            return 0
        except (broken, asyncio.TimeoutError) as why:
            print(f"FAILED: {str(why) or 'not done in time'}")
            if (folder / "log").exists():
                print("aiflowd's log:", (folder / "log").read_text(encoding="utf-8"), sep="\n")
            return 1


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))

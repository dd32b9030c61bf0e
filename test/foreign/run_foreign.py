"""Plays a short call on a WebSocket server that is not ours, and checks what the bot does.

usage: run_foreign.py SCENE BOT SERVER...

SCENE   "proven": the server answers pings, and closes at the end; "unproven": it answers none, and
        the bot is asked to stop
BOT     the program docs/examples/send_the_code
SERVER  the command of the server, a process worked by lines of JSON: it prints {"port": 1},
        {"open": "/path"}, {"text": "…"}, {"ping": "…"} and {"closed": 1000} as they come, and
        takes {"send": "…"} and {"close": 1000}
"""
import asyncio
import json
import re
import secrets
import signal
import sys
import tempfile

SECONDS_IN_ALL = 40
SESSION = {
    "id": "550e8400-e29b-41d4-a716-446655440000",
    "account_id": "account-123",
    "phone_number": "4930123456",
    "direction": "inbound",
    "from_phone_number": "+4915112345678",
    "to_phone_number": "4930123456",
}
SPEAK_FIELDS = {"type", "session_id", "text", "ssml", "tts", "barge_in", "vad",
                "user_input_timeout_seconds"}
SMS_FIELDS = {"type", "session_id", "phone_number", "message"}


class broken(Exception):
    """What the bot, or the server, did not do as it should."""


def check(held, what):
    if not held:
        raise broken(what)


class call:
    """One call from its start to its end, and everything that was seen on the wire."""

    def __init__(self, server, bot, name="server"):
        self.server, self.bot, self.name = server, bot, name
        self.pings = []
        self.unread = []  # actions that came and were not asked for yet

    async def event(self, **fields):
        await self.command(send=json.dumps({**fields, "session": SESSION}))

    async def command(self, **what):
        self.server.stdin.write(json.dumps(what).encode() + b"\n")
        await self.server.stdin.drain()

    async def report(self, wanted):
        """The next report that has `wanted`; actions and pings before it are kept."""
        while line := await self.server.stdout.readline():
            print(f"  {self.name}: {line.decode().rstrip()}", flush=True)
            report = json.loads(line)
            check("refused" not in report, f"the connection was refused: {report}")
            check("binary" not in report, "the bot sent a binary message")
            if "ping" in report:
                self.pings.append(report["ping"])
            if "text" in report:
                actions = json.loads(report["text"])
                self.unread += actions if isinstance(actions, list) else [actions]
            if wanted in report:
                return report[wanted]
            check("closed" not in report, f"the bot's connection ended before {wanted!r} came")
        raise broken(f"the {self.name} ended before {wanted!r} came")

    async def action(self, kind):
        """The next action, which has to be of this kind."""
        while not self.unread:
            await self.report("text")
        action = self.unread.pop(0)
        check(action.get("session_id") == SESSION["id"], f"action with other session_id: {action}")
        check(action.get("type") == kind, f"expected {kind}, not {action}")
        return action

    async def speech(self):
        speak = await self.action("speak")
        check(speak.keys() <= SPEAK_FIELDS, f"speak with unknown fields: {speak}")
        check(("text" in speak) != ("ssml" in speak), f"speak needs text or ssml: {speak}")
        check(speak.get("text", speak.get("ssml")), f"speak without words: {speak}")

    async def sms(self, pings_before):
        """The next send_sms, which its ping follows."""
        sms = await self.action("send_sms")
        check(sms.keys() == SMS_FIELDS, f"send_sms with missing or unknown fields: {sms}")
        check(sms["phone_number"] == "4915112345678", f"the number has to be digits only: {sms}")
        check(sms["message"], "send_sms without text")
        check(len(self.pings) == pings_before, f"pings that follow no send_sms: {self.pings}")
        return sms

    async def ping(self, number):
        while len(self.pings) < number:
            await self.report("ping")

    async def said(self):
        """The next line that the bot prints about its SMS."""
        while line := await self.bot.stdout.readline():
            print(f"  bot:    {line.decode().rstrip()}", flush=True)
            if line.startswith(b"sms"):
                return line.decode()
        raise broken("the bot ended before it said what became of the SMS")


async def play(scene, server, bot, name="server"):
    now = asyncio.get_running_loop().time
    c = call(server, bot, name)
    await c.report("open")
    await c.event(type="session_start")
    await c.speech()

    await c.event(type="user_speak", text="Please text me the code.", barged_in=False)
    first = await c.sms(pings_before=0)
    await c.ping(1)
    await c.speech()

    await c.event(type="sms_failed", recipient=first["phone_number"], reason="smsc_unavailable",
                  message="SMSC did not answer")
    failed_at = now()
    announced = await c.said()
    check("smsc_unavailable, next attempt in" in announced, "the bot does not announce a retry")
    second = await c.sms(pings_before=1)
    waited = now() - failed_at
    check(second == first, f"the retry has other content: {second}, before {first}")
    # 2 s ±20 %; a busy machine may add to it, but never take away.
    check(1.55 <= waited <= 8, f"the retry came after {waited:.2f} s instead of 2 s ±20 %")
    await c.ping(2)
    check(all(p.isdigit() for p in c.pings), f"pings without a counter: {c.pings}")
    check(int(c.pings[0]) < int(c.pings[1]), f"the counter does not count: {c.pings}")

    outcome = await c.said()
    check("assumed sent" in outcome, "the outcome is not 'assumed sent'")
    check(re.search(r"\b2 attempts", outcome), "the outcome does not speak of 2 attempts")
    proven = "handed off" in outcome and "not handed off" not in outcome
    check(proven == (scene == "proven"),
          f"pongs were {'sent' if scene == 'proven' else 'withheld'}, and the outcome says otherwise")

    await c.event(type="session_end")
    if scene == "proven":
        await c.command(close=1000)
        check(await c.report("closed") == 1000, "the bot did not echo close code 1000")
        bot.send_signal(signal.SIGTERM)
    else:
        bot.send_signal(signal.SIGTERM)
        check(await c.report("closed") == 1001, "the bot did not go away with close code 1001")
    check(not c.unread, f"more actions than expected: {c.unread}")
    check(await bot.wait() == 0, f"the bot's exit code is {bot.returncode}")
    server.stdin.close()
    check(await server.wait() == 0, f"the {name}'s exit code is {server.returncode}")


async def main(scene, bot_program, *server_command):
    token = secrets.token_hex(16)
    started = []
    with tempfile.NamedTemporaryFile("w+") as token_file, tempfile.TemporaryFile("w+") as bot_log:
        print(token, file=token_file, flush=True)
        try:
            server = await asyncio.create_subprocess_exec(
                *server_command, "--token", token, *(["--no-pong"] if scene == "unproven" else []),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
            started.append(server)
            hello = await asyncio.wait_for(server.stdout.readline(), SECONDS_IN_ALL)
            port = json.loads(hello or "{}").get("port")
            check(port, "the server did not start")
            bot = await asyncio.create_subprocess_exec(
                bot_program, f"ws://127.0.0.1:{port}/stream",
                "--token-file", token_file.name, "--window", "1",
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=bot_log)
            started.append(bot)
            await asyncio.wait_for(play(scene, server, bot), SECONDS_IN_ALL)
            return 0
        except (broken, asyncio.TimeoutError) as why:
            print(f"FAILED: {str(why) or f'not done within {SECONDS_IN_ALL} s'}")
            bot_log.seek(0)
            print("the bot's log:", bot_log.read(), sep="\n")
            return 1
        finally:
            for process in started:
                if process.returncode is None:
                    process.kill()
                    await process.wait()


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in ("proven", "unproven"):
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))

"""Posts the events of a call with curl to a bot that listens, and compares what it answers.

usage: post_foreign.py BOT

BOT     the program docs/examples/take_the_call

The bot is reached directly, by its own TLS, and through nginx, all at once. What it has to answer
is what the samples of the vendor's page on SMS answer by HTTP (protocol.md 5.7): a send_sms to the
caller, when what was said mentions a code.
"""
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from reachable import ROUTES, listening_bot, make_certificate, process, together, tool
from run_foreign import SESSION, check

SECONDS_IN_ALL = 40
JSON = ("-H", "Content-Type: application/json")
GREETING = {"type": "speak", "session_id": SESSION["id"],
            "text": "Hello. Shall I text you the code?"}
SMS = {"type": "send_sms", "session_id": SESSION["id"], "phone_number": "4915112345678",
       "message": "Your confirmation code is 4242."}
ANNOUNCEMENT = {"type": "speak", "session_id": SESSION["id"], "text": "It is on its way."}


def event(kind, **fields):
    return json.dumps({"type": kind, **fields, "session": SESSION}).encode()


class poster:
    """curl, for one bot."""

    def __init__(self, bot):
        self.bot, self.program = bot, tool("curl", "curl")
        self.trusted = ("--cacert", bot.authority) if bot.authority else ()
        self.token = ("-H", f"X-API-TOKEN: {bot.token}")

    async def run(self, *arguments, body=None, trusted=None):
        """What came back, and curl's own account of every request."""
        async with process(
                self.program, "-sS", "--max-time", "20", "-w", "%{stderr}%{json}\n",
                *(self.trusted if trusted is None else trusted),
                *(("--data-binary", "@-") if body is not None else ()), *arguments,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE) as curl:
            out, err = await curl.communicate(body or b"")
        accounts = [json.loads(line) for line in err.decode().splitlines() if line.startswith("{")]
        check(accounts, f"curl failed: {err.decode()}")
        return out.decode(), accounts

    async def post(self, body, *arguments):
        """The values of one answer: JSON, or None for 204."""
        text, (account,) = await self.run(*self.token, *JSON, *arguments, self.bot.web + "/events",
                                          body=body)
        status, kind = account["http_code"], account["content_type"]
        if status == 204:
            check(text == "" and not kind, f"204 with {kind}: {text!r}")
            return None
        check(status == 200, f"{body[:80]} is answered with {status}")
        check(kind == "application/json", f"an answer of type {kind}")
        return json.loads(text)

    async def expect(self, answer, body, *arguments):
        got = await self.post(body, *arguments)
        check(got == answer, f"{body[:80]} is answered with {got}, not {answer}")

    async def status(self, *arguments, body=None):
        text, (account,) = await self.run(*arguments, body=body)
        check(text == "", f"a refusal with a body: {text!r}") if "<" not in text else None
        return account["http_code"]


async def whole_call(route, *setting):
    now = asyncio.get_running_loop().time
    async with listening_bot(*setting, route) as bot:
        curl = poster(bot)
        await curl.expect(GREETING, event("session_start"))
        await curl.expect(None, event("user_speech_started"))
        await curl.expect(None, event("user_speak", text="Good morning.", barged_in=False))
        await curl.expect([SMS, ANNOUNCEMENT],
                          event("user_speak", text="Send me the CODE, please.", barged_in=False),
                          "-H", "Transfer-Encoding: chunked")
        failed_at = now()
        await curl.expect(None, event("sms_failed", recipient=SMS["phone_number"],
                                      reason="smsc_unavailable"))
        # The second attempt waits for an event that comes once it is due.
        while (again := await curl.post(event("assistant_speech_ended"))) is None:
            check(now() - failed_at < 8, "the SMS was not sent again")
            await asyncio.sleep(0.1)
        check(again == SMS, f"instead of the same SMS came {again}")
        check(now() - failed_at > 1.55, f"sent again after {now() - failed_at:.2f} s, not 2 s ±20 %")
        await curl.expect(None, event("session_end"), "--http1.0")
        said = (await bot.process.stdout.readline() + await bot.process.stdout.readline()).decode()
        check("smsc_unavailable, next attempt in" in said, f"the bot said {said!r} of a retry")
        check("sent after 2 attempts" in said, f"the bot said {said!r} of the outcome")
        await bot.stop()


async def wire(route, *setting):
    """What HTTP can look like, and what is refused."""
    async with listening_bot(*setting, route) as bot:
        curl = poster(bot)
        web, events = bot.web, bot.web + "/events"
        good = event("user_speech_started")

        await curl.expect(GREETING, event("session_start"), "--http1.0")
        _, both = await curl.run(*curl.token, *JSON, events, events, body=good)
        check([a["http_code"] for a in both] == [204, 204], f"two on a connection: {both}")
        check([a["num_connects"] for a in both] == [1, 0], "the connection is not kept")

        refused = {
            "no token": (401, (events,), good),
            "another token": (401, ("-H", "X-API-TOKEN: x", events), good),
            "the token twice": (401, (*curl.token, *curl.token, events), good),
            "from a page": (403, (*curl.token, "-H", "Origin: https://example.org", events), good),
            "another path": (404, (*curl.token, web + "/other"), good),
            "GET": (405, (*curl.token, events), None),
            "no event": (400, (*curl.token, events), b'{"hello": 1}'),
            "no JSON": (400, (*curl.token, events), b"hello"),
            "2 MiB": (413, (*curl.token, events), b" " * (2 << 20)),
            "no upgrade": (426, (*curl.token, web + "/ws"), None),
            "a long path": (414, (web + "/" + "x" * 9000,), None),
        }
        for what, (status, arguments, body) in refused.items():
            got = await curl.status(*arguments, body=body)
            check(got == status, f"{what}: answered with {got}, not {status}")
        health, (account,) = await curl.run(web + "/healthz")
        check((health, account["http_code"]) == ("ok\n", 200), f"healthz says {health!r}")
        await bot.log.line(r"listener\.refused: HTTP 401: without X-API-TOKEN")
        # After all of that, the call goes on. It has to end, or the bot would wait for its end.
        await curl.expect([SMS, ANNOUNCEMENT], event("user_speak", text="code"))
        await curl.expect(None, event("session_end"))
        await bot.stop()


async def mixed_up(*setting):
    """TLS where there is none, none where there is, an old one, and one that is not trusted: there
    is no answer then, and the log says why."""
    async with listening_bot(*setting, "plain") as bot:
        curl = poster(bot)
        _, (account,) = await curl.run(bot.web.replace("http:", "https:") + "/healthz")
        check(account["exitcode"] == 35, f"TLS without TLS: {account['errormsg']}")
        await bot.log.line(r"listener\.refused: HTTP 400: TLS on a port without TLS")
        await bot.stop()
    async with listening_bot(*setting, "tls") as bot:
        curl = poster(bot)
        secure = bot.web + "/healthz"
        for why, trusted, arguments in (
                ("http request", None, (secure.replace("https:", "http:"),)),
                ("tlsv1 alert unknown ca", (), (secure,)),
                ("unsupported protocol", None,
                 ("--tls-max", "1.1", "--ciphers", "ALL:@SECLEVEL=0", secure))):
            _, (account,) = await curl.run(*arguments, trusted=trusted)
            check(account["http_code"] == 0, f"{arguments} is answered")
            await bot.log.line(rf"listener\.refused: tls: {why} \(SSL routines\) \(from=")
        await bot.stop()


async def main(program):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        setting = (program, folder, await make_certificate(folder))
        return await together(
            SECONDS_IN_ALL,
            **{f"call, {route}": whole_call(route, *setting) for route in ROUTES},
            **{f"wire, {route}": wire(route, *setting) for route in ROUTES},
            mixed_up=mixed_up(*setting))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))

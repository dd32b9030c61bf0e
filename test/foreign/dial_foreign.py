"""Dials a bot that listens with a WebSocket client that is not ours, and plays AI Flow to it.

usage: dial_foreign.py BOT DIALER...

BOT     the program docs/examples/take_the_call
DIALER  the command of the client, a process worked by lines of JSON: given a URL, --token, --ca
        and --origin, it prints {"open": "…"} or {"refused": 401}, then {"text": "…"},
        {"ping": "…"} and {"closed": 1000} as they come, and takes {"send": "…"} and {"close": 1000}

The bot is reached directly, by its own TLS, and through nginx, all at once.
"""
import asyncio
import json
import sys
import tempfile
from pathlib import Path

from reachable import ROUTES, listening_bot, make_certificate, process, together
from run_foreign import call, check, play

SECONDS_IN_ALL = 40
NGINX_PATIENCE = 3  # s


def dialled(dialer, bot, token=None, *further):
    trusted = ("--ca", bot.authority) if bot.authority else ()
    return process(*dialer, bot.url, "--token", token or bot.token, *trusted, *further,
                   stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)


async def whole_call(dialer, route, program, folder, files):
    async with listening_bot(program, folder, files, route) as bot:
        async with dialled(dialer, bot) as peer:
            # Ends with the close, and with SIGTERM for the bot.
            await play("proven", peer, bot.process, f"client ({route})")
        await bot.log.line(r"connection\.closed: ")


async def refusal(dialer, bot, *arguments):
    async with dialled(dialer, bot, *arguments) as peer:
        said = json.loads(await peer.stdout.readline() or "{}")
        peer.stdin.close()
        await peer.wait()
    return said.get("refused", said)


async def strangers(dialer, route, program, folder, files):
    async with listening_bot(program, folder, files, route) as bot:
        token, origin, another = await asyncio.gather(
            refusal(dialer, bot, "wrong"),
            refusal(dialer, bot, bot.token, "--origin", "https://example.org"),
            refusal(dialer, bot, bot.token + "x"))
        check(token == another == 401, f"wrong tokens are answered with {token} and {another}")
        check(origin == 403, f"a page in a browser is answered with {origin}")
        await bot.log.line(r"warning listener\.refused: HTTP 401: with another X-API-TOKEN")
        await bot.log.line(r"warning listener\.refused: HTTP 403: sent by a web page")
        await bot.stop()


async def idle_cut(dialer, program, folder, files):
    """A proxy with less patience than a ping interval cuts the connection; the call goes on."""
    now = asyncio.get_running_loop().time
    async with listening_bot(program, folder, files, "nginx",
                             read_timeout=f"{NGINX_PATIENCE}s") as bot:
        async with dialled(dialer, bot) as peer:
            first = call(peer, bot.process, "client (cut)")
            await first.report("open")
            await first.event(type="session_start")
            await first.speech()
            silent_since = now()
            code = await first.report("closed")
            silent = now() - silent_since
            check(code == 1006, f"nginx ends a connection without a close frame, but: {code}")
            check(silent > NGINX_PATIENCE - 0.5, f"cut already after {silent:.1f} s of silence")
        await bot.log.line(r"warning connection\.lost: the connection was lost \(connection=1,")
        async with dialled(dialer, bot) as peer:
            second = call(peer, bot.process, "client (again)")
            await second.report("open")
            await second.event(type="user_speak", text="Please text me the code.")
            await second.sms(pings_before=0)
            await second.speech()
            # A session that was not known any more would have been greeted, by a new handler.
            await second.event(type="session_start")
            await second.event(type="session_end")
            await second.command(close=1000)
            check(await second.report("closed") == 1000, "the bot did not echo close code 1000")
            check(not second.unread, f"more actions than expected: {second.unread}")
        await bot.stop()


async def main(program, *dialer):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = await make_certificate(folder)
        setting = (program, folder, files)
        return await together(
            SECONDS_IN_ALL,
            **{f"call, {route}": whole_call(dialer, route, *setting) for route in ROUTES},
            **{f"strangers, {route}": strangers(dialer, route, *setting) for route in ROUTES},
            cut=idle_cut(dialer, *setting))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(asyncio.run(main(*sys.argv[1:])))

"""A WebSocket client on Debian's python3-websockets, worked by lines of JSON (see dial_foreign.py).

What arrives is printed, what is to be sent is read from standard input, whose end is the client's.
"""
import argparse
import asyncio
import json
import ssl
import sys

import websockets
from websockets.frames import OP_PING
from websockets.legacy.client import WebSocketClientProtocol

parser = argparse.ArgumentParser()
parser.add_argument("url")
parser.add_argument("--token")
parser.add_argument("--origin")
parser.add_argument("--ca")
options = parser.parse_args()


def report(**what):
    print(json.dumps(what), flush=True)


class vendor(WebSocketClientProtocol):
    # The library answers pings below everything that it shows, so they are seen here, in the order
    # of the wire.
    async def read_frame(self, max_size):
        frame = await super().read_frame(max_size)
        if frame.opcode == OP_PING:
            report(ping=frame.data.decode())
        return frame

    async def read_message(self):
        message = await super().read_message()
        if message is not None:
            report(text=message) if isinstance(message, str) else report(binary=len(message))
        return message


async def tell_end(peer):
    await peer.wait_closed()
    report(closed=peer.close_code)


async def main():
    # Compression is offered, as the library does by itself; the bot has to accept without it.
    try:
        peer = await websockets.connect(
            options.url, create_protocol=vendor, origin=options.origin,
            extra_headers={"X-API-TOKEN": options.token} if options.token else {},
            ssl=ssl.create_default_context(cafile=options.ca) if options.ca else None,
            ping_interval=None, max_queue=None)
    except websockets.InvalidStatusCode as refused:
        return report(refused=refused.status_code)
    report(open=options.url, extensions=", ".join(e.name for e in peer.extensions))
    end = asyncio.create_task(tell_end(peer))
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        if "send" in command:
            await peer.send(command["send"])
        else:
            await peer.close(command["close"], "call over")
    end.cancel()


asyncio.run(main())

"""A WebSocket server on Debian's python3-websockets, worked by lines of JSON (see run_foreign.py).

What arrives is printed, what is to be sent is read from standard input, whose end is the server's.
"""
import argparse
import asyncio
import http
import json
import sys

import websockets
from websockets.frames import OP_PING
from websockets.legacy.server import WebSocketServerProtocol

parser = argparse.ArgumentParser()
parser.add_argument("--token", required=True)
parser.add_argument("--no-pong", action="store_true")
options = parser.parse_args()
current = None


def report(**what):
    print(json.dumps(what), flush=True)


class vendor(WebSocketServerProtocol):
    async def process_request(self, path, request_headers):
        tokens = request_headers.get_all("X-API-TOKEN")
        if tokens != [options.token]:
            report(refused=f"{len(tokens)} token(s), not the right one")
            return http.HTTPStatus.UNAUTHORIZED, [], b""
        return None

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

    async def pong(self, data=b""):
        if not options.no_pong:
            await super().pong(data)


async def serve_one(peer, path):
    global current
    current = peer
    report(open=path)
    await peer.wait_closed()  # read_message reports what comes
    report(closed=peer.close_code)


async def main():
    server = await websockets.serve(
        serve_one, "127.0.0.1", 0, create_protocol=vendor,
        compression=None, ping_interval=None, max_queue=None)
    report(port=server.sockets[0].getsockname()[1])
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        if "send" in command:
            await current.send(command["send"])
        else:
            await current.close(command["close"], "call over")


asyncio.run(main())

"""The dialling side of a WebSocket, by hand, so that it can break off in every way, and so that a ping is answered only
when everything before it has been counted."""
import asyncio
import base64
import contextlib
import os
import socket
import struct

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
LIMIT = 10  # seconds for a connection and its handshake


class Refused(Exception):
    """The upgrade was answered with another status than 101."""


def frame(opcode, payload):
    """One whole frame, masked, as a client has to."""
    size = len(payload)
    head = bytes([0x80 | opcode])
    if size < 126:
        head += bytes([0x80 | size])
    elif size < 1 << 16:
        head += struct.pack("!BH", 0x80 | 126, size)
    else:
        head += struct.pack("!BQ", 0x80 | 127, size)
    mask = os.urandom(4)
    key = (mask * (size // 4 + 1))[:size]
    return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def request(port, path, token):
    key = base64.b64encode(os.urandom(16)).decode()
    return (f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nX-API-TOKEN: {token}\r\n\r\n").encode()


class Stream:
    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.mute = False  # this side has ended; the other one may still speak

    @classmethod
    async def connect(cls, port, path, token):
        """Errors: OSError (TimeoutError is one), asyncio.IncompleteReadError, Refused."""
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(port, path, token))
        stream = cls(reader, writer)
        try:
            async with asyncio.timeout(LIMIT):
                head = await reader.readuntil(b"\r\n\r\n")
            if b" 101 " not in head.split(b"\r\n")[0]:
                raise Refused(head.split(b"\r\n")[0].decode(errors="replace"))
        except BaseException:
            stream.reset()
            raise
        return stream

    @classmethod
    async def tear(cls, port, path):
        """Resets a connection in the middle of its handshake."""
        async with asyncio.timeout(LIMIT):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request(port, path, "")[:40])
        await asyncio.sleep(0)
        cls(reader, writer).reset()

    def send(self, text):
        self._write(TEXT, text.encode())

    def _write(self, opcode, payload):
        if not self.mute:
            self.writer.write(frame(opcode, payload))

    async def run(self, on_text):
        """Reads until the connection is over, whoever ends it."""
        try:
            while True:
                first, second = await self.reader.readexactly(2)
                size = second & 0x7F
                if size >= 126:
                    size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
                payload = await self.reader.readexactly(size)
                opcode = first & 0x0F
                if opcode == TEXT:
                    on_text(payload.decode())
                elif opcode == PING:
                    self._write(PONG, payload)
                elif opcode == CLOSE:
                    self._write(CLOSE, payload[:2])
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writer.close()

    def close(self):
        self._write(CLOSE, struct.pack("!H", 1000))

    def reset(self):
        sock = self.writer.get_extra_info("socket")
        if sock is not None and sock.fileno() >= 0:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    def half_close(self):
        self.mute = True
        with contextlib.suppress(OSError):  # the other side was faster
            if not self.writer.is_closing():
                self.writer.write_eof()

    def vanish(self):
        """Ends TCP without a word of the WebSocket."""
        self.writer.close()

#!/usr/bin/env python3
"""Stands where Node.js would, for bench_smoke.py: a bot that answers as the environment's CHEAT says.
CHEAT: honest, twice (two answers to each question), other (for another call), quits."""
import base64
import hashlib
import json
import os
import socket
import sys

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def answers(event):
    session = event["session"]["id"]
    if os.environ["CHEAT"] == "other":
        session = session[:-1] + "7"
    text = json.dumps({"type": "speak", "session_id": session, "text": "x"}, separators=(",", ":"))
    return [text.encode()] * (2 if os.environ["CHEAT"] == "twice" else 1)


def frame(answer):
    size = bytes([len(answer)]) if len(answer) < 126 else bytes([126]) + len(answer).to_bytes(2)
    return bytes([0x81]) + size + answer


def serve(peer):
    stream = peer.makefile("rb")
    key = b""
    while (line := stream.readline().strip()):
        if line.lower().startswith(b"sec-websocket-key:"):
            key = line.split(b":", 1)[1].strip()
    accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
    peer.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    while (head := stream.read(2)):
        size = int.from_bytes(stream.read(2)) if head[1] & 127 == 126 else head[1] & 127
        mask = stream.read(4)
        text = bytes(b ^ mask[i % 4] for i, b in enumerate(stream.read(size)))
        if os.environ["CHEAT"] == "quits":
            return
        # In one piece, so that a second answer is there before the next question can be.
        peer.sendall(b"".join(map(frame, answers(json.loads(text)))))


if sys.argv[-1] == "version":
    print("version Node.js of a test, ws of a test")
else:
    listener = socket.create_server(("127.0.0.1", 0))
    print("port", listener.getsockname()[1], flush=True)
    serve(listener.accept()[0])

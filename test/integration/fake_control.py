"""A stand-in for the control socket of aiflowd: gives canned answers, and keeps the requests."""
import http.server
import json
import os
import socketserver
import threading


class FakeControl(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Listens at `path`. Set `answer` to (status, body), or to a function that is given the handler;
    `requests` has (method, target, body, headers) of each that came."""
    daemon_threads = True

    def __init__(self, path):
        super().__init__(str(path), _Handler)
        self.answer = (200, {})
        self.requests = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()
        os.unlink(self.server_address)

    def handle_error(self, request, client_address):
        pass  # a client that has left


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "unix"

    def log_message(self, *args):
        pass

    def handle_any(self):
        size = int(self.headers.get("Content-Length", 0))
        self.server.requests.append((self.command, self.path, self.rfile.read(size).decode(), self.headers))
        if callable(self.server.answer):
            self.server.answer(self)
            return
        status, body = self.server.answer
        body = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_DELETE = handle_any

    def begin_chunks(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def chunk(self, data):
        """An empty one ends the answer."""
        data = data if isinstance(data, bytes) else data.encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

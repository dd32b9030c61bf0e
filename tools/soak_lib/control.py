"""The control socket of the daemon, from outside. Whatever it says is kept, to be searched for what is private."""
import asyncio
import json


class Control:
    def __init__(self, path, said):
        self.path, self.said = str(path), said

    async def _ask(self, method, target, body=""):
        reader, writer = await asyncio.open_unix_connection(self.path)
        writer.write(f"{method} {target} HTTP/1.0\r\nHost: aiflowd\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        return reader, writer

    async def _whole(self, method, target, body=""):
        """(status, body), or None when the daemon is not there, or went before it had answered."""
        try:
            reader, writer = await self._ask(method, target, body)
            try:
                # Unlike wait_for, this never swallows a cancellation.
                async with asyncio.timeout(10):
                    answer = await reader.read()
            finally:
                writer.close()
        except OSError:  # TimeoutError is one
            return None
        head, end, text = answer.partition(b"\r\n\r\n")
        if not end:
            return None
        self.said.write(text.decode(errors="replace") + "\n")
        return int(head.split()[1]), text

    async def text(self, target):
        """Asks only so that the answer is searched, too."""
        await self._whole("GET", target)

    async def get(self, target):
        answer = await self._whole("GET", target)
        return json.loads(answer[1]) if answer and answer[0] == 200 else None

    async def post(self, target, body):
        answer = await self._whole("POST", target, json.dumps(body))
        try:
            return answer and (answer[0], json.loads(answer[1]))
        except json.JSONDecodeError:
            return None  # cut off in the middle

    async def tail(self, on_line):
        """Watches SMS from now until the daemon ends."""
        reader, writer = await self._ask("GET", "/v1/tail?types=send_sms,outcome")
        try:
            await reader.readuntil(b"\r\n\r\n")
            while (line := await reader.readline()).endswith(b"\n"):
                self.said.write(line.decode(errors="replace"))
                on_line(json.loads(line))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

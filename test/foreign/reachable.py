"""A bot that others can dial: the example take_the_call, reached directly, by its own TLS, or
through nginx with the configuration of docs/nginx."""
import asyncio
import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import traceback
from pathlib import Path

from run_foreign import broken, check

SAMPLE = Path(__file__).parents[2] / "docs" / "nginx" / "aiflow.conf"
ROUTES = ("plain", "tls", "nginx")


def tool(name, package):
    """Where a program is. What is missing fails the test; it is never left out."""
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/bin")
    check(found, f"{name} is missing: apt-get install {package}, as tools/check does")
    return found


@contextlib.asynccontextmanager
async def process(*command, **options):
    """A process that does not outlive its use."""
    started = await asyncio.create_subprocess_exec(*command, **options)
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
            await started.wait()


class logged:
    """The lines that a process writes to its standard error."""

    def __init__(self, started, name):
        self.lines, self.name, self.started = [], name, started
        self.more, self.at_end = asyncio.Condition(), False
        self.reader = asyncio.create_task(self.read())

    async def read(self):
        line = b"-"
        while line:
            line = await self.started.stderr.readline()
            async with self.more:
                self.at_end = not line
                self.lines += [line.decode(errors="replace").rstrip()] if line else []
                self.more.notify_all()

    async def line(self, pattern):
        """The first line that matches, as soon as there is one."""
        def found():
            return next((m for m in map(re.compile(pattern).search, self.lines) if m), None)
        async with self.more:
            await self.more.wait_for(lambda: found() or self.at_end)
        check(found(), f"{self.name} ended, and never logged {pattern!r}")
        return found()

    def show(self):
        print(f"the log of {self.name}:", *self.lines, sep="\n  ", flush=True)


async def make_certificate(folder):
    """A certificate for 127.0.0.1 and its key; it is its own authority."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    async with process(
            tool("openssl", "openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=bot",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE) as made:
        said = (await made.communicate())[1].decode()
    check(made.returncode == 0, f"openssl made no certificate: {said}")
    return certificate, key


def filled_in(replacements):
    """The sample configuration for this machine; each part that is replaced is there once."""
    text = SAMPLE.read_text()
    for old, new in replacements.items():
        check(text.count(old) == 1, f"{SAMPLE.name} has {old!r} {text.count(old)} times, not once")
        text = text.replace(old, new)
    return text


@contextlib.asynccontextmanager
async def nginx(folder, bot_port, certificate, key, read_timeout="60s"):
    """nginx with the sample in front of a bot. Gives its port."""
    home = folder / f"nginx-{bot_port}"
    home.mkdir()
    # Bound here too, so that nobody else gets the port before nginx has it; hence reuseport.
    with socket.socket() as reserved:
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        reserved.bind(("127.0.0.1", 0))
        port = reserved.getsockname()[1]
        (home / "aiflow.conf").write_text(filled_in({
            "127.0.0.1:8080": f"127.0.0.1:{bot_port}",
            "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl reuseport;",
            "/etc/letsencrypt/live/bot.example.org/fullchain.pem": str(certificate),
            "/etc/letsencrypt/live/bot.example.org/privkey.pem": str(key),
            "proxy_read_timeout 60s;": f"proxy_read_timeout {read_timeout};",
        }))
        temporary = "".join(f"    {part}_temp_path temp-{part};\n" for part in
                            ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # One process, of whoever runs the test: nothing is left behind, and no user is needed.
        (home / "nginx.conf").write_text(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log stderr notice;\n"
            "events {}\n"
            f"http {{\n    access_log off;\n{temporary}    include {home}/aiflow.conf;\n}}\n")
        async with process(
                tool("nginx", "nginx-light"), "-p", home, "-c", home / "nginx.conf", "-e", "stderr",
                stdin=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE) as started:
            log = logged(started, "nginx")
            try:
                # Said when it listens, and before that nothing but what is wrong.
                await log.line(r"notice\].* nginx/\d")
                yield port
            except BaseException:
                log.show()
                raise


class bot:
    """The example, which listens: `url` and `web` are where it is reached."""

    def __init__(self, process, log, token, port, authority):
        self.process, self.log, self.token = process, log, token
        scheme = "s" if authority else ""
        self.url, self.web = f"ws{scheme}://127.0.0.1:{port}/ws", f"http{scheme}://127.0.0.1:{port}"
        self.authority = authority  # the certificate to trust, if there is TLS

    async def stop(self):
        self.process.send_signal(signal.SIGTERM)
        check(await self.process.wait() == 0, f"the bot's exit code is {self.process.returncode}")


@contextlib.asynccontextmanager
async def listening_bot(program, folder, files, route, **nginx_options):
    """A bot that listens, reached by one of ROUTES; `files` are those of make_certificate."""
    token = secrets.token_hex(16)
    token_file = folder / f"token-{token[:8]}"
    token_file.write_text(token + "\n")
    own_tls = ("--cert", files[0], "--key", files[1]) if route == "tls" else ()
    async with contextlib.AsyncExitStack() as stack:
        started = await stack.enter_async_context(process(
            program, "127.0.0.1:0", "--token-file", token_file, "--http", "/events",
            "--window", "1", *own_tls, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE))
        log = logged(started, f"the bot ({route})")
        try:
            port = int((await log.line(r"listener\.open: .*address=127\.0\.0\.1:(\d+)"))[1])
            if route == "nginx":
                port = await stack.enter_async_context(nginx(folder, port, *files, **nginx_options))
            yield bot(started, log, token, port, files[0] if route != "plain" else None)
        except BaseException:
            log.show()
            raise


async def together(seconds, **scenes):
    """Runs scenes at once, within a time; gives the exit code, and says which ones failed."""
    results = await asyncio.gather(
        *(asyncio.wait_for(s, seconds) for s in scenes.values()), return_exceptions=True)
    for name, result in zip(scenes, results):
        if isinstance(result, asyncio.TimeoutError):
            result = broken(f"not done within {seconds} s")
        if isinstance(result, Exception) and not isinstance(result, broken):
            traceback.print_exception(result)
        print(f"{name}: {'FAILED: ' + str(result) if result else 'ok'}", flush=True)
    return 1 if any(results) else 0

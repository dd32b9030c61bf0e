#!/usr/bin/env python3
"""usage: security.py AIFLOWD AIFLOW_SIM
What aiflowd promises about TLS, secrets and its own process (reliability.md S3, S22, S24, S26), and a proxy that cuts
idle connections (F12)."""
import contextlib
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import time
import unittest
import urllib.request

from daemon_rig import AIFLOWD, CALLER, LIMIT, ONE_CALL, SMS_TEXT, TOKEN, DaemonTest, free_port, until

LAX_OPENSSL = """openssl_conf = all
[all]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
"""


class Tls(DaemonTest):
    def handshake(self, port, version):
        """What came of one by OpenSSL's own client, which takes everything."""
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", version, "-cipher",
                               "ALL:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT)
        return done.returncode == 0

    def test_S2_no_key_switches_the_verification_off(self):
        sample = subprocess.run([AIFLOWD, "--print-sample"], capture_output=True, text=True, check=True).stdout
        keys = re.findall(r"^#?(\w+) = ", sample, re.M)
        self.assertIn("ca_file", keys)
        self.assertEqual([k for k in keys if re.search("verif|insecure|skip|check|strict|trust", k)], [])

    def test_S3_the_distributions_openssl_cnf_does_not_count(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=bot", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)
        (self.folder / "openssl.cnf").write_text(LAX_OPENSSL)
        d = self.daemon(self.config(f'listen.certificate_file = "{self.folder}/cert.pem"',
                                    f'listen.key_file = "{self.folder}/key.pem"'),
                        environment={"OPENSSL_CONF": str(self.folder / "openssl.cnf")}).start()
        for version in ("-tls1", "-tls1_1"):
            self.assertFalse(self.handshake(d.port(), version), f"{version} was accepted")
        d.logged(r"listener\.refused.*tls: ", count=2)
        for version in ("-tls1_2", "-tls1_3"):
            self.assertTrue(self.handshake(d.port(), version), f"{version} was refused")

    def test_a_key_with_a_password_is_refused_and_nobody_is_asked_for_it(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-passout", "pass:abcd", "-days", "2",
                        "-subj", "/CN=x", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)
        config = self.daemon(self.config(f'listen.certificate_file = "{self.folder}/cert.pem"',
                                         f'listen.key_file = "{self.folder}/key.pem"')).config
        child, terminal = pty.fork()  # OpenSSL asks at a terminal only
        if child == 0:
            try:
                os.execv(AIFLOWD, [AIFLOWD, "--check", "--config", str(config)])
            finally:
                os._exit(1)
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.waitpid, child, 0)
        self.addCleanup(os.kill, child, signal.SIGKILL)
        said = b""
        with contextlib.suppress(OSError):  # that is how a terminal ends
            while select.select([terminal], [], [], LIMIT)[0] and b"pass phrase" not in said:
                said += os.read(terminal, 4096)
        self.assertNotIn(b"pass phrase", said)
        self.assertIn(b"without a password", said)

    def test_S3_the_same_file_opens_a_server_of_openssls_own(self):
        """So that the test above shows something."""
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=x",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, capture_output=True)
        (self.folder / "openssl.cnf").write_text(LAX_OPENSSL)
        port = free_port()
        server = subprocess.Popen(["openssl", "s_server", "-accept", f"127.0.0.1:{port}", "-key", self.folder / "key.pem",
                                   "-cert", self.folder / "cert.pem", "-quiet"], stdin=subprocess.PIPE,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  env={**os.environ, "OPENSSL_CONF": str(self.folder / "openssl.cnf")})
        self.addCleanup(server.stdin.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)

        def listens():
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                return True
            return False
        until(listens, "s_server")
        self.assertTrue(self.handshake(port, "-tls1_1"))


class Secrets(DaemonTest):
    def test_S24_they_are_in_no_place_that_others_can_see(self):
        token = self.secret()
        d = self.daemon(self.config(f'listen.token_files = ["{token}"]', control=True)).start()
        process = f"/proc/{d.process.pid}"
        with open(f"{process}/cmdline", "rb") as f:
            self.assertNotIn(TOKEN.encode(), f.read())
        with open(f"{process}/environ", "rb") as f:
            self.assertNotIn(TOKEN.encode(), f.read())
        self.assertNotIn(TOKEN, str(d.ask("/v1/status")))
        checked = subprocess.run([AIFLOWD, "--config", d.config, "--check"], capture_output=True, text=True)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertNotIn(TOKEN, checked.stdout + checked.stderr)

    def test_S24_a_configuration_with_the_secret_itself_is_refused_and_not_repeated(self):
        d = self.daemon(self.config(f'listen.token = "{TOKEN}"')).start(ready=False)
        self.assertEqual(d.process.wait(LIMIT), 78)
        d.logged(r"listen\.token")

    def test_S22_status_and_metrics_are_counts(self):
        port = free_port()
        d = self.daemon(self.config(f"metrics.port = {port}", 'log.level = "debug"')).start()
        self.played(self.sim("call.toml", "--dial", f"ws://127.0.0.1:{d.port()}/ws", "--check", text=ONE_CALL))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=LIMIT) as answer:
            page = answer.read().decode()
        self.assertIn("aiflow_", page)
        session = re.search(r"session=([^,)]+)", d.logged(r"session=")[0])[1]
        for private in (TOKEN, CALLER, CALLER[2:], SMS_TEXT, session):
            self.assertNotIn(private, page)
            self.assertNotIn(private, "\n".join(d.manager.notes))
        # At most eight characters of it, so that nobody can speak for it who has read the log.
        self.assertLessEqual(len(session), 8)

    def test_S26_it_leaves_no_core(self):
        d = self.daemon(self.config(), prefix=("prlimit", "--core=unlimited")).start()
        with open(f"/proc/{d.process.pid}/limits") as f:
            self.assertRegex(f.read(), r"Max core file size +0 +0 ")
        d.tell(signal.SIGABRT)
        self.assertEqual(d.process.wait(LIMIT), -signal.SIGABRT)


class Proxy(DaemonTest):
    """nginx between a daemon that dials and the service, with a patience of 3 s."""

    def nginx(self, port, target):
        home = self.folder / "nginx"
        home.mkdir()
        (home / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid nginx.pid; error_log stderr notice;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path a; proxy_temp_path b; fastcgi_temp_path c; uwsgi_temp_path d; scgi_temp_path e;
                server {{
                    listen 127.0.0.1:{port};
                    location / {{
                        proxy_pass http://127.0.0.1:{target};
                        proxy_http_version 1.1;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection upgrade;
                        proxy_read_timeout 3s;
                    }}
                }}
            }}""")
        program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.assertTrue(program, "nginx is missing: apt-get install nginx-light, as tools/check does")
        process = subprocess.Popen([program, "-p", home, "-c", home / "nginx.conf", "-e", "stderr"],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

    def test_F12_a_proxy_that_cuts_idle_links(self):
        sim = self.sim("call.toml", "--listen", "127.0.0.1:0", "--print-port", text=f"""
            [[calls]]
            return_within = "30s"
            steps = [{{ wait = "{LIMIT}s" }}]""")
        port = free_port()
        self.nginx(port, int(sim.stdout.readline()))
        url = f"ws://127.0.0.1:{port}/stream"

        def dialling(name, ping):
            config = self.config(f'connection.ping_interval = "{ping}s"', listen=False, url=url)
            return self.daemon(config.replace("/state", f"/state-{name}"), name=name).start()

        patient, eager = dialling("patient", 5), dialling("eager", 1)
        eager.logged(r"connection\.open")
        since = time.monotonic()
        lost = patient.logged(r"connection\.lost", count=3)
        self.assertNotIn("idle connections", lost[0])
        # The first one in a row may have had something to read later than the others.
        self.assertIn("something on the way cuts idle connections; lower ping_interval", lost[2])
        self.assertTrue(all(re.search(r"<4>|warning", line) for line in lost), lost)
        self.assertGreater(time.monotonic() - since, 6)
        self.assertNotIn("connection.lost", eager.log())


if __name__ == "__main__":
    unittest.main()

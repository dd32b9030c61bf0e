#!/usr/bin/env python3
"""usage: service.py AIFLOWD AIFLOW_SIM
aiflowd as systemd sees it: notify socket, watchdog, credentials, socket activation, state directory
(reliability.md section 7), and what a SIGKILL leaves behind."""
import os
import re
import signal
import socket
import time
import unittest

from daemon_rig import CALLER, LIMIT, ONE_CALL, TOKEN, DaemonTest, until


class Service(DaemonTest):
    def test_it_says_when_it_is_ready_and_when_it_ends(self):
        d = self.daemon(self.config()).start()
        self.assertTrue(d.manager.heard("STATUS="))
        with socket.create_connection(("127.0.0.1", d.port()), 5):
            pass  # ready means that it listens
        self.assertEqual(d.end(), 0)
        self.assertIn("STOPPING=1", d.manager.notes[-1] + d.manager.notes[-2])

    def test_it_is_ready_only_when_it_could_start(self):
        d = self.daemon(self.config('listen.path = "not a path"')).start(ready=False)
        self.assertEqual(d.process.wait(LIMIT), 78)
        self.assertFalse(d.manager.heard("READY=1"))

    def test_an_abstract_socket_will_do(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as abstract:
            name = f"aiflow-test-{os.getpid()}"
            abstract.bind("\0" + name)
            abstract.settimeout(LIMIT)
            d = self.daemon(self.config(), environment={"NOTIFY_SOCKET": "@" + name}).start(ready=False)
            self.assertIn(b"READY=1", abstract.recv(4096))
            self.assertEqual(d.end(), 0)

    def test_the_watchdog_is_fed_by_a_loop_that_turns(self):
        d = self.daemon(self.config(), environment={"WATCHDOG_USEC": "400000"}).start()
        until(lambda: d.manager.notes.count("WATCHDOG=1") >= 5, "five beats")
        times = [t for note, t in zip(d.manager.notes, d.manager.times) if note == "WATCHDOG=1"]
        self.assertLess(max(b - a for a, b in zip(times, times[1:])), 0.4)
        other = self.daemon(self.config().replace("/state", "/state2"), name="other",
                            environment={"WATCHDOG_USEC": "100000", "WATCHDOG_PID": "1"}).start()
        time.sleep(0.5)
        self.assertNotIn("WATCHDOG=1", other.manager.notes)

    def test_a_token_comes_as_a_credential(self):
        (self.folder / "credentials").mkdir(mode=0o700)
        credential = self.folder / "credentials" / "api-token"
        credential.write_text(TOKEN + "\n")
        credential.chmod(0o400)
        d = self.daemon(self.config('listen.token_files = ["credential:api-token"]'),
                        environment={"CREDENTIALS_DIRECTORY": str(credential.parent)}).start()
        url = f"ws://127.0.0.1:{d.port()}/ws"
        without = self.sim("call.toml", "--dial", url, "--check", text=ONE_CALL)
        self.assertIn("401", without.communicate(timeout=LIMIT)[0])
        self.played(self.sim("call.toml", "--dial", url, "--check", "--token-file", self.secret()))

    def test_the_state_directory_is_that_of_the_service(self):
        config = re.sub(r"outbox\.directory.*\n", "", self.config())
        d = self.daemon(config, environment={"STATE_DIRECTORY": f"{self.folder}/given:/other"}).start()
        self.assertTrue((self.folder / "given" / "outbox-listen" / "outbox.sqlite").exists())
        self.assertEqual(d.end(), 0)
        d.environment.clear()
        d.start(ready=False)
        self.assertEqual(d.process.wait(LIMIT), 78)
        self.assertIn("outbox.directory", d.log())

    def test_a_socket_is_taken_over(self):
        with socket.create_server(("127.0.0.1", 0)) as given:
            port = given.getsockname()[1]
            # The shell makes itself the process that the variables name, and then aiflowd.
            prefix = ["/bin/sh", "-c", f"exec 3<&{given.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\"", "sh"]
            d = self.daemon(self.config(), prefix=prefix, descriptors=[given.fileno()]).start()
            self.played(self.sim("call.toml", "--dial", f"ws://127.0.0.1:{port}/ws", "--check", text=ONE_CALL))
            self.assertEqual(d.end(), 0)

    def test_a_second_socket_is_refused_since_nobody_would_serve_it(self):
        with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
            prefix = ["/bin/sh", "-c", f"exec 7<&{one.fileno()} 8<&{two.fileno()} 3<&7 4<&8; "
                      "export LISTEN_PID=$$ LISTEN_FDS=2; exec \"$@\"", "sh"]
            d = self.daemon(self.config(), prefix=prefix, descriptors=[one.fileno(), two.fileno()])
            d.start(ready=False)
            self.assertEqual(d.process.wait(LIMIT), 78)
            self.assertIn("hands over 2 sockets", d.log())

    def test_a_reload_without_the_token_of_a_public_socket_changes_nothing(self):
        with socket.create_server(("0.0.0.0", 0)) as given:
            token = self.secret()
            prefix = ["/bin/sh", "-c", f"exec 3<&{given.fileno()}; export LISTEN_PID=$$ LISTEN_FDS=1; exec \"$@\"", "sh"]
            d = self.daemon(self.config(f'listen.token_files = ["{token}"]'), prefix=prefix,
                            descriptors=[given.fileno()]).start()
            d.write(self.config())
            d.rules.write_text(d.rules.read_text().replace("Hello", "Good evening"))
            d.tell(signal.SIGHUP)
            self.assertIn("tokens", d.logged(r"config\.refused")[-1])
            url = f"ws://127.0.0.1:{given.getsockname()[1]}/ws"
            self.played(self.sim("greeting.toml", "--dial", url, "--check", "--token-file", token, text="""
                [[calls]]
                steps = [{ expect = "speak", text = "Hello", within = "5s" }, { hang_up = true }]"""))
            self.assertEqual(d.end(), 0)


class Killed(DaemonTest):
    CALL = f"""
        linger = "4s"

        [sms]
        answers = [{{ answer = "smsc_unavailable", after = "50ms" }}]

        [[calls]]
        from = "{CALLER}"
        return_within = "30s"
        steps = [
            {{ expect = "speak" }}, {{ say = "The code, please." }}, {{ expect = "send_sms" }}, {{ expect = "speak" }},
            {{ wait = "3s" }}, {{ say = "Hello?" }}, {{ expect = "send_sms", within = "20s" }}, {{ wait = "3s" }}, {{ hang_up = true }},
        ]

        [[expect.sms]]
        to = "caller"
        frames = 2
    """

    def test_an_sms_outlives_a_kill_between_its_failure_and_the_retry(self):
        sim = self.sim("call.toml", "--listen", "127.0.0.1:0", "--print-port", "--check", text=self.CALL)
        url = f"ws://127.0.0.1:{int(sim.stdout.readline())}/stream"
        d = self.daemon(self.config(listen=False, url=url, control=True)).start()
        until(lambda: "sms_failed" in sim.stdout.readline(), "the first failure")

        def states():
            return [sms["state"] for sms in d.ask("/v1/sms")["sms"]]

        until(lambda: states() == ["waiting_retry"], "the failure on disk")
        d.end(signal.SIGKILL)
        d.start()
        self.assertEqual(states(), ["waiting_retry"])
        self.played(sim)
        until(lambda: states() == ["assumed_sent"], "the outcome")
        self.assertEqual(d.end(), 0)


if __name__ == "__main__":
    unittest.main()

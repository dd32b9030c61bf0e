"""Has systemd check the units of tools/systemd: every key known, and as closed as promised."""
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

UNITS = Path(__file__).resolve().parents[2] / "tools" / "systemd"
PROGRAM = "/usr/bin/aiflowd"
SKIPPED = 77
MAX_EXPOSURE = 11  # ten times what is promised in reliability.md section 7


def analyze(*arguments):
    done = subprocess.run(["systemd-analyze", "--no-pager", *arguments], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    return done.returncode, done.stdout + done.stderr


def settings(text):
    """[("Service", "Type", "notify"), ...]"""
    section, found = "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and line[0] not in "#;":
            key, _, value = line.partition("=")
            found.append((section, key, value))
    return found


class systemd_units(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        # verify wants a program that exists; which one does not matter to it.
        text = (UNITS / "aiflowd.service").read_text()
        self.assertEqual(text.count(f"ExecStart={PROGRAM} "), 1)
        (self.folder / "aiflowd.service").write_text(text.replace(PROGRAM, "/bin/true"))
        shutil.copy(UNITS / "aiflowd.socket", self.folder)

    def verify(self):
        return analyze("verify", "--man=no", "--recursive-errors=yes",
                       *(str(self.folder / f"aiflowd.{kind}") for kind in ("service", "socket")))

    def test_units_are_clean(self):
        code, said = self.verify()
        self.assertEqual((code, said), (0, ""))

    def test_an_unknown_key_would_be_found(self):
        for kind in ("service", "socket"):
            with self.subTest(kind):
                unit = self.folder / f"aiflowd.{kind}"
                whole = unit.read_text()
                unit.write_text(whole.replace("\n[Install]", "\nNoSuchKey=yes\n\n[Install]"))
                code, said = self.verify()
                unit.write_text(whole)
                self.assertNotEqual(code, 0)
                self.assertIn("NoSuchKey", said)

    def test_the_service_is_closed(self):
        code, said = analyze("security", "--offline=yes", f"--threshold={MAX_EXPOSURE}",
                             str(self.folder / "aiflowd.service"))
        self.assertEqual(code, 0, said)

    def test_a_more_open_service_would_be_found(self):
        unit = self.folder / "aiflowd.service"
        unit.write_text(unit.read_text().replace("PrivateUsers=yes\n", ""))
        code, said = analyze("security", "--offline=yes", f"--threshold={MAX_EXPOSURE}", str(unit))
        self.assertNotEqual(code, 0, said)

    def test_what_the_daemon_relies_on(self):
        service = settings((UNITS / "aiflowd.service").read_text())
        for key, value in (("Type", "notify"), ("NotifyAccess", "main"), ("Restart", "on-failure"),
                           ("RestartPreventExitStatus", "64 78"), ("StateDirectory", "aiflowd"),
                           ("RuntimeDirectory", "aiflowd"), ("SetCredential", "api-token:\\n")):
            self.assertIn(("Service", key, value), service)
        socket = settings((UNITS / "aiflowd.socket").read_text())
        self.assertIn(("Socket", "Accept", "no"), socket)

    def test_drop_in_changes_the_type_and_nothing_else(self):
        drop_in = settings((UNITS / "aiflowd-notify-reload.conf").read_text())
        self.assertEqual(drop_in, [("Service", "Type", "notify-reload"), ("Service", "ExecReload", "")])


if __name__ == "__main__":
    if not shutil.which("systemd-analyze"):
        print("skipped: there is no systemd-analyze; Debian has it in the package systemd")
        sys.exit(SKIPPED)
    unittest.main()

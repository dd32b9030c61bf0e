"""Completes command lines in bash, with the files of tools/completion."""
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

COMPLETION = Path(__file__).resolve().parents[2] / "tools" / "completion"

# As bash does it: the function that was registered, with the words and the one that the cursor is on.
SCRIPT = """
set -u
source "$1"
program=$2
shift 2
spec=$(complete -p "${program##*/}") || exit
function=${spec#*-F }
COMP_WORDS=("$program" "$@")
COMP_CWORD=$#
"${function%% *}" "$program" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


class completion(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        for name in ("one.toml", "two.toml", "three.txt"):
            (self.folder / name).write_text("")
        (self.folder / "deeper").mkdir()

    def complete(self, program, *words):
        done = subprocess.run(["bash", "--norc", "-c", SCRIPT, "bash", COMPLETION / (Path(program).name + ".bash"), program,
                               *words], capture_output=True, text=True, timeout=30, cwd=self.folder,
                              env={"PATH": os.environ["PATH"]})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return set(done.stdout.split())

    def test_commands(self):
        self.assertEqual(self.complete("aiflowctl", ""),
                         {"status", "calls", "sms", "send", "tail", "log", "drain", "reload"})
        self.assertEqual(self.complete("aiflowctl", "s"), {"status", "sms", "send"})
        self.assertEqual(self.complete("aiflowctl", "sms", ""), {"list", "show", "send", "cancel"})
        self.assertEqual(self.complete("aiflowctl", "log", ""), {"level"})
        self.assertEqual(self.complete("aiflowctl", "log", "level", "w"), {"warning"})
        self.assertEqual(self.complete("aiflowctl", "log", "level", "warning", ""), set())

    def test_flags(self):
        self.assertEqual(self.complete("aiflowctl", "--"), {"--socket", "--json", "--help", "--version"})
        self.assertEqual(self.complete("aiflowctl", "--socket", "/x", "--json", "sms", "list", "--"),
                         {"--state", "--limit", "--unmasked", "--socket", "--json", "--help"})
        self.assertEqual(self.complete("aiflowctl", "tail", "--"),
                         {"--session", "--type", "--content", "--unmasked", "--socket", "--json", "--help"})
        self.assertEqual(self.complete("aiflowctl", "sms", "send", "a", "b", "--r"), {"--ref"})

    def test_values(self):
        self.assertEqual(self.complete("aiflowctl", "sms", "list", "--state", "a"),
                         {"accepted", "assumed_sent", "abandoned"})
        self.assertEqual(self.complete("aiflowctl", "tail", "--type", "user_speak", "--type", "sms"), {"sms_failed"})
        self.assertEqual(self.complete("aiflowctl", "tail", "--type", "o"), {"opened", "outcome"})
        self.assertEqual(self.complete("aiflowctl", "sms", "list", "--limit", ""), set())
        self.assertIn("one.toml", self.complete("aiflowctl", "--socket", "o"))

    def test_what_the_daemon_knows(self):
        program = self.folder / "aiflowctl"
        program.write_text("#!/bin/sh\ncase $* in calls) printf 'SESSION FROM\\n1a2b3c4d x\\n99887766 y\\n' ;;\n"
                           "'sms list') printf 'ID TO\\n0000000000abc z\\n' ;; *) exit 1 ;; esac\n")
        program.chmod(0o755)
        self.assertEqual(self.complete(str(program), "tail", "--session", ""), {"1a2b3c4d", "99887766"})
        self.assertEqual(self.complete(str(program), "sms", "send", "9"), {"99887766"})
        self.assertEqual(self.complete(str(program), "sms", "send", "9988", "9"), set())
        self.assertEqual(self.complete(str(program), "sms", "cancel", ""), {"0000000000abc"})
        self.assertEqual(self.complete(str(program), "sms", "show", "x", ""), set())
        self.assertEqual(self.complete("/nonexistent/aiflowctl", "sms", "show", ""), set())

    def test_aiflowd(self):
        self.assertEqual(self.complete("aiflowd", ""),
                         {"--config", "--check", "--print-sample", "--version", "--help"})
        self.assertEqual(self.complete("aiflowd", "--check", "--config", ""), {"one.toml", "two.toml", "deeper"})

    def test_aiflow_sim(self):
        self.assertEqual(self.complete("aiflow-sim", ""), {"one.toml", "two.toml", "deeper"})
        self.assertEqual(self.complete("aiflow-sim", "--re"), {"--record"})
        self.assertEqual(self.complete("aiflow-sim", "--color", ""), {"auto", "always", "never"})
        self.assertEqual(self.complete("aiflow-sim", "--record", "th"), {"three.txt"})
        self.assertEqual(self.complete("aiflow-sim", "--listen", ""), set())


if __name__ == "__main__":
    unittest.main()

"""usage: check_frames_test.py GXX
Builds small programs with GCC 12, one with a coroutine that it lays out wrongly, and shows them to tools/check-frames."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "tools" / "check-frames"
GXX = sys.argv.pop(1)
CODE = """
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
namespace asio = boost::asio;
asio::awaitable<void> turn(bool) { co_return; }
bool is_cancelled(asio::cancellation_state s) { return s.cancelled() != asio::cancellation_type::none; }
asio::awaitable<void> in_a_statement(bool more)
{
    while (more) {
        const auto state = co_await asio::this_coro::cancellation_state;
        if (is_cancelled(state))
            break;
        co_await turn(more);
    }
}
#ifdef IN_A_CONDITION
asio::awaitable<void> in_a_condition(bool more)
{
    while (more && !is_cancelled(co_await asio::this_coro::cancellation_state))
        co_await turn(more);
}
#endif
int main() {}
"""


class CheckFrames(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def built(self, *flags):
        source, program = self.folder / "coroutines.cpp", self.folder / "coroutines"
        source.write_text(CODE)
        subprocess.run([GXX, "-std=c++20", *flags, "-pthread", source, "-o", program], check=True)
        return program

    def check(self, *programs):
        return subprocess.run([sys.executable, PROGRAM, *programs], capture_output=True, text=True)

    def test_what_is_in_order(self):
        done = self.check(self.built("-O0"))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn(": 2 coroutines", done.stdout)

    def test_a_promise_in_the_wrong_place(self):
        done = self.check(self.built("-O0", "-DIN_A_CONDITION"))
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertIn(": in_a_condition(bool): its promise is at ", done.stdout)
        self.assertNotIn("in_a_statement", done.stdout)

    def test_what_cannot_be_judged(self):
        optimised = self.built("-O2")
        for programs, why in (((optimised,), "no coroutine"), (("nothing-here",), "No such file"), ((), "usage")):
            done = self.check(*programs)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(why, done.stderr)


unittest.main(verbosity=2)

"""Breaks each rule of tools/check-layers in a made-up tree and looks for the message."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "tools" / "check-layers"

TREE = {
    "src/protocol/CMakeLists.txt": "${PROJECT_SOURCE_DIR}/include/aiflow/event.hpp",
    "src/transport/CMakeLists.txt": "${PROJECT_SOURCE_DIR}/include/aiflow/clock.hpp",
    "src/sms/CMakeLists.txt": "${PROJECT_SOURCE_DIR}/include/aiflow/outbox.hpp",
    "src/session/CMakeLists.txt": "${PROJECT_SOURCE_DIR}/include/aiflow/client.hpp",
    "include/aiflow/event.hpp": "#pragma once\n#include <string>\n",
    "include/aiflow/clock.hpp": '#include "aiflow/event.hpp"\n#include <boost/asio/error.hpp>\n',
    "include/aiflow/outbox.hpp": '#include "aiflow/clock.hpp"\n',
    "include/aiflow/client.hpp": '#include "aiflow/outbox.hpp"\n',
    "src/transport/websocket.cpp": "#include <boost/beast/websocket/stream.hpp>\n",
    "src/session/client.cpp": '#include "session/a.hpp"\n#include "sms/b.hpp"\n',
    "src/simulator/play.cpp": '#include "session/a.hpp"\n#include <boost/asio/ip/tcp.hpp>\n',
    "tools/sim.cpp": '#include "simulator/play.hpp"\n',
    "test/unit/a_test.cpp": '#include "session/a.hpp"\nco_await time.sleep_for(1h);\n',
    "test/integration/b_test.cpp": "#include <boost/asio/ip/tcp.hpp>\n",
}


class check_layers(unittest.TestCase):
    def complaints(self, **changed):
        """Runs the program on the made-up tree with the given files changed."""
        with tempfile.TemporaryDirectory() as root:
            for path, text in (TREE | changed.get("files", {})).items():
                (file := Path(root, path)).parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
            done = subprocess.run([sys.executable, PROGRAM, root], capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.returncode, 1 if done.stdout else 0)
        return done.stdout

    def expect(self, path, text, *words):
        """One broken rule: one line, which names file and line."""
        line = self.complaints(files={path: text})
        self.assertEqual(line.count("\n"), 1, line)
        self.assertTrue(line.startswith(f"{path}:{text.count(chr(10))}: "), line)
        for word in words:
            self.assertIn(word, line)

    def test_a_tree_that_keeps_the_rules_is_silent(self):
        self.assertEqual(self.complaints(), "")

    def test_private_header_of_a_higher_layer(self):
        self.expect("src/sms/x.cpp", '\n#include "session/a.hpp"\n', "sms includes", "session")

    def test_private_header_of_a_neighbour(self):
        self.expect("src/daemon/x.cpp", '#include "simulator/a.hpp"\n', "daemon includes")

    def test_public_header_of_a_higher_layer(self):
        self.expect("src/transport/x.cpp", '#include "aiflow/client.hpp"\n', "of session")

    def test_public_header_that_includes_upward(self):
        self.expect("include/aiflow/event.hpp", "\n\n#include <aiflow/outbox.hpp>\n", "of sms")

    def test_library_that_includes_a_program(self):
        self.expect("src/simulator/x.cpp", '#include "tools/flags.hpp"\n', "of tools")

    def test_public_header_without_a_layer(self):
        self.expect("include/aiflow/lost.hpp", "#pragma once\n", "no known layer")

    def test_include_of_a_header_without_a_layer(self):
        self.expect("src/sms/x.cpp", '#include "aiflow/lost.hpp"\n', "lists")

    def test_folder_that_is_no_layer(self):
        self.expect("src/misc/x.cpp", "int x;\n", "no known layer")

    def test_second_user_of_beast_websocket(self):
        for path in ("src/transport/dial.cpp", "test/integration/x.cpp", "src/transport/a.hpp"):
            self.expect(path, "#include <boost/beast/websocket.hpp>\n", "only one .cpp")

    def test_asio_in_protocol(self):
        self.expect("src/protocol/x.cpp", "#include <boost/asio/error.hpp>\n", "no I/O")
        self.expect("include/aiflow/event.hpp", "#include <boost/asio/error.hpp>\n", "no I/O")

    def test_socket_in_a_unit_test(self):
        for header in ("boost/asio/ip/tcp.hpp", "boost/asio.hpp", "sys/socket.h"):
            self.expect("test/unit/x_test.cpp", f"#include <{header}>\n", "no socket")

    def test_state_of_cancellation_awaited_within_an_expression(self):
        self.expect("src/session/x.cpp", "if (is_cancelled(co_await asio::this_coro::cancellation_state))\n", "GCC 12")

    def test_sleep_in_a_unit_test(self):
        self.expect("test/unit/x_test.cpp", "std::this_thread::sleep_for(1ms);\n", "manual_clock")

    def test_long_file(self):
        for path in ("src/sms/x.cpp", "test/integration/x.py", "tools/lib/x.sh", "tools/x"):
            self.expect(path, "\n" * 401, "401 lines", "400")
        self.assertEqual(self.complaints(files={"src/sms/x.cpp": "\n" * 400}), "")


if __name__ == "__main__":
    unittest.main()

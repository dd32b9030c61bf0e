"""usage: check_hardening_test.py CXX COMPILE_FLAGS LINK_FLAGS
Builds a small program with the flags of AIFLOW_HARDEN, and without each of them, and shows both to tools/check-hardening."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "tools" / "check-hardening"
CXX = sys.argv.pop(1)
COMPILE, LINK = sys.argv.pop(1).split(), sys.argv.pop(1).split()
CODE = """
#include <cstdio>
#include <cstring>
#include <vector>
struct base { virtual ~base() = default; virtual int id(const char* s, std::vector<int>& v); };
#define KIND(n) struct kind##n : base { int id(const char* s, std::vector<int>& v) override; }; \\
    int kind##n::id(const char* s, std::vector<int>& v) { return v[std::strlen(s)] + n; }
int base::id(const char* s, std::vector<int>& v)
{
    char text[40];
    std::strcpy(text, s);
    return v[std::strlen(text)];
}
KIND(1) KIND(2) KIND(3) KIND(4) KIND(5) KIND(6) KIND(7) KIND(8)
int main(int argc, char** argv)
{
    std::vector<int> v(40);
    base b; kind1 k1; kind2 k2; kind3 k3; kind4 k4; kind5 k5; kind6 k6; kind7 k7; kind8 k8;
    base* all[] = {&b, &k1, &k2, &k3, &k4, &k5, &k6, &k7, &k8};
    return all[argc % 9]->id(argv[0], v);
}
"""
# How each is switched off, and what is said then.
WITHOUT = {
    "-no-pie": "is not position independent",
    "-Wl,-z,norelro": "has no RELRO",
    "-Wl,-z,lazy": "binds lazily",
    "-Wl,-z,execstack": "has an executable stack",
    "-Wl,-rpath,/tmp": "has a path of the build in it",
    "-fno-stack-protector": "has no stack protector",
    "-U_FORTIFY_SOURCE": "is not fortified",
    "-U_GLIBCXX_ASSERTIONS": "does not check its containers",
    "-fcf-protection=none": "does not mark where it may be jumped to",
}


def check(*files):
    return subprocess.run([sys.executable, PROGRAM, *files], capture_output=True, text=True)


class CheckHardening(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "code.cpp").write_text(CODE)

    def built(self, name, *flags):
        """-O1 keeps the functions apart, which are inlined otherwise."""
        binary = self.folder / name
        subprocess.run([CXX, "-O1", "-fPIE", "-pie", *COMPILE, *LINK, *flags, self.folder / "code.cpp", "-o", binary],
                       check=True, capture_output=True)
        return binary

    def test_S32_a_hardened_program_is_fine(self):
        done = check(self.built("fine"))
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_S32_each_flag_that_is_missing_is_seen(self):
        for flag, complaint in WITHOUT.items():
            with self.subTest(flag):
                done = check(self.built("without", flag))
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn(complaint, done.stdout)
                self.assertEqual(done.stdout.count("\n"), 1, done.stdout)

    def test_a_program_without_any_is_told_all_of_it(self):
        plain = self.folder / "plain"
        subprocess.run([CXX, "-O1", *WITHOUT, self.folder / "code.cpp", "-o", plain], check=True, capture_output=True)
        done = check(plain)
        self.assertEqual(done.returncode, 1)
        for complaint in WITHOUT.values():
            self.assertIn(complaint, done.stdout)

    def test_what_cannot_be_read_is_an_error(self):
        for files in ((), ("/nowhere",), (self.folder / "code.cpp",)):
            with self.subTest(files):
                self.assertEqual(check(*files).returncode, 2)


if __name__ == "__main__":
    unittest.main()

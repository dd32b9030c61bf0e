#!/usr/bin/env python3
"""usage: bench_smoke.py AIFLOW_BENCH
A little of every workload of aiflow-bench: that every question gets its answer, and that the report
has all figures. Never how fast."""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from pathlib import Path

PROGRAM = sys.argv[1]
CHEAT = Path(__file__).parent / "bench_cheat.py"
TURNS = {"rate", "cpu_ns", "busy", "p50_us", "p99_us", "p999_us"}
FIGURES = {
    "one": TURNS, "pipeline": TURNS, "fan": TURNS, "open": TURNS, "sms": TURNS, "sms-speak": TURNS,
    "calls-5": TURNS, "calls-20": TURNS, "flood": {"rate", "cpu_ns", "busy"},
    "flood-started": {"rate", "cpu_ns", "busy"}, "threads": {"rate", "rate_of_one", "ratio"},
    "memory": {"empty_bytes", "bytes_10", "bytes_20"}}
ALONE = {"sms", "sms-speak", "threads"}
AS_SERVER = ALONE | {"calls-5", "calls-20", "memory"}


def bench(*arguments, env=None):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=200,
                          env=env)


def expected():
    """(workload, role, wire) of every case."""
    for workload in FIGURES:
        for role in ("listen",) if workload in AS_SERVER else ("listen", "dial"):
            for wire in ("plain",) if workload in ALONE else ("plain", "tls"):
                yield workload, role, wire


def everything(folder):
    files = {kind: folder / f"report.{kind}" for kind in ("json", "svg", "markdown")}
    done = bench("--quick", "--application", "aiflow", "beast",
                 *(word for kind, file in files.items() for word in (f"--{kind}", str(file))))
    assert done.returncode == 0, done.stderr
    report = json.loads(files["json"].read_text())
    cases = {(c["workload"], c["role"], c["wire"]): c["applications"] for c in report["cases"]}
    assert set(cases) == set(expected()), set(cases) ^ set(expected())
    for (workload, role, wire), applications in cases.items():
        assert set(applications) == ({"aiflow"} if workload in ALONE else {"aiflow", "beast"})
        for name, measured in applications.items():
            wanted = FIGURES[workload] | (
                {"bytes_after", "growth"} if (workload, wire) == ("memory", "plain") else set())
            assert set(measured["median"]) == wanted, (workload, name, measured)
            assert len(measured["rounds"]) == 1
            assert measured["median"].get("rate", 1) > 0, (workload, name)
    assert xml.parse(files["svg"]).getroot().tag.endswith("svg")
    table = files["markdown"].read_text()
    for workload in FIGURES:
        assert workload in table or workload in ("threads", "memory"), workload
    for title in ("Rate", "Time to an answer", "Processor for each event", "Memory", "Threads"):
        assert f"### {title}" in table and f"\n{title}. " in done.stdout, title


def two_threads():
    done = bench("--quick", "--application", "aiflow", "--workload", "fan", "--role", "listen",
                 "--bot-threads", "2")
    assert done.returncode == 0, done.stderr


def without_node(folder):
    """Says how to get it, and goes on."""
    done = bench("--quick", "--workload", "one", "--role", "listen", "--wire", "plain",
                 "--node", str(folder))
    assert done.returncode == 0, done.stderr
    assert "npm ci" in done.stdout and "bare Beast" in done.stdout, done.stdout


def cheats(folder):
    """An application that does not answer each question once, and for its call, fails the run."""
    node = folder / "node"
    node.write_text(f'#!/bin/sh\nexec /usr/bin/python3 "{CHEAT}" "$@"\n')
    node.chmod(0o755)
    (folder / "node_modules" / "ws").mkdir(parents=True)
    for cheat, why in (("honest", None), ("twice", "answers no open question"),
                       ("other", "answers no open question"),
                       ("quits", "closed a connection before it should")):
        done = bench("--quick", "--workload", "one", "--role", "listen", "--wire", "plain",
                     "--application", "node", "--node", str(folder),
                     env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "CHEAT": cheat})
        assert done.returncode == (0 if why is None else 1), (cheat, done)
        assert why is None or why in done.stderr, (cheat, done.stderr)


def bad_flags():
    assert bench("--workload", "nothing").returncode == 64
    assert bench("--help").returncode == 0


with tempfile.TemporaryDirectory() as name:
    everything(Path(name))
    two_threads()
    without_node(Path(name))
    cheats(Path(name))
    bad_flags()

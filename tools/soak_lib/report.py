"""What a soak found, as figures with their limits, and as a table."""
from collections import Counter
from dataclasses import dataclass

from soak_lib import series
from soak_lib.life import EXPECTED_ERRORS

SETTLING = 15.0  # seconds after which a life's memory has grown to what the load needs
BUCKET = 10.0    # seconds of one point of "over time"
LIMIT_SLOPE = 1.0          # MiB in 10 minutes
ENOUGH_LIVES = 6           # for a slope that is not noise
LIMIT_GROWTH = 8.0         # MiB; what reliability.md 5 calls "memory back"
FLAT_FACTOR, FLAT_MS = 2.0, 20.0  # p99 of the last third against the first


@dataclass(frozen=True)
class Figure:
    name: str
    value: str
    limit: str = ""
    kept: bool = True


def _exactly(name, value, wanted):
    return Figure(name, f"{value}", f"= {wanted}", value == wanted)


def _counts(counts):
    return ", ".join(f"{count} {what}" for what, count in sorted(counts.items())) or "none"


def _messages(ledger, findings, open_at_end):
    counted, kinds = ledger.count(), Counter(kind for kind, _, _ in findings)
    return [
        Figure("SMS accepted", f"{counted['accepted']}", "> 0", counted["accepted"] > 0),
        Figure("of these, told as accepted", f"{counted['told']}", "> 0", counted["told"] > 0),
        Figure("frames, second and later ones", f"{counted['frames']}, {counted['repeated']}", "> 0, > 0",
               counted["frames"] > 0 and counted["repeated"] > 0),
        Figure("failures sent", _counts(counted["failures"])),
        Figure("outcomes on disk", _counts(ledger.states())),
        Figure("assumed sent behind a lost connection, unread", f"{counted['unread']}"),
        _exactly("without an outcome when all was over", open_at_end, 0),
        _exactly("lost", kinds["lost"], 0),
        _exactly("doubled", kinds["doubled"], 0),
    ]


def _memory(daemon, judged):
    ten_minutes = 600 / series.MIB
    # At its beginning the outbox, and what is read of it, still grows to what it is to remember; its file is full when
    # the first that was forgotten has made room for what came meanwhile.
    steady = [(life.start, life.memory) for life in daemon.lives if life.memory and life.start >= 2 * daemon.keep]
    across = series.slope_across(steady)
    within = series.slope_within([(life.memory, life.reloads) for life in daemon.lives], SETTLING)
    ends = [life.memory[-1][1] / series.MIB for life in daemon.lives if life.memory] or [0.0]
    first, last = ends[0], ends[-1]
    judged_slope = judged and across is not None and len(steady) >= ENOUGH_LIVES
    return [
        Figure("memory, at the end of the first and the last life", f"{first:.1f}, {last:.1f} MiB",
               f"grown < {LIMIT_GROWTH:g} MiB" if judged else "", not judged or last - first < LIMIT_GROWTH),
        Figure("memory slope from life to life, at the same age",
               "-" if across is None else f"{across * ten_minutes:+.2f} MiB in 10 min",
               f"< {LIMIT_SLOPE:g}" if judged_slope else f"from {ENOUGH_LIVES} steady lives on" if judged else "",
               not judged_slope or across * ten_minutes < LIMIT_SLOPE),
        Figure("memory slope within a life", "-" if within is None else f"{within * ten_minutes:+.2f} MiB in 10 min"),
    ]


def _time(turn_arounds, judged):
    each = [seconds * 1000 for _, seconds in turn_arounds]
    first, last = series.first_and_last_third(turn_arounds, BUCKET, 0.99)
    figures = [Figure("answers timed", f"{len(each)}", "> 0", bool(each))]
    if each:
        figures.append(Figure("turn-around, p50 and p99",
                              f"{series.percentile(each, 0.5):.1f}, {series.percentile(each, 0.99):.1f} ms"))
    if first is not None:
        limit = FLAT_FACTOR * first * 1000 + FLAT_MS
        figures.append(Figure("p99 over time, first and last third", f"{first * 1000:.1f}, {last * 1000:.1f} ms",
                              f"last < {limit:.0f} ms" if judged else "", not judged or last * 1000 < limit))
    return figures


def figures(vendor, ledger, daemon, planned, open_at_end, findings, judged):
    """`planned`: kills and reloads; `judged`: whether memory and time have limits."""
    idle = [life.idle for life in daemon.lives if life.idle is not None]
    errors = {what: count for what, count in daemon.errors.items() if what not in EXPECTED_ERRORS}
    lost = {what.removeprefix("connections lost by "): count for what, count in vendor.count.items()
            if what.startswith("connections lost by ")}
    other = {what: vendor.count[what] for what in vendor.count
             if what not in ("calls", "connections", "events", "actions") and what not in
             {"connections lost by " + how for how in lost}}
    return [
        Figure("calls, connections", f"{vendor.count['calls']}, {vendor.count['connections']}"),
        Figure("events, actions", f"{vendor.count['events']}, {vendor.count['actions']}"),
        Figure("connections lost by", _counts(lost)),
        *[Figure(what, f"{count}") for what, count in sorted(other.items())],
        *_messages(ledger, findings, open_at_end),
        *_memory(daemon, judged),
        Figure("descriptors without a call, at the beginning and at the end",
               ", ".join(map(str, idle)), "equal", len(idle) == 2 and idle[0] == idle[1]),
        *_time(vendor.turn_arounds, judged),
        _exactly("restarts after SIGKILL", daemon.kills, planned[0]),
        _exactly("reloads after SIGHUP", daemon.reloaded, planned[1]),
        _exactly("exit code after SIGTERM", daemon.exit, 0),
        Figure("log lines", _counts(daemon.levels)),
        Figure("errors in the log that are not of the vendor's making", _counts(errors), "none", not errors),
        _exactly("private things in what was printed", len(daemon.private), 0),
        _exactly("other trouble", len(vendor.trouble) + len(daemon.trouble), 0),
    ]


def table(all_figures):
    """Aligned, and Markdown at the same time."""
    rows = [("figure", "value", "limit", ""), *((f.name, f.value, f.limit, "" if f.kept else "BROKEN")
                                                for f in all_figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join("-" * max(3, width) for width in widths) + " |")
    return "\n".join(lines)



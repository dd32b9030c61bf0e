"""The ledger of a soak: what every message was promised and what came of it. Decides what was lost and what doubled.

Each call asks for one SMS, so a message is known by its session. Three sides write here: the vendor's (each `send_sms`
that came, each `sms_failed` that went out), the daemon's word (an acceptance or an outcome it told), and the outbox on
disk, read whenever no process has it.
"""
from collections import Counter
from dataclasses import dataclass, field

from soak_lib.plan import MAX_ATTEMPTS, UNAVAILABLE

FINAL = {"assumed_sent", "unobserved", "failed", "abandoned", "expired", "cancelled"}


@dataclass
class Entry:
    frames: int = 0
    failures: dict = field(default_factory=dict)  # frame number, from 1: the reason that was sent for it
    accepted: bool = False    # the daemon said so
    outcomes: list = field(default_factory=list)  # (state, corrected), as the daemon told them in one life
    rows: dict = field(default_factory=dict)      # id: the newest row of the outbox
    cut: bool = False         # a connection of its call was lost, or the daemon killed while the call was there
    wrong: list = field(default_factory=list)     # what was wrong the moment it happened


@dataclass(frozen=True)
class Row:
    """A message as the outbox has it."""
    id: int
    session: str
    state: str
    attempts: int    # announced on disk before their first byte
    handed_off: bool


class Ledger:
    def __init__(self):
        self.entries = {}

    def entry(self, session):
        return self.entries.setdefault(session, Entry())

    def frame(self, session, as_asked=True):
        """A `send_sms` came at the vendor's side; gives its number, from 1."""
        e = self.entry(session)
        if e.frames and e.failures.get(e.frames) != UNAVAILABLE:
            said = e.failures.get(e.frames) or ("no reason" if e.frames in e.failures else "nothing")
            e.wrong.append(("doubled", f"frame {e.frames + 1} although the vendor said {said} about frame {e.frames}"))
        e.frames += 1
        if e.frames > MAX_ATTEMPTS:
            e.wrong.append(("doubled", f"frame {e.frames} of at most {MAX_ATTEMPTS}"))
        if not as_asked:
            e.wrong.append(("doubled", f"frame {e.frames} has another number or text than was asked for"))
        return e.frames

    def failed(self, session, frame, reason):
        """The vendor's side says `sms_failed` about a frame; the first word about it counts."""
        self.entry(session).failures.setdefault(frame, reason)

    def accepted(self, session):
        self.entry(session).accepted = True

    def outcome(self, session, state, corrected):
        e = self.entry(session)
        if e.outcomes and not corrected:
            e.wrong.append(("doubled", f"outcome {state} after {e.outcomes[-1][0]}, and not as a correction"))
        e.outcomes.append((state, corrected))

    def cut(self, session):
        self.entry(session).cut = True

    def restarted(self):
        """Outcomes are stored lazily, so a killed process may tell its last ones again (reliability.md 3.1)."""
        for e in self.entries.values():
            e.outcomes.clear()

    def stored(self, rows):
        """What the outbox holds while no process has it."""
        for row in rows:
            self.entry(row.session).rows[row.id] = row

    def findings(self):
        """Every broken promise as (kind, session, what), once all is settled; kind is "lost" or "doubled"."""
        for session, e in self.entries.items():
            for kind, what in [*e.wrong, *_lost(e), *_doubled(e)]:
                yield kind, session, what

    def states(self):
        return Counter(row.state for e in self.entries.values() for row in e.rows.values())

    def count(self):
        entries = self.entries.values()
        return {"accepted": sum(len(e.rows) for e in entries), "told": sum(e.accepted for e in entries),
                "frames": sum(e.frames for e in entries), "repeated": sum(max(0, e.frames - 1) for e in entries),
                "failures": Counter(reason or "none" for e in entries for reason in e.failures.values()),
                "outcomes": sum(len(e.outcomes) for e in entries),
                # Where the connection was cut behind it, nobody can say that a written frame was read.
                "unread": sum(1 for e in entries for row in e.rows.values()
                              if row.state == "assumed_sent" and not e.frames)}


def _lost(e):
    if e.accepted and not e.rows:
        yield "lost", "the daemon accepted it, but the outbox does not know it"
    if e.frames and not e.rows:
        yield "lost", "a frame came, but the outbox does not know the message"
    for row in e.rows.values():
        if row.state not in FINAL:
            yield "lost", f"accepted, and without an outcome at the end: {row.state}"
        elif row.handed_off and not e.frames:
            yield "lost", "proven to be handed off, but no frame came"
        elif row.state in ("assumed_sent", "failed") and row.attempts and not e.frames and not e.cut:
            yield "lost", f"{row.state}, but no frame came, and no connection of its call was lost"


def _doubled(e):
    if len(e.rows) > 1:
        yield "doubled", f"asked for once, accepted {len(e.rows)} times"
    announced = sum(row.attempts for row in e.rows.values())
    if e.rows and e.frames > announced:
        yield "doubled", f"{e.frames} frames for {announced} attempts on disk"

"""What the n-th call of a soak does: a function of the seed and n, so that a run can be repeated."""
import random
import uuid
from dataclasses import dataclass

EVENTS = 10  # of each call, the first and the last among them
CUTS = ("reset", "half_close", "vanish")
REASONS = ("unknown", "number_not_reachable", None)  # one that is documented, one that is new, none at all
ACCOUNT = ("sender_not_allowed", "insufficient_balance", "no_sms_extension")
UNAVAILABLE = "smsc_unavailable"
MAX_ATTEMPTS = 4
STORM = 8.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What the vendor's side makes of one frame."""
    reason: str | None
    after: float
    twice: bool = False


@dataclass(frozen=True)
class Call:
    number: int
    session: str
    caller: str
    code: str
    pace: float            # seconds between two events
    by_control: bool       # the SMS is asked for at the control socket instead of by the caller
    stumble: str | None    # before the call's connection: "wrong_token" or "torn_handshake"
    cut: str | None        # how the connection is lost on the way, if it is
    cut_at: int            # after which event
    cut_at_frame: bool     # it is reset when the SMS has been read, before its hand-off can be proven
    returns_after: float | None  # how long after a loss the call is there again, if it comes back
    answers: tuple         # an Answer or None (nothing is said) for each frame
    linger: float          # how long the connection stays after the end of the call


def _answer(chance):
    kind = chance.random()
    if kind < 0.80:
        return None
    reason = UNAVAILABLE if kind < 0.88 else chance.choice(REASONS)
    # Most come soon; some when the message has long been taken for sent.
    after = chance.uniform(0.02, 1.5) if chance.random() < 0.9 else chance.uniform(4.5, 8.0)
    return Answer(reason, after, twice=chance.random() < 0.05)


def call(seed, number):
    chance = random.Random(f"{seed}/{number}")
    session = str(uuid.UUID(int=chance.getrandbits(128), version=4))
    answers = [_answer(chance) for _ in range(MAX_ATTEMPTS + 2)]
    if chance.random() < 0.001:
        answers[0] = Answer(chance.choice(ACCOUNT), 0.1)
    return Call(
        number=number, session=session, caller=f"4915{number % 10**9:09}", code=f"{chance.randrange(10**6):06}{number}",
        pace=chance.uniform(0.4, 0.9), by_control=chance.random() < 0.2,
        stumble=chance.choice(("wrong_token", "torn_handshake")) if chance.random() < 0.06 else None,
        cut=chance.choice(CUTS) if chance.random() < 0.15 else None, cut_at=chance.randrange(1, EVENTS - 1),
        cut_at_frame=chance.random() < 0.03,
        returns_after=chance.uniform(0.05, 3.0) if chance.random() < 0.6 else None,
        answers=tuple(answers), linger=chance.uniform(0.2, 4.0))


def storms(seed, seconds):
    """When the SMS centre is out of order: once in three minutes, as (begin, end)."""
    chance = random.Random(f"{seed}/storms")
    starts = [minute * 60 + chance.uniform(5, 45) for minute in range(1, int(seconds // 60), 3)]
    return [(start, start + STORM) for start in starts]


def moments(seconds, every):
    """When the daemon is killed and when it reloads: a reload in the middle of each life, and no kill that the run
    would end right behind."""
    if not every:
        return [], []
    kills = [k * every for k in range(1, int(seconds // every) + 1) if k * every <= seconds - every / 4]
    reloads = [(k + 0.5) * every for k in range(int(seconds // every) + 1) if (k + 0.5) * every < seconds]
    return kills, reloads

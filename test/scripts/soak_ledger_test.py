"""Tries the ledger of tools/soak: what counts as lost and as doubled, and what a crash permits."""
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from soak_lib.ledger import FINAL, Ledger, Row  # noqa: E402


def settled(state="assumed_sent", attempts=1, handed_off=False, number=1, session="a"):
    return Row(number, session, state, attempts, handed_off)


class LedgerTest(unittest.TestCase):
    def setUp(self):
        self.ledger = Ledger()

    def holds(self, *kinds):
        found = list(self.ledger.findings())
        self.assertEqual(sorted(kind for kind, _, _ in found), sorted(kinds), found)
        return " ".join(what for _, _, what in found)

    def sent(self, frames=1, attempts=None, **row):
        """A message with frames that each failed but the last one."""
        for number in range(1, frames + 1):
            self.ledger.frame("a")
            if number < frames:
                self.ledger.failed("a", number, "smsc_unavailable")
        self.ledger.stored([settled(attempts=attempts or frames, **row)])

    def test_a_message_that_went_out_once_is_fine(self):
        self.ledger.accepted("a")
        self.sent()
        self.holds()

    def test_each_matched_failure_permits_one_more_frame(self):
        self.sent(frames=4)
        self.holds()

    def test_but_no_more_than_four(self):
        self.sent(frames=5)
        self.assertIn("5 of at most 4", self.holds("doubled"))

    def test_a_second_frame_without_a_failure(self):
        self.ledger.frame("a")
        self.ledger.frame("a")
        self.ledger.stored([settled(attempts=2)])
        self.assertIn("nothing about frame 1", self.holds("doubled"))

    def test_a_second_frame_after_another_reason(self):
        for reason in ("unknown", "insufficient_balance", None):
            with self.subTest(reason):
                self.setUp()
                self.ledger.frame("a")
                self.ledger.failed("a", 1, reason)
                self.ledger.frame("a")
                self.ledger.stored([settled(attempts=2)])
                self.assertIn(reason or "no reason", self.holds("doubled"))

    def test_a_failure_permits_one_frame_and_not_two(self):
        self.ledger.frame("a")
        self.ledger.failed("a", 1, "smsc_unavailable")
        self.ledger.failed("a", 1, "smsc_unavailable")
        self.ledger.frame("a")
        self.ledger.frame("a")
        self.ledger.stored([settled(attempts=3)])
        self.assertIn("frame 3", self.holds("doubled"))

    def test_a_crash_permits_no_second_frame(self):
        self.ledger.frame("a")
        self.ledger.cut("a")
        self.ledger.restarted()
        self.ledger.frame("a")
        self.ledger.stored([settled("unobserved", attempts=2)])
        self.holds("doubled")

    def test_a_frame_that_was_not_announced_on_disk(self):
        self.sent(frames=2, attempts=1)
        self.assertIn("2 frames for 1 attempts", self.holds("doubled"))

    def test_a_frame_with_another_content(self):
        self.ledger.frame("a", as_asked=False)
        self.ledger.stored([settled()])
        self.holds("doubled")

    def test_accepted_twice(self):
        self.sent()
        self.ledger.stored([settled("expired", attempts=0, number=2)])
        self.assertIn("accepted 2 times", self.holds("doubled"))

    def test_two_outcomes(self):
        self.sent()
        self.ledger.outcome("a", "assumed_sent", corrected=False)
        self.ledger.outcome("a", "failed", corrected=False)
        self.holds("doubled")

    def test_a_correction_and_an_outcome_that_is_told_again_after_a_crash_are_not_two(self):
        self.sent()
        self.ledger.outcome("a", "assumed_sent", corrected=False)
        self.ledger.outcome("a", "failed", corrected=True)
        self.ledger.restarted()
        self.ledger.outcome("a", "failed", corrected=False)
        self.holds()

    def test_told_as_accepted_and_then_not_on_disk(self):
        self.ledger.accepted("a")
        self.holds("lost")

    def test_a_frame_of_a_message_that_is_not_on_disk(self):
        self.ledger.frame("a")
        self.holds("lost")

    def test_no_outcome_at_the_end(self):
        for state in ("accepted", "sending", "written", "handed_off", "waiting_retry"):
            with self.subTest(state):
                self.setUp()
                self.sent(state=state)
                self.assertIn(state, self.holds("lost"))

    def test_every_outcome_is_one(self):
        for state in FINAL:
            with self.subTest(state):
                self.setUp()
                self.sent(state=state)
                self.holds()

    def test_the_newest_row_counts(self):
        self.sent(state="sending")
        self.ledger.stored([settled("unobserved")])
        self.holds()

    def test_what_nobody_saw_on_the_wire(self):
        for state, attempts, handed_off, cut, kinds in (
                ("assumed_sent", 1, False, False, ["lost"]), ("failed", 1, False, False, ["lost"]),
                ("assumed_sent", 1, False, True, []), ("assumed_sent", 1, True, True, ["lost"]),
                ("unobserved", 1, True, True, ["lost"]), ("unobserved", 1, False, False, []),
                ("abandoned", 0, False, False, []), ("expired", 0, False, False, []),
                ("failed", 0, False, False, [])):  # the account was refused before it could be tried
            with self.subTest((state, attempts, handed_off, cut)):
                self.setUp()
                if cut:
                    self.ledger.cut("a")
                self.ledger.stored([settled(state, attempts, handed_off)])
                self.holds(*kinds)

    def test_counts(self):
        self.ledger.accepted("a")
        self.sent(frames=2)
        self.ledger.cut("b")
        self.ledger.stored([settled(session="b", number=2)])
        counted = self.ledger.count()
        self.assertEqual((counted["accepted"], counted["told"], counted["frames"], counted["repeated"],
                          counted["unread"]), (2, 1, 2, 1, 1))
        self.assertEqual(counted["failures"], {"smsc_unavailable": 1})
        self.assertEqual(self.ledger.states(), {"assumed_sent": 2})


unittest.main()

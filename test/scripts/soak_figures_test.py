"""Tries what tools/soak decides besides lost and doubled: its plan, its arithmetic, its frames, its table and its SVG."""
import sys
import unittest
import xml.etree.ElementTree as xml
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from soak_lib import chart, plan, report, series, stream  # noqa: E402
from soak_lib.ledger import Ledger, Row  # noqa: E402
from soak_lib.life import Life  # noqa: E402

MIB = series.MIB


class Plan(unittest.TestCase):
    def test_the_seed_decides_everything(self):
        calls = [plan.call(7, n) for n in range(300)]
        self.assertEqual(calls, [plan.call(7, n) for n in range(300)])
        self.assertNotEqual(calls, [plan.call(8, n) for n in range(300)])
        self.assertEqual(plan.storms(7, 1800), plan.storms(7, 1800))

    def test_no_two_calls_are_taken_for_one(self):
        calls = [plan.call(1, n) for n in range(1000)]
        for member in ("session", "caller", "code"):
            self.assertEqual(len({getattr(c, member) for c in calls}), len(calls), member)

    def test_everything_happens(self):
        calls = [plan.call(1, n) for n in range(3000)]
        self.assertEqual({c.cut for c in calls}, {None, *plan.CUTS})
        self.assertEqual({c.stumble for c in calls}, {None, "wrong_token", "torn_handshake"})
        answers = [a for c in calls for a in c.answers if a]
        self.assertLess({plan.UNAVAILABLE, *plan.REASONS}, {a.reason for a in answers})
        self.assertTrue(any(a.twice for a in answers))
        self.assertEqual({c.cut_at_frame for c in calls}, {True, False})
        self.assertTrue(any(a.reason in plan.ACCOUNT for a in answers))
        self.assertTrue(all(0 < c.cut_at < plan.EVENTS - 1 for c in calls))

    def test_one_kill_and_one_reload_a_minute(self):
        kills, reloads = plan.moments(300, 60)
        self.assertEqual((kills, reloads), ([60, 120, 180, 240], [30, 90, 150, 210, 270]))
        self.assertEqual(plan.moments(24, 15), ([15], [7.5, 22.5]))
        self.assertEqual(plan.moments(300, 0), ([], []))

    def test_a_storm_in_three_minutes(self):
        self.assertEqual(len(plan.storms(1, 30 * 60)), 10)
        for begin, end in plan.storms(1, 30 * 60):
            self.assertTrue(0 < begin < end < 30 * 60)
            self.assertEqual(int(begin // 60), int((end - 0.01) // 60))


class Arithmetic(unittest.TestCase):
    def test_percentile(self):
        values = list(range(100, 0, -1))
        self.assertEqual([series.percentile(values, share) for share in (0, 0.5, 0.99, 1)], [1, 50, 99, 100])
        self.assertEqual(series.percentile([3], 0.99), 3)

    def test_buckets(self):
        self.assertEqual(series.buckets([(1, "a"), (25, "c"), (9.9, "b")], 10), [(5, ["a", "b"]), (25, ["c"])])

    def test_slope_of_groups_at_different_heights(self):
        self.assertAlmostEqual(series.common_slope([[(0, 0), (1, 2), (2, 4)], [(0, 100), (1, 102)]]), 2)
        self.assertIsNone(series.common_slope([[(0, 1)], []]))

    def test_what_fills_at_the_beginning_of_a_life_is_no_growth(self):
        life = [(age, min(age, 15) * MIB) for age in range(60)]
        self.assertAlmostEqual(series.slope_within([(life, []), (life, [])], 15), 0)
        self.assertAlmostEqual(series.slope_across([(0, life), (60, life), (120, life)]), 0)

    def test_growth_is_seen(self):
        lives = [(start, [(age, (10 + start / 600) * MIB) for age in range(60)]) for start in range(0, 600, 60)]
        self.assertAlmostEqual(series.slope_across(lives) * 600 / MIB, 1, places=3)
        self.assertAlmostEqual(series.slope_within([(samples, []) for _, samples in lives], 15), 0)
        leak = [(age, age / 600 * MIB) for age in range(60)]
        self.assertAlmostEqual(series.slope_within([(leak, []), (leak, [30])], 10) * 600 / MIB, 1)

    def test_a_step_at_an_interruption_is_no_growth(self):
        life = [(age, (20 if age < 30 else 23) * MIB) for age in range(60)]
        self.assertAlmostEqual(series.slope_within([(life, [29.5])], 5), 0)
        self.assertGreater(series.slope_within([(life, [])], 5), 0)

    def test_a_short_last_life_does_not_bend_the_slope(self):
        def samples(seconds):
            return [(age, age * MIB) for age in range(seconds)]
        self.assertAlmostEqual(series.slope_across([(0, samples(60)), (60, samples(60)), (120, samples(7))]), 0)

    def test_thirds(self):
        steady = [(t, 0.001) for t in range(90)]
        self.assertEqual(series.first_and_last_third(steady, 10, 0.99), (0.001, 0.001))
        worse = steady + [(90 + t, 0.5) for t in range(45)]
        self.assertEqual(series.first_and_last_third(worse, 10, 0.99), (0.001, 0.5))
        self.assertEqual(series.first_and_last_third(steady[:20], 10, 0.99), (None, None))


class Frames(unittest.TestCase):
    def test_a_frame_is_masked_and_has_its_length_in_the_shortest_form(self):
        for size, head in ((0, 2), (125, 2), (126, 4), (65535, 4), (65536, 10)):
            payload = bytes(i % 251 for i in range(size))
            made = stream.frame(stream.TEXT, payload)
            self.assertEqual((made[0], made[1] & 0x80, len(made)), (0x81, 0x80, head + 4 + size))
            mask, masked = made[head:head + 4], made[head + 4:]
            self.assertEqual(bytes(b ^ mask[i % 4] for i, b in enumerate(masked)), payload)


def run(**changes):
    """What a run without any fault leaves behind, but for the changes."""
    ledger = Ledger()
    for session in ("a", "b"):
        ledger.accepted(session)
        ledger.frame(session)
        ledger.stored([Row(ord(session), session, "assumed_sent", 2, True)])
    ledger.failed("b", 1, "smsc_unavailable")
    ledger.frame("b")
    growth, until = changes.get("growth", 0), changes.get("grows_until", 3600)
    lives = [Life(start, [(age, 20 * MIB + min(start, until) * growth) for age in range(60)],
                  [(age, 30) for age in range(60)]) for start in range(0, 60 * changes.get("lives", 10), 60)]
    lives[0].idle, lives[-1].idle = changes.get("idle", (17, 17))
    daemon = SimpleNamespace(
        lives=lives, keep=120, kills=changes.get("kills", 4), reloaded=changes.get("reloaded", 5), exit=changes.get("exit", 0),
        levels=Counter(info=9), errors=Counter(changes.get("errors", {"sms.breaker.open": 1})),
        private=changes.get("private", []), trouble=changes.get("trouble", []))
    vendor = SimpleNamespace(count=Counter(changes.get("count", {"calls": 2, "connections lost by reset": 1})),
                             trouble=[], turn_arounds=changes.get("turn_arounds", [(t, 0.002) for t in range(300)]))
    changes.get("ledger", lambda _: None)(ledger)
    return report.figures(vendor, ledger, daemon, (4, 5), changes.get("open_at_end", 0), list(ledger.findings()),
                          changes.get("judged", True))


class Report(unittest.TestCase):
    def broken(self, **changes):
        return [f.name for f in run(**changes) if not f.kept]

    def test_a_run_without_a_fault_keeps_every_limit(self):
        self.assertEqual(self.broken(), [])

    def test_each_limit_can_be_broken(self):
        def nothing_sent(ledger):
            ledger.entries.clear()

        slow = [(t, 0.002 if t < 200 else 0.5) for t in range(300)]
        for changes, name in (
                ({"ledger": lambda l: l.accepted("c")}, "lost"),
                ({"ledger": lambda l: l.frame("a")}, "doubled"),
                ({"ledger": nothing_sent}, "SMS accepted"),
                ({"open_at_end": 1}, "without an outcome when all was over"),
                ({"growth": 10 * MIB / 540}, "memory, at the end of the first and the last life"),
                ({"growth": 2 * MIB / 600}, "memory slope from life to life, at the same age"),
                ({"idle": (17, 18)}, "descriptors without a call, at the beginning and at the end"),
                ({"turn_arounds": slow}, "p99 over time, first and last third"),
                ({"turn_arounds": []}, "answers timed"),
                ({"kills": 3}, "restarts after SIGKILL"), ({"reloaded": 4}, "reloads after SIGHUP"),
                ({"exit": 1}, "exit code after SIGTERM"),
                ({"errors": {"outbox.failed": 1}}, "errors in the log that are not of the vendor's making"),
                ({"private": ["log:3: a token"]}, "private things in what was printed"),
                ({"trouble": ["it went away"]}, "other trouble")):
            with self.subTest(name):
                self.assertIn(name, self.broken(**changes))

    def test_a_few_lives_make_no_slope(self):
        self.assertEqual(self.broken(growth=2 * MIB / 600, lives=5), [])
        self.assertEqual(self.broken(growth=0, lives=1, idle=(17, 17)), ["descriptors without a call, at the beginning and at the end"])

    def test_what_fills_at_the_beginning_is_no_slope(self):
        self.assertEqual(self.broken(growth=4 * MIB / 240, grows_until=240), [])
        self.assertIn("memory slope from life to life, at the same age", self.broken(growth=2 * MIB / 600))

    def test_without_judging_memory_and_time_have_no_limit(self):
        slow = [(t, 0.002 if t < 200 else 0.5) for t in range(300)]
        self.assertEqual(self.broken(growth=2 * MIB / 600, turn_arounds=slow, judged=False), [])

    def test_the_table_names_each_figure_its_limit_and_what_is_broken(self):
        lines = report.table(run(idle=(17, 18))).splitlines()
        self.assertEqual(len({len(line) for line in lines}), 1)
        self.assertEqual([line for line in lines if "BROKEN" in line],
                         [line for line in lines if "17, 18" in line and "equal" in line])


class Chart(unittest.TestCase):
    def test_it_is_an_svg_with_every_life(self):
        lives = [Life(0, [(0, 10 * MIB), (5, 20 * MIB)], [(0, 9), (5, 99)]), Life(60, [(0, MIB)], [(0, 8)]), Life(90)]
        text = chart.svg("a & b", 120, lives, [(1, 0.002), (11, 0.004)], [60], [30, 90], 10)
        root = xml.fromstring(text)
        names = Counter(e.tag.split("}")[1] + "." + e.get("class", "") for e in root.iter())
        self.assertEqual((names["line.kill"], names["line.reload"]), (1, 2))
        self.assertEqual((names["polyline.main"], names["polyline.second"]), (2 + 2 + 1, 1))
        self.assertIn("prefers-color-scheme: dark", text)

    def test_the_scale_ends_above_the_largest_value(self):
        self.assertEqual([chart.nice_top(v) for v in (0, 0.3, 1, 3, 7, 99, 101)], [1, 0.5, 1, 5, 10, 100, 200])


unittest.main()

"""Arithmetic on what a soak has measured."""
import math
import statistics

MIB = 1 << 20


def percentile(values, share):
    """The smallest value that at least `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def buckets(samples, width):
    """Of (time, value): [(middle of the bucket, its values)], without empty ones."""
    grouped = {}
    for at, value in samples:
        grouped.setdefault(int(at // width), []).append(value)
    return [((n + 0.5) * width, values) for n, values in sorted(grouped.items())]


def common_slope(groups):
    """The slope of least squares that fits all groups of (x, y) best, each with a height of its own; None when there
    is nothing to fit."""
    above = below = 0.0
    for points in groups:
        if len(points) < 2:
            continue
        x_mean = statistics.fmean(x for x, _ in points)
        y_mean = statistics.fmean(y for _, y in points)
        above += sum((x - x_mean) * (y - y_mean) for x, y in points)
        below += sum((x - x_mean) ** 2 for x, _ in points)
    return above / below if below else None


def slope_within(lives, settling):
    """Memory in bytes a second as a life gets older; a life is ([(age, bytes)], [age of an interruption]). Each stretch
    between two interruptions has a height of its own, and counts from `settling` after its beginning."""
    stretches = []
    for samples, interruptions in lives:
        ends = [*interruptions, float("inf")]
        for begin, end in zip([0, *interruptions], ends):
            stretches.append([p for p in samples if begin + settling <= p[0] < end])
    return common_slope(stretches)


def slope_across(lives, width=5.0):
    """Memory in bytes a second from life to life: [(start, [(age, bytes)])]. Only lives of the same age are compared,
    so that what a life fills at its beginning does not count."""
    groups = {}
    for start, samples in lives:
        for middle, values in buckets(samples, width):
            if middle + width / 2 > samples[-1][0] + 1:
                break  # half a bucket is not of the same age as a whole one
            groups.setdefault(middle, []).append((start + middle, statistics.median(values)))
    return common_slope(groups.values())


def first_and_last_third(samples, width, share):
    """Medians of the percentile of each bucket, in the first and in the last third of all buckets; (None, None) when
    there are fewer than three."""
    each = [percentile(values, share) for _, values in buckets(samples, width)]
    third = len(each) // 3
    if not third:
        return None, None
    return statistics.median(each[:third]), statistics.median(each[-third:])

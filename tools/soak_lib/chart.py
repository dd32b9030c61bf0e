"""A soak over time as an SVG, for light and dark pages."""
import math
from xml.sax.saxutils import escape

from soak_lib import series

WIDTH, LEFT, RIGHT, HEIGHT, GAP, TOP = 900, 60, 20, 150, 54, 40
STYLE = """
text { font: 12px sans-serif; fill: #222; }
.grid { stroke: #8a8f98; stroke-opacity: 0.35; }
.kill { stroke: #c2410c; stroke-dasharray: 3 3; } .reload { stroke: #2a9d5c; stroke-dasharray: 1 4; }
.main { stroke: #1f6feb; fill: none; stroke-width: 1.6; } .second { stroke: #8a8f98; fill: none; stroke-width: 1.6; }
@media (prefers-color-scheme: dark) {
  text { fill: #ddd; }
  .main { stroke: #58a6ff; } .kill { stroke: #ff8b5e; } .reload { stroke: #56d364; }
}
"""


def nice_top(value):
    """The smallest of 1, 2, 5 times a power of ten that is not below the value."""
    if value <= 0:
        return 1
    power = 10 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= value)


def _panel(number, title, lines, seconds):
    """`lines`: (class, [(time, value)] with gaps where the time goes backwards or a None stands)."""
    y0 = TOP + number * (HEIGHT + GAP)
    top = nice_top(max((v for _, pieces in lines for piece in pieces for _, v in piece), default=1))

    def at(x, y):
        return f"{LEFT + x / seconds * (WIDTH - LEFT - RIGHT):.1f},{y0 + HEIGHT - y / top * HEIGHT:.1f}"

    yield f'<text x="{LEFT}" y="{y0 - 8}">{escape(title)}</text>'
    for share in (0, 0.5, 1):
        y = y0 + HEIGHT * (1 - share)
        yield f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{top * share:g}</text>'
    for kind, pieces in lines:
        for piece in pieces:
            if piece:
                yield f'<polyline class="{kind}" points="{" ".join(at(x, y) for x, y in piece)}"/>'


def svg(title, seconds, lives, turn_arounds, kills, reloads, bucket):
    """`lives`: what has `start`, `memory` and `descriptors`."""
    panels = [
        ("Resident memory, MiB",
         [("main", [[(life.start + age, size / series.MIB) for age, size in life.memory] for life in lives])]),
        ("File descriptors",
         [("main", [[(life.start + age, count) for age, count in life.descriptors] for life in lives])]),
        (f"Turn-around of an answer in ms, each {bucket:g} s: p99 (strong) and p50",
         [(kind, [[(at, series.percentile(values, share) * 1000)
                   for at, values in series.buckets(turn_arounds, bucket)]])
          for kind, share in (("second", 0.5), ("main", 0.99))])]
    bottom = TOP + len(panels) * (HEIGHT + GAP) - GAP
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {WIDTH} {bottom + 48}" width="{WIDTH}">',
           f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
           f'<text x="{LEFT}" y="14">{escape(title)}</text>']
    for kind, moments in (("kill", kills), ("reload", reloads)):
        for moment in moments:
            x = LEFT + moment / seconds * (WIDTH - LEFT - RIGHT)
            out.append(f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}"/>')
    for number, (name, lines) in enumerate(panels):
        out += _panel(number, name, lines, seconds)
    for tenth in range(11):
        x = LEFT + tenth / 10 * (WIDTH - LEFT - RIGHT)
        out.append(f'<text x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{seconds * tenth / 600:.1f}</text>')
    out.append(f'<text x="{LEFT}" y="{bottom + 38}">Minutes. Dashed: SIGKILL and restart; dotted: SIGHUP.</text>')
    return "\n".join([*out, "</svg>", ""])

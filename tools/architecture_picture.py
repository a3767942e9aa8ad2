"""Write docs/reference/architecture.svg: the line of rooms, and which of them stand on which.

``python -m tools.architecture_picture`` writes the picture, from the imports alone.
"""

import sys
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tools.rooms import LINE, arrows, files_of

PICTURE = Path(__file__).parent.parent / "docs" / "reference" / "architecture.svg"
# Every room stands on these, and these put all rooms together: no arrow says anything more of them.
GROUND = ("features", "wire", "tenancy", "kernel")
ROOF = ("testing", "cli", "roles", "app", "settings")

WIDTH, ROW, BOX, TOP = 900, 26, 20, 64
# Where the boxes stand, and how far the widest arc may go to their left.
LEFT, BOX_WIDTH, REACH = 420, 158, 372
# A color for each room that others stand on, told apart on light and on dark ground.
COLORS = "#d1495b #2a7fb8 #c17a00 #3a8f4e #8a5cc2 #008c95 #b0457f #6f7d1c".split()

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" \
height="{height}" role="img" aria-labelledby="title about">
<title id="title">The line of rooms</title>
<desc id="about">{about}</desc>
<style>
  .ground {{ fill: #ffffff; }} .box {{ fill: #f2f4f7; stroke: #98a2b3; }}
  .band {{ fill: #e4e7ec; stroke: #98a2b3; }} text {{ fill: #1d2939; \
font: 13px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; }}
  .small {{ fill: #475467; font-size: 12px; }}
  @media (prefers-color-scheme: dark) {{
    .ground {{ fill: #12161c; }} .box {{ fill: #232a34; stroke: #667085; }}
    .band {{ fill: #2d3643; stroke: #667085; }} text {{ fill: #eaecf0; }}
    .small {{ fill: #b7bfcc; }}
  }}
</style>
<rect class="ground" width="{width}" height="{height}"/>
"""
ABOUT = (
    "From the top to the bottom, each room imports only rooms below it. An arrow leads from a room "
    "to one that it stands on; it is left out where others lead there."
)


class Arrow(NamedTuple):
    """A room stands on another."""

    room: str
    below: str


def drawn() -> list[Arrow]:
    """The arrows between rooms that no other way says."""
    apart = {*GROUND, *ROOF}
    found = [Arrow(*both) for both in arrows() if not apart & set(both)]
    below: dict[str, set[str]] = {}
    for room, target in found:
        below.setdefault(room, set()).add(target)

    @cache
    def reached(room: str) -> frozenset[str]:
        targets = below.get(room, set())
        return frozenset(targets).union(*map(reached, targets))

    return [
        arrow
        for arrow in found
        if not any(arrow.below in reached(other) for other in below[arrow.room] - {arrow.below})
    ]


def _arc(arrow: Arrow, rows: dict[str, int], color: str, outgoing: float, incoming: float) -> str:
    """An arrow to the left of the boxes, from a room down to one that it stands on."""
    start = TOP + rows[arrow.room] * ROW + BOX * outgoing
    end = TOP + rows[arrow.below] * ROW + BOX * incoming
    span = rows[arrow.below] - rows[arrow.room]
    out = LEFT - 26 - (REACH - 26) * (span / (len(rows) - 1)) ** 0.75
    path = f"M{LEFT} {start:.1f} C{out:.1f} {start:.1f} {out:.1f} {end:.1f} {LEFT - 7} {end:.1f}"
    head = f"M{LEFT} {end:.1f} l-8 -3.5 v7 z"
    return (
        f'<path d="{path}" fill="none" stroke="{color}" stroke-width="1.7"/>'
        f'<path d="{head}" fill="{color}"/>'
    )


def _places(names: list[str]) -> dict[str, float]:
    """Where arrows meet the edge of a box, from its top (0) to its bottom (1)."""
    return {name: (at + 1) / (len(names) + 1) for at, name in enumerate(names)}


def _arcs(rows: dict[str, int]) -> list[str]:
    found = drawn()
    targets = sorted({arrow.below for arrow in found}, key=LINE.index)
    color_of = {room: COLORS[at % len(COLORS)] for at, room in enumerate(targets)}
    made = []
    for arrow in sorted(found, key=lambda one: (rows[one.below], rows[one.room])):
        # Arrows that come in, the farthest last; below them those that go out, the nearest last.
        ends: dict[str, dict[str, float]] = {}
        for room in (arrow.room, arrow.below):
            coming = [one.room for one in found if one.below == room]
            going = [one.below for one in found if one.room == room]
            ends[room] = _places(
                sorted(coming, key=rows.__getitem__) + sorted(going, key=lambda one: -rows[one])
            )
        made.append(
            _arc(
                arrow,
                rows,
                color_of[arrow.below],
                ends[arrow.room][arrow.below],
                ends[arrow.below][arrow.room],
            )
        )
    return made


def _box(room: str, row: int) -> str:
    top = TOP + row * ROW
    users = len({one for one, below in arrows() if below == room and one not in ROOF})
    said = f"imported by {users} room{'s' * (users > 1)}" if users else ""
    return (
        f'<rect class="box" x="{LEFT}" y="{top}" width="{BOX_WIDTH}" height="{BOX}" rx="4"/>'
        f'<text x="{LEFT + 10}" y="{top + 14.5}">{room}</text>'
        f'<text class="small" x="{LEFT + BOX_WIDTH + 14}" y="{top + 14.5}">{said}</text>'
    )


def _band(top: int, names: tuple[str, ...], said: str) -> str:
    return (
        f'<rect class="band" x="24" y="{top}" width="{WIDTH - 48}" height="32" rx="4"/>'
        f'<text x="40" y="{top + 20.5}">{" · ".join(names)}</text>'
        f'<text class="small" x="{WIDTH - 40}" y="{top + 20.5}" text-anchor="end">{said}</text>'
    )


def picture() -> str:
    """The whole picture."""
    standing = [room for room in reversed(LINE) if files_of(room)]
    rooms = [room for room in standing if room not in (*GROUND, *ROOF)]
    rows = {room: at for at, room in enumerate(rooms)}
    floor = TOP + len(rooms) * ROW + 12
    parts = [
        HEAD.format(width=WIDTH, height=floor + 32 + 20, about=ABOUT),
        _band(18, ROOF, "put the rooms together and run them"),
        *_arcs(rows),
        *(_box(room, row) for room, row in rows.items()),
        _band(floor, GROUND, "every room stands on these"),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def main() -> int:
    """Write the picture."""
    PICTURE.write_text(picture())
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""From longitude and latitude to a flat map: Lambert's conformal conic projection, fitted to a window."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
# Below this cone constant the cone is all but a cylinder, and Mercator's formula is used.
FLAT = 1e-3
STEEPEST = 85.0


@dataclass(frozen=True, slots=True)
class Conic:
    """Lambert's conformal conic projection of a sphere (Snyder 1987, ch. 15), in radii, north up.

    True to scale along the standard parallels `south` and `north` (degrees); `middle` is the meridian that runs
    straight up. Near the equator the cone is a cylinder.
    """

    south: float
    north: float
    middle: float

    @property
    def cone(self) -> float:
        """Snyder's n."""
        low, high = math.radians(self.south), math.radians(self.north)
        if abs(high - low) < 1e-9:
            return math.sin(low)
        return math.log(math.cos(low) / math.cos(high)) / math.log(_stretch(high) / _stretch(low))

    def project(self, lon: float, lat: float) -> Point:
        """x to the east of the middle meridian and y to the north of the cone's tip, in radii.

        >>> conic = Conic(33, 45, -96)
        >>> x, y = conic.project(-75, 35)
        >>> round(x, 5), round(conic.cone, 5)
        (0.29668, 0.63048)
        """
        turn = math.radians((lon - self.middle + 180) % 360 - 180)
        height = math.radians(max(-STEEPEST, min(STEEPEST, lat)))
        cone, low = self.cone, math.radians(self.south)
        if abs(cone) < FLAT:
            return turn * math.cos(low), math.log(_stretch(height)) * math.cos(low)
        size = math.cos(low) * _stretch(low) ** cone / cone
        radius = size / _stretch(height) ** cone
        return radius * math.sin(cone * turn), -radius * math.cos(cone * turn)


def _stretch(latitude: float) -> float:
    return math.tan(math.pi / 4 + latitude / 2)


@dataclass(frozen=True, slots=True)
class Window:
    """A map of `width` by `height` units onto a conic projection; `x0`, `y0` are the top left corner, in radii."""

    conic: Conic
    width: float
    height: float
    x0: float
    y0: float
    scale: float

    def place(self, lon: float, lat: float) -> Point:
        """Where a point stands on the map, in its units, y downward."""
        x, y = self.conic.project(lon, lat)
        return (x - self.x0) * self.scale, (self.y0 - y) * self.scale

    def holds(self, point: Point, margin: float = 0.0) -> bool:
        return -margin <= point[0] <= self.width + margin and -margin <= point[1] <= self.height + margin

    @property
    def units_per_km(self) -> float:
        """The length of a kilometre on the map, true on the standard parallels."""
        return self.scale / 6371.0


def fit(points: Iterable[Point], *, width: float, height: float, share: float) -> Window | None:
    """A window whose middle `share` just holds some points (lon, lat); `None` without points."""
    known = list(points)
    if not known:
        return None
    lons, lats = zip(*known, strict=True)
    south, north = max(min(lats), -STEEPEST), min(max(lats), STEEPEST)
    conic = Conic(south + (north - south) / 6, north - (north - south) / 6, (min(lons) + max(lons)) / 2)
    xs, ys = zip(*(conic.project(lon, lat) for lon, lat in known), strict=True)
    # A region of one point still gets a map, about 600 km wide.
    span_x, span_y = max(max(xs) - min(xs), 0.1), max(max(ys) - min(ys), 0.1)
    scale = share * min(width / span_x, height / span_y)
    x0 = (min(xs) + max(xs)) / 2 - width / scale / 2
    y0 = (min(ys) + max(ys)) / 2 + height / scale / 2
    return Window(conic, width, height, x0, y0, scale)


def clip(points: Sequence[Point], width: float, height: float) -> list[Point]:
    """The part of a polygon inside the rectangle from (0, 0) to (width, height), after Sutherland and Hodgman 1974.

    >>> clip([(-5, -5), (5, -5), (5, 5), (-5, 5)], 10, 10)
    [(0.0, 0.0), (5.0, 0.0), (5, 5), (0.0, 5.0)]
    """
    kept = list(points)
    for axis, bound, sign in ((0, 0.0, 1), (0, width, -1), (1, 0.0, 1), (1, height, -1)):
        kept = _half(kept, axis, bound, sign)
    return kept


def _half(points: list[Point], axis: int, bound: float, sign: int) -> list[Point]:
    kept: list[Point] = []
    for before, here in zip(points[-1:] + points[:-1], points, strict=True):
        inside, was_inside = sign * (here[axis] - bound) >= 0, sign * (before[axis] - bound) >= 0
        if inside != was_inside:
            part = (bound - before[axis]) / (here[axis] - before[axis])
            other = before[1 - axis] + part * (here[1 - axis] - before[1 - axis])
            kept.append((bound, other) if axis == 0 else (other, bound))
        if inside:
            kept.append(here)
    return kept


def centre(points: Sequence[Point]) -> tuple[Point, float]:
    """The centroid of a polygon and its area; the mean of its points where it has none.

    >>> centre([(0, 0), (4, 0), (4, 2), (0, 2)])
    ((2.0, 1.0), 8.0)
    """
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(points, [*points[1:], *points[:1]], strict=True):
        cross = x1 * y2 - x2 * y1
        area += cross / 2
        x += (x1 + x2) * cross / 6
        y += (y1 + y2) * cross / 6
    if abs(area) < 1e-9:
        count = max(len(points), 1)
        return (sum(p[0] for p in points) / count, sum(p[1] for p in points) / count), 0.0
    return (x / area, y / area), abs(area)

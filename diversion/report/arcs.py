"""The map: parties at a point of their country, great circles between them."""

from __future__ import annotations

from collections.abc import Callable
from math import atan, atan2, cos, degrees, exp, hypot, log, pi, radians, sin, sqrt, tan
from typing import Any

from diversion.explain.words import called
from diversion.findings import Finding
from diversion.report.places import countries, country_name
from diversion.report.steps import steps

Point = tuple[float, float]
SPREAD = 1.1
STEPS = 28
ASPECT = 1.25


def positions(finding: Finding) -> list[Point | None]:
    """Latitude and longitude of every party; several in one country stand on a small ring."""
    lands = [party.country for party in finding.parties]
    found: list[Point | None] = []
    for at, land in enumerate(lands):
        known = countries().get(land or "")
        if known is None:
            found.append(None)
            continue
        among, turn = lands.count(land), lands[:at].count(land)
        found.append(_ring(known.lat, known.lon, among, turn))
    return found


def _ring(lat: float, lon: float, among: int, turn: int) -> Point:
    if among == 1:
        return lat, lon
    angle = 2 * pi * turn / among
    return lat + SPREAD * sin(angle), lon + SPREAD * cos(angle) / max(0.2, cos(radians(lat)))


def great_circle(one: Point, two: Point, steps: int = STEPS) -> list[Point]:
    """Points along the shortest way over the globe, ends included.

    >>> [(round(lat), round(lon)) for lat, lon in great_circle((0, 0), (0, 90), 3)]
    [(0, 0), (0, 45), (0, 90)]
    """
    a, b = _vector(one), _vector(two)
    dot = max(-1.0, min(1.0, sum(x * y for x, y in zip(a, b, strict=True))))
    angle = atan2(sqrt(max(0.0, 1 - dot * dot)), dot)
    if angle < 1e-9 or angle > pi - 1e-6:
        return [one, two]
    path = []
    for step in range(steps):
        at = step / (steps - 1)
        p, q = sin((1 - at) * angle) / sin(angle), sin(at * angle) / sin(angle)
        x, y, z = (p * u + q * v for u, v in zip(a, b, strict=True))
        path.append((degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))))
    return path


def _vector(point: Point) -> tuple[float, float, float]:
    lat, lon = radians(point[0]), radians(point[1])
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def map_figure(
    finding: Finding, colour: Callable[[int], str], label: Callable[[str, int], str]
) -> dict[str, Any]:
    """The Plotly specification of the map."""
    places = positions(finding)
    paths = _paths(finding, places)
    traces = [_arc(path, colour(hop) if hop else "#8a94a3", hop) for hop, path in paths]
    traces.append(_parties(finding, places, label))
    seen = [p for _, path in paths for p in path] or [p for p in places if p]
    return {
        "data": traces,
        "layout": {
            "height": 320,
            "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
            "showlegend": False,
            "geo": _frame(seen),
        },
    }


def _paths(finding: Finding, places: list[Point | None]) -> list[tuple[int, list[Point]]]:
    """The hop (0 where one party stands in for another) and the way of each step that can be drawn."""
    found = []
    for step in steps(finding):
        one, two = places[step.one], places[step.two]
        if one and two and one != two:
            found.append((step.hop or 0, great_circle(one, two)))
    return found


def _arc(path: list[Point], tint: str, hop: int) -> dict[str, Any]:
    """A line with one arrow head past its middle."""
    sizes = [0] * len(path)
    sizes[round(len(path) * 0.62) if len(path) > 2 else -1] = 13
    return {
        "type": "scattergeo", "mode": "lines+markers", "lat": [round(p[0], 2) for p in path],
        "lon": [round(p[1], 2) for p in path], "hoverinfo": "skip", "name": f"hop {hop}",
        "line": {"width": 2.5 if hop else 1.5, "color": tint, "dash": "solid" if hop else "dot"},
        "marker": {"symbol": "arrow", "angleref": "previous", "size": sizes, "color": tint,
                   "line": {"width": 0}},
    }  # fmt: skip


def _parties(
    finding: Finding, places: list[Point | None], label: Callable[[str, int], str]
) -> dict[str, Any]:
    drawn = [(i, party, at) for i, (party, at) in enumerate(zip(finding.parties, places, strict=True)) if at]
    last = len(finding.parties) - 1
    return {
        "type": "scattergeo", "mode": "markers+text", "lat": [at[0] for _, _, at in drawn],
        "lon": [at[1] for _, _, at in drawn], "text": [str(i + 1) for i, _, _ in drawn],
        "textposition": "middle center", "textfont": {"size": 11, "color": "#ffffff"}, "hoverinfo": "text",
        "hovertext": [
            f"{label(called(p), 60)}<br>{label(country_name(p.country), 40)}" for _, p, _ in drawn
        ],
        "marker": {"size": 19, "color": ["#b23a3f" if i == last else "#46566c" for i, _, _ in drawn],
                   "line": {"width": 1.5, "color": "#ffffff"}},
    }  # fmt: skip


def _frame(seen: list[Point]) -> dict[str, Any]:
    """The part of the world to show, turned so that no way is cut by the edge of the map."""
    geo: dict[str, Any] = {
        "scope": "world", "resolution": 50, "showland": True, "showcountries": True,
        "showcoastlines": True, "showocean": False, "showlakes": False, "showrivers": False,
        "showsubunits": False, "showframe": False,
        "projection": {"type": "natural earth"},
    }  # fmt: skip
    if not seen:
        return geo
    lons, lats = _unrolled([p[1] for p in seen]), [p[0] for p in seen]
    middle, across = (min(lons) + max(lons)) / 2, max(lons) - min(lons)
    if across > 130:
        geo["projection"]["rotation"] = {"lon": (middle + 180) % 360 - 180}
        return geo
    low, high = _mercator(max(-70.0, min(lats) - 8)), _mercator(min(80.0, max(lats) + 8))
    half = max(across / 2 + 10, 26.0, ASPECT * (high - low) / 2)
    tall = max((high - low) / 2, half / ASPECT)
    centre = (low + high) / 2
    geo["projection"] = {"type": "mercator"}
    geo["lonaxis"] = {"range": [middle - half, middle + half]}
    geo["lataxis"] = {"range": [_latitude(centre - tall), _latitude(centre + tall)]}
    return geo


def _unrolled(lons: list[float]) -> list[float]:
    """Longitudes without the jump at the date line: each within half a turn of the one before."""
    found = lons[:1]
    for lon in lons[1:]:
        found.append(found[-1] + (lon - found[-1] + 180) % 360 - 180)
    return found


def _mercator(lat: float) -> float:
    return degrees(log(tan(pi / 4 + radians(lat) / 2)))


def _latitude(y: float) -> float:
    return degrees(2 * atan(exp(radians(y))) - pi / 2)

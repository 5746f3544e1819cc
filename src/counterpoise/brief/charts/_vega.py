"""The door to Vega: `vl_convert`, loaded at the first chart, draws offline and bundles the runtime of the page."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from markupsafe import Markup

# The versions that the specifications are written for.
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
VEGA_LITE = "6.4"
# `ast` has expressions read as data by Vega's interpreter: the page forbids code made from text.
SNIPPET = """
window.drawVega = (box, spec, tooltip) => vegaEmbed(box, spec, {
  mode: "vega-lite", ast: true, actions: false, defaultStyle: false, renderer: "svg", logLevel: 1, tooltip });
"""
# Attributes that hold places, and numbers in them with more digits than a screen has points.
_PLACES = re.compile(r' (?:transform|d|x|y|x1|y1|x2|y2|width|height)="[^"]*"')
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_ROOT = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')


@lru_cache(maxsize=64)
def draw(spec: str) -> tuple[Markup, float, float]:
    """A Vega-Lite specification (JSON) as what stands inside an SVG, with width and height; nothing is fetched.

    Vega escapes the texts that it writes.
    """
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(spec, vl_version=VEGA_LITE, allowed_base_urls=[])
    root = _ROOT.search(drawn)
    if root is None:
        raise RuntimeError("vl_convert wrote no SVG")
    # What a screen reader hears is the title and description of the figure, and the table of its numbers.
    body = _light(drawn[root.end() : drawn.rindex("</svg>")]).replace("<g ", '<g aria-hidden="true" ', 1)
    return Markup(body), float(root.group(1)), float(root.group(2))


def _light(body: str) -> str:
    """A drawing with its typeface named once and its places to a hundredth of a unit: the same picture in less room.

    >>> _light('<g ><text font-family="A" x="1.23456">7.0001</text><text font-family="A">b</text></g>')
    '<g font-family="A" ><text x="1.23">7.0001</text><text>b</text></g>'
    """
    faces = set(re.findall(r' font-family="[^"]*"', body))
    if len(faces) == 1:
        (face,) = faces
        body = body.replace(face, "").replace("<g", f"<g{face}", 1)
    return _PLACES.sub(lambda places: _LONG.sub(lambda one: f"{round(float(one[0]), 2):g}", places[0]), body)


@cache
def runtime() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script of about 0.9 MB that offers `drawVega` to the page.

    Inside a page a closing tag would end the script early, and the opening of a comment change how it is read.
    """
    import vl_convert

    bundle = vl_convert.javascript_bundle(SNIPPET, vl_version=VEGA_LITE)
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", bundle, flags=re.IGNORECASE)

"""The colours of a brief, light and dark, once: for its style, its map and its charts."""

from __future__ import annotations

import re
from typing import Any

FONT = '"Helvetica Neue", Helvetica, "Segoe UI", Arial, "Liberation Sans", sans-serif'
# Name -> on light paper, on a dark screen. Charts name a colour `$name`; a style sheet `var(--name)`.
COLOURS = {
    "paper": ("#fbfaf6", "#11161d"),
    "panel": ("#ffffff", "#19212b"),
    "ink": ("#1b2330", "#ebe7df"),
    "soft": ("#525c6b", "#a9b2be"),
    "line": ("#d9d5ca", "#333d4a"),
    "loss": ("#b84f22", "#e2803f"),
    "loss-dark": ("#7a2d0c", "#f5b183"),
    "early": ("#1d5a8a", "#7fb8e8"),
    "total": ("#3c4656", "#b8c2d0"),
    "good": ("#1c6b3c", "#7fd6a0"),
    "bad": ("#9b1c1c", "#ff9a92"),
    "mid": ("#7a5200", "#f0c766"),
    "accent": ("#0f4c81", "#8fc1f3"),
    "good-zone": ("#e3efe6", "#1b3226"),
    "bad-zone": ("#f6e3e0", "#3a2022"),
    "band-wide": ("#d3e0ea", "#20384d"),
    "band-near": ("#9fbdd4", "#33597a"),
    "sea": ("#dfe9ee", "#16222d"),
    "land": ("#f3efe4", "#28303a"),
    "land-edge": ("#b9b19d", "#56606e"),
    "client": ("#e9d9b4", "#4a4230"),
    "patron": ("#ece6d6", "#2f3742"),
    "hatch": ("#a2542f", "#e09a6c"),
    "rail": ("#2d3748", "#d5dae2"),
    "road": ("#8b6f47", "#b99d74"),
    "water": ("#4f7f9f", "#79a9c9"),
    "pipe": ("#7b4f8f", "#c49ad8"),
    "choke": ("#f2c230", "#f2c230"),
    "choke-edge": ("#3a2a00", "#3a2a00"),
    "mark": ("#fff1c4", "#443a12"),
    "b0": ("#fdf6ec", "#20262d"),
    "b1": ("#fbe3c8", "#37291f"),
    "b2": ("#f6c595", "#5a3821"),
    "b3": ("#e8935b", "#864a22"),
    "b4": ("#b84f22", "#dd8a45"),
    "b5": ("#7f2f10", "#ffcb96"),
    "on-light": ("#1b2330", "#f3eee6"),
    "b3-ink": ("#1b2330", "#f3eee6"),
    "b4-ink": ("#ffffff", "#14181e"),
    "b5-ink": ("#ffffff", "#14181e"),
}
LIGHT, DARK = 0, 1


def paper_style() -> str:
    """The colours of light paper, as a style sheet; a chart saved on its own carries them."""
    return f":root {{ {_variables(LIGHT)} }}\n"


def dark_style() -> str:
    """The colours of a dark screen: by the reader's system, or by the button of the page. Paper is always light."""
    dark = f"{{ {_variables(DARK)} color-scheme: dark; }}"
    by_system = f'@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {dark} }}'
    return f'{by_system}\n@media screen {{ :root[data-theme="dark"] {dark} }}\n'


def _variables(side: int) -> str:
    return " ".join(f"--{name}: {pair[side]};" for name, pair in COLOURS.items())


def paint(spec: Any, side: int | None = LIGHT) -> Any:
    """A specification with its `$names` as colours: of paper, of a dark screen, or (`None`) of the page around it.

    The numbers and texts of its data are left as they are.

    >>> paint({"color": "$loss", "data": {"values": [{"name": "$loss"}]}})
    {'color': '#b84f22', 'data': {'values': [{'name': '$loss'}]}}
    >>> paint(["$ink", "plain"], None)
    ['var(--ink)', 'plain']
    """
    if isinstance(spec, dict):
        return {key: value if key == "data" else paint(value, side) for key, value in spec.items()}
    if isinstance(spec, list):
        return [paint(item, side) for item in spec]
    if isinstance(spec, str) and spec[:1] == "$" and spec[1:] in COLOURS:
        name = spec[1:]
        return f"var(--{name})" if side is None else COLOURS[name][side]
    return spec


def on_paper(drawing: str) -> str:
    """A drawing with each `var(--name)` of a colour as that colour on light paper, for programs that know no variables.

    >>> on_paper('fill="var(--ink)" width="var(--k)"')
    'fill="#1b2330" width="var(--k)"'
    """
    return re.sub(
        r"var\(--([\w-]+)\)", lambda found: COLOURS[found[1]][LIGHT] if found[1] in COLOURS else found[0], drawing
    )


def config() -> dict[str, Any]:
    """How every chart looks: quiet axes, one typeface, no frame; what a screen reader says stands outside the marks."""
    return {
        "aria": False,
        "background": None,
        "font": FONT,
        "padding": {"left": 8, "right": 8, "top": 4, "bottom": 4},
        "view": {"stroke": None},
        "axis": {
            "labelColor": "$soft",
            "labelFontSize": 11,
            "titleColor": "$soft",
            "titleFontSize": 11,
            "titleFontWeight": "normal",
            "gridColor": "$line",
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
        },
        "axisY": {"grid": False},
        "legend": {
            "labelColor": "$ink",
            "labelFontSize": 11,
            "labelLimit": 320,
            "orient": "bottom",
            "title": None,
            "symbolSize": 70,
        },
        "text": {"color": "$ink", "fontSize": 12},
        "rule": {"color": "$ink"},
        "title": {
            "anchor": "start",
            "color": "$ink",
            "fontSize": 15,
            "fontWeight": "bold",
            "subtitleColor": "$soft",
            "subtitleFontSize": 11,
            "subtitlePadding": 5,
            "offset": 14,
        },
    }

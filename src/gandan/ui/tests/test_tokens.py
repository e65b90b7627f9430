"""The palette: readable in both themes, written in one file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).resolve().parents[1] / "static" / "ui"
TOKENS = (STATIC / "tokens.css").read_text("utf-8")
GROUNDS = ("paper", "surface", "raised")
STRENGTHS = ("lotus", "rice", "river", "straw", "brick")
TEXT_PAIRS = [
    *[(text, ground) for text in ("ink", "soft", *STRENGTHS) for ground in GROUNDS],
    *[(text, f"{name}-wash") for name in STRENGTHS for text in (name, "ink", "soft")],
    ("on-lotus", "lotus-solid"),
    ("on-lotus", "lotus-hover"),
]
EDGE_PAIRS = [(edge, ground) for edge in ("edge", "focus", "lotus-solid") for ground in GROUNDS]


def blocks() -> list[dict[str, str]]:
    """The colours of each block that sets any: light, dark by the device, dark by the switch."""
    found = [dict(re.findall(r"--color-([a-z-]+): (#[0-9a-f]{6});", block)) for block in TOKENS.split("{")]
    return [colours for colours in found if colours]


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_on_ground_reaches_aa(theme, text, ground):
    colours = blocks()[theme]

    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_edge_of_a_control_on_ground_reaches_three(theme, edge, ground):
    colours = blocks()[theme]

    assert contrast(colours[edge], colours[ground]) >= 3


def test_dark_by_device_and_dark_by_switch_are_the_same():
    light, by_device, by_switch = blocks()

    assert by_device == by_switch
    assert light.keys() == by_device.keys()


@pytest.mark.parametrize(
    "path", sorted(STATIC.parents[2].rglob("*/static/**/*.css")), ids=lambda path: path.name
)
def test_raw_colours_stand_in_the_token_file_alone(path):
    if path.name in {"tokens.css", "print.css"} or "vendor" in path.parts:
        return
    text = path.read_text("utf-8").replace("rgb(0 0 0 / 0.45)", "")  # behind a dialog, in both themes

    assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", text) == []


def test_every_token_used_is_defined():
    package = STATIC.parents[2]
    used = {
        name
        for path in package.rglob("*/static/**/*.css")
        if "vendor" not in path.parts
        for name in re.findall(r"var\((--(?!bs-)[a-z0-9-]+)", path.read_text("utf-8"))
    }

    assert used - set(re.findall(r"(--[a-z0-9-]+):", TOKENS)) == set()

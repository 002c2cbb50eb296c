"""Services' colours are told apart by everybody: also by colour-blind eyes, on either ground.

Distances are those of Oklab. What colour-blind eyes see is simulated as Machado, Oliveira and
Fernandes have it (2009), for eyes that lack one kind of cones.
"""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import TypeAlias

import pytest

from telemetry.store.colours import COLOURS, OWN

ROOT = Path(__file__).resolve().parent.parent.parent / "dashboard" / "static" / "dashboard"
TOKENS = (ROOT / "css" / "tokens.css").read_text(encoding="utf-8")
LEAST_DISTANCE = 0.09
LEAST_CONTRAST = 4.5

Triple: TypeAlias = "tuple[float, float, float]"
Matrix: TypeAlias = "tuple[Triple, Triple, Triple]"

EYES: dict[str, Matrix] = {
    "of three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_LMS: Matrix = (
    (0.4122214708, 0.5363325363, 0.0514459929),
    (0.2119034982, 0.6806995451, 0.1073969566),
    (0.0883024619, 0.2817188376, 0.6299787005),
)
_LAB: Matrix = (
    (0.2104542553, 0.7936177850, -0.0040720468),
    (1.9779984951, -2.4285922050, 0.4505937099),
    (0.0259040371, 0.7827717662, -0.8086757660),
)


def token(name: str) -> tuple[str, str]:
    """A token's colours in the light and in the dark theme."""
    found = re.search(rf"--{name}: (?:light-dark\((#\w+), (#\w+)\)|(#\w+));", TOKENS)
    assert found is not None, name
    return found[1] or found[3], found[2] or found[3]


def named(colour: int) -> str:
    """The token of a colour: the first ones are those of the lab's own services."""
    return next((name for name, own in OWN.items() if own == colour), f"hue-{colour}")


def linear(colour: str) -> Triple:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return _linear(red), _linear(green), _linear(blue)


def _linear(value: float) -> float:
    return float(value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4)


def times(matrix: Matrix, vector: Triple) -> Triple:
    first, second, third = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return first, second, third


def lab(colour: str, eye: Matrix) -> Triple:
    red, green, blue = (min(1.0, max(0.0, each)) for each in times(eye, linear(colour)))
    cones = times(_LMS, (red, green, blue))
    first, second, third = (each ** (1 / 3) for each in cones)
    return times(_LAB, (first, second, third))


def distance(one: str, other: str, eye: Matrix) -> float:
    pairs = zip(lab(one, eye), lab(other, eye), strict=True)
    return float(sum((a - b) ** 2 for a, b in pairs) ** 0.5)


def contrast(one: str, other: str) -> float:
    lights = [
        sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(each), strict=True))
        for each in (one, other)
    ]
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def test_known_distances_and_contrasts() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    sighted, red_blind = EYES["of three cones"], EYES["protanopia"]
    assert distance("#ffffff", "#000000", sighted) == pytest.approx(1, abs=0.001)
    # A dark red and an olive: plain to most, nearly one to eyes without the cones for red.
    assert distance("#a04040", "#565640", sighted) > 2 * distance("#a04040", "#565640", red_blind)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("theme", [0, 1])
def test_the_fills_of_any_two_services_are_apart(eye: str, theme: int) -> None:
    fills = {n: token(f"{named(n)}-fill")[theme] for n in range(COLOURS)}
    near = {
        (one, other): round(apart, 3)
        for one, other in combinations(fills, 2)
        if (apart := distance(fills[one], fills[other], EYES[eye])) < LEAST_DISTANCE
    }
    assert near == {}


@pytest.mark.parametrize("theme", [0, 1])
def test_a_services_name_can_be_read_on_a_card(theme: int) -> None:
    card = token("card")[theme]
    faint = {
        n: ratio
        for n in range(COLOURS)
        if (ratio := contrast(token(named(n))[theme], card)) < LEAST_CONTRAST
    }
    assert faint == {}


def test_no_services_colour_looks_like_failure() -> None:
    failure = token("bad")[0]
    sighted = EYES["of three cones"]
    for n in range(COLOURS):
        assert distance(token(f"{named(n)}-fill")[0], failure, sighted) > LEAST_DISTANCE


def test_the_page_has_each_colour_that_the_observer_gives() -> None:
    styles = (ROOT / "css" / "services.css").read_text(encoding="utf-8")
    assert {int(n) for n in re.findall(r"^\.hue-(\d+)", styles, re.MULTILINE)} == set(
        range(COLOURS)
    )

"""The page's modules keep their floors, as import-linter holds Python's rooms to theirs.

``base < model < wire < elements < pages``. The model computes and knows nothing of how its data
came, so it lies below the wire, which brings the answers into the model's shapes.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from posixpath import dirname, join, normpath

import pytest

from dashboard.modules import BASE_STYLES, imports_of, styles_of

ROOT = Path(__file__).resolve().parent.parent.parent
STATIC = {name: ROOT / name / "static" for name in ("dashboard", "lesson")}
FLOORS = ("base", "model", "wire", "elements", "pages")

# Imports, and the types that comments import: a type ties two modules as a value does.
_IMPORT = re.compile(
    r"""^(?:import|export)\b[^;=("]*"([^"]+)"|\bimport\("([^"]+)"\)""", re.MULTILINE
)
_DEFINED = re.compile(r'^customElements\.define\("([a-z-]+)"', re.MULTILINE)
_CLASSES = re.compile(r"""\bclass: ["`]([^"`]*)["`]""")
_ENTRY = re.compile(r"""\{% (?:module|static) '([\w/]+\.(?:js|css))' %\}""")


def files(suffix: str) -> list[str]:
    """The static paths of all files of a kind."""
    return sorted(
        path.relative_to(static).as_posix()
        for static in STATIC.values()
        for path in static.rglob(f"*.{suffix}")
    )


MODULES = files("js")
STYLES = files("css")
ELEMENTS = [each for each in MODULES if Path(each).name.startswith("lab_")]


@cache
def text(path: str) -> str:
    return (STATIC[path.split("/")[0]] / path).read_text(encoding="utf-8")


@cache
def imports(path: str) -> tuple[str, ...]:
    """The static paths that a module names, for their values or their types."""
    found = (value or of_type for value, of_type in _IMPORT.findall(text(path)))
    return tuple(
        normpath(join(dirname(path), each)) if each[0] == "." else each.removeprefix("/static/")
        for each in found
    )


def floor(path: str) -> int:
    return FLOORS.index(path.split("/")[1])


def family(path: str) -> str:
    """The region of the page that an element belongs to, with the app that has it."""
    app, _elements, region, *_rest = path.split("/")
    return f"{app} {region}"


def refusal(path: str, imported: str) -> str:
    """Why a module may not import another; empty when it may."""
    app, of = path.split("/")[0], imported.split("/")[0]
    if imported not in MODULES:
        return "there is no such module"
    if app == "dashboard" and of == "lesson":
        return "the lesson uses the dashboard, never the other way round"
    if floor(imported) > floor(path):
        return f"{FLOORS[floor(path)]} lies below {FLOORS[floor(imported)]}"
    if FLOORS[floor(imported)] == "pages" and app != of:
        return "a page is its own room's"
    if FLOORS[floor(path)] == FLOORS[floor(imported)] == "elements" and app == of:
        known = {family(path), f"{app} shared"}
        return "" if family(imported) in known else "families meet in pages and in shared/ alone"
    return ""


@pytest.mark.parametrize("path", MODULES)
def test_a_module_imports_its_own_floor_and_those_below(path: str) -> None:
    assert {each: refusal(path, each) for each in imports(path) if refusal(path, each)} == {}


def test_no_module_imports_itself_however_far_away() -> None:
    done: set[str] = set()

    def visit(path: str, above: tuple[str, ...]) -> None:
        assert path not in above, [*above, path]
        if path not in done:
            for each in imports(path):
                visit(each, (*above, path))
            done.add(path)

    for path in MODULES:
        visit(path, ())


@pytest.mark.parametrize("path", [each for each in MODULES if "/model/" in each])
def test_the_model_computes_without_a_page(path: str) -> None:
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text(path), flags=re.DOTALL)
    assert re.findall(r"\b(?:document|window|fetch|HTMLElement|localStorage)\b", code) == []


@pytest.mark.parametrize("path", ELEMENTS)
def test_an_element_registers_itself_under_its_files_name(path: str) -> None:
    assert _DEFINED.findall(text(path)) == [Path(path).stem.replace("_", "-")]


def test_nothing_else_registers_an_element() -> None:
    assert [each for each in MODULES if _DEFINED.search(text(each))] == ELEMENTS


def classes_of(path: str) -> set[str]:
    """The classes that a module gives to what it builds, as far as they are written out."""
    written = re.sub(r"\$\{[^}]*\}", "", " ".join(_CLASSES.findall(text(path))))
    return set(written.split())


def test_an_element_with_a_class_of_its_own_has_a_style_beside_it() -> None:
    shared = "".join(text(each) for each in STYLES if "/css/" in each)
    of_all = set(re.findall(r"\.([a-z][\w-]*)", shared))
    bare = [each for each in ELEMENTS if each.replace(".js", ".css") not in STYLES]
    assert {each: classes_of(each) - of_all for each in bare if classes_of(each) - of_all} == {}


@pytest.mark.parametrize("path", [each for each in STYLES if "/elements/" in each])
def test_a_style_lies_beside_its_module_and_an_elements_styles_that_element_alone(
    path: str,
) -> None:
    assert path.replace(".css", ".js") in MODULES
    if path.replace(".css", ".js") not in ELEMENTS:
        return
    name = Path(path).stem.replace("_", "-")
    rules = re.sub(r"@keyframes \w+ \{(?:[^{}]*\{[^}]*\})*\s*\}", "", text(path))
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*(?=\{)", rules)
    assert selectors
    parts = [part.strip() for each in selectors for part in re.split(r",(?![^(]*\))", each)]
    assert [each for each in parts if not re.match(rf"{name}\b(?!-)", each)] == []


def entries(suffix: str) -> set[str]:
    """What the templates name."""
    found = [
        each
        for template in [*(ROOT / "templates").rglob("*.html"), *(ROOT / "lesson").rglob("*.html")]
        for each in _ENTRY.findall(template.read_text(encoding="utf-8"))
    ]
    return {each for each in found if each.endswith(suffix)}


def test_every_module_and_every_style_reaches_a_page() -> None:
    modules = entries("js") | {
        used for each in entries("js") for used in imports_of(each, when_needed=True)
    }
    assert sorted(set(MODULES) - modules) == []
    styles = {*entries("css"), *BASE_STYLES} | {
        style for each in entries("js") for style in styles_of(each)
    }
    assert sorted(set(STYLES) - styles) == []


def test_files_and_folders_are_of_a_size_that_shows_them() -> None:
    assert [each for each in [*MODULES, *STYLES] if text(each).count("\n") > 300] == []
    folders = Counter(dirname(each) for each in MODULES)
    assert {folder: count for folder, count in folders.items() if count > 12} == {}

"""Finding private names of libraries in a module, as far as its syntax and its bases tell."""

from __future__ import annotations

import ast
import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    Imported = Mapping[str, tuple[str, str]]


def private_names(path: Path, *, ours: Collection[str]) -> set[str]:
    """Return the private names of libraries that the module at ``path`` uses.

    ``ours`` are the packages whose names are no concern here. An imported name is written
    ``module:name``, one of a base class ``module:class.name``, an argument ``name=``; of any other
    object only the ``name`` is known, and it counts unless the module itself defines such a name.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = dict(_imported(tree))
    own = {name for node in ast.walk(tree) for name in _defined(node)}
    found = {name for node in ast.walk(tree) for name in _accessed(node) if name not in own}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            found |= set(_of_bases(node, imported, ours))
    for module, name in imported.values():
        if not _is_ours(module, ours) and any(map(_is_private, [*module.split("."), name])):
            found.add(f"{module}:{name}" if name else module)
    return found


def _accessed(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls")):
            return
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
            return
        case ast.Attribute(attr=name) if _is_private(name):
            yield name
        case ast.keyword(arg=str(name)) if _is_private(name):
            yield f"{name}="
        case ast.Call(
            func=ast.Name(id="getattr" | "setattr" | "hasattr"),
            args=[_, ast.Constant(value=str(name)), *_],
        ) if _is_private(name):
            yield name


def _of_bases(node: ast.ClassDef, imported: Imported, ours: Collection[str]) -> Iterator[str]:
    """Yield what a class overrides, or uses through ``self``, of its bases' private names."""
    names = {name for each in ast.walk(node) for name in (*_defined(each), *_inherited(each))}
    for base in filter(None, (_resolved(each, imported) for each in node.bases)):
        for name in filter(_is_private, names):
            owner = next((each for each in base.__mro__ if name in vars(each)), None)
            if owner is not None and not _is_ours(owner.__module__, ours):
                yield f"{owner.__module__}:{owner.__name__}.{name}"


def _is_ours(module: str, ours: Collection[str]) -> bool:
    return module == "__future__" or module.partition(".")[0] in ours


def _is_private(name: str) -> bool:
    return name.startswith("_") and name != "_" and not name.startswith("__")


def _imported(tree: ast.Module) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each name that an import binds, with its module and its name there."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for each in node.names:
                bound = each.asname or each.name.partition(".")[0]
                yield bound, (each.name if each.asname else bound, "")
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                yield each.asname or each.name, (node.module, each.name)


def _defined(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            yield name
            yield from (f"{each.arg}=" for each in node.args.kwonlyargs)
        case ast.ClassDef(name=name):
            yield name
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
            yield name


def _inherited(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
            yield name
        case ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=name):
            yield name


def _resolved(base: ast.expr, imported: Imported) -> type[Any] | None:
    """Find the class that a base names by an import of its module; None for any other."""
    names: list[str] = []
    while isinstance(base, ast.Attribute | ast.Subscript):
        if isinstance(base, ast.Attribute):
            names.insert(0, base.attr)
        base = base.value
    if not isinstance(base, ast.Name) or base.id not in imported:
        return None
    module, name = imported[base.id]
    found: Any = importlib.import_module(module)
    for each in [*([name] if name else []), *names]:
        found = getattr(found, each, None)
    return found if isinstance(found, type) else None

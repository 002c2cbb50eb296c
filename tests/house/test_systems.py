"""What Windows lacks, or does otherwise, is used only beside its other branch."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent.parent
_LEFT_OUT = {"var", "node_modules", "migrations"}

# `os.kill`, `os.link` and `os.symlink` are there, but do something else, or need a right.
_OF_OS = """
    fork forkpty getegid geteuid getgid getloadavg getpgid getuid kill killpg link mkfifo nice
    sched_getaffinity sched_setaffinity setpgid setsid setuid symlink sysconf uname wait waitid
"""
_OF_SIGNAL = """
    SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGUSR1 SIGUSR2
    alarm pause pthread_kill setitimer sigwait
"""
ATTRIBUTES = {
    "os": _OF_OS.split(),
    "signal": _OF_SIGNAL.split(),
    "socket": ["AF_UNIX", "SO_REUSEPORT"],
    "asyncio": ["open_unix_connection", "start_unix_server"],
}
METHODS = {"add_signal_handler", "hardlink_to", "symlink_to"}
MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "termios", "tty"}
ARGUMENTS = {"pass_fds", "preexec_fn", "start_new_session"}
FOLDERS = re.compile(r"/(proc|run|sys|dev|etc|usr)/")

# Where the other branch is not to be seen in the same function.
REASONS = {
    ("base/env.py", "os.link"): "an OSError has its other branch: the file is moved",
    ("experiments/runs/folders.py", "symlink_to"): "an OSError has its other branch: no link",
}


def uses(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """List each name of ours that is used without a guard in its function, with its line."""
    for scope in _scopes(tree):
        if not _is_guarded(scope):
            yield from _names(scope)


def _scopes(tree: ast.Module) -> Iterator[list[ast.AST]]:
    """Cut a module into its outermost functions and methods, and the rest of it."""
    rest: list[ast.AST] = []
    bodies: list[ast.AST] = list(tree.body)
    for statement in bodies:
        if isinstance(statement, ast.ClassDef):
            bodies += statement.body
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            yield list(ast.walk(statement))
        else:
            rest += ast.walk(statement)
    yield rest


def _is_guarded(nodes: list[ast.AST]) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.platform", "os.name"})
        or (isinstance(node, ast.Call) and ast.unparse(node.func) == "hasattr")
        for node in nodes
    )


def _names(nodes: list[ast.AST]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name, lineno=line) if (
                name in ATTRIBUTES.get(module, ())
            ):
                yield f"{module}.{name}", line
            case ast.Attribute(attr=name, lineno=line) if name in METHODS:
                yield name, line
            case ast.ImportFrom(module=str(module), names=names, lineno=line):
                found = [each.name for each in names if each.name in ATTRIBUTES.get(module, ())]
                yield from ((f"{module}.{name}", line) for name in found)
                yield from ((each, line) for each in MODULES & {module})
            case ast.Import(names=names, lineno=line):
                yield from ((each, line) for each in MODULES & {each.name for each in names})
            # An argument that an expression decides has its other branch there.
            case ast.keyword(arg=str(name), value=ast.Constant(value=True), lineno=line) if (
                name in ARGUMENTS
            ):
                yield name, line
            case ast.Constant(value=str(text), lineno=line) if FOLDERS.match(text):
                yield text, line
            case _:
                pass


def sources() -> list[str]:
    """List the house's own modules; its tests and benchmarks may say where they run."""
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in ROOT.glob("*/**/*.py")
        if not _LEFT_OUT & set(path.relative_to(ROOT).parts)
        and not path.relative_to(ROOT).parts[0].startswith(".")
        and path.relative_to(ROOT).parts[0] not in {"tests", "benchmarks"}
    )


def test_what_windows_lacks_has_its_other_branch() -> None:
    found = {
        (source, name): line
        for source in sources()
        for name, line in uses(ast.parse((ROOT / source).read_text(encoding="utf-8")))
    }
    assert {place: line for place, line in found.items() if place not in REASONS} == {}
    assert REASONS.keys() - found.keys() == set()  # no reason is listed in vain


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("def f(): os.fork()", ["os.fork"]),
        ("def f():\n  if hasattr(os, 'fork'): os.fork()", []),
        ("def f():\n  if sys.platform != 'win32': os.kill(1, signal.SIGKILL)", []),
        ("class C:\n  def f(self): os.kill(1, signal.SIGKILL)", ["os.kill", "signal.SIGKILL"]),
        ("def g(): return os.name\ndef f(): return os.geteuid()", ["os.geteuid"]),
        ("import fcntl", ["fcntl"]),
        ("from os import fork", ["os.fork"]),
        ("def f(): run(start_new_session=True)", ["start_new_session"]),
        ("def f(): run(start_new_session=os.name != 'nt')", []),
        ("def f(): path.symlink_to('x')", ["symlink_to"]),
        ("def f(): open('/proc/self/stat')", ["/proc/self/stat"]),
    ],
)
def test_a_use_without_a_guard_is_found(code: str, found: list[str]) -> None:
    assert [name for name, _ in uses(ast.parse(code))] == found

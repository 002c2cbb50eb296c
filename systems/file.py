"""Reading a system file: TOML, checked whole before anything starts.

It names commands to run: only a file that one trusts is to be opened.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Final, Literal
from urllib.parse import urlsplit

from systems import checks
from systems.errors import SystemFileError
from systems.system import (
    CLIENT,
    NUMBER,
    PORT,
    Action,
    Protocol,
    Service,
    System,
    SystemLink,
    protocol_of,
)
from systems.table import Table

if TYPE_CHECKING:
    from pathlib import Path

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
ADDRESS: Final = re.compile(r"(?:\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):([0-9]{1,5})")
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_MOST_INSTANCES: Final = 16
_MOST_A_SECOND: Final = 50.0
_HIGHEST_PORT: Final = 65_535
_MOST_SHOWN: Final = 100
_LOGS: Final[tuple[Literal["stdout", "otlp"], ...]] = ("stdout", "otlp")
PROTOCOLS: Final[tuple[Protocol, ...]] = ("http", "tcp")
_SENDERS: Final[tuple[Literal["browser", "lab"], ...]] = ("browser", "lab")


def read(path: Path) -> System:
    """Read the system file at ``path``.

    :raises SystemFileError: it can't be read, is no TOML, or describes no system.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise SystemFileError(f"{path}: it can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SystemFileError(f"{path}: it is not UTF-8") from None
    try:
        return parse(text, path=path)
    except SystemFileError as error:
        raise SystemFileError(f"{path}: {error}") from None


def parse(text: str, *, path: Path) -> System:
    """Read a system from the ``text`` of a file; ``path`` is where its folders are counted from.

    :raises SystemFileError: it is no TOML, or describes no system.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last_line = f"at line {max(1, len(text.splitlines()))}"
        raise SystemFileError(str(error).replace("at end of document", last_line)) from None
    except (RecursionError, ValueError):
        # What Python's reader has no error of its own for.
        raise SystemFileError("it is nested too deep, or has too long a number") from None
    table = Table("", values)
    title = table.string("title")
    services = [_service(each, path) for each in _tables("service", table.tables("service"))]
    by_name = {each.name: each for each in services}
    links = [_link(each, by_name) for each in _tables("link", table.tables("link"))]
    actions = [_action(each) for each in _tables("action", table.tables("action"))]
    table.end()
    system = System(title, tuple(services), tuple(links), tuple(actions), path=path)
    checks.check(system)
    return system


def _tables(key: str, listed: list[dict[str, Any]]) -> list[Table]:
    return [
        Table(checks.place(key, number, each.get("name")), each)
        for number, each in enumerate(listed, start=1)
    ]


def _service(table: Table, path: Path) -> Service:
    command = table.strings("command")
    directory = _directory(table, path)
    name = _name(table)
    service = Service(
        name=name,
        title=table.string("title", name),
        url=table.string("url", "").rstrip("/"),
        ready=table.string("ready", ""),
        command=command or (),
        directory=directory,
        instances=table.integer("instances", 1, lowest=1, highest=_MOST_INSTANCES),
        logs=table.word("logs", _LOGS, "stdout"),
        env=table.mapping("env"),
    )
    table.end()
    _check_service(table, service)
    return service


def _directory(table: Table, path: Path) -> Path:
    named = table.string("directory", ".")
    try:
        directory = (path.parent / named).resolve()
        directory.exists()  # a name that is too long is an error of its own
    except (OSError, ValueError, RuntimeError):
        table.fail(f"directory {named[:_MOST_SHOWN]!r} is no folder")
    return directory


def _check_service(table: Table, service: Service) -> None:
    if service.url:
        plain = service.url.replace(PORT, "1").replace(NUMBER, "1")
        _check_url(table, plain, ("http", "https", "tcp"), needs_port=True)
    if service.ready and not service.ready.startswith("/"):
        table.fail(f"ready must be a path such as /healthz, not {service.ready!r}")
    if not service.command:
        if service.instances > 1 or service.env or service.needs_port:
            table.fail("instances, env and {port} are for a service with a command")
        return
    if not service.url:
        table.fail("url is missing: the lab has to know when what it starts answers")
    if not service.directory.is_dir():
        table.fail(f"directory {service.directory} is no folder")
    if service.instances > 1 and PORT not in service.url and NUMBER not in service.url:
        table.fail("url must contain {port} or {n}: each of several instances has its own")


def _link(table: Table, services: dict[str, Service]) -> SystemLink:
    name = _name(table)
    sender, receiver = table.string("from"), table.string("to")
    for key, end, known in (
        ("from", sender, [CLIENT, *services]),
        ("to", receiver, [*services]),
    ):
        if end not in known:
            table.fail(f"{key} must be one of {', '.join(known)}, not {end!r}")
    if sender == receiver:
        table.fail(f"from and to are both {sender!r}")
    listen = _address(table, "listen", table.string("listen"))
    upstream = table.string("upstream", "")
    if upstream:
        _address(table, "upstream", upstream)
    elif not services[receiver].url:
        table.fail(f"upstream is missing, and {receiver} has no url")
    url = services[receiver].url
    protocol = table.word("protocol", PROTOCOLS, protocol_of(url))
    link = SystemLink(name, sender, receiver, listen, upstream, protocol)
    table.end()
    if protocol == "http" and url.startswith("https:") and not upstream:
        table.fail(f"protocol must be tcp: TLS hides the messages to {url}")
    return link


def _action(table: Table) -> Action:
    name = _name(table)
    action = Action(
        name=name,
        title=table.string("title", name),
        method=table.word("method", _METHODS, "POST"),
        url=table.string("url"),
        headers=table.mapping("headers"),
        body=table.string("body", ""),
        sent_by=table.word("sent_by", _SENDERS, "lab"),
        per_second=table.rate("per_second", 1.0, highest=_MOST_A_SECOND),
    )
    table.end()
    _check_url(table, action.url, ("http", "https"), needs_port=False)
    return action


def _name(table: Table) -> str:
    name = table.string("name")
    if not _NAME.fullmatch(name):
        table.fail(
            f"name must be up to 40 letters, digits, dots, dashes or underscores, not {name!r}"
        )
    return name


def _address(table: Table, key: str, value: str) -> str:
    found = ADDRESS.fullmatch(value)
    if not found or not 0 < int(found[1]) <= _HIGHEST_PORT:
        table.fail(f"{key} must be host:port such as 127.0.0.1:4100, not {value!r}")
    return value


def _check_url(table: Table, url: str, schemes: tuple[str, ...], *, needs_port: bool) -> None:
    try:
        parts = urlsplit(url)
        valid = parts.scheme in schemes and bool(parts.hostname)
        if parts.port is None and needs_port and parts.scheme == "tcp":
            valid = False
    except ValueError:
        valid = False
    if not valid:
        listed = " or ".join(f"{each}://" for each in schemes)
        table.fail(f"url must begin with {listed} and name a host and a port, not {url!r}")

"""A system file is read whole; a mistake in it is named by its place, and nothing starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from systems.errors import SystemFileError
from systems.file import parse, read
from tests.support.processes import ROOT

HERE = Path(__file__)
SHOP = """
title = "Shop"
[[service]]
name = "front"
title = "Front"
url = "http://127.0.0.1:9101"
command = ["npm", "start"]
env = { PORT = "9101" }
[[service]]
name = "store"
url = "tcp://127.0.0.1:9102"
[[link]]
name = "front-to-store"
from = "front"
to = "store"
listen = "127.0.0.1:9201"
protocol = "tcp"
[[action]]
name = "buy"
method = "POST"
url = "http://127.0.0.1:9101/buy"
headers = { content-type = "application/json" }
per_second = 0.5
"""
SERVICE = '[[service]]\nname = "a"\n'
LINK = '[[link]]\nname = "l"\nfrom = "client"\nto = "a"\nlisten = "127.0.0.1:9200"\n'
UPSTREAM = 'upstream = "127.0.0.1:9100"\n'
ACTION = '[[action]]\nname = "go"\nurl = "http://127.0.0.1:9100"\n'
COMMAND = 'command = ["x"]\n'
URL = 'url = "http://127.0.0.1:9100"\n'


def error_of(text: str) -> str:
    with pytest.raises(SystemFileError) as caught:
        parse(text, path=HERE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a = " + "[" * 100_000, "nested too deep"),
        ("a = " + "9" * 6_000, "too long a number"),
        (SERVICE + URL + COMMAND + 'directory = "a\\u0000b"', "is no folder"),
        (SERVICE + URL + COMMAND + f'directory = "{"x" * 5_000}"', "is no folder"),
    ],
)
def test_what_python_itself_fails_at_is_a_sentence(text: str, says: str) -> None:
    said = error_of(text if text.startswith("a") else f'title = "t"\n{text}')
    assert says in said
    assert len(said) < 300


def test_the_mark_that_windows_begins_a_file_with_is_none_of_its_text(tmp_path: Path) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SHOP, encoding="utf-8-sig")
    assert read(file).title == "Shop"


def test_what_is_left_out_has_its_default() -> None:
    system = parse(SHOP, path=HERE)
    front, store = system.services
    assert (front.directory, front.instances, front.logs) == (HERE.parent, 1, "stdout")
    assert (store.title, store.command, store.ready) == ("store", (), "")
    assert system.links[0].protocol == "tcp"
    action = system.actions[0]
    assert (action.title, action.sent_by, action.body, action.per_second) == ("buy", "lab", "", 0.5)


@pytest.mark.parametrize(
    ("scheme", "protocol"), [("http", "http"), ("https", "tcp"), ("tcp", "tcp")]
)
def test_a_link_carries_what_its_receiver_speaks(scheme: str, protocol: str) -> None:
    text = f'title = "x"\n{SERVICE}{URL.replace("http", scheme)}{LINK}'
    assert parse(text, path=HERE).links[0].protocol == protocol
    # Of another upstream the file may know better.
    text += f'{UPSTREAM}protocol = "http"'
    assert parse(text, path=HERE).links[0].protocol == "http"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('title = "x"\n[[service\n', "(at line 2, column 10)"),
        ('title = "x"\n\nname = \'a', "(at line 3)"),
        ("", "title must be a string, not None"),
        ('title = "x"\n', "there is no [[service]]"),
        (f'title = "x"\ncolour = 1\n{SERVICE}', "there is no key 'colour' here; there are title,"),
        ('title = "x"\nservice = 1', "service must be written as [[service]]"),
        ('title = "x"\n[[service]]\n', "[[service]] 1: name must be a string, not None"),
        (f'title = "x"\n{SERVICE}color = 1', "[[service]] 1 (a): there is no key 'color' here"),
        (f'title = "x"\n{SERVICE}url = "9"', "[[service]] 1 (a): url must begin with http://"),
        (f'title = "x"\n{SERVICE}url = "tcp://h"', "[[service]] 1 (a): url must begin with"),
        (f'title = "x"\n{SERVICE}command = "x"', "[[service]] 1 (a): command must be a list of"),
        (f'title = "x"\n{SERVICE}{COMMAND}', "[[service]] 1 (a): url is missing: the lab has to"),
        (f'title = "x"\n{SERVICE}instances = 2', "[[service]] 1 (a): instances, env and {port}"),
        (
            f'title = "x"\n{SERVICE}{COMMAND}{URL}instances = 2',
            "[[service]] 1 (a): url must contain {port} or {n}",
        ),
        (
            f'title = "x"\n{SERVICE}{COMMAND}{URL}env = {{ A = 1 }}',
            '[[service]] 1 (a): env.A must be a string, not 1: write "1"',
        ),
        (f'title = "x"\n{SERVICE}{COMMAND}{URL}directory = "no"', "(a): directory /"),
        (f'title = "x"\n{SERVICE}{COMMAND}{URL}ready = "x"', "(a): ready must be a path such as"),
        (f'title = "x"\n{SERVICE}logs = "file"', "(a): logs must be one of stdout, otlp, not"),
        (f'title = "x"\n{SERVICE}instances = 0', "(a): instances must be a whole number from 1"),
        ('title = "x"\n[[service]]\nname = "a b"', "[[service]] 1 (a b): name must be up to 40"),
        ('title = "x"\n[[service]]\nname = "client"', "the name 'client' is the lab's own"),
        (
            f'title = "x"\n{SERVICE}{SERVICE}',
            "[[service]] 2 (a): the name is that of [[service]] 1",
        ),
        (f'title = "x"\n{SERVICE}{LINK}', "[[link]] 1 (l): upstream is missing, and a has no url"),
        (
            f'title = "x"\n{SERVICE}{LINK}upstream = "x"',
            "[[link]] 1 (l): upstream must be host:port such as 127.0.0.1:4100, not 'x'",
        ),
        (
            f'title = "x"\n{SERVICE}{LINK}upstream = "h:70000"',
            "[[link]] 1 (l): upstream must be host:port",
        ),
        (
            f'title = "x"\n{SERVICE}{LINK}{UPSTREAM}protocol = "udp"',
            "[[link]] 1 (l): protocol must be one of http, tcp, not 'udp'",
        ),
        (
            f'title = "x"\n{SERVICE}{URL}{LINK}protocol = "http"'.replace("http://", "https://"),
            "[[link]] 1 (l): protocol must be tcp: TLS hides the messages to https://127",
        ),
        (
            f'title = "x"\n{SERVICE}{LINK}{UPSTREAM}'.replace('to = "a"', 'to = "b"'),
            "[[link]] 1 (l): to must be one of a, not 'b'",
        ),
        (
            f'title = "x"\n{SERVICE}{LINK}{UPSTREAM}'.replace("client", "a"),
            "[[link]] 1 (l): from and to are both 'a'",
        ),
        (
            f'title = "x"\n{SERVICE}{LINK}{UPSTREAM}'.replace('"l"', '"a"'),
            "[[link]] 1 (a): the name is that of [[service]] 1 (a) already",
        ),
        (
            f'title = "x"\n{SERVICE}{LINK}{UPSTREAM}{LINK}{UPSTREAM}'.replace('"l"', '"m"', 1),
            "[[link]] 2 (l): port 9200 is that of [[link]] 1 (m) already",
        ),
        (f'title = "x"\n{SERVICE}{ACTION}method = "post"', "[[action]] 1 (go): method must be one"),
        (f'title = "x"\n{SERVICE}{ACTION}per_second = 0', "(go): per_second must be a number over"),
        (f'title = "x"\n{SERVICE}{ACTION}{ACTION}', "[[action]] 2 (go): the name is used already"),
        (
            'title = "x"\n' + "".join(f'[[service]]\nname = "s{n}"\n' for n in range(12)),
            "there are more than 11 of [[service]]",
        ),
    ],
)
def test_a_mistake_is_named_by_its_place(text: str, message: str) -> None:
    assert message in error_of(text)


def test_the_file_is_named_with_its_mistake(tmp_path: Path) -> None:
    with pytest.raises(SystemFileError, match=r"no\.toml: it can't be read"):
        read(tmp_path / "no.toml")
    (tmp_path / "bytes.toml").write_bytes(b"\xff")
    with pytest.raises(SystemFileError, match=r"bytes\.toml: it is not UTF-8"):
        read(tmp_path / "bytes.toml")


@pytest.mark.parametrize("how", ["option", "variable"])
def test_with_a_mistake_nothing_starts(
    how: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "my.toml"
    path.write_text('title = "x"\n[[service]]\nname = "a"\ncolour = 1\n', encoding="utf-8")
    if how == "variable":
        monkeypatch.setenv("LAB_SYSTEM", str(path))
    arguments = ["--system", str(path)] if how == "option" else []
    done = subprocess.run(
        [sys.executable, "manage.py", "lab", "--no-browser", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"manage.py: {path}: [[service]] 1 (a): there is no key 'colour'")
    assert done.stderr.count("\n") == 1


def test_several_instances_have_a_port_and_a_number_each() -> None:
    text = """
title = "x"
[[service]]
name = "a"
url = "http://127.0.0.1:{port}"
command = ["run", "--number", "{n}"]
env = { PORT = "{port}" }
instances = 2
"""
    [service] = parse(text, path=HERE).services
    assert service.needs_port
    first, second = service.instances_on({"a#1": 7001, "a#2": 7002})
    assert (first.name, first.url, first.env) == ("a#1", "http://127.0.0.1:7001", {"PORT": "7001"})
    assert second.command == ("run", "--number", "2")

"""Open pages that ask for nonsense, and send what no page sends."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.chance import Chance

_ABNORMAL = {1005, 1006, 1011}
_SECONDS = 10.0


def open_page(chance: Chance, port: int) -> Iterator[str]:
    """Open one, send some frames, and say what went wrong: it is greeted, or refused by a code."""
    cursor = quote(chance.text().encode("utf-8", "surrogatepass"))
    query = chance.choice(["", f"?cursor={chance.getrandbits(70)}", f"?cursor={cursor}", "?x=%ff"])
    frames = [_frame(chance) for _ in range(chance.randrange(4))]
    try:
        with connect(
            f"ws://localhost:{port}/ws/live{query}", open_timeout=_SECONDS, max_size=None
        ) as page:
            page.recv(timeout=_SECONDS)
            for frame in frames:
                page.send(frame)
            page.ping().wait(_SECONDS)
    except ConnectionClosed as closed:
        code = closed.rcvd.code if closed.rcvd else 1006
        if code in _ABNORMAL:
            yield f"closed with {code} at {query!r} {frames!r:.300}"
    except (InvalidHandshake, OSError, TimeoutError) as error:
        yield f"{type(error).__name__}: {error} at {query!r} {frames!r:.300}"


def _frame(chance: Chance) -> str | bytes:
    if chance.often(0.5):
        return chance.randbytes(chance.choice([0, 1, 200, 70_000]))
    return chance.text().encode("utf-8", "replace").decode()

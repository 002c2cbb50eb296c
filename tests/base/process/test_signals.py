"""A process can be stopped however it was started: in the background SIGINT begins as ignored."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
import time

import pytest

from base.process.signals import on_stop_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there nothing is ignored at start")

KILL_THREAD = getattr(signal, "pthread_kill", None)
STOPPING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
# A signal that comes just before the sleep begins is looked at only after it: sleeps are short.
WAITING = "print('up', flush=True)\nwhile True: time.sleep(0.05)"
IMPORTS = "import signal, sys, time\nfrom base.process.signals import *\n"


def end_of(script: str, *, ignored: str, sent: str) -> tuple[int, str]:
    """Start ``script`` with a signal ignored, send one once it is up; return code and output."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPORTS + script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=lambda: signal.signal(getattr(signal, ignored), signal.SIG_IGN),
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            process.send_signal(getattr(signal, sent))
            output, _ = process.communicate(timeout=10)
        finally:
            process.kill()
    return process.returncode, output


def test_sigint_raises_where_it_was_ignored_at_start() -> None:
    _, output = end_of(f"raise_on_sigint()\n{WAITING}", ignored="SIGINT", sent="SIGINT")
    assert "KeyboardInterrupt" in output


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_each_signal_to_stop_calls_what_stops(sent: str) -> None:
    script = f"on_stop(lambda: sys.exit(7))\n{WAITING}"
    assert end_of(script, ignored="SIGINT", sent=sent) == (7, "")


def test_what_was_started_to_outlive_its_terminal_does() -> None:
    script = (
        "on_stop(lambda: sys.exit(7))\nassert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN"
    )
    assert end_of(f"{script}\n{WAITING}", ignored="SIGHUP", sent="SIGTERM") == (7, "")


def test_a_process_that_is_ending_is_not_interrupted() -> None:
    script = (
        "on_stop(lambda: sys.exit(7))\nignore_stop()\nprint('up', flush=True)\nsys.stdin.read()"
    )
    assert end_of(script, ignored="SIGINT", sent="SIGTERM") == (0, "")


@pytest.mark.parametrize("sent", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_block_is_interrupted_by_the_first_signal_and_cleaned_up_in_spite_of_others(
    sent: str,
) -> None:
    script = (
        "import os\n"
        "try:\n"
        "    with interrupted_by_signals():\n"
        "        try:\n"
        "            print('up', flush=True)\n"
        "            while True: time.sleep(0.05)\n"
        "        finally:\n"
        "            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):\n"
        "                os.kill(os.getpid(), number)\n"
        "            print('clean', flush=True)\n"
        "except KeyboardInterrupt:\n"
        "    print('ended')\n"
    )
    assert end_of(script, ignored="SIGINT", sent=sent) == (0, "clean\nended\n")


def test_what_was_set_before_a_block_is_set_again_after_it() -> None:
    script = "on_stop(lambda: sys.exit(7))\nwith interrupted_by_signals():\n    pass\n" + WAITING
    assert end_of(script, ignored="SIGINT", sent="SIGTERM") == (7, "")


async def test_a_loop_that_rests_is_woken_by_a_signal_that_its_thread_did_not_wait_for() -> None:
    # As when it comes just before the loop begins to wait, which no test can time.
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    resting = threading.Event()
    other = threading.Thread(target=resting.wait)
    other.start()
    before = {each: signal.getsignal(each) for each in STOPPING}
    on_stop_in(loop, stopped.set)
    try:
        # Far beyond what is waited for: nothing else wakes the loop.
        late = loop.call_later(15, lambda: None)
        began = time.monotonic()
        signaller = threading.Timer(0.2, KILL_THREAD or print, [other.ident, signal.SIGTERM])
        signaller.start()
        await stopped.wait()
        assert time.monotonic() - began < 10
        late.cancel()
    finally:
        resting.set()
        other.join()
        for each, handler in before.items():
            loop.remove_signal_handler(each)
            signal.signal(each, handler)

"""Tying the life of a child process to this one, on Windows.

There no child is notified that its parent is gone: closing the console, or ending a process in the
task manager, leaves the others running. A job object ends all that were put into it when the last
handle to it closes, with this process at the latest. Elsewhere signals and `supervision.reaper` do.
"""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_EXTENDED_LIMIT_INFORMATION: Final = 9
_KILL_ON_CLOSE: Final = 0x2000
# What a child starts itself is not in the job: a firewall's watchdog, a browser.
_SILENT_BREAKAWAY: Final = 0x1000
_SET_QUOTA_AND_TERMINATE: Final = 0x0101


class BasicLimits(ctypes.Structure):
    """``JOBOBJECT_BASIC_LIMIT_INFORMATION``."""

    _fields_ = (
        ("per_process_user_time", ctypes.c_int64),
        ("per_job_user_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """``JOBOBJECT_EXTENDED_LIMIT_INFORMATION``."""

    _fields_ = (
        ("basic", BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def end_with_this_process(pid: int) -> None:
    """Have Windows end a child when this process ends, however it does; nothing elsewhere.

    Where the system refuses, the child is left to end by its other means.
    """
    if sys.platform == "win32":
        _add(pid)


if sys.platform == "win32":
    from functools import cache

    @cache
    def _job() -> int:
        """Make this process's job; its handle is never closed but by the process's end."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = ctypes.c_void_p
        job: int = kernel.CreateJobObjectW(None, None) or 0
        limits = ExtendedLimits()
        limits.basic.flags = _KILL_ON_CLOSE | _SILENT_BREAKAWAY
        kernel.SetInformationJobObject(
            ctypes.c_void_p(job),
            _EXTENDED_LIMIT_INFORMATION,
            ctypes.byref(limits),
            ctypes.sizeof(limits),
        )
        return job

    def _add(pid: int) -> None:
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = ctypes.c_void_p
        process = kernel.OpenProcess(_SET_QUOTA_AND_TERMINATE, 0, pid)
        if process:
            kernel.AssignProcessToJobObject(ctypes.c_void_p(_job()), ctypes.c_void_p(process))
            kernel.CloseHandle(ctypes.c_void_p(process))

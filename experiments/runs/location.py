"""Where this lab answers and where its runs are kept, by Django's settings."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings


def runs_directory() -> Path:
    """Return the directory of all runs, a folder per experiment."""
    return Path(settings.LAB_VAR_DIR) / "experiments"


def lab_urls() -> dict[str, str]:
    """Return this lab's addresses, by the names of an experiment's configuration."""
    return dict(settings.LAB_URLS)


def lab_environ() -> dict[str, str]:
    """Return the same addresses by the environment variables that the experiments' files name."""
    return {f"LAB_{name.upper()}": url for name, url in lab_urls().items()}

"""All rooms in one process, a database each: for the tests that need no processes, and for mypy."""

from __future__ import annotations

from base.env import BASE_DIR, ENV
from labsite.settings import api
from labsite.settings.base import database
from labsite.settings.observer import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.observer import INSTALLED_APPS as OBSERVER_APPS

INSTALLED_APPS = [
    *OBSERVER_APPS,
    *(app for app in (*api.INSTALLED_APPS, "worker") if app not in OBSERVER_APPS),
]
SPECTACULAR_SETTINGS = api.SPECTACULAR_SETTINGS
SECRET_KEY = "a key for tests"  # noqa: S105 (signs nothing outside the tests)
LAB_SECRET = "a secret for tests"  # noqa: S105 (guards nothing outside the tests)
DATABASES = {
    "default": database(ENV.database_url),
    "worker": database(ENV.worker_database_url),
    "telemetry": database(ENV.telemetry_database_url),
}
for _alias, _described in DATABASES.items():
    if _described["ENGINE"] == "labsite.sqlite":
        # Threads of a test share a file as the processes do; memory would serialise them.
        _described["TEST"] = {"NAME": ENV.var_dir / f"test-{_alias}.sqlite3"}
    # A test may use one of them alone.
    _described.setdefault("TEST", {})["DEPENDENCIES"] = []
    _described["CONN_MAX_AGE"] = 0
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
LOCALE_PATHS = [BASE_DIR / "locale"]
LAB_TERMINAL_LANGUAGE = "en"

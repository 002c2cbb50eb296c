"""The worker's process."""

from __future__ import annotations

from base.env import ENV
from labsite.settings.base import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.base import database

LAB_SERVICE = "worker"
ROOT_URLCONF = "labsite.http.urls_worker"
INSTALLED_APPS = ["rest_framework", "labsite", "worker"]
MIDDLEWARE = [
    "service.guard.ServiceGuard",
]
# An order is refused while its caller still waits.
DATABASES = {"default": database(ENV.worker_database_url, lock_seconds=5)}

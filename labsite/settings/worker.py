"""The worker's process."""

from __future__ import annotations

from labsite.env import ENV
from labsite.settings.base import *  # noqa: F403 (settings modules extend one another this way)
from labsite.settings.base import database

LAB_SERVICE = "worker"
ROOT_URLCONF = "labsite.urls_worker"
INSTALLED_APPS = ["rest_framework", "labsite", "worker"]
MIDDLEWARE = [
    "labsite.middleware.ServiceGuard",
]
DATABASES = {"default": database(ENV.worker_database_url)}

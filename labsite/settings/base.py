"""What the settings of every process share."""

from __future__ import annotations

import hashlib
from typing import Any

import dj_database_url

from base.env import BASE_DIR, ENV
from base.patience import CONNECTION_SECONDS
from boundary.log_messages import (
    LOG_ORDER_ACCEPTED,
    LOG_ORDER_CANCELLED,
    LOG_ORDER_CONFIRMED,
    LOG_ORDER_REJECTED,
)

LAB_SERVICE = ENV.service
LAB_BASE_DIR = BASE_DIR
LAB_VAR_DIR = ENV.var_dir
LAB_SECRET = ENV.secret
SECRET_KEY = hashlib.sha256(b"django" + ENV.secret.encode()).hexdigest()
DEBUG = ENV.debug
ALLOWED_HOSTS = ENV.allowed_hosts

LAB_PAGE_ORIGINS = ENV.page_origins
LAB_OTLP_ORIGINS = ENV.otlp_origins
LAB_CLIENT_URL = ENV.client_url
LAB_API_URL = ENV.api_url
LAB_WORKER_URL = ENV.direct_worker_url
LAB_OBSERVER_URL = ENV.observer_url
LAB_URLS = {
    "observer_url": LAB_OBSERVER_URL,
    "client_url": LAB_CLIENT_URL,
    "api_url": LAB_API_URL,
    "worker_url": LAB_WORKER_URL,
}
"""In the form of `base.lab.Lab` and of an experiment's configuration."""
LAB_CONTROL_URL = ENV.control_url
LAB_PROXY_SEED = ENV.proxy_seed
LAB_OPEN_CALLBACK = ENV.open_callback
LAB_OWN_NETWORK = ENV.own_network
LAB_WORKER_NETNS = ENV.worker_netns
LAB_OTLP_PORT = ENV.ports.otlp
TOXIPROXY_URL = ENV.toxiproxy_url
WORKER_URL = ENV.worker_url
API_CALLBACK_URL = ENV.api_callback_url
DELIVERY_TIMEOUT_MS = ENV.delivery_timeout_ms
CALLBACK_TIMEOUT_MS = ENV.callback_timeout_ms
SIM_PARTITION_API_TO_WORKER = ENV.sim_partition_api_to_worker
SIM_PARTITION_WORKER_TO_API = ENV.sim_partition_worker_to_api
SIM_SLOW_WORKER_MS = ENV.sim_slow_worker_ms
LAB_FAULTS = ENV.faults
# The log messages that set the status of a trace's order.
TELEMETRY_STATUS_BY_MESSAGE = {
    LOG_ORDER_ACCEPTED: "PENDING",
    LOG_ORDER_CONFIRMED: "CONFIRMED",
    LOG_ORDER_REJECTED: "REJECTED",
    LOG_ORDER_CANCELLED: "CANCELLED",
}
# The colours of the lab's own services: kept databases have them in these.
TELEMETRY_OWN_COLOURS = {"client": 0, "api": 1, "worker": 2}
TELEMETRY_MAX_SPANS = ENV.telemetry_max_spans
TELEMETRY_MAX_AGE_SECONDS = ENV.telemetry_max_age_seconds
TELEMETRY_MAX_MEGABYTES = ENV.telemetry_max_megabytes
LAB_MAX_BODY_BYTES = ENV.max_body_bytes

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LAB_TERMINAL_LANGUAGE = ENV.language
LANGUAGES = [("en", "English"), ("ja", "日本語")]
LOCALE_PATHS = [BASE_DIR / "locale"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASE_ROUTERS = ["labsite.routers.RoomRouter"]
APPEND_SLASH = False
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "service.framework.error_response",
}

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000;"
)

_POSTGRESQL_NOTICES_A_LOST_HOST = {
    "connect_timeout": int(CONNECTION_SECONDS),
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}


def database(
    url: str,
    *,
    max_age: int | None = None,
    checkpoint_pages: int = 1_000,
    lock_seconds: int = 20,
    connections: int = 16,
) -> dict[str, Any]:
    """Return Django's settings of the database at ``url``, tuned for many writers at once.

    A checkpoint of SQLite's write-ahead log is made every ``checkpoint_pages`` pages, and a writer
    waits ``lock_seconds`` for another one. Of PostgreSQL's connections a process has as many as
    ``connections``; who gets none in time, or no lock, or no answer, has an OperationalError.
    """
    described: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=max_age))
    if described["ENGINE"] == "django.db.backends.sqlite3":
        described["ENGINE"] = "labsite.sqlite"
        described["OPTIONS"] = {
            "timeout": lock_seconds,
            # Locks for writing at BEGIN: no deadlock on upgrading a read lock.
            "transaction_mode": "IMMEDIATE",
            "init_command": f"{SQLITE_PRAGMAS} PRAGMA wal_autocheckpoint={checkpoint_pages};",
        }
    elif described["ENGINE"] == "django.db.backends.postgresql":
        from service.postgresql.connection import BoundedConnection

        described["ENGINE"] = "service.postgresql"
        # A pool's connections are kept by it, and tested before they are given out.
        described["CONN_MAX_AGE"] = 0
        described["CONN_HEALTH_CHECKS"] = True
        described["OPTIONS"] = {
            **_POSTGRESQL_NOTICES_A_LOST_HOST,
            "options": f"-c lock_timeout={CONNECTION_SECONDS:.0f}s",
            **described.get("OPTIONS", {}),
            "pool": {
                "min_size": 1,
                "max_size": connections,
                # Who asks next makes it try again, and not the pool after ever longer pauses.
                "reconnect_timeout": 1,
                "connection_class": BoundedConnection,
            },
        }
    return described


LOGGING: dict[str, Any] = {"version": 1, "disable_existing_loggers": False}

"""The environment variables, typed and validated once; nothing else reads the environment.

``docs/configuration.md`` lists them; a test compares the two.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from base.errors import BadSettingError

if TYPE_CHECKING:
    from collections.abc import Mapping

BASE_DIR = Path(__file__).resolve().parent.parent

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}
_MAX_PORT = 65_535
_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[^]\s/*?#@:[]+)(:[0-9]{1,5})?")


@dataclass(frozen=True)
class Ports:
    """TCP ports, one per listener. OTLP's usual ones are 0 for none."""

    observer: int
    otlp: int
    otlp_grpc: int
    api: int
    worker: int
    client_to_api: int
    api_to_worker: int
    worker_to_api: int
    api_to_database: int
    toxiproxy: int
    control: int


@dataclass(frozen=True)
class LabEnv:
    """The settings, defaults included."""

    service: str
    var_dir: Path
    bind: str
    ports: Ports
    debug: bool
    allowed_hosts: list[str]
    page_origins: list[str]
    otlp_origins: list[str]
    secret: str
    database_url: str
    worker_database_url: str
    telemetry_database_url: str
    redis_url: str
    worker_url: str
    api_callback_url: str
    client_url: str
    api_url: str
    direct_worker_url: str
    observer_url: str
    toxiproxy_url: str
    own_network: bool
    control_url: str
    otlp_endpoint: str
    telemetry: bool
    exports_spans: bool
    exports_logs: bool
    telemetry_delay_ms: int
    delivery_timeout_ms: int
    callback_timeout_ms: int
    sim_partition_api_to_worker: bool
    sim_partition_worker_to_api: bool
    sim_slow_worker_ms: int
    faults: str
    telemetry_max_spans: int
    telemetry_max_age_seconds: int
    telemetry_max_megabytes: int
    max_body_bytes: int
    threads: int
    one_core: bool
    also_listen: tuple[str, ...]
    worker_netns: str
    proxy_seed: int
    link_journal: bool
    migrate: bool
    language: str
    open_callback: bool
    system: Path | None
    system_ports: str


def read(environ: Mapping[str, str]) -> LabEnv:
    """Parse an environment.

    :raises BadSettingError: a variable's value is not of its type or out of its range.
    """
    reader = _Reader(environ)
    ports = _ports(reader)
    var_dir = Path(environ.get("LAB_VAR_DIR") or BASE_DIR / "var").resolve()
    toxiproxy_url = reader.url("TOXIPROXY_URL", "")
    observer = f"http://127.0.0.1:{ports.observer}"
    return LabEnv(
        service=environ.get("LAB_SERVICE", "observer"),
        var_dir=var_dir,
        bind=environ.get("LAB_BIND") or "127.0.0.1",
        ports=ports,
        debug=reader.flag("LAB_DEBUG"),
        allowed_hosts=reader.words("LAB_ALLOWED_HOSTS", "localhost 127.0.0.1 [::1]"),
        page_origins=reader.words(
            "LAB_PAGE_ORIGINS",
            " ".join(f"http://{h}:{ports.observer}" for h in ("localhost", "127.0.0.1", "[::1]")),
        ),
        otlp_origins=reader.origins("LAB_OTLP_ORIGINS"),
        secret=environ.get("LAB_SECRET") or _stored_secret(var_dir / "secret"),
        database_url=environ.get("DATABASE_URL") or _sqlite(var_dir / "orders.sqlite3"),
        worker_database_url=environ.get("WORKER_DATABASE_URL")
        or _sqlite(var_dir / "worker.sqlite3"),
        telemetry_database_url=environ.get("TELEMETRY_DATABASE_URL")
        or _sqlite(var_dir / "telemetry.sqlite3"),
        redis_url=environ.get("REDIS_URL", ""),
        worker_url=reader.url("WORKER_URL", f"http://127.0.0.1:{ports.api_to_worker}"),
        api_callback_url=reader.url("API_CALLBACK_URL", f"http://127.0.0.1:{ports.worker_to_api}"),
        client_url=reader.url("LAB_CLIENT_URL", f"http://localhost:{ports.client_to_api}"),
        api_url=reader.url("LAB_API_URL", f"http://127.0.0.1:{ports.api}"),
        direct_worker_url=reader.url("LAB_WORKER_URL", f"http://127.0.0.1:{ports.worker}"),
        observer_url=reader.url("LAB_OBSERVER_URL", observer),
        toxiproxy_url=toxiproxy_url or f"http://127.0.0.1:{ports.toxiproxy}",
        own_network=not toxiproxy_url,
        control_url=reader.url("LAB_CONTROL_URL", f"http://127.0.0.1:{ports.control}"),
        otlp_endpoint=reader.url("OTEL_EXPORTER_OTLP_ENDPOINT", observer),
        telemetry=not reader.flag("OTEL_SDK_DISABLED"),
        exports_spans=reader.choice("OTEL_TRACES_EXPORTER", "otlp", "none") == "otlp",
        exports_logs=reader.choice("OTEL_LOGS_EXPORTER", "otlp", "none") == "otlp",
        telemetry_delay_ms=reader.number("LAB_TELEMETRY_DELAY_MS", 30, lowest=1, highest=60_000),
        delivery_timeout_ms=reader.number("DELIVERY_TIMEOUT_MS", 800, lowest=1, highest=600_000),
        callback_timeout_ms=reader.number("CALLBACK_TIMEOUT_MS", 2_000, lowest=1, highest=600_000),
        sim_partition_api_to_worker=reader.flag("SIM_PARTITION_API_TO_WORKER"),
        sim_partition_worker_to_api=reader.flag("SIM_PARTITION_WORKER_TO_API"),
        sim_slow_worker_ms=reader.number("SIM_SLOW_WORKER_MS", 0, highest=600_000),
        faults=environ.get("LAB_FAULTS", ""),
        telemetry_max_spans=reader.number("TELEMETRY_MAX_SPANS", 1_000_000, lowest=1_000),
        telemetry_max_age_seconds=reader.number("TELEMETRY_MAX_AGE_SECONDS", 7 * 86_400, lowest=1),
        telemetry_max_megabytes=reader.number("TELEMETRY_MAX_MEGABYTES", 1_024, lowest=1),
        max_body_bytes=reader.number("LAB_MAX_BODY_BYTES", 16_384, lowest=256),
        threads=reader.number("LAB_THREADS", 32, lowest=1, highest=512),
        also_listen=tuple(reader.words("LAB_ALSO_LISTEN", "")),
        worker_netns=environ.get("LAB_WORKER_NETNS", ""),
        one_core=not reader.flag("LAB_ALL_CORES"),
        proxy_seed=reader.number("LAB_PROXY_SEED", 1),
        link_journal=reader.flag("LAB_LINK_JOURNAL", default=True),
        migrate=not reader.flag("LAB_NO_MIGRATE"),
        language=_language(environ),
        open_callback=reader.flag("LAB_OPEN_CALLBACK"),
        system=Path(environ["LAB_SYSTEM"]).resolve() if environ.get("LAB_SYSTEM") else None,
        system_ports=environ.get("LAB_SYSTEM_PORTS", ""),
    )


def _ports(reader: _Reader) -> Ports:
    return Ports(
        observer=reader.port("LAB_PORT_OBSERVER", 8000),
        otlp=reader.port("LAB_PORT_OTLP", 4318),
        otlp_grpc=reader.port("LAB_PORT_OTLP_GRPC", 4317),
        api=reader.port("LAB_PORT_API", 4000),
        worker=reader.port("LAB_PORT_WORKER", 4001),
        client_to_api=reader.port("LAB_PORT_CLIENT_TO_API", 4300),
        api_to_worker=reader.port("LAB_PORT_API_TO_WORKER", 4100),
        worker_to_api=reader.port("LAB_PORT_WORKER_TO_API", 4200),
        api_to_database=reader.port("LAB_PORT_API_TO_DATABASE", 4500),
        toxiproxy=reader.port("LAB_PORT_TOXIPROXY", 8474),
        control=reader.port("LAB_PORT_CONTROL", 8475),
    )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def flag(self, name: str, *, default: bool = False) -> bool:
        value = self._environ.get(name, "").strip().lower()
        if not value:
            return default
        if value in _TRUE:
            return True
        if value in _FALSE:
            return False
        raise BadSettingError(f"{name} must be 1 or 0, not {value!r}")

    def choice(self, name: str, default: str, *others: str) -> str:
        value = self._environ.get(name, "").strip().lower() or default
        if value not in (default, *others):
            known = " or ".join((default, *others))
            raise BadSettingError(f"{name} must be {known}, not {value!r}")
        return value

    def number(self, name: str, default: int, *, lowest: int = 0, highest: int = 2**53) -> int:
        text = self._environ.get(name, "").strip()
        if not text:
            return default
        try:
            value = int(text)
        except ValueError:
            raise BadSettingError(f"{name} must be a whole number, not {text!r}") from None
        if not lowest <= value <= highest:
            raise BadSettingError(f"{name} must be from {lowest} to {highest}, not {value}")
        return value

    def port(self, name: str, default: int) -> int:
        return self.number(name, default, highest=_MAX_PORT)

    def words(self, name: str, default: str) -> list[str]:
        return (self._environ.get(name) or default).replace(",", " ").split()

    def origins(self, name: str) -> list[str]:
        values = [each.rstrip("/").lower() for each in self.words(name, "")]
        for each in values:
            if not _ORIGIN.fullmatch(each):
                raise BadSettingError(
                    f"{name} must be origins such as https://app.example:8443, not {each!r}"
                )
        return values

    def url(self, name: str, default: str) -> str:
        value = (self._environ.get(name) or default).rstrip("/")
        if value and not value.startswith(("http://", "https://")):
            raise BadSettingError(f"{name} must be an http:// or https:// URL, not {value!r}")
        return value


def _language(environ: Mapping[str, str]) -> str:
    """The language of the terminal's locale: ``ja_JP.UTF-8`` is ``ja``."""
    locale = environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG") or ""
    return "ja" if locale.partition("_")[0].partition(".")[0] == "ja" else "en"


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path.as_posix()}"


def _stored_secret(path: Path) -> str:
    """Read the secret that the lab's processes share; the first reader creates it.

    :raises BadSettingError: its folder can't be made, or it can't be written there.
    """
    try:
        return _read_or_create(path)
    except OSError as error:
        raise BadSettingError(
            f"LAB_VAR_DIR: {path.parent} can't be used ({error.strerror}):"
            " name a folder that can be written"
        ) from None


def _read_or_create(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            # Linking is atomic and never replaces: of two concurrent writers, one wins.
            os.link(draft, path)
        except FileExistsError:
            pass
        except OSError:
            draft.replace(path)
        draft.unlink(missing_ok=True)
    return path.read_text(encoding="ascii").strip()


ENV = read(os.environ)

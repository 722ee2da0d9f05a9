"""What the environment says about a run."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from console.supervisor.refusal import RefusedError

ROOT = Path(__file__).resolve().parents[2]
FALSE_WORDS = frozenset({"0", "false", "no", "off", "n", "f"})
EVERY_ADDRESS = frozenset({"", "0.0.0.0", "::"})  # noqa: S104 - recognised, not bound


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Where a process listens; `setting` is the variable that moves it elsewhere."""

    host: str
    port: int
    setting: str

    @property
    def bind(self) -> str:
        """The address as a server's command line takes it."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def local_host(self) -> str:
        """The host by which this machine reaches it."""
        return "127.0.0.1" if self.host in EVERY_ADDRESS else self.host


@dataclass(frozen=True, kw_only=True)
class Options:
    """One run's options. An empty `database_url` or `redis_url` means the embedded server."""

    data_dir: Path
    web: Listener
    gateway: Listener
    gateway_tls: Listener | None
    database_url: str
    redis_url: str
    secret_key: str
    public_url: str
    is_debug_off: bool
    has_mail_server: bool
    has_static_root: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables that `.env.example` lists; raises RefusedError for a port that is no port."""
        read = environment.get
        gateway_host = read("GATEWAY_HOST") or "127.0.0.1"
        tls = _listener(environment, gateway_host, "GATEWAY_TLS_PORT", 9443)
        return cls(
            data_dir=(ROOT / (read("DATA_DIR") or "var")).resolve(),
            web=_listener(environment, read("WEB_HOST") or "127.0.0.1", "WEB_PORT", 8000),
            gateway=_listener(environment, gateway_host, "GATEWAY_PORT", 8080),
            gateway_tls=tls if read("GATEWAY_TLS_CERT") else None,
            database_url=read("DATABASE_URL") or "",
            redis_url=read("REDIS_URL") or "",
            secret_key=read("SECRET_KEY") or "",
            public_url=read("PUBLIC_URL") or "",
            is_debug_off=(read("DEBUG") or "").strip().lower() in FALSE_WORDS,
            has_mail_server=bool(read("EMAIL_URL")),
            has_static_root=bool(read("STATIC_ROOT")),
        )

    @property
    def is_embedded(self) -> bool:
        """Whether the database is Landfall's own, as in settings."""
        return not self.database_url

    @property
    def listeners(self) -> list[Listener]:
        """Everything this run listens on."""
        return [self.web, self.gateway, *([self.gateway_tls] if self.gateway_tls else [])]


def _listener(environment: Mapping[str, str], host: str, setting: str, default: int) -> Listener:
    text = environment.get(setting) or str(default)
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise RefusedError(f"{setting} is {text!r}, which is not a port: set it to a number from 1 to 65535.")
    return Listener(host=host, port=int(text), setting=setting)

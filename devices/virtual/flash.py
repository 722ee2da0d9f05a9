"""What a virtual board keeps when it is switched off: one private file for each."""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import structlog

from devices.virtual.firmware import Firmware, Kind, Library

SUFFIX = ".json"
MAX_PORT = 65_535
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """`mac` is twelve hexadecimal digits; `is_valid` says that the configuration worked once, as Edgent's flag does."""

    token: str = field(repr=False)
    template_id: str
    template_name: str
    mac: str
    host: str
    port: int
    is_valid: bool = False
    kind: Kind = Kind.ESP32
    library: Library = Library.V1_4

    @property
    def firmware(self) -> Firmware:
        """What is compiled into the board. Raises UnknownFirmwareError for a board and a library that have none."""
        return Firmware(
            template_id=self.template_id, template_name=self.template_name, kind=self.kind, library=self.library
        )

    @property
    def hotspot_name(self) -> str:
        """The network that this board would open for its set-up."""
        return self.firmware.hotspot(bytes.fromhex(self.mac)).text


def mac_of(token: str) -> str:
    """A MAC for the board that gets `token`: locally administered, so no real board has it, and always the same."""
    return "02" + hashlib.sha256(b"mac of " + token.encode()).hexdigest()[:10]


class FlashStore:
    """The flashes of all boards, in `folder`, which is made when the first one is kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> list[Flash]:
        """Every flash that can be read, in order of the MAC; the others are named in the log and left alone."""
        return [flash for path in sorted(self._folder.glob(f"[!.]*{SUFFIX}")) if (flash := _read(path)) is not None]

    def save(self, flash: Flash) -> None:
        """Keep `flash`, readable by its owner alone; a reader sees the old one or the new, whole. Raises OSError."""
        write_whole(self._path(flash), json.dumps(asdict(flash)).encode())

    def erase(self, flash: Flash) -> None:
        """Forget `flash`; it may have gone already. Raises OSError."""
        self._path(flash).unlink(missing_ok=True)

    def _path(self, flash: Flash) -> Path:
        return self._folder / f"{flash.mac}{SUFFIX}"


class ConfigFile:
    """The 212 bytes of an Edgent board in a file of their own."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> bytes:
        """What is there, nothing where there is no file or it cannot be read."""
        try:
            return self._path.read_bytes()
        except OSError:
            return b""

    def save(self, raw: bytes) -> None:
        """Raises OSError."""
        write_whole(self._path, raw)


class Memory:
    """The same for a board that forgets everything with its process."""

    def __init__(self, raw: bytes = b"") -> None:
        self._raw = raw

    def load(self) -> bytes:
        return self._raw

    def save(self, raw: bytes) -> None:
        self._raw = raw


type ConfigStore = ConfigFile | Memory


def write_whole(path: Path, raw: bytes) -> None:
    """Put `raw` into the file, for its owner alone; a reader sees the old one or the new, whole. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # Made with mode 0600; the leading dot keeps a leftover of a crash from being loaded.
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _read(path: Path) -> Flash | None:
    try:
        return _checked(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        # The error's text could quote the file, and so the token.
        log.warning("flash.unreadable", file=path.name, error=type(error).__name__)
        return None


def _checked(kept: dict[str, object]) -> Flash:
    """Raises TypeError for missing, unknown or mistyped fields, ValueError for a MAC, name, port or firmware that is
    none.
    """
    flash = Flash(**kept)  # type: ignore[arg-type] # every field is checked below
    flash = replace(flash, kind=Kind(flash.kind), library=Library(flash.library))
    texts = (flash.token, flash.template_id, flash.template_name, flash.mac, flash.host)
    if not all(isinstance(text, str) for text in texts) or type(flash.port) is not int:
        raise TypeError("a field has another type")
    if not flash.hotspot_name or not 0 < flash.port <= MAX_PORT:
        raise ValueError("no port")
    return flash

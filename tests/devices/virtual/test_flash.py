"""What boards keep: private, whole, and never quoted."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from devices.virtual.firmware import Kind, Library
from devices.virtual.flash import FlashStore, mac_of
from tests.devices.virtual.harness import TOKEN, flash_for

FLASH = flash_for(8080)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    store = FlashStore(tmp_path / "virtual")
    other = flash_for(8080, token="lfd_" + "C" * 28)
    store.save(FLASH)
    store.save(other)
    assert {flash.token for flash in store.load()} == {FLASH.token, other.token}
    store.save(replace(FLASH, is_valid=True))
    assert replace(FLASH, is_valid=True) in store.load()
    assert len(store.load()) == 2


def test_a_flash_of_an_earlier_landfall_is_that_of_an_esp32(tmp_path: Path) -> None:
    kept = {"token": TOKEN, "template_id": "T", "template_name": "N", "mac": "020000000001", "host": "h", "port": 80}
    (tmp_path / "020000000001.json").write_text(json.dumps(kept))
    (flash,) = FlashStore(tmp_path).load()
    assert (flash.kind, flash.library) == (Kind.ESP32, Library.V1_4)


def test_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    FlashStore(tmp_path / "virtual").save(FLASH)
    (file,) = (tmp_path / "virtual").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_erasing_forgets_and_may_be_repeated(tmp_path: Path) -> None:
    store = FlashStore(tmp_path)
    store.save(FLASH)
    store.erase(FLASH)
    store.erase(FLASH)
    assert store.load() == []


def test_no_folder_holds_nothing(tmp_path: Path) -> None:
    assert FlashStore(tmp_path / "none").load() == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "\xff",
        json.dumps({"token": TOKEN}),
        *[
            json.dumps({**json.loads('{"template_id":"T","template_name":"N","host":"h"}'), "token": TOKEN, **wrong})
            for wrong in (
                {"mac": "020000000001", "port": "80"},
                {"mac": "020000000001", "port": 0},
                {"mac": "02", "port": 80},
                {"mac": "zz", "port": 80},
                {"mac": "020000000001", "port": 80, "is_valid": False, "more": 1},
                {"mac": "020000000001", "port": 80, "template_name": "\ud800"},
                {"mac": "020000000001", "port": 80, "kind": "abacus"},
                {"mac": "020000000001", "port": 80, "library": 7},
                {"mac": "020000000001", "port": 80, "kind": "mkr"},
            )
        ],
    ],
)
def test_a_file_that_is_no_flash_is_passed_over(tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture) -> None:
    store = FlashStore(tmp_path)
    store.save(FLASH)
    (tmp_path / "broken.json").write_bytes(text.encode("latin-1", "replace"))
    (tmp_path / ".leftover.json").write_text(json.dumps({}))
    assert store.load() == [FLASH]
    assert "broken.json" in caplog.text
    assert TOKEN not in caplog.text


def test_a_failed_write_leaves_the_old_one_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FlashStore(tmp_path)
    store.save(FLASH)

    def full_disk(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("devices.virtual.flash.os.fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        store.save(replace(FLASH, port=1))
    assert store.load() == [FLASH]
    assert len(list(tmp_path.iterdir())) == 1


def test_a_mac_is_local_and_belongs_to_the_token() -> None:
    assert mac_of(TOKEN) == mac_of(TOKEN) != mac_of(TOKEN[::-1])
    first, *rest = bytes.fromhex(mac_of(TOKEN))
    assert (first, len(rest)) == (0x02, 5)


def test_the_token_is_in_no_representation() -> None:
    assert TOKEN not in repr(FLASH)


def test_the_hotspot_name_is_the_boards() -> None:
    known = replace(FLASH, template_name="Root Template", mac="246f28010203")
    assert known.hotspot_name == "Blynk Root Template-9A4R"

"""Which lines fit which board."""

import pytest

from templates_app.boards import BOARDS, Board, BoardKey, by_key
from templates_app.firmware import LibraryVersion
from templates_app.kinds import CLASSIC_VERSIONS, Kind, edgent_versions, kinds_for, where_to_paste


@pytest.mark.parametrize("key", [BoardKey.ESP32, BoardKey.ESP8266, BoardKey.WIO_TERMINAL])
def test_boards_in_use_take_every_version(key: BoardKey) -> None:
    assert edgent_versions(by_key(key)) == tuple(LibraryVersion)


@pytest.mark.parametrize("key", [BoardKey.MKR1000, BoardKey.MKR_WIFI_1010, BoardKey.NANO_33_IOT])
def test_boards_whose_sketch_is_gone_take_the_versions_that_had_it(key: BoardKey) -> None:
    assert edgent_versions(by_key(key)) == (LibraryVersion.V1_2, LibraryVersion.V1_1, LibraryVersion.V1_0)


def test_a_board_without_a_public_sketch_takes_the_classic_versions() -> None:
    assert edgent_versions(by_key(BoardKey.CC3220)) == CLASSIC_VERSIONS


@pytest.mark.parametrize("board", BOARDS)
def test_every_board_has_a_kind_and_none_twice(board: Board) -> None:
    found = kinds_for(board)

    assert Kind.STATIC_TOKEN in found
    assert len(set(found)) == len(found)


def test_the_likeliest_kind_comes_first() -> None:
    assert [kinds_for(by_key(key))[0] for key in (BoardKey.ESP32, BoardKey.LINUX)] == [Kind.EDGENT, Kind.PYTHON]


@pytest.mark.parametrize(
    ("key", "version", "where"),
    [
        (BoardKey.ESP8266, LibraryVersion.V1_4, "Blynk.Edgent > Edgent_ESP8266"),
        (BoardKey.ESP8266, LibraryVersion.EDGENT_0_9, "Examples > BlynkEdgent > BlynkEdgent"),
        (BoardKey.CC3220, LibraryVersion.V1_2, "the top of your sketch"),
    ],
)
def test_the_lines_go_above_the_includes(key: BoardKey, version: LibraryVersion, where: str) -> None:
    sentence = where_to_paste(by_key(key), version)

    assert where in sentence
    assert "before the first #include" in sentence

"""The ESP32 family."""

from templates_app.boards import led, shared
from templates_app.boards.values import Board, BoardChoice, BoardKey, Edition, LedKind, Library, Note
from templates_app.hotspot import SuffixSource

_SKETCH = "Edgent_ESP32"
_SOURCE = f"Blynk library 1.4.0 source, {_SKETCH}"

_CLASSIC = Edition(
    library=Library("Blynk", "1.0.0"),
    sketch=_SKETCH,
    settings_file="Settings.h",
    choices=(
        BoardChoice("USE_ESP32_DEV_MODULE", "ESP32 DevKit", "0", LedKind.NONE, since="1.2.0"),
        BoardChoice("USE_ESP32C3_DEV_MODULE", "ESP32-C3 DevKit", "9", LedKind.WS2812, ("8",), since="1.1.0"),
        BoardChoice("USE_ESP32S2_DEV_KIT", "ESP32-S2 DevKit", "0", LedKind.SINGLE, ("19",), since="1.1.0"),
        BoardChoice("USE_WROVER_BOARD", "ESP32 WROVER Kit", "15", LedKind.RGB, ("0", "2", "4"), since="1.0.0"),
        BoardChoice("USE_TTGO_T7", "TTGO T7", "0", LedKind.SINGLE, ("19",), since="1.0.1", has_button=False),
        BoardChoice("USE_TTGO_T_OI", "TTGO T-OI", "0", LedKind.SINGLE, ("3",), since="1.2.0", has_button=False),
        BoardChoice("", "Custom board", "0", LedKind.NONE, since="1.0.0"),
    ),
    choices_source=f"{_SOURCE}/Settings.h; earlier libraries for “since”",
    hold=shared.classic_hold(_SKETCH),
    led=led.CLASSIC,
    led_source=f"{_SOURCE}/Indicator.h",
)

_NEWER = Edition(
    library=shared.NEWER_EDGENT,
    sketch="BlynkEdgent",
    settings_file="BoardConfig.h",
    choices=(
        BoardChoice("ARDUINO_ESP32C3_DEV_MODULE", "ESP32-C3 DevKit", "9", LedKind.WS2812, ("8",)),
        BoardChoice("ARDUINO_ESP32S2_DEV_KIT", "ESP32-S2 DevKit", "0", LedKind.SINGLE, ("19",)),
        BoardChoice("ARDUINO_WROVER_BOARD", "ESP32 WROVER Kit", "15", LedKind.RGB, ("0", "2", "4")),
        BoardChoice("ARDUINO_XIAO_ESP32C5", "Seeed XIAO ESP32-C5", "28", LedKind.SINGLE, ("27",), is_led_inverted=True),
        BoardChoice("ARDUINO_WEACT_ESP32C5", "WeAct ESP32-C5", "28", LedKind.WS2812, ("27",)),
        BoardChoice("ARDUINO_TTGO_T7", "TTGO T7", "0", LedKind.SINGLE, ("19",), has_button=False),
        BoardChoice("ARDUINO_TTGO_T7_S3", "TTGO T7-S3", "0", LedKind.SINGLE, ("17",)),
        BoardChoice("ARDUINO_TTGO_T_OI", "TTGO T-OI", "6", LedKind.SINGLE, ("3",), has_button=False),
        BoardChoice("ARDUINO_TTGO_TETH_POE", "TTGO T-ETH-PoE", "0", LedKind.SINGLE, ("2",), has_button=False),
        BoardChoice("ARDUINO_TTGO_TCALL_SIM800", "TTGO T-Call", "0", LedKind.SINGLE, ("LED_GPIO",), has_button=False),
        BoardChoice("ARDUINO_TTGO_TPCIE", "TTGO T-PCIE", "0", LedKind.SINGLE, ("LED_GPIO",), has_button=False),
        BoardChoice("ARDUINO_WILOBE", "Wilobe", "35", LedKind.SINGLE, ("2",)),
        BoardChoice("ARDUINO_WILOBE_V2", "Wilobe 2", "35", LedKind.SINGLE, ("2",)),
        BoardChoice(
            "ARDUINO_EDGEBOX_ESP100", "EdgeBox ESP-100", "0", LedKind.SINGLE, ("LED_ACT",), is_led_inverted=True
        ),
        BoardChoice(
            "ARDUINO_UBLOX_NINA_W10",
            "u-blox NINA-W10",
            "",
            LedKind.RGB,
            ("27", "25", "26"),
            has_button=False,
            is_led_inverted=True,
        ),
        BoardChoice("", "Custom board", "0", LedKind.NONE),
    ),
    choices_source="BlynkEdgent 0.9.0 source, examples/BlynkEdgent/BoardConfig.h",
    hold=shared.NEWER_HOLD,
    led=led.EDGENT_0_9,
    led_source="BlynkEdgent 0.9.0 source, examples/BlynkEdgent/Interaction.h",
)

ESP32 = Board(
    key=BoardKey.ESP32,
    name="ESP32",
    sketch=_SKETCH,
    ways=(
        shared.hotspot_way(
            "A network of its own without a password. Its form at http://192.168.4.1 is there from library 1.2.0 on.",
            _SKETCH,
        ),
        shared.usb_way(_SKETCH),
        shared.API_WAY,
    ),
    libraries=(Library("Blynk", "1.0.0"), shared.NEWER_EDGENT),
    generations=shared.EVERY_GENERATION,
    suffix_source=SuffixSource.EFUSE_MAC,
    suffix=(
        Note(
            "The suffix is computed from the 64-bit efuse number: the six MAC octets and two zero bytes.",
            f"{_SOURCE}/ConfigMode.h",
        ),
    ),
    includes=("WiFi.h", "WiFiClient.h", "BlynkSimpleEsp32.h"),
    editions=(_CLASSIC, _NEWER),
    trouble=(
        Note(
            "A sketch with an RGB or one-colour LED does not compile on Arduino core 3: it calls ledcSetup and "
            "ledcAttachPin, which that core removed. Use core 2, or a board choice with a WS2812 LED or none.",
            f"{_SOURCE}/Indicator.h; Arduino core for ESP32, migration from 2.x to 3.0",
        ),
        shared.NAME_TOO_LONG,
        shared.OLD_CORE,
        Note(
            "On library 1.0.0 to 1.1.0 the board shows no form at http://192.168.4.1/.",
            f"Blynk library 1.1.0 source, {_SKETCH}/ConfigMode.h",
        ),
        Note(
            "On library 1.0.0 and 1.0.1 the reset erases everything that the sketch stored, not its WiFi alone.",
            f"Blynk library 1.0.1 source, {_SKETCH}/ConfigMode.h",
        ),
        shared.open_update(_SKETCH),
        shared.no_captive_portal(_SKETCH),
        Note(
            "BlynkEdgent 0.9.0 sets up over Bluetooth where the chip has it, and opens no hotspot there.",
            "BlynkEdgent 0.9.0 source, EdgentSettings.h",
        ),
        shared.NEWER_PORTS,
        shared.ROOTS,
        *shared.of_every_sketch(_SKETCH),
    ),
)

"""What the lines of a snippet do, found by how each line begins."""

from dataclasses import dataclass

_CPP = (
    (
        "#define BLYNK_TEMPLATE_ID",
        "Tells the gateway which template the device is made from. It must be exactly this id.",
    ),
    ("#define BLYNK_TEMPLATE_NAME", "The template's name; the library only prints it."),
    ("#define BLYNK_DEVICE_NAME", "The template's name; the library only prints it."),
    ("#define BLYNK_AUTH_TOKEN", "The secret that the device logs in with: issue one with Add device."),
    ("#define BLYNK_PRINT", "Writes what the library does to the serial monitor."),
    ("char ssid[]", "The WiFi network that the board joins."),
    ("char pass[]", "The password of that network. It stays in the sketch."),
    ("BLYNK_WRITE(V1)", "Runs when somebody sets pin V1 on the device's page."),
    ("  Blynk.virtualWrite(V0", "Shows up as pin V0 on the device's page."),
    ("  Blynk.begin(", "Joins the WiFi, then logs in to this gateway. The connection is not encrypted."),
)
_PYTHON = (
    ("blynk = ", "Logs in to this gateway with the auth token: issue one with Add device."),
    ("@blynk.VIRTUAL_WRITE(1)", "Runs when somebody sets pin V1 on the device's page."),
    ('@blynk.handle_event("write V1")', "Runs when somebody sets pin V1 on the device's page."),
    ("    blynk.run()", "Reads what the gateway sent; call it often."),
    ("        blynk.virtual_write(0", "Shows up as pin V0 on the device's page."),
)
_JAVASCRIPT = (
    ("const blynk = ", "Logs in with the auth token: issue one with Add device."),
    ("  connector: ", "Connects to this gateway. The connection is not encrypted."),
    ("v1.on(", "Runs when somebody sets pin V1 on the device's page."),
    ("    blynk.virtualWrite(0", "Shows up as pin V0 on the device's page."),
)
_BY_LANGUAGE = {"cpp": _CPP, "python": _PYTHON, "javascript": _JAVASCRIPT}


@dataclass(frozen=True, slots=True)
class ExplainedLine:
    """One line of a program; `meaning` is empty where the line speaks for itself."""

    text: str
    meaning: str


def explained(code: str, language: str) -> tuple[ExplainedLine, ...]:
    """The lines of a program, with the meaning of those that matter for the gateway."""
    meanings = _BY_LANGUAGE[language]
    return tuple(
        ExplainedLine(text, next((meaning for start, meaning in meanings if text.startswith(start)), ""))
        for text in code.rstrip("\n").split("\n")
    )

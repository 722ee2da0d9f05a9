"""Fixed sentences of a board's serial log that mean trouble (Blynk library 1.0.0 to 1.4.0 source)."""

from dataclasses import dataclass

from console.kit.findings import Severity


@dataclass(frozen=True, slots=True)
class Message:
    """What a sentence of the log means."""

    code: str
    severity: Severity
    title: str
    next_step: str


MESSAGES: dict[str, Message] = {
    "Invalid auth token": Message(
        "log-invalid-token",
        Severity.ERROR,
        "The server does not know the board's auth token, or it is no longer valid.",
        "Open a new session, and set the board up with its token. The board opens its hotspot again by itself.",
    ),
    "Invalid configuration of TEMPLATE_ID / TEMPLATE_NAME": Message(
        "log-invalid-template",
        Severity.ERROR,
        "The board stops: its template id does not begin with TMPL, or its name is empty.",
        "Copy the firmware lines to the top of the sketch, and flash again.",
    ),
    "Configuration invalid": Message(
        "log-configuration-invalid",
        Severity.ERROR,
        "The board refused its set-up: the network's name was empty, or the token had not 32 characters.",
        "Send network, token, host and port again.",
    ),
    "Secure connection failed": Message(
        "tls-refused",
        Severity.ERROR,
        "The board and the server did not agree on an encrypted connection.",
        "Check that the port speaks TLS, that the certificate is for the name the board calls, and that its chain ends "
        "in a root that the library carries.",
    ),
    "Connection failed": Message(
        "log-connection-failed",
        Severity.ERROR,
        "The board could not connect to the server.",
        "Check that the gateway runs, and that its name and port are those of the line before.",
    ),
    "Login timeout": Message(
        "log-login-timeout",
        Severity.WARNING,
        "The server took the connection but did not answer the login in time.",
        "Check that the address is this gateway's. The board tries again by itself.",
    ),
    "Heartbeat timeout": Message(
        "log-heartbeat-timeout",
        Severity.WARNING,
        "The connection died: the board heard nothing for longer than its heartbeat allows.",
        "Look at the reception. A sketch that blocks in loop() for seconds does this too.",
    ),
    "Failed to configure Static IP": Message(
        "log-static-address",
        Severity.ERROR,
        "The board could not take the fixed address it was given.",
        "Set it up again without one, or check address, mask and gateway.",
    ),
    "Firmware is preprovisioned": Message(
        "log-preprovisioned",
        Severity.INFO,
        "Network and token were written into the firmware file: the board skips its hotspot.",
        "Flash firmware without them if it should open its hotspot.",
    ),
    "] Timeout": Message(
        "log-timeout",
        Severity.WARNING,
        "The board gave up after waiting for the network or the server.",
        "The lines above it say for which of the two.",
    ),
}

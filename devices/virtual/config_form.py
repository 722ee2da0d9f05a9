"""The form that boards serve at "/" (protocol: fields ssid, pass, blynk, host, port_ssl; GET to `config`)."""

from typing import Final

_FIELDS: Final = (
    ("ssid", "WiFi SSID:", 'type="text" length=64 required="required"'),
    ("pass", "Password:", 'type="text" length=64'),
    (
        "blynk",
        "Auth token:",
        'type="text" placeholder="a0b1c2d..." pattern="[-_a-zA-Z0-9]{32}" maxlength="32" required="required"',
    ),
    ("host", "Host:", 'type="text" value="blynk.cloud" length=64'),
    ("port_ssl", "Port:", 'type="number" value="443" min="1" max="65535"'),
)
UPDATE_FORM: Final = (
    b"<html><body><form method='POST' action='' enctype='multipart/form-data'>"
    b"<input type='file' name='update'><input type='submit' value='Update'></form></body></html>"
)


def config_form() -> bytes:
    """The page: without the styles of the sketch, its fields and their limits the sketch's."""
    rows = "\n".join(
        f'<tr><td><label for="{name}">{label}</label></td><td><input name="{name}" {attributes}></td></tr>'
        for name, label, attributes in _FIELDS
    )
    return (
        "<!DOCTYPE HTML>\n<html>\n<head><title>WiFi setup</title></head>\n<body>\n"
        f'<form method="get" action="config"><table>\n{rows}\n</table>\n'
        '<input type="submit" value="Apply"></form>\n</body>\n</html>\n'
    ).encode()

"""One template, its lines, and small questions to a report."""

from dataclasses import replace

from templates_app.firmware import LibraryVersion
from templates_app.sketch.checking import check
from templates_app.sketch.values import Context, Report, SketchFinding

ID, NAME, HOST = "TMPL4fcxkOxNw", "Soil Sensor", "iot.example.org"
OTHER_ID, OTHER_NAME = "TMPL7other-ID", "Boiler"
CONTEXT = Context(ID, NAME, HOST, port=9443, plain_port=8080, others={OTHER_ID: OTHER_NAME})
LINES = f"""\
#define BLYNK_TEMPLATE_ID "{ID}"
#define BLYNK_TEMPLATE_NAME "{NAME}"
#define CONFIG_DEFAULT_SERVER "{HOST}"
#define CONFIG_DEFAULT_PORT 9443
"""
EDGENT = f"""\
{LINES}
#define BLYNK_FIRMWARE_VERSION        "0.1.0"

#define BLYNK_PRINT Serial

#include "BlynkEdgent.h"

void setup()
{{
  Serial.begin(115200);
  BlynkEdgent.begin();
}}

void loop() {{
  BlynkEdgent.run();
}}
"""
STATIC = f"""\
#define BLYNK_TEMPLATE_ID "{ID}"
#define BLYNK_TEMPLATE_NAME "{NAME}"
#define BLYNK_PRINT Serial
#include <WiFi.h>
#include <BlynkSimpleEsp32.h>
char auth[] = "x";
void setup() {{
  Blynk.begin(auth, "my network", "correct horse", "{HOST}", 8080);
}}
void loop() {{ Blynk.run(); }}
"""


def report(text: str, library: LibraryVersion | None = None, context: Context = CONTEXT) -> Report:
    return check(text, replace(context, library=library) if library else context)


def codes(text: str, library: LibraryVersion | None = None) -> set[str]:
    """The codes of everything found."""
    return {found.finding.code for found in report(text, library).findings}


def only(text: str, code: str, library: LibraryVersion | None = None) -> SketchFinding:
    """The one finding with this code."""
    (found,) = [found for found in report(text, library).findings if found.finding.code == code]
    return found


def everything_said(text: str, context: Context = CONTEXT) -> str:
    """All that a report would show."""
    return "\n".join(
        "\n".join([f.finding.title, f.finding.evidence, f.finding.next_step, f.corrected])
        for f in check(text, context).findings
    )

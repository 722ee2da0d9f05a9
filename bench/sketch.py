"""Check my sketch: what the findings for 2,000 lines cost, beside the C preprocessor reading the same text."""

import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from bench.programs import find_compiler
from templates_app.sketch.checking import check
from templates_app.sketch.values import Context

LINES = 2000
CONTEXT = Context("TMPL4fcxkOxNw", "Soil Sensor", "iot.example.com", port=9443, plain_port=8080)
HEAD = """\
#define BLYNK_TEMPLATE_ID "TMPL4fcxk0xNw"
#define BLYNK_DEVICE_NAME "soil sensor "
#define BLYNK_FIRMWARE_VERSION "0.1.0";
#define BLYNK_PRINT Serial
#define APP_DEBUG
#define CONFIG_DEFAULT_SERVER “blynk.cloud”
"""
PART = """\
// Reads sensor %(n)d, and says "nothing" when it isn't there.
BLYNK_WRITE(V%(n)d) {
  const char *unit = "degrees /* Celsius */";
  if (param.asInt() > %(n)d) { Serial.println("on"); }
  #ifdef HAS_RELAY
  digitalWrite(RELAY_PIN, param.asInt() ? HIGH : LOW);  /* the relay */
  #endif
  char sign = '"';
  values[%(n)d] = 1'000 * sign;
}
"""


@dataclass(frozen=True, slots=True)
class Checks:
    """Microseconds a text, the median of each round."""

    ours: Sequence[float]
    preprocessor: Sequence[float]


def sketch() -> str:
    """A sketch of as many lines, with a handful of faults at its top."""
    parts = "".join(PART % {"n": n} for n in range((LINES - HEAD.count("\n")) // PART.count("\n") + 1))
    return "\n".join(f"{HEAD}{parts}".splitlines()[:LINES]) + "\n"


def measure(*, rounds: int, requests: int) -> Checks:
    """Check the sketch and preprocess it in turn, `requests` times a round."""
    text, compiler = sketch(), find_compiler()
    found = [_round(text, compiler, requests) for _ in range(rounds)]
    return Checks(ours=[ours for ours, _ in found], preprocessor=[floor for _, floor in found])


def _round(text: str, compiler: str, requests: int) -> tuple[float, float]:
    pairs = [(_check(text), _preprocess(text, compiler)) for _ in range(requests)]
    return median(ours for ours, _ in pairs), median(floor for _, floor in pairs)


def _check(text: str) -> float:
    start = time.perf_counter()
    report = check(text, CONTEXT)
    spent = time.perf_counter() - start
    if len(report.findings) < 5:
        raise AssertionError(f"The sketch has faults that were not found: {report.findings}.")
    return spent * 1e6


def _preprocess(text: str, compiler: str) -> float:
    """The time of a whole run, the start of its process included."""
    start = time.perf_counter()
    subprocess.run([compiler, "-x", "c", "-E", "-w", "-"], input=text.encode(), capture_output=True, check=True)
    return (time.perf_counter() - start) * 1e6

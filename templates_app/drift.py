"""Which devices run lines of an older revision, from what they report of themselves. Pure: evidence in, verdict out.

Nothing that a device reports names the revision its lines were copied from. Three things tell it apart: another
template id, a hotspot named as an older revision was, and firmware older than the newest of the same template.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from templates_app.hotspot import Generation, pattern

_SUFFIX = re.compile(r"-[0-9A-Z]{4,5}\Z")
"""How a hotspot's name ends: a dash and what comes from the chip."""

_VERSION = re.compile(r"[vV]?([0-9]{1,18}(?:[.][0-9]{1,18}){0,7})(?![0-9])")
_TRAILING_ZEROS = re.compile(r"([.]0+)+\Z")
VERSION_KEY_LENGTH = 160
"""Characters of a key at most: eight numbers of eighteen digits, each with its length before it."""


class Drift(StrEnum):
    """By what a device is known to run older lines; the first that applies."""

    TEMPLATE = "template"
    NAME = "name"
    FIRMWARE = "firmware"

    @property
    def label(self) -> str:
        """A few words for a filter."""
        return _LABELS[self]


ANY = "any"
"""As a filter: any sort of evidence."""

_LABELS = {Drift.TEMPLATE: "Another template id", Drift.NAME: "Former name", Drift.FIRMWARE: "Older firmware"}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a device and its template; empty texts and None where nothing is.

    `fitting_revision` is the newest revision whose name the device's hotspot carries, `newest_firmware` the newest
    version that any device with the template's own id reports.
    """

    template_id: str
    revision: int
    reported_template_id: str = ""
    hotspot_name: str = ""
    fitting_revision: int | None = None
    firmware_version: str = ""
    newest_firmware: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A device runs older lines, and the sentence that says what shows it."""

    drift: Drift
    reason: str


def verdict(evidence: Evidence) -> Verdict | None:
    """What `evidence` says of the device's lines; None when nothing tells them from the present ones."""
    if evidence.reported_template_id not in ("", evidence.template_id):
        reason = f"It reports the template id {evidence.reported_template_id}, not {evidence.template_id}."
        return Verdict(Drift.TEMPLATE, reason)
    if evidence.fitting_revision is not None and evidence.fitting_revision < evidence.revision:
        reason = f"Its hotspot {evidence.hotspot_name} is named as in revision {evidence.fitting_revision}."
        return Verdict(Drift.NAME, f"{reason} The present one is {evidence.revision}.")
    if "" < version_key(evidence.firmware_version) < version_key(evidence.newest_firmware):
        reason = f"Its firmware {evidence.firmware_version} is older than {evidence.newest_firmware}"
        return Verdict(Drift.FIRMWARE, f"{reason}, which another device of the template runs.")
    return None


def hotspot_stems(name: str) -> list[str]:
    """What hotspots of a template with this name are called without the suffix, one for each way of cutting it."""
    patterns = (pattern(name, generation) for generation in Generation)
    return sorted({hotspot.text.removesuffix(f"-{hotspot.suffix}") for hotspot in patterns if not hotspot.too_long})


def hotspot_stem(hotspot_name: str) -> str:
    """A hotspot's name without what comes from the chip."""
    return _SUFFIX.sub("", hotspot_name)


def version_key(version: str) -> str:
    """A text of digits that sorts as the numbers do which the version begins with: 1.10 after 1.9, v1.2.0 with 1.2.

    Empty for a version that begins with no number.
    """
    found = _VERSION.match(version)
    if found is None:
        return ""
    numbers = (number.lstrip("0") for number in _TRAILING_ZEROS.sub("", found[1]).split("."))
    return "".join(f"{len(number):02}{number}" for number in numbers)

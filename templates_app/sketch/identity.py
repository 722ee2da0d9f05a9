"""Whether an id and a name are exactly the template's, and how they differ where they are not."""

import re

from console.kit.findings import Severity
from templates_app.hotspot import Generation, pattern
from templates_app.sketch.lookalikes import Difference, difference, first_difference, shown
from templates_app.sketch.values import Context, SketchFinding, found
from templates_app.template_ids import PATTERN, PREFIX

IDS_LIMIT = 50
"""Distinct ids of a text that are looked up."""

_IDS = re.compile(rf"(?<![\w-]){PATTERN}(?![\w-])")
_PLACEHOLDER = re.compile(r"TMPL?x*", re.IGNORECASE)
_NEXT_STEP = "Copy the corrected line; id and name have to be exactly those of the template."
_HALTS = "Library 1.2 and later stop with “Invalid configuration of TEMPLATE_ID / TEMPLATE_NAME”."
_ID_TITLES = {
    Difference.SPACES: "The template id has a space too many, or one that cannot be seen.",
    Difference.CASE: "The template id differs in capital and small letters.",
    Difference.LOOKALIKE: "The template id has a character that only looks like the right one.",
}
_NAME_TITLES = {
    Difference.SPACES: "The name differs from the template's in its spaces.",
    Difference.CASE: "The name differs from the template's in capital and small letters.",
    Difference.LOOKALIKE: "The name has a character that only looks like the right one.",
    Difference.OTHER: "The name is not the template's.",
}
_SUFFIX = re.compile(r"-(?:[0-9A-Z]{4}|[0-9A-F]{5})\Z")
_SSID_REACH = 100


def template_ids_in(text: str) -> frozenset[str]:
    """The template ids that occur in a text, up to a limit: those worth looking up among the team's."""
    ids: set[str] = set()
    for match in _IDS.finditer(text):
        ids.add(match[0])
        if len(ids) == IDS_LIMIT:
            break
    return frozenset(ids)


def id_finding(value: str, context: Context, quoted: str, line: int | None, corrected: str) -> SketchFinding | None:
    """What is wrong with a template id; None where it is exactly the template's."""
    wanted = context.template_id
    if value == wanted:
        return None
    kind = difference(value, wanted)
    code, title = "id-not-exact", _ID_TITLES.get(kind, "")
    evidence = f"{quoted}\nThis template: {wanted}\n{first_difference(value, wanted)}"
    if kind is Difference.OTHER:
        code, title, evidence = _other_id(value, context, quoted)
    return found(code, Severity.ERROR, title, evidence, _NEXT_STEP, line=line, corrected=corrected)


def _other_id(value: str, context: Context, quoted: str) -> tuple[str, str, str]:
    wanted = context.template_id
    evidence = f"{quoted}\nThis template: {wanted}"
    trimmed = value.strip()
    if other := context.others.get(trimmed):
        return "id-of-other-template", f"The template id is that of another template: {shown(other)}.", evidence
    if PREFIX + trimmed == wanted or PREFIX + trimmed.removeprefix("TMP") == wanted:
        return "id-without-prefix", f"{PREFIX} is missing at the beginning of the template id.", f"{evidence}\n{_HALTS}"
    if not trimmed or _PLACEHOLDER.fullmatch(trimmed):
        return "id-placeholder", "The template id is still the example's.", evidence
    if not trimmed.startswith(PREFIX):
        title = f"A template id begins with {PREFIX}, and this one does not."
        return "id-without-prefix", title, f"{evidence}\n{_HALTS}"
    return "id-unknown", "The template id is that of no template of your team.", evidence


def name_finding(value: str, context: Context, quoted: str, line: int | None, corrected: str) -> SketchFinding | None:
    """What is wrong with a template name; None where it is exactly the template's."""
    if value == context.name:
        return None
    kind = difference(value, context.name)
    title = _NAME_TITLES[kind]
    if kind is Difference.OTHER and value in context.others.values():
        title = f"The name is that of another template: {shown(value)}."
    evidence = f"{quoted}\nThis template: {shown(context.name)}"
    if kind is not Difference.OTHER:
        evidence += f"\n{first_difference(value, context.name)}"
    return found("name-not-exact", Severity.ERROR, title, evidence, _NEXT_STEP, line=line, corrected=corrected)


def is_hotspot_of(ssid: str, name: str) -> bool:
    """Whether a board with a template of this name may broadcast this network name, whatever its prefix."""
    body = _SUFFIX.sub("", ssid[:_SSID_REACH])
    if any(pattern(name, generation).kept == "" for generation in Generation):
        return True
    return any(name.startswith(body[place + 1 :]) for place, sign in enumerate(body[:-1]) if sign == " ")

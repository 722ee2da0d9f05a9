"""The lines of the template in a sketch: id, name and server, each exactly as it should be."""

from collections.abc import Iterator
from dataclasses import replace

from console.kit.findings import Severity
from templates_app.firmware import LibraryVersion, Place
from templates_app.sketch import facts as known
from templates_app.sketch.facts import Facts, Flavour
from templates_app.sketch.identity import id_finding, name_finding
from templates_app.sketch.literals import Flaw
from templates_app.sketch.lookalikes import shown, skeleton
from templates_app.sketch.masking import may_hold_secret
from templates_app.sketch.scanner import Define
from templates_app.sketch.values import Kind, SketchFinding, found

_FLAWS = {
    Flaw.EMPTY: "{macro} is empty.",
    Flaw.UNQUOTED: "The value of {macro} has no quotes around it.",
    Flaw.SINGLE_QUOTES: "The value of {macro} stands in single quotes, which hold one character only.",
    Flaw.OPEN: "The value of {macro} has no closing quote.",
    Flaw.SMART_QUOTES: "The quotes in the line of {macro} are typographic ones, which do not compile.",
    Flaw.SEMICOLON: "The line of {macro} ends in a semicolon, which becomes part of the value.",
    Flaw.EQUALS: "The line of {macro} has an equals sign, which becomes part of the value.",
}
_LOOK_ALIKE_MACROS = {skeleton(macro.replace("_", "")): macro for macro in {*known.OWN, known.TOKEN}}
_HAVE_FLAWS_TOLD = ("BLYNK_", "CONFIG_", "BOARD_")
_COPY = "Copy the corrected line in its place."


def rules(facts: Facts) -> Iterator[SketchFinding]:
    """Everything about the lines themselves; where they stand is `placement`'s."""
    for macro in (known.ID, known.NAME, known.OLD_NAME, *known.SERVERS, known.PORT):
        for define in facts.defines.get(macro, []):
            yield from _of_define(facts, define)
    yield from _missing(facts)
    yield from _name_macro(facts)
    yield from _semicolons(facts)
    yield from _misspelt(facts)


def _of_define(facts: Facts, define: Define) -> Iterator[SketchFinding]:
    value, quoted, right = facts.value(define), facts.quote(define.line), facts.corrected(define.macro)
    is_number = define.macro == known.PORT
    for flaw in value.flaws:
        if is_number and flaw is Flaw.UNQUOTED:
            continue
        title = _FLAWS[flaw].format(macro=define.macro)
        yield found(f"define-{flaw.value}", Severity.ERROR, title, quoted, _COPY, line=define.line, corrected=right)
    if value.text is None:
        yield found(
            "define-unreadable",
            Severity.INFO,
            f"The value of {define.macro} is put together elsewhere and was not checked.",
            quoted,
            "Write it as one text in quotes, or look at what the other file says.",
            line=define.line,
            corrected=right,
        )
    elif Flaw.EMPTY not in value.flaws:
        wrong = _wrong_value(facts, define, value.text, quoted, right)
        if wrong:
            yield wrong if define.is_certain else _only_maybe(wrong)


def _only_maybe(wrong: SketchFinding) -> SketchFinding:
    """The finding for a line that another board's branch of an `#if` may be meant for."""
    finding = wrong.finding
    evidence = f"{finding.evidence}\nA condition around the line decides whether it counts."
    return replace(wrong, finding=replace(finding, severity=Severity.WARNING, evidence=evidence))


def _wrong_value(facts: Facts, define: Define, value: str, quoted: str, right: str) -> SketchFinding | None:
    if define.macro == known.ID:
        return id_finding(value, facts.context, quoted, define.line, right)
    if define.macro in (known.NAME, known.OLD_NAME):
        return name_finding(value, facts.context, quoted, define.line, right)
    wanted = str(facts.context.port) if define.macro == known.PORT else facts.context.host
    if value == wanted:
        return None
    is_port = define.macro == known.PORT
    return found(
        "server-other-port" if is_port else "server-other",
        Severity.ERROR,
        f"The board would connect to another {'port' if is_port else 'server'}.",
        f"{quoted}\nThis gateway: {'port ' if is_port else ''}{shown(wanted)}",
        "Copy the corrected line. A board that is set up with a server of its own keeps to that one.",
        line=define.line,
        corrected=right,
    )


def _missing(facts: Facts) -> Iterator[SketchFinding]:
    if not facts.last(known.ID):
        yield _absent(facts, known.ID, "id-missing", Severity.ERROR)
    if not (facts.last(known.NAME) or facts.last(known.OLD_NAME)):
        yield _absent(facts, facts.library.name_macro, "name-missing", Severity.ERROR)
    is_static = facts.flavour is Flavour.STATIC or (facts.flavour is Flavour.OPEN and facts.last(known.TOKEN))
    if is_static:
        return
    if facts.library.server_place is Place.SETTINGS:
        yield from _elsewhere(facts)
        return
    library = facts.library
    if facts.context.library is None and facts.last(known.SERVERS[1]):
        library = LibraryVersion.EDGENT_0_9
    for macro in library.server_macros:
        if not facts.last(macro):
            code = "server-port-missing" if macro == known.PORT else "server-missing"
            yield _absent(facts, macro, code, Severity.WARNING)


def _absent(facts: Facts, macro: str, code: str, severity: Severity) -> SketchFinding:
    """A line that should be there. Where it stands in a comment, that comment is the line to replace."""
    commented = facts.commented.get(macro)
    evidence = f"Nothing defines {macro}."
    if commented:
        evidence = f"{facts.quote(commented)}\nThe two slashes make it a comment."
    elif dead := next((define for define in facts.scan.dead_defines if define.macro == macro), None):
        evidence = f"{facts.quote(dead.line)}\nIt stands in a block that is never compiled."
    include = facts.library_include
    next_step = "Add the corrected line above the includes of your sketch."
    if include:
        next_step = f"Put the corrected line above line {include.line}, the first include of the Blynk library."
    if facts.local_headers:
        severity = Severity.WARNING
        next_step += f" If it stands in {shown(facts.local_headers[0])}, check that file too."
    return found(
        code,
        severity,
        f"{macro} is missing.",
        evidence,
        next_step,
        line=commented,
        corrected=facts.corrected(macro),
    )


def _elsewhere(facts: Facts) -> Iterator[SketchFinding]:
    if facts.last(known.SERVERS[0]) and facts.kind is Kind.LINES:
        return
    yield found(
        "server-in-settings",
        Severity.INFO,
        f"{facts.library.label} takes the server from Settings.h only.",
        "\n".join(facts.corrected(macro) for macro in facts.library.server_macros),
        "Put these lines into the file Settings.h beside the sketch, in place of those with the same macros.",
    )


def _name_macro(facts: Facts) -> Iterator[SketchFinding]:
    """The macro of the name was renamed in library 1.2.0, which still takes the old one."""
    library = facts.context.library
    if library is None:
        return
    wanted = library.name_macro
    other = known.OLD_NAME if wanted == known.NAME else known.NAME
    define = facts.last(other)
    if not define or facts.last(wanted):
        return
    is_old = other == known.OLD_NAME
    yield found(
        "name-macro",
        Severity.WARNING if is_old else Severity.ERROR,
        f"{library.label} {'calls the name' if is_old else 'knows the name only as'} {wanted}.",
        facts.quote(define.line),
        f"{'It still takes the old macro; use the new one.' if is_old else 'It does not compile without it.'} {_COPY}",
        line=define.line,
        corrected=facts.corrected(wanted),
    )


def _semicolons(facts: Facts) -> Iterator[SketchFinding]:
    for macro, defines in facts.defines.items():
        if macro in known.OWN or not macro.startswith(_HAVE_FLAWS_TOLD):
            continue
        for define in defines:
            if define.value.endswith(";"):
                right = f"#define {macro} {define.value.rstrip('; ')}"
                yield found(
                    "define-semicolon",
                    Severity.ERROR,
                    _FLAWS[Flaw.SEMICOLON].format(macro=shown(macro)),
                    facts.quote(define.line),
                    "Remove the semicolon.",
                    line=define.line,
                    corrected="" if may_hold_secret(right.removeprefix("#define CONFIG_")) else right,
                )


def _misspelt(facts: Facts) -> Iterator[SketchFinding]:
    for macro, defines in facts.defines.items():
        meant = _LOOK_ALIKE_MACROS.get(skeleton(macro.replace("_", "")))
        if not meant or macro == meant:
            continue
        for define in defines:
            yield found(
                "macro-misspelt",
                Severity.ERROR,
                f"{shown(macro)} is not the macro {meant}.",
                facts.quote(define.line),
                "The library looks for the macro by its exact name. " + _COPY,
                line=define.line,
                corrected=facts.corrected(meant),
            )

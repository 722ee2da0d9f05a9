"""The firmware lines of a template as its page shows them: by kind of program, then by library version."""

from collections.abc import Iterator
from dataclasses import dataclass

from console.kit.findings import Finding
from templates_app import kinds, snippets
from templates_app.boards import Board
from templates_app.firmware import LibraryVersion, Line, Place, firmware_lines, of_place
from templates_app.gateway import GatewayAddress, version_findings
from templates_app.kinds import Kind
from templates_app.models import Template
from templates_app.snippet_meanings import ExplainedLine
from templates_app.snippets import TOKEN_MARK, Connection, Snippet

_TABS = {
    LibraryVersion.V1_4: "1.4",
    LibraryVersion.V1_2: "1.2–1.3",
    LibraryVersion.V1_1: "1.1",
    LibraryVersion.V1_0: "1.0",
    LibraryVersion.EDGENT_0_9: "BlynkEdgent 0.9",
}


@dataclass(frozen=True, slots=True)
class Code:
    """One block to copy; `id` is unique on the page."""

    id: str
    label: str
    lines: tuple[Line, ...] | tuple[ExplainedLine, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """What one tab holds: `choice` is what the page remembers, `header` the version of the `.h` file to offer."""

    id: str
    choice: str
    tab: str
    paste: str
    codes: tuple[Code, ...]
    header: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class KindPanel:
    """One kind of program; several panels stand in tabs of their own."""

    kind: Kind
    panels: tuple[Panel, ...]

    @property
    def id(self) -> str:
        return f"kind-{self.kind.value}"


def kind_panels(
    template: Template, board: Board, edgent: GatewayAddress, plain: GatewayAddress
) -> tuple[KindPanel, ...]:
    """All lines of `template`, the likeliest kind for the board first.

    `edgent` is where Edgent sketches connect to, `plain` where everything else does.
    """
    connection = Connection(template.template_id, template.name, TOKEN_MARK, plain.host, plain.port)
    made = {
        Kind.EDGENT: lambda: tuple(_edgent_panels(template, board, edgent)),
        Kind.STATIC_TOKEN: lambda: tuple(_sketch_panels(connection, board)),
        Kind.PYTHON: lambda: tuple(_program_panels(connection, "python")),
        Kind.JAVASCRIPT: lambda: tuple(_program_panels(connection, "javascript")),
    }
    return tuple(KindPanel(kind, made[kind]()) for kind in kinds.kinds_for(board))


def _edgent_panels(template: Template, board: Board, address: GatewayAddress) -> Iterator[Panel]:
    for version in kinds.edgent_versions(board):
        slug = _slug(version)
        lines = firmware_lines(template.template_id, template.name, version, address.host, address.port)
        codes = [Code(f"firmware-{slug}", f"Firmware lines, {version.label}", of_place(lines, Place.SKETCH))]
        if elsewhere := of_place(lines, Place.SETTINGS):
            codes.append(Code(f"settings-{slug}", "In Settings.h, in place of its lines", elsewhere))
        yield Panel(
            id=f"panel-firmware-{slug}",
            choice=version.value,
            tab=_TABS[version],
            paste=kinds.where_to_paste(board, version),
            codes=tuple(codes),
            header=version.value,
            findings=version_findings(address, version),
        )


def _sketch_panels(connection: Connection, board: Board) -> Iterator[Panel]:
    for version in kinds.CLASSIC_VERSIONS:
        sketch, *_ = snippets.snippets(connection, version, board)
        yield Panel(
            id=f"panel-sketch-{_slug(version)}",
            choice=version.value,
            tab=_TABS[version],
            paste=f"{sketch.install} Paste the whole sketch; its #define lines have to stay above the #include lines.",
            codes=(_code(sketch, f"sketch-{_slug(version)}"),),
        )


def _program_panels(connection: Connection, language: str) -> Iterator[Panel]:
    for program in snippets.snippets(connection):
        if program.language == language:
            yield Panel(
                id=f"panel-{program.key}",
                choice=program.key,
                tab=program.title.removeprefix("Python, "),
                paste=f"Run {program.install}, then save this as {program.filename}. It needs no template id.",
                codes=(_code(program, program.key),),
            )


def _code(program: Snippet, id: str) -> Code:  # noqa: A002 - an HTML id
    return Code(f"code-{id}", program.title, program.lines)


def _slug(version: LibraryVersion) -> str:
    return version.value.replace(".", "-")

"""What the pages of a template show, worked out from its row."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from console.kit.findings import Finding, Severity
from templates_app import boards, drift, hotspot, naming
from templates_app.boards import Board
from templates_app.gateway import GatewayAddress, gateway_findings
from templates_app.hotspot import HotspotName
from templates_app.lookalikes import Other, lookalike_findings
from templates_app.models import Template
from templates_app.shown_names import ShownName, shown


@dataclass(frozen=True, slots=True)
class NameCheck:
    """What boards make of a template's name: the hotspot's name by library, and what is wrong with it."""

    hotspots: tuple[HotspotName, ...]
    findings: tuple[Finding, ...]

    @property
    def rows(self) -> list[ShownName]:
        """The names as a page draws them."""
        return [shown(hotspot) for hotspot in self.hotspots]

    @property
    def cards(self) -> tuple[Finding, ...]:
        """The findings as a page shows them: one card for all libraries that cut the name, each a line of evidence."""
        cuts = [hotspot for hotspot in self.hotspots if hotspot.kept and hotspot.cut and not hotspot.too_long]
        if len(cuts) < 2:
            return self.findings
        others = tuple(finding for finding in self.findings if not finding.code.startswith(naming.CUT_CODE))
        return (*others, _cuts_card(cuts))


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which what a person typed differs from what somebody else saved."""

    label: str
    mine: str
    saved: str


def gateway_address() -> GatewayAddress:
    """Where boards reach this gateway: its TLS port when a certificate is set, else the plain one."""
    if settings.GATEWAY_TLS_CERT:
        return GatewayAddress(settings.GATEWAY_PUBLIC_HOST, settings.GATEWAY_PUBLIC_TLS_PORT, is_tls=True)
    return GatewayAddress(settings.GATEWAY_PUBLIC_HOST, settings.GATEWAY_PUBLIC_PORT, is_tls=False)


def plain_address() -> GatewayAddress:
    """Where programs with a fixed token reach this gateway: its plain port."""
    return GatewayAddress(settings.GATEWAY_PUBLIC_HOST, settings.GATEWAY_PUBLIC_PORT, is_tls=False)


def name_check(name: str, board: Board, others: Iterable[Other] = ()) -> NameCheck:
    """The hotspot's names and the findings for a name that may not be saved yet, beside those of other templates."""
    hotspots = tuple(hotspot.pattern(name, generation) for generation in board.generations) if name.strip() else ()
    findings = naming.name_findings(name, generations=board.generations)
    return NameCheck(hotspots, (*findings, *lookalike_findings(name, board, others)))


def _cuts_card(cuts: list[HotspotName]) -> Finding:
    shortest = min(hotspot.kept_length for hotspot in cuts)
    return Finding(
        code="hotspot-cut",
        severity=Severity.WARNING,
        title="The hotspot shows only part of the name.",
        evidence="\n".join(
            f"{hotspot.generation.label}: “{hotspot.text}”, without “{hotspot.cut}”." for hotspot in cuts
        ),
        next_step=f"Shorten the name to {shortest} bytes, or look for the cut name when the board starts.",
    )


def board_or_default(key: str) -> Board:
    """The board with this key; the first of the catalogue for a key that it does not know."""
    try:
        return boards.by_key(key)
    except ValueError:
        return boards.BOARDS[0]


def firmware_findings(board: Board, address: GatewayAddress) -> tuple[Finding, ...]:
    """What may keep boards of this kind from reaching the server that the lines name."""
    return gateway_findings(address, board)


def differences(template: Template, typed: Mapping[str, str]) -> tuple[Difference, ...]:
    """The fields in which `typed` is not what `template` is now."""
    return tuple(_differences(template, typed))


def _differences(template: Template, typed: Mapping[str, str]) -> Iterator[Difference]:
    pairs = (
        ("Name", typed["name"], template.name),
        ("Board", board_or_default(typed["board"]).name, boards.by_key(template.board).name),
        ("Description", typed["description"], template.description),
    )
    for label, mine, saved in pairs:
        if mine.strip() != saved:
            yield Difference(label, mine, saved)


@dataclass(frozen=True, slots=True)
class Row:
    """One template in the list."""

    template: Template
    board: str
    devices_count: int


def rows(templates: Iterable[Template], device_counts: Mapping[int, int]) -> list[Row]:
    """The list's rows; `device_counts` is by primary key."""
    return [
        Row(template, boards.by_key(template.board).name, device_counts.get(template.pk, 0)) for template in templates
    ]


def chips(search: str, show: str) -> list[dict[str, object]]:
    """The filter chips of the list: in use or archived, the search kept."""
    states = (("In use", ""), ("Archived", "archived"))
    return [
        {
            "label": label,
            "url": f"{reverse('templates:list')}{_query(q=search, show=value)}",
            "is_current": value == show,
        }
        for label, value in states
    ]


def _query(**parameters: str) -> str:
    given = urlencode({name: value for name, value in parameters.items() if value})
    return f"?{given}" if given else ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value of `kit/facts.html`."""

    label: str
    value: str
    mono: bool = False
    copy: bool = False
    href: str = ""


def facts(template: Template, board: Board, devices_count: int, drifted_count: int) -> list[Fact]:
    """The facts beside the firmware lines; `drifted_count` devices run lines of an older revision."""
    devices = f"{devices_count:,} {'device' if devices_count == 1 else 'devices'}"
    older = f"{drifted_count:,} {'device runs' if drifted_count == 1 else 'devices run'} older lines"
    devices_url = reverse("devices:list")
    return [
        Fact("Template ID", template.template_id, mono=True, copy=True),
        Fact("Board", board.name, href=reverse("boards:detail", args=[board.key.value])),
        Fact("Edgent sketch", board.sketch or "none is public"),
        Fact("Libraries", ", ".join(map(str, board.libraries)) or "any Blynk client library"),
        Fact("Devices", devices, href=f"{devices_url}{_query(template=template.template_id)}"),
        *(
            [Fact("Drift", older, href=f"{devices_url}{_query(template=template.template_id, drift=drift.ANY)}")]
            if drifted_count
            else []
        ),
        Fact("Revision", str(template.revision)),
    ]

"""Firmware lines, programs, hotspot names and the check of the gateway as JSON."""

from typing import Any

from rest_framework import serializers

from console.kit.api_schema import FindingSerializer
from templates_app.firmware import LibraryVersion, Place
from templates_app.hotspot import Generation
from templates_app.kinds import Kind
from templates_app.server_check.handshake import Mfln

VERSIONS = [(version.value, version.value) for version in LibraryVersion]
PLACES = [(place.value, place.value) for place in Place]
KINDS = [(kind.value, kind.value) for kind in Kind]
STEP_STATES = [(state, state) for state in ("done", "failed", "next")]
MFLN = [(answer.value, answer.value) for answer in Mfln]
_GENERATIONS = [generation.value for generation in Generation]


class LineSerializer(serializers.Serializer[Any]):
    """One `#define`: what to paste, what the compiler makes of it, what it is for, and the file it belongs into."""

    text = serializers.CharField()
    macro = serializers.CharField()
    value = serializers.CharField()
    meaning = serializers.CharField()
    place = serializers.ChoiceField(choices=PLACES)


class LibrarySerializer(serializers.Serializer[Any]):
    """The lines for one range of library versions.

    `block` is what goes above the includes of the sketch, `settings_block` what goes into Settings.h (with library 1.0;
    else empty), `header` all of it as a `.h` file to include first.
    """

    version = serializers.ChoiceField(choices=VERSIONS)
    label = serializers.CharField()  # type: ignore[assignment]  # DRF keeps fields apart
    is_for_board = serializers.BooleanField(help_text="Whether this version carries the Edgent sketch of the board.")
    lines = LineSerializer(many=True)
    block = serializers.CharField()
    settings_block = serializers.CharField(allow_blank=True)
    header = serializers.CharField()
    findings = FindingSerializer(many=True)


class ProgramSerializer(serializers.Serializer[Any]):
    """A program with a fixed token, which stands in `code` as YOUR_AUTH_TOKEN. `version` is null where none matters."""

    kind = serializers.ChoiceField(choices=KINDS)
    version = serializers.ChoiceField(choices=VERSIONS, allow_null=True)
    title = serializers.CharField()
    filename = serializers.CharField()
    install = serializers.CharField()
    code = serializers.CharField()


class HotspotNameSerializer(serializers.Serializer[Any]):
    """The hotspot's name under one generation of libraries; `X` stands for what depends on the chip."""

    generation = serializers.ChoiceField(choices=_GENERATIONS)
    label = serializers.CharField(source="generation.label")  # type: ignore[assignment]  # DRF keeps fields apart
    pattern = serializers.CharField(source="text")
    length = serializers.IntegerField(help_text="Bytes of UTF-8; 32 is the most that WiFi allows.")
    kept = serializers.CharField(allow_blank=True, help_text="The part of the template's name that is shown.")
    cut = serializers.CharField(allow_blank=True, help_text="The part that is not.")
    is_too_long = serializers.BooleanField(source="too_long")


class TemplateGatewaySerializer(serializers.Serializer[Any]):
    """The server that the lines name."""

    host = serializers.CharField()
    port = serializers.IntegerField()
    is_tls = serializers.BooleanField()


class FirmwareSerializer(serializers.Serializer[Any]):
    """Everything that a sketch needs of a template."""

    template_id = serializers.CharField()
    name = serializers.CharField()
    gateway = TemplateGatewaySerializer()
    libraries = LibrarySerializer(many=True)
    programs = ProgramSerializer(many=True)
    hotspot_names = HotspotNameSerializer(many=True)
    findings = FindingSerializer(many=True)


class ExactNameSerializer(serializers.Serializer[Any]):
    """One network name; `ssid` is null where it does not follow from the MAC address, and `note` says why."""

    generation = serializers.ChoiceField(choices=_GENERATIONS)
    label = serializers.CharField(source="generation.label")  # type: ignore[assignment]  # DRF keeps fields apart
    ssid = serializers.CharField(source="hotspot.text", allow_null=True, default=None)
    suffix = serializers.CharField(source="hotspot.suffix", allow_null=True, default=None)
    length = serializers.IntegerField(source="hotspot.length", allow_null=True, default=None)
    cut = serializers.CharField(source="hotspot.cut", allow_null=True, default=None)
    is_too_long = serializers.BooleanField(source="hotspot.too_long", allow_null=True, default=None)
    note = serializers.CharField(allow_blank=True)


class HotspotNamesSerializer(serializers.Serializer[Any]):
    """The names by library; with `mac` those of that board, else with `X` for what depends on the chip."""

    template_id = serializers.CharField()
    mac = serializers.CharField(allow_null=True)
    names = ExactNameSerializer(many=True)
    findings = FindingSerializer(many=True)


class MacFilterSerializer(serializers.Serializer[Any]):
    """Which board's names are asked for."""

    mac = serializers.CharField(required=False, max_length=40, help_text="A station MAC, such as 24:6F:28:01:02:03.")


class CheckStepSerializer(serializers.Serializer[Any]):
    """One step of the check; `next` was not made, because one before it failed."""

    key = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=STEP_STATES)
    detail = serializers.CharField(allow_blank=True)


class CheckCertificateSerializer(serializers.Serializer[Any]):
    """One certificate that the server sent."""

    subject = serializers.CharField()
    issuer = serializers.CharField()
    expires_at = serializers.DateTimeField(allow_null=True)


class CheckTrustSerializer(serializers.Serializer[Any]):
    """Whether one library version trusts the chain, and the roots that it carries."""

    version = serializers.ChoiceField(choices=VERSIONS)
    roots = serializers.ListField(child=serializers.CharField())
    is_trusted = serializers.BooleanField()


class GatewayCheckSerializer(serializers.Serializer[Any]):
    """What a board would find at the gateway's public address, as seen from this server."""

    checked_at = serializers.DateTimeField(source="seen.at")
    gateway = TemplateGatewaySerializer(source="seen.address")
    addresses = serializers.ListField(child=serializers.CharField(), source="seen.resolved")
    steps = CheckStepSerializer(many=True)
    chain = CheckCertificateSerializer(many=True, source="seen.tls.chain", default=list)
    trust = CheckTrustSerializer(many=True)
    anchor = serializers.CharField(source="seen.tls.anchor", allow_blank=True, default="")
    small_records = serializers.ChoiceField(
        choices=MFLN, source="seen.tls.answer.mfln", allow_null=True, default=None,
        help_text="Whether max_fragment_length (RFC 6066) is honoured, which ESP8266 boards ask for.",
    )  # fmt: skip
    findings = FindingSerializer(many=True)

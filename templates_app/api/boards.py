"""The boards catalogue as JSON."""

from typing import Any

from rest_framework import serializers

from templates_app.boards import CHOICES, LedKind, Route
from templates_app.boards.led import LedState
from templates_app.hotspot import Generation, SuffixSource

GENERATIONS = [generation.value for generation in Generation]


class BoardLibrarySerializer(serializers.Serializer[Any]):
    """A library that carries the board's Edgent sketch, from `first` to `last`, which is null while there is no end."""

    name = serializers.CharField()
    first = serializers.CharField()
    last = serializers.CharField(allow_null=True)


class BoardNoteSerializer(serializers.Serializer[Any]):
    """One thing to know, and where it was read."""

    text = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF keeps fields apart


class BoardRouteSerializer(serializers.Serializer[Any]):
    """A way to hand WiFi credentials and an auth token to the board."""

    route = serializers.ChoiceField(choices=[route.value for route in Route])
    text = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # DRF keeps fields apart


class BoardChoiceSerializer(serializers.Serializer[Any]):
    """One row of a sketch's pin table; `macro` picks it, and is empty where nothing has to be defined."""

    macro = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    button_pin = serializers.CharField(allow_blank=True, help_text="As the sketch writes it; empty where none is set.")
    has_button = serializers.BooleanField(help_text="Whether the board carries a button at that pin.")
    led = serializers.ChoiceField(choices=[kind.value for kind in LedKind])
    led_pins = serializers.ListField(child=serializers.CharField(), help_text="RGB: red, green, blue.")
    is_led_inverted = serializers.BooleanField(help_text="Whether a low level lights the LED.")
    since = serializers.CharField(allow_blank=True, help_text="The first library with this row; empty where unknown.")


class BoardHoldSerializer(serializers.Serializer[Any]):
    """How long to hold the button to erase WiFi credentials and token. Times are seconds, null where there is none."""

    seconds = serializers.IntegerField()
    shown_after = serializers.IntegerField(allow_null=True, help_text="When the LED answers.")
    cancelled_after = serializers.IntegerField(allow_null=True, help_text="Held for longer, nothing is erased.")
    source = serializers.CharField()  # type: ignore[assignment]  # DRF keeps fields apart


class LedPatternSerializer(serializers.Serializer[Any]):
    """What the LED shows in one state. Times are milliseconds; it starts over after `period_ms`."""

    state = serializers.ChoiceField(choices=[state.value for state in LedState])
    meaning = serializers.CharField(source="state.meaning")
    colour = serializers.CharField(source="colour.name")
    rgb = serializers.CharField(source="colour.hex", help_text="sRGB, such as `#0D36FF`.")
    on_off_ms = serializers.ListField(
        source="rhythm.on_off_ms",
        child=serializers.IntegerField(min_value=1),
        help_text="On, off, and so on; empty for an LED that breathes or stays dark.",
    )
    breathing_ms = serializers.IntegerField(
        source="rhythm.breathing_ms", help_text="From dark to bright and back; 0 for an LED that does not breathe."
    )
    period_ms = serializers.IntegerField(source="rhythm.period_ms")


class BoardEditionSerializer(serializers.Serializer[Any]):
    """The board's Edgent sketch in one library: pins, button and LED. `led` is empty where the LED shows nothing."""

    library = BoardLibrarySerializer()
    sketch = serializers.CharField()
    settings_file = serializers.CharField()
    choices = BoardChoiceSerializer(many=True)
    choices_source = serializers.CharField()
    hold = BoardHoldSerializer()
    led = LedPatternSerializer(many=True)
    led_source = serializers.CharField()


class BoardSerializer(serializers.Serializer[Any]):
    """What is known about a board. Without a public sketch `sketch` and `editions` are empty."""

    key = serializers.ChoiceField(choices=CHOICES)
    name = serializers.CharField()
    sketch = serializers.CharField(allow_blank=True)
    libraries = BoardLibrarySerializer(many=True)
    routes = BoardRouteSerializer(source="ways", many=True)
    hotspot_generations = serializers.ListField(
        source="generations",
        child=serializers.ChoiceField(choices=GENERATIONS),
        help_text="The rules that the hotspot's name may follow.",
    )
    suffix_source = serializers.ChoiceField(
        choices=[source.value for source in SuffixSource],
        allow_null=True,
        help_text="Which bytes make the end of the hotspot's name; null where it is not known or not the MAC alone.",
    )
    suffix = BoardNoteSerializer(many=True)
    includes = serializers.ListField(child=serializers.CharField(), help_text="Headers of a sketch with a fixed token.")
    editions = BoardEditionSerializer(many=True)
    trouble = BoardNoteSerializer(many=True)

"""The form that takes a text to check. The text is used once: it is neither stored nor logged."""

from typing import Any

from django import forms
from django.conf import settings

from templates_app.firmware import LibraryVersion

ANY_LIBRARY = ("", "I do not know")
LIBRARY_CHOICES = [(version.value, version.label) for version in LibraryVersion]


class PastedText(forms.CharField):
    """Any text: a serial log starts with whatever was on the line before, zero bytes included."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(str(value).replace("\x00", "\ufffd") if value else value)


def too_long(text: str) -> str:
    """Why a text is refused for its size, empty where it is not: `SKETCH_MAX_BYTES` bytes of UTF-8 are taken."""
    size, limit = len(text.encode(errors="replace")), settings.SKETCH_MAX_BYTES
    if size <= limit:
        return ""
    return f"The text has {size:,} bytes, and {limit:,} are checked at most. Paste the part that matters."


class SketchForm(forms.Form):
    """A text, and the library that it is for."""

    library = forms.ChoiceField(
        required=False,
        choices=[ANY_LIBRARY, *LIBRARY_CHOICES],
        error_messages={"invalid_choice": "Choose a library from the list."},
    )
    text = PastedText(
        label="Your text",
        strip=False,
        help_text="A sketch or only its first lines, what the board shows at /board_info.json, or its serial log. "
        "It is checked and forgotten: nothing of it is stored.",
        error_messages={"required": "Paste a text to check."},
        widget=forms.Textarea(
            attrs={
                "rows": 14,
                "class": "mono",
                "spellcheck": "false",
                "autocomplete": "off",
                "autocapitalize": "off",
                "wrap": "off",
            }
        ),
    )

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if reason := too_long(text):
            raise forms.ValidationError(reason)
        return text

    @property
    def chosen_library(self) -> LibraryVersion | None:
        """The library of a valid form; None where the person does not know."""
        value = self.cleaned_data["library"]
        return LibraryVersion(value) if value else None

"""The form of a template; what may be saved is decided by the action."""

from django import forms

from templates_app import boards
from templates_app.content import DESCRIPTION_LENGTH
from templates_app.models import Template
from templates_app.naming import NAME_LIMIT


class TemplateForm(forms.Form):
    """Name, board, description, and the revision that the editor started from."""

    name = forms.CharField(
        strip=False,
        help_text="Becomes part of the hotspot's name. Letters, digits and spaces; 18 characters fit every board.",
        widget=forms.TextInput(attrs={"maxlength": NAME_LIMIT, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Give the template a name, such as Greenhouse."},
    )
    board = forms.ChoiceField(
        choices=boards.CHOICES,
        initial=boards.BoardKey.ESP32.value,
        error_messages={"invalid_choice": "Choose a board from the catalogue."},
    )
    description = forms.CharField(
        required=False,
        help_text="What these devices are for, in your own words.",
        widget=forms.Textarea(attrs={"maxlength": DESCRIPTION_LENGTH, "rows": 3}),
    )
    revision = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_description(self) -> str:
        """Browsers send line breaks as two characters, which would count twice."""
        return str(self.cleaned_data["description"]).replace("\r\n", "\n")

    @property
    def started_from(self) -> int:
        """The revision that the editor started from; 0, which no revision has, when the page did not say."""
        return revision_in(str(self.cleaned_data["revision"]))


def revision_in(text: str) -> int:
    """The number of a revision as a form sends it; 0, which no revision has, for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def form_of(template: Template) -> TemplateForm:
    """The form filled with what `template` is now."""
    return TemplateForm(
        initial={
            "name": template.name,
            "board": template.board,
            "description": template.description,
            "revision": template.revision,
        }
    )

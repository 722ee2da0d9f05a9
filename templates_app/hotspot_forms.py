"""The forms of the hotspot pages: one MAC address, and a sheet of labels."""

from django import forms

from templates_app.boards import Board
from templates_app.exact_names import exact_generations
from templates_app.hotspot import Generation, parse_mac
from templates_app.labels import LABELS_LIMIT, TEXT_LIMIT, Label, label_of, read_macs

_NO_SUGGESTIONS = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}


class MacForm(forms.Form):
    """One MAC address; what it holds after validation is six bytes."""

    mac = forms.CharField(
        label="MAC address",
        max_length=40,
        help_text="The board's station MAC, as its serial log or sticker shows it.",
        widget=forms.TextInput(attrs={"placeholder": "24:6F:28:01:02:03", **_NO_SUGGESTIONS}),
        error_messages={"required": "Type the MAC address of a board, such as 24:6F:28:01:02:03."},
    )

    def clean_mac(self) -> bytes:
        """The address as bytes."""
        try:
            return parse_mac(self.cleaned_data["mac"])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class LabelsForm(forms.Form):
    """A library version and a list of MAC addresses; after validation `labels` holds what to print."""

    library = forms.ChoiceField(help_text="The library that the sketch is built with decides where the name is cut.")
    macs = forms.CharField(
        label="MAC addresses",
        max_length=TEXT_LIMIT,
        help_text=f"One a line, {LABELS_LIMIT} at most.",
        widget=forms.Textarea(attrs={"rows": 8, "class": "mono", **_NO_SUGGESTIONS}),
        error_messages={"required": "Paste the MAC addresses of the boards, one a line."},
    )

    def __init__(self, name: str, board: Board, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        self.network_name = name
        self.board = board
        self.labels: tuple[Label, ...] = ()
        choices = [(each.value, each.label) for each in exact_generations(board)]
        self.fields["library"] = forms.ChoiceField(choices=choices, help_text=self.fields["library"].help_text)

    def clean_macs(self) -> tuple[bytes, ...]:
        """The addresses in their order. Raises ValidationError with a sentence for each line that is not usable."""
        found = read_macs(self.cleaned_data["macs"])
        if found.problems:
            raise forms.ValidationError(list(found.problems))
        return found.macs

    def clean(self) -> dict[str, object]:
        """Makes the labels. Raises ValidationError where the name fits no label of this library."""
        values = self.cleaned_data
        if "macs" in values and "library" in values:
            generation = Generation(values["library"])
            try:
                self.labels = tuple(label_of(self.network_name, self.board, generation, m) for m in values["macs"])
            except ValueError as error:
                self.add_error("library", str(error))
        return values

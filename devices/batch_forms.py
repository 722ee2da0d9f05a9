"""The form of a batch: a number of devices or a list of them, a deadline, a note."""

from django import forms
from django.conf import settings

from console.kit.problems import Invalid
from devices.actions import batch_lists, batches, planned
from devices.actions.planned import Plan

DEADLINES = ((1, "1 hour"), (8, "8 hours"), (24, "1 day"), (72, "3 days"), (168, "7 days"))
HOUR = 3600
USUAL_SECONDS = 24 * HOUR


def deadline_choices() -> list[tuple[str, str]]:
    """The deadlines that this installation allows; always one at least."""
    shortest, longest = batches.lifetime_bounds()
    allowed = [(str(hours * HOUR), label) for hours, label in DEADLINES if shortest <= hours * HOUR <= longest]
    return allowed or [(str(longest), f"{longest // 60} minutes")]


def usual_deadline() -> str:
    """A day, or the longest that is allowed below it."""
    values = [value for value, _ in deadline_choices()]
    return next((value for value in reversed(values) if int(value) <= USUAL_SECONDS), values[0])


class BatchForm(forms.Form):
    count = forms.IntegerField(
        label="How many devices",
        required=False,
        help_text="When names and MAC addresses do not matter yet.",
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
        error_messages={"invalid": "Give the number in digits, such as 12."},
    )
    file = forms.FileField(
        label="Or a list from a file",
        required=False,
        allow_empty_file=True,
        help_text="CSV with the columns name, mac and tags, each may be empty. Tags have | or a blank between.",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"}),
    )
    # No CharField, which refuses NUL: the list's reader says in which line it stands.
    list = forms.Field(
        label="Or the list as text",
        required=False,
        help_text="Separated by commas, semicolons or tabs, as a spreadsheet copies it.",
        widget=forms.Textarea(
            attrs={
                "rows": 8,
                "class": "mono",
                "spellcheck": "false",
                "autocapitalize": "off",
                "placeholder": "name,mac,tags\nBed 1,24:6F:28:01:02:03,north|soil\nBed 2,24:6F:28:01:02:04,north|soil",
            }
        ),
    )
    lifetime = forms.TypedChoiceField(
        label="Deadline",
        coerce=int,
        choices=deadline_choices,
        initial=usual_deadline,
        help_text="Tokens that no device has used by then stop working.",
        error_messages={
            "required": "Choose how long the tokens wait.",
            "invalid_choice": "Choose one of these deadlines.",
        },
    )
    note = forms.CharField(
        label="Note",
        required=False,
        strip=True,
        help_text="For your own use, such as “Line 2, order 4711”.",
        widget=forms.TextInput(attrs={"maxlength": batches.NOTE_LENGTH, "autocomplete": "off"}),
    )

    list_text = ""
    """The list as `plan` read it, to be shown again; empty where it is too large."""

    def plan(self) -> Plan:
        """The devices that the form asks for. Raises Invalid for none, for both ways at once, or for no such list."""
        values = self.cleaned_data
        data, count = self._list(), values["count"]
        if data is None and count is None:
            raise Invalid("Say how many devices, or give a list of them.", field="count")
        if data is None:
            return batches.count_plan(count)
        if count is not None:
            raise Invalid("There is a list as well. Clear the number, or the list.", field="count")
        largest = settings.BATCH_LIST_MAX_BYTES
        if len(data) <= largest:
            self.list_text = data.decode("utf-8-sig", errors="replace")
        rows = batch_lists.read(data, max_bytes=largest, max_rows=settings.BATCH_DEVICES_LIMIT)
        return planned.plan(rows)

    def _list(self) -> bytes | None:
        """The list as it was sent, None without one; of a large file no more is read than is needed."""
        upload = self.cleaned_data.get("file")
        if upload:
            return bytes(upload.read(settings.BATCH_LIST_MAX_BYTES + 1))
        text = str(self.cleaned_data["list"] or "")
        return text.encode(errors="replace") if text.strip() else None

"""The table of docs/diagnosis.md as the rules tell it; `python -m tests.devices.diagnosis.causes_page` writes it."""

from collections import defaultdict
from pathlib import Path

from devices.diagnosis import RULES
from devices.diagnosis.rule import PLACEHOLDERS, Rule

PAGE = Path(__file__).parents[3] / "docs" / "diagnosis.md"
BEGIN, END = "<!-- causes -->", "<!-- /causes -->"


def table() -> str:
    """Markdown: one line for each cause, in the order in which they are looked for."""
    lines = ["| Cause | What shows it | Next step | Code |", "|---|---|---|---|"]
    return "\n".join([*lines, *map(_line, RULES)])


def _line(rule: Rule) -> str:
    words: dict[str, str] = defaultdict(str, PLACEHOLDERS)
    title, next_step = rule.title.format_map(words), rule.next_step.format_map(words)
    title = title[0].upper() + title[1:]
    return f"| {title} | {rule.shown_by} | {next_step} | `{rule.code}`, {rule.certainty} |"


def page() -> str:
    """The whole page with the table in its place."""
    before, _, rest = PAGE.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(page())

"""Texts that break careless quoting, and a way to draw many of them for one compiler run."""

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

NASTY = (
    "",
    "Root Template",
    'say "hello"',
    "back\\slash\\",
    "ends in backslash n\\n",
    "??=??/??'??(??)??!??<??>??-",
    "????=",
    "*/ /* // #define X",
    "line\nbreak\r\n\ttab",
    "$token ${host} %s {0}",
    "</script><!--",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}1",
    "\N{SEEDLING}7\N{FAMILY}",
    "\u2028\u2029\ufeff\u202e",
    "\x00" + "0",
    "\x7f\x80\xff",
    "'; import os #",
    "`${1}`",
    "\N{GRINNING FACE}" * 100,
)

_FRAGMENTS = st.sampled_from(
    ["?", "??", "=", "/", "\\", '"', "'", "*/", "\n", "0", "7", "F", "$", "`", "é", "\N{SEEDLING}"]
)

any_text = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=100),
    st.lists(_FRAGMENTS, max_size=40).map("".join),
)
"""Any text that has UTF-8, up to 100 characters."""


def drawn_texts(count: int) -> list[str]:
    """The nasty texts and `count` drawn ones, so that one compiler run can check them all."""
    texts = list(NASTY)

    @seed(20260423)
    @settings(
        max_examples=count,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(any_text)
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts

"""A hotspot's name in the pieces that a page draws: what stands before the template's name, what is cut, the suffix."""

from dataclasses import dataclass

from templates_app.hotspot import SSID_LIMIT, HotspotName


@dataclass(frozen=True, slots=True)
class ShownName:
    """`before`, `kept` and `after` together are the network's name; `cut` is missing from it."""

    hotspot: HotspotName
    before: str
    kept: str
    cut: str
    after: str
    note: str = ""

    @property
    def limit(self) -> int:
        return SSID_LIMIT

    @property
    def metered(self) -> int:
        """What the meter shows: it is full when the name is too long."""
        return min(self.hotspot.length, SSID_LIMIT)


def shown(hotspot: HotspotName, note: str = "") -> ShownName:
    """The pieces of one name."""
    text, after = hotspot.text, f"-{hotspot.suffix}"
    if not text.endswith(after):
        after = ""
    head = text.removesuffix(after)
    if not hotspot.kept or not head.endswith(hotspot.kept):
        return ShownName(hotspot, head, "", hotspot.cut, after, note)
    return ShownName(hotspot, head.removesuffix(hotspot.kept), hotspot.kept, hotspot.cut, after, note)

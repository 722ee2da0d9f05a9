"""Small questions to a rendered page."""

from typing import Any

from bs4 import BeautifulSoup, Tag


def soup(response: Any) -> BeautifulSoup:
    """The page as a browser parses it."""
    return BeautifulSoup(response.content.decode(), "html5lib")


def one(response: Any, selector: str) -> Tag:
    """The one element that matches; fails on none and on several."""
    (found,) = soup(response).select(selector)
    return found


def texts(response: Any, selector: str) -> list[str]:
    """The words of each matching element, white space collapsed."""
    return [words(found) for found in soup(response).select(selector)]


def words(element: Tag) -> str:
    return " ".join(element.get_text().split())


def has(response: Any, selector: str) -> bool:
    return bool(soup(response).select(selector))


def markup(element: Tag) -> str:
    """The inside of an element, white space collapsed, to hold two pieces of pages against each other."""
    return " ".join(element.decode_contents().split()).replace("> <", "><")


def text_of(response: Any, selector: str = "body") -> str:
    """The words of the one element that matches."""
    return " ".join(one(response, selector).get_text(" ").split())


def piece(response: Any, selector: str) -> str:
    """One element as text without its form tokens, for holding a swapped piece against the reloaded page."""
    element = one(response, selector)
    for field in element.select("input[name=csrfmiddlewaretoken]"):
        field["value"] = ""
    return str(element)

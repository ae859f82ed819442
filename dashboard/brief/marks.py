"""Numbers and words of a briefing as HTML: in the app a number is a link to its list, in a file it is text."""

from collections.abc import Callable

from dashboard import safe
from dashboard.room import Room
from dashboard.safe import Html

Link = Callable[[str], str]
"""The address of a mark's list; empty where there is none to lead to."""


def number(room: Room, value: int, mark: str, link: Link, class_: str = "n") -> Html:
    """A number in the region's digits; none of nothing is a link."""
    return linked(safe.text(room.words.number(value)), mark if value else "", link, class_)


def linked(inside: Html, mark: str, link: Link, class_: str = "n") -> Html:
    """HTML as a link to the list of a mark, where there is one."""
    address = link(mark) if mark else ""
    if address:
        return safe.tag("a", inside, class_=class_, href=address, data_mark=mark)
    return safe.tag("span", inside, class_=class_, data_mark=mark) if mark else safe.tag("span", inside, class_=class_)


def words(room: Room, msgid: str, **values: str | float) -> Html:
    """A message of ours."""
    return safe.message(room.words.t(msgid, **values))


def latin(s: str) -> Html:
    """A code or an address, which runs from left to right whatever stands beside it."""
    return safe.tag("bdi", safe.text(s), dir="ltr", class_="code", translate="no")

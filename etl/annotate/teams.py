"""Which countries of a sentence may be a team in it: whose demonym stands beside a word of team, or behind a club."""

import bisect
import operator

from etl.annotate import cues
from etl.annotate.countries import Place, is_club
from etl.annotate.patterns import cut
from etl.annotate.scan import Scan

_START = operator.attrgetter("start")
_LONGEST_CLUB, _BEFORE_CLUB, _ARTICLE = 40, 30, 3
"""Letters of a club's name, before it, and between it and its demonym («بيراميدز ال»)."""
_LONGEST_PLAYER = 24
"""Letters of «المدير الفني ال» before a demonym, and more."""
_LONGEST_HOSTED, _MOST_LISTED = 50, 8
"""Letters of «التي ستستضيفها مملكة ال» before a country, and more; names of a list of hosts, and those inside them."""
_DEMONYMS = frozenset(("demonym", "official"))
_LONGEST_NO_TEAM = 30
"""Letters of a word such as «بالملعب» before a country, and more; a longer run of spaces parts the two."""


def is_of_match(text: str, said: int) -> bool:
    """A sentence about a match: statesmen who speak of a cup are not, unless a team stands beside them.

    `said` is what `seen` says of it.
    """
    if not cues.MATCH_CONTEXT.is_in(text, said):
        return False
    return not cues.STATESMEN.is_in(text, said) or cues.TEAM.is_in(text, said)


def plays(scan: Scan, start: int, place: Place, said: int) -> bool:
    """Is it a team, not the demonym of a player, coach, referee or league, nor a capital or host where others play."""
    if is_host(scan, start, place) or is_of_player(scan, start, place):
        return False
    if place.kind not in _DEMONYMS:
        return place.role != "place" and place.kind != "capital"
    if scan.text.endswith(("ون", "ين"), place.start, place.end) or _is_of_club(scan, place):
        return True
    first = max(start, place.start - 45)
    return bool(cues.BESIDE_TEAM.search(scan.text[first : place.start], said | cut(scan.text, first)))


def is_of_player(scan: Scan, start: int, place: Place) -> bool:
    """«المدرب البلجيكي»: whose demonym it is plays for nobody of that name. `start` is that of the sentence."""
    first = max(start, place.start - _LONGEST_PLAYER)
    return place.kind in _DEMONYMS and cues.OF_PLAYER.search(scan.text, first, place.start) is not None


def is_host(scan: Scan, start: int, place: Place) -> bool:
    """«البطولة التي تستضيفها كندا والمكسيك»: where others play. `start` is that of the sentence."""
    first = place.start - len(place.before)
    end = bisect.bisect_left(scan.countries, place.start, key=_START)
    for hit in reversed(scan.countries[max(0, end - _MOST_LISTED) : end]):
        if hit.end <= first and cues.is_list_joint(scan.text[hit.end : first]):
            first = hit.start - len(hit.before)
    return cues.HOSTED_BY.search(scan.text, max(start, first - _LONGEST_HOSTED), first) is not None


def _is_of_club(scan: Scan, place: Place) -> bool:
    """«بيراميدز المصري»: the demonym behind a registered club's name, not that of where a player plays."""
    first = bisect.bisect_left(scan.countries, place.start - _LONGEST_CLUB, key=_START)
    last = bisect.bisect_left(scan.countries, place.start, first, key=_START)
    club = next((hit for hit in scan.countries[first:last] if is_club(hit) and place.start - hit.end <= _ARTICLE), None)
    if club is None or club.before == "ل":
        return False
    return not cues.PLAYS_FOR.search(scan.text[max(0, club.start - _BEFORE_CLUB) : club.start - len(club.before)])


def may_play(scan: Scan, start: int, place: Place, said: int) -> bool:
    """A team, or the demonym behind a club's name that an opponent's cue governs."""
    if place.kind in {"person", "capital"}:
        return False
    if cues.NO_TEAM.search(scan.text, max(start, place.start - _LONGEST_NO_TEAM), place.start):
        return False
    if plays(scan, start, place, said):
        return True
    first = max(start, place.start - 60)
    is_opponent = cues.OPPONENT.search(scan.text[first : place.start], said | cut(scan.text, first)) is not None
    return is_opponent and not is_host(scan, start, place)

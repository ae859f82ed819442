"""Pairs of countries whose actors deal with each other, as a sentence states it; never two names in one text.

Rules say what they find (etl.annotate.dealings). Then every two countries of a sentence are weighed by signs learnt
from labelled articles (signs, weights), and then by all that the article says of the two. The weight decides the tier;
in a text shorter than any that the weights were learnt from, a strong rule that they do not contradict stays strong.
Hosts named together make a `cohost` pair, by rule alone.
"""

import re
from collections.abc import Sequence

from etl.annotate import cues, dealings, teams
from etl.annotate.countries import is_bloc
from etl.annotate.signs import Candidate, Codes, Named, candidates, often
from etl.annotate.weights import Judge, judge
from etl.model import ANNOTATOR, Direction, PairMention, Relation, Tier

LEARNED = "learned"
_MARGIN = re.compile(r"(?<!\w)علي هامش (?:\w+ ){1,12}(?:ال|ب|بال)?$")
_SIDE_BY_SIDE = re.compile(r" ?[-–/]? ?(?:ال)?")
_PLAIN = frozenset(("visit", "meeting", "agreement"))
_TELLING = frozenset(("match", "official-official", "opponent", "rival-bid"))
"""Rules whose relation is kept. Of what the others say 53 in 100 held-out relations are right, of the weights' 72.

Of two officials it is 68 and 73, and alike on articles drawn by chance. In a text shorter than any that these were
learnt from all rules are heard.
"""
_NOT_HEARD = 0.15
"""Below this no strong rule is believed; chosen on the labels that the weights were learnt from."""
_SHORT = 200
"""Letters of the shortest text that was labelled. Of longer ones a strong rule that the weights leave below their bound
is right one time in two, no more often than without the rule."""


def find(fields: Sequence[Named]) -> list[PairMention]:
    """The pair rows of an article: one a pair and sentence, in the order of fields, sentences and codes."""
    found = candidates(fields)
    if not found:
        return []
    judged_by = judge()
    is_short = sum(len(one.scan.text) for one in fields) < _SHORT
    rows: dict[tuple[str, int, Codes], PairMention] = {}
    but: Relation | None = None if any(candidate.in_sport for candidate in found) else "match"
    for candidate, likely in zip(found, judged_by.heard(found, often(fields)), strict=True):
        row = _row(candidate, likely, judged_by, but, is_short=is_short)
        place = candidate.scan.field, candidate.sentence[0], candidate.codes
        if row and place not in rows:
            rows[place] = row
    return list(rows.values())


def _row(
    candidate: Candidate, likely: float, judged_by: Judge, but: Relation | None, *, is_short: bool
) -> PairMention | None:
    """The row of a candidate; `but` is a relation that nothing in the article speaks of, nor may this sentence."""
    found = candidate.finding
    if found is None and likely < (_halfway(judged_by) if is_short else judged_by.known.medium):
        return None
    if found and found.relation == "cohost":
        return _made(candidate, found.tier, found.rule, found.relation, found.direction_from)
    tier = _tier(candidate, likely, judged_by, is_short=is_short)
    if tier is None:
        return None
    rule, relation, acting = _told(candidate, judged_by, but, is_short=is_short)
    if relation == "match" and _plays_nobody(candidate):
        if candidate.in_sport and (found is None or found.relation == "match"):
            return None
        relation = judged_by.likeliest(candidate, "match")
        acting = _acting(candidate, relation)
    return _made(candidate, tier, rule, relation, acting)


def _told(
    candidate: Candidate, judged_by: Judge, but: Relation | None, *, is_short: bool
) -> tuple[str, Relation, str | None]:
    """Who says so, which relation, and who acts: as a rule tells, or the weights."""
    found = candidate.finding
    if found and (is_short or found.rule in _TELLING):
        return found.rule, found.relation, found.direction_from
    rule = found.rule if found else LEARNED
    if candidate.in_sport and candidate.first.kind == candidate.second.kind == "club":
        return rule, "match", None
    relation = judged_by.likeliest(candidate, None if but and _is_cued(candidate, but) else but)
    return rule, relation, _acting(candidate, relation)


def _plays_nobody(candidate: Candidate) -> bool:
    """A bloc plays no match, «in Europe» or by a verdict of a continent's union; nor does who hosts those of others."""
    both = (candidate.first, candidate.second)
    return any(map(is_bloc, candidate.codes)) or any(
        teams.is_host(candidate.scan, candidate.sentence[0], place) for place in both
    )


def _halfway(judged_by: Judge) -> float:
    """What a dealing without a rule needs in a short text: how right the weights are there no label says."""
    return (judged_by.known.medium + judged_by.known.strong) / 2


def _is_cued(candidate: Candidate, relation: Relation) -> bool:
    words = candidate.scan.words(*candidate.sentence)
    return cues.RELATIONS[relation].is_in(words.text, words.said)


def _tier(candidate: Candidate, likely: float, judged_by: Judge, *, is_short: bool) -> Tier | None:
    """What the weight says; in a short text a strong rule that it does not contradict; any rule keeps a weak row."""
    if _is_ground(candidate) or _is_of_one_person(candidate):
        return None
    by_rule = candidate.finding and candidate.finding.tier
    heard = _NOT_HEARD if _is_plain(candidate) else judged_by.known.medium
    if likely >= judged_by.known.strong or (is_short and likely >= heard and by_rule == "strong"):
        return "strong"
    if likely >= judged_by.known.medium or (likely >= _NOT_HEARD and by_rule == "strong"):
        return "medium"
    return "weak" if by_rule else None


def _is_ground(candidate: Candidate) -> bool:
    """Is a place only where things happen, and no side of them.

    With whom a third deals; where a match is played or a team goes to («في لشبونة», «إلى روسيا»), unless a rule says
    otherwise; whose coach speaks, unless one says so that is not weak; elsewhere, beside whose meeting others meet.
    """
    if _are_of_a_third(candidate):
        return True
    both = (candidate.first, candidate.second)
    away = any(place.role in {"place", "target"} or place.kind == "capital" for place in both)
    if candidate.in_sport:
        if candidate.finding and candidate.finding.tier != "weak":
            return False
        scan, start = candidate.scan, candidate.sentence[0]
        is_away = away and candidate.finding is None
        return is_away or any(teams.is_of_player(scan, start, place) for place in both)
    return _is_beside_a_meeting(candidate)


def _are_of_a_third(candidate: Candidate) -> bool:
    """«وقع مذكرة مع الصومال، وأخرى مع مصر»: with both of whom somebody else deals."""
    scan, first = candidate.scan, candidate.first
    between = scan.text[first.end : candidate.second.start]
    if not cues.AND_WITH_ANOTHER.search(between, scan.words(*candidate.sentence).said):
        return False
    start = max(candidate.sentence[0], first.start - _BEFORE_ONE)
    return cues.WITH_ONE.search(scan.text, start, first.start) is not None


_BEFORE_ONE = 90
"""Letters before a country in which «مع» may govern it."""


def _is_beside_a_meeting(candidate: Candidate) -> bool:
    """«على هامش القمة في جنوب إفريقيا»: where others meet is no side of what is said there."""
    found, place = candidate.finding, candidate.second
    if place.role != "place" or (found and found.tier == "strong"):
        return False
    return _MARGIN.search(candidate.scan.text, candidate.sentence[0], place.start) is not None


def _is_of_one_person(candidate: Candidate) -> bool:
    """Two demonyms of one person: «فرنسي-تونسي», «مواطنا فرنسيا من أصل تونسي», «الكاتب الفرنسي الجزائري»."""
    first, second = candidate.first, candidate.second
    if first.kind != "demonym" or second.kind != "demonym":
        return False
    if candidate.finding and candidate.finding.rule == "adjacent-demonyms":
        return False
    between = candidate.scan.text[first.end : second.start]
    if cues.OF_ORIGIN.fullmatch(between):
        return True
    start = max(candidate.sentence[0], first.start - 25)
    return bool(_SIDE_BY_SIDE.fullmatch(between) and cues.ONE_PERSON.search(candidate.scan.text[start : first.start]))


def _is_plain(candidate: Candidate) -> bool:
    """Officials of both sides with a word of meeting, visiting or agreeing; bids against each other."""
    found = candidate.finding
    if found is None:
        return False
    return found.rule == "rival-bid" or (found.rule == "official-official" and found.relation in _PLAIN)


def _acting(candidate: Candidate, relation: Relation) -> str | None:
    text = candidate.scan.text[slice(*candidate.sentence)]
    return dealings.acting(text, candidate.first, candidate.second, relation)


def _made(candidate: Candidate, tier: Tier, rule: str, relation: Relation, acting: str | None) -> PairMention:
    start, end = candidate.scan.folded.span(*candidate.sentence)
    a, b = candidate.codes
    return PairMention(
        a=a, b=b, direction=_direction(a, acting, relation, tier), relation=relation,
        field=candidate.scan.field, start=start, end=end, text=candidate.scan.folded.original[start:end],
        tier=tier, rule=rule, annotator=ANNOTATOR,
    )  # fmt: skip


def _direction(a: str, acting: str | None, relation: Relation, tier: Tier) -> Direction:
    if acting:
        return "a>b" if acting == a else "b>a"
    return "none" if relation in {"cohost", "match", "other"} or tier == "weak" else "both"

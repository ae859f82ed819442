"""Countries and blocs: every hit of the country family, decided by length, blockers, conditions and hints.

Tiers: a name, demonym or bloc is strong; a capital, a nickname, a person or a decided ambiguous name is medium.
An undecided ambiguous name stays with `code` None and its candidates. Datelines name nobody.
"""

import re
import unicodedata

from etl.annotate import cues
from etl.annotate.names import Hit, longest, words_after, words_before
from etl.annotate.patterns import anywhere, cut
from etl.annotate.scan import Scan
from etl.annotate.words import seen_in
from etl.model import ANNOTATOR, CountryMention, CountryRole, Tier
from etl.registry import Actor, Ambiguous, Blocker, Conditional
from etl.text import fold, folded_name

_RANK = {"block": 0, "conditional": 1, "ambiguous": 2, "name": 3, "official": 4, "demonym": 5, "team": 6,
         "organisation": 7, "person": 7, "capital": 8}  # fmt: skip
_DATELINE = re.compile(r"\s*(?:[\w/()]+[ ،,]+){0,5}[\w/()]+(?: [-–—] ?|[-–—] )(?:(?:[\w.]+ ){0,4}[\w.]+ ?: ?)?")
_DASHES = ("-", "–", "—")
_AGENCIES = (
    "شينخوا|رويترز|ا ?ف ب|د ?ب ا|ا ?ش ا|ا ?ب|سبوتنيك|الاناضول|وكالات|قنا|وام|واس|سانا|بنا|كونا|وات|واج|ومع|بترا|سونا"
    "|وفا"
)
_AGENCY = re.compile(rf"\s*(?:[\w/]+[ ،,]+){{1,7}}\((?:{_AGENCIES})\)(?: ?[-–—:])?\s")
_TATWEEL_DASH = re.compile(r"\s*(?:[\w/()]+[ ،,]+){1,5}ـ{1,3} ")
_APPOSITION = re.compile(r" ?[،,] ?[^.،,؛:\n]{3,75}")
_BLOC = re.compile(r"EU|UN|X-.+")
_PLACE_AND_COLON = re.compile(r"\s*(\w+(?: \w+)?) ?:")
_GIVEN_NAME = re.compile(r" (?!ال)\w{2,} $")
_MAXIMUM_DATELINE = 70
_TIERS: dict[str, Tier] = {"name": "strong", "demonym": "strong", "official": "strong", "conditional": "strong"}
_STATE_BODIES = frozenset(("police", "army", "ministry", "federation", "parliament", "government"))
_BEFORE, _AFTER, _REACH = 45, 30, 60
_LONGEST_INSIDE = 20
"""Letters of a word such as «بالعاصمة» before a name, and more; a longer run of spaces parts the two."""


class Place:
    """A country in a folded field, in reading order; `code` None while ambiguous."""

    def __init__(
        self,
        code: str | None,
        start: int,
        end: int,
        kind: str,
        tier: Tier,
        rule: str,
        before: str,
        candidates: tuple[str, ...] = (),
        role: CountryRole = "mention",
    ) -> None:
        self.code = code
        self.start = start
        self.end = end
        self.kind = kind
        self.tier = tier
        self.rule = rule
        self.before = before
        self.candidates = candidates
        self.role = role

    def told(self, code: str | None, role: CountryRole) -> "Place":
        """The same mention, with the code and the role that what stands around it tells."""
        return Place(code, self.start, self.end, self.kind, self.tier, self.rule, self.before, self.candidates, role)


class Found:
    """The countries of a field, what it says itself of registered people (code by entity id), and clubs.

    A club plays for its country in a match and names it nowhere else.
    """

    def __init__(self, places: list[Place], stated: dict[str, str], clubs: list[Place]) -> None:
        self.places = places
        self.stated = stated
        self.clubs = clubs


def find(scan: Scan, article_text: str) -> Found:
    """What a field names. `article_text` is the folded text of the whole article, for hints."""
    dateline = dateline_end(scan)
    hits = _without_surnames(scan, longest(_without_club_nationality(_without_unmet(scan, article_text)), _RANK))
    found = [(hit, _decide(hit, scan, article_text)) for hit in hits]
    stated = stated_for(scan, [(hit, place) for hit, place in found if place])
    places: list[Place] = []
    for hit, place in found:
        is_said_again = hit.kind == "person" and hit.start in stated.at
        if place is None or place.start < dateline or is_said_again:
            continue
        sentence = scan.sentence_of(place.start)
        said = 0 if place.kind in _ACTING else _said(scan, sentence, place)
        if place.kind == "demonym" and _is_of_media(place, scan, sentence[0], said):
            continue
        code = stated.codes.get(hit.payload.id, place.code) if isinstance(hit.payload, Actor) else place.code
        role = _role(place, scan, sentence[0], said, places[-1] if places else None)
        places.append(place if code == place.code and role == place.role else place.told(code, role))
    return Found(places, stated.codes, [_club(hit) for hit in hits if is_club(hit) and hit.start >= dateline])


def _said(scan: Scan, sentence: tuple[int, int], place: Place) -> int:
    """What `seen` says of the words before a place, as far as any cue is looked for."""
    reach = _BEFORE + (_AFTER if place.kind == "demonym" else 0)
    return seen_in(scan.folded, max(sentence[0], place.start - reach), place.start)


def _without_unmet(scan: Scan, article_text: str) -> list[Hit]:
    """«السوداني» is a demonym where the article names nobody called so; «الاتحاد الأوروبي» may be that of football."""
    doubtful = {hit.end: hit for hit in scan.countries if hit.kind == "conditional"}
    unmet = {
        id(hit)
        for demonym in (scan.countries if doubtful else ())
        if demonym.kind == "demonym" and (hit := doubtful.get(demonym.end)) and isinstance(hit.payload, Conditional)
        if not _conditional(hit, hit.payload, scan.text, article_text)
    }
    # The article is searched once for each blocker, however often its phrase stands there.
    blockers = {id(hit.payload): hit.payload for hit in scan.countries if hit.kind == "block"}
    unmet |= {ident for ident, blocker in blockers.items() if not _blocks(blocker, article_text)}
    if not unmet:
        return scan.countries
    return [hit for hit in scan.countries if id(hit) not in unmet and id(hit.payload) not in unmet]


def _blocks(blocker: object, article_text: str) -> bool:
    needs = blocker.needs_article if isinstance(blocker, Blocker) else ()
    return not needs or anywhere(needs).search(article_text) is not None


def _without_club_nationality(hits: list[Hit]) -> list[Hit]:
    """«ريال مدريد الإسباني»: a club's name ends before the demonym, which names the country."""
    if not any(map(is_club, hits)):
        return hits
    demonyms = {hit.end: hit.start - len(hit.before) for hit in hits if hit.kind == "demonym"}
    return [
        Hit(hit.start, demonyms[hit.end], hit.kind, hit.payload, hit.before)
        if is_club(hit) and hit.start < demonyms.get(hit.end, 0)
        else hit
        for hit in hits
    ]


def _without_surnames(scan: Scan, hits: list[Hit]) -> list[Hit]:
    """«البرازيلي إيفان روسي»: behind a demonym and a given name a bare demonym is a family name."""
    ends = {hit.end for hit in hits if hit.kind == "demonym" and hit.before.endswith("ال")}
    return [hit for hit in hits if not (ends and _is_surname(scan.text, hit, ends))]


def _is_surname(text: str, hit: Hit, ends: set[int]) -> bool:
    if hit.kind != "demonym" or hit.before or text[hit.end - 1] != "ي":
        return False
    given = _GIVEN_NAME.search(text, max(0, hit.start - _BEFORE), hit.start)
    return given is not None and given.start() in ends and not cues.ONE_PERSON.search(given.group())


def _club(hit: Hit) -> Place:
    code = hit.payload.country if isinstance(hit.payload, Actor) else None
    return Place(code or None, hit.start, hit.end, "club", "medium", "club", hit.before, role="actor")


def is_bloc(code: str) -> bool:
    """Is it the code of a bloc: EU, UN, X-AU."""
    return _BLOC.fullmatch(code) is not None


def is_club(hit: Hit) -> bool:
    """Is it the name of a registered club."""
    return isinstance(hit.payload, Actor) and hit.payload.kind == "club"


class Stated:
    """What the text itself says of registered people: code by entity id, and where it says so."""

    def __init__(self, codes: dict[str, str], at: frozenset[int]) -> None:
        self.codes = codes
        self.at = at


def stated_for(scan: Scan, found: list[tuple[Hit, Place]]) -> Stated:
    """«فلان، المدير العام للأمن الوطني المغربي»: the country after a name outranks the registry, here and below."""
    codes: dict[str, str] = {}
    at: set[int] = set()
    for n, (hit, _) in enumerate(found):
        if hit.kind != "person" or not isinstance(hit.payload, Actor):
            continue
        following = next((p for h, p in found[n + 1 : n + 3] if h.kind in {"demonym", "official", "name"}), None)
        between = scan.text[hit.end : following.start] if following else ""
        is_country = following is not None and following.code is not None and not is_bloc(following.code)
        if following and following.code and is_country and _names_office(between):
            codes[hit.payload.id] = following.code
            at.add(hit.start)
    return Stated(codes, frozenset(at))


def _names_office(between: str) -> bool:
    """«، المدير العام للأمن الوطني ال»: an apposition that opens with an office, not with what someone thinks of."""
    opens = cues.OFFICE_OPENS.match(between) and not cues.ANOTHER_OPENS.match(between)
    return bool(opens) and bool(_APPOSITION.fullmatch(between))


def mentions(scan: Scan, places: list[Place]) -> list[CountryMention]:
    """The rows of the country layer for a field."""
    rows = []
    for place in places:
        start, end = scan.folded.span(place.start, place.end)
        rows.append(CountryMention(
            code=place.code, role=place.role, candidates=list(place.candidates), field=scan.field, start=start, end=end,
            text=scan.folded.original[start:end], tier=place.tier, rule=place.rule, annotator=ANNOTATOR,
        ))  # fmt: skip
    return rows


def dateline_end(scan: Scan) -> int:
    """Where the dateline of a body ends («الرباط – وكالات:»), 0 where there is none."""
    if scan.field != "body":
        return 0
    opening = scan.text[:_MAXIMUM_DATELINE]
    match = _DATELINE.match(opening) if any(dash in opening for dash in _DASHES) else None
    match = match or (_AGENCY.match(opening) if "(" in opening else None)
    if match:
        # «وزير الخارجية المغربي - أمس -» and «مباراة المغرب - مصر» are sentences already.
        is_told = cues.OFFICE.search(match.group()[:-1]) or cues.INSTITUTION.match(match.group())
        return 0 if is_told or cues.relation_of(match.group()) else match.end()
    colon = _PLACE_AND_COLON.match(scan.text)
    if colon and any(h.kind == "capital" and h.end == colon.end(1) for h in scan.countries):
        return colon.end()
    # «الرباط ـ»: a tatweel that stands alone is a dash, and folding has dropped it.
    opening = scan.folded.original[:_MAXIMUM_DATELINE]
    dash = _TATWEEL_DASH.match(opening) if "ـ" in opening else None
    return len(fold(dash.group())) if dash else 0


def _is_of_media(place: Place, scan: Scan, start: int, said: int) -> bool:
    """«صحيفة لوموند الفرنسية»: the country of a paper or channel is no actor of what it reports."""
    first = max(start, place.start - _BEFORE - _AFTER)
    return bool(cues.MEDIA.search(scan.text[first : place.start], said | cut(scan.text, first)))


def _decide(hit: Hit, scan: Scan, article_text: str) -> Place | None:
    text = scan.text
    if hit.kind == "block":
        return None
    if isinstance(hit.payload, Actor):
        is_place = hit.kind == "person" and cues.is_called_after(text, hit.start)
        return None if is_place else _of_actor(hit, hit.payload)
    if isinstance(hit.payload, Conditional):
        return _conditional(hit, hit.payload, text, article_text)
    if isinstance(hit.payload, Ambiguous):
        start, end = scan.folded.span(hit.start, hit.end)
        return _ambiguous(hit, hit.payload, scan.folded.original[start:end], article_text)
    if hit.kind == "official" and not cues.OFFICE.search(text[max(0, hit.start - _BEFORE) : hit.start]):
        return None
    return _place(hit, str(hit.payload), _TIERS.get(hit.kind, "medium"), hit.kind)


def _place(hit: Hit, code: str, tier: Tier, rule: str) -> Place:
    return Place(code, hit.start, hit.end, hit.kind, tier, rule, hit.before)


def _of_actor(hit: Hit, actor: Actor) -> Place | None:
    """A person or a national body stands for its country; a club, and who acts for nobody, only hides inner names."""
    if not actor.country or actor.kind == "club":
        return None
    tier: Tier = "strong" if actor.kind in _STATE_BODIES else "medium"
    return _place(hit, actor.country, tier, hit.kind)


def _conditional(hit: Hit, entry: Conditional, text: str, article_text: str) -> Place | None:
    before, after = text[max(0, hit.start - _BEFORE) : hit.start], text[hit.end : hit.end + _AFTER]
    before = before[: len(before) - len(hit.before)]
    if entry.not_before and words_before(entry.not_before).search(before):
        return None
    if entry.not_after and words_after(entry.not_after).match(after):
        return None
    if entry.not_article and anywhere(entry.not_article).search(article_text):
        return None
    needs = bool(entry.needs_before or entry.needs_after or entry.needs_article)
    met = (
        (entry.needs_before and words_before(entry.needs_before).search(before))
        or (entry.needs_after and words_after(entry.needs_after).match(after))
        or (entry.needs_article and anywhere(entry.needs_article).search(article_text))
    )
    if needs and not met:
        return None
    if entry.kind == "team":
        return Place(entry.code, hit.start, hit.end, "team", "medium", "condition", hit.before)
    return _place(hit, entry.code, "strong", "condition")


def _ambiguous(hit: Hit, entry: Ambiguous, spelled: str, article_text: str) -> Place:
    """Decided by the marks on the name itself («عُمان», «عمّان»), else by hints anywhere in the article."""
    hinted = [code for code, words in entry.hints.items() if any(_is_marked(spelled, word, entry) for word in words)]
    if not hinted:
        hinted = [code for code, words in entry.hints.items() if _hints(words, entry).search(article_text)]
    if len(hinted) == 1:
        return _place(hit, hinted[0], "medium", "hint")
    if entry.default and not hinted:
        return _place(hit, entry.default, "medium", "usual-meaning")
    return Place(None, hit.start, hit.end, hit.kind, "weak", "ambiguous", hit.before, entry.candidates)


def _hints(words: tuple[str, ...], entry: Ambiguous) -> re.Pattern[str]:
    return anywhere(tuple(word for word in words if folded_name(word) != folded_name(entry.name)))


def _is_marked(spelled: str, word: str, entry: Ambiguous) -> bool:
    """A hint that is the name with a mark counts where its letters bear that mark; folding has dropped it elsewhere."""
    return folded_name(word) == folded_name(entry.name) and _marks(word) <= _marks(spelled)


def _marks(text: str) -> set[tuple[str, str]]:
    """Letters with the marks on them."""
    found, letter = set(), ""
    for char in text:
        if unicodedata.combining(char):
            found.add((letter, char))
        else:
            letter = char
    return found


def _role(place: Place, scan: Scan, start: int, said: int, previous: Place | None) -> CountryRole:
    """Actor after a word of office, target after words of direction, place after «في»; hosts are set by events.

    A word of office reaches as far as the next country, and on through a list: «وزيرا الخارجية المصري والسوداني».
    `start` is that of the sentence, `said` what `_said` gives, or 0 for who acts by its kind.
    """
    first = max(start, place.start - _BEFORE, previous.end if previous else 0)
    before = scan.text[first : place.start - len(place.before)]
    said |= cut(scan.text, first)
    if place.kind in _ACTING or (place.kind in _SUBJECTS and cues.SUBJECT.search(before, said)):
        return "actor"
    if cues.TOWARDS.search(before, said) and not _is_upon(place, scan, previous):
        return "mention" if cues.ENVOY.search(scan.text[: place.start - len(place.before)][-70:]) else "target"
    inside = cues.INSIDE.search(before, said, max(0, len(before) - _LONGEST_INSIDE))
    if inside and not cues.OFFICE_BESIDE.search(before[: inside.start()], said):
        return "place"
    if cues.OFFICE.search(before, said) or _shares_office(place, before, previous):
        return "actor"
    if place.before in {"ل", "ول", "لل"} or _is_object(place, before, previous) or _is_upon(place, scan, previous):
        return "target"
    return "place" if place.before in {"ب", "وب"} else "mention"


_ACTING, _SUBJECTS = frozenset(("person", "organisation", "team")), frozenset(("name", "capital"))
"""Kinds that act; kinds that do right after a verb of dealing («فرضت الولايات المتحدة»)."""


def _is_upon(place: Place, scan: Scan, previous: Place | None) -> bool:
    """«فرضت الولايات المتحدة عقوبات على إيران»: what the subject of a verb of dealing does it to."""
    if previous is None or previous.role != "actor":
        return False
    start = scan.sentence_of(previous.start)[0]
    first = max(start, previous.start - _BEFORE)
    said = seen_in(scan.folded, first, previous.start)
    is_subject = cues.SUBJECT.search(scan.text[first : previous.start], said)
    between = scan.text[previous.end : place.start]
    return (
        bool(is_subject) and len(between) <= _REACH and (bool(cues.UPON.search(between)) or place.before in {"ل", "ب"})
    )


def _is_object(place: Place, between: str, previous: Place | None) -> bool:
    """«زار وزير الدفاع الإيطالي ليبيا»: a name right after the acting side, with nothing between them."""
    is_next = previous is not None and previous.role == "actor" and previous.end + len(between) == place.start
    return is_next and place.kind in {"name", "capital"} and between == " "


def _shares_office(place: Place, between: str, previous: Place | None) -> bool:
    is_listed = place.before.startswith("و") or "،" in between
    is_next = previous is not None and previous.role == "actor" and cues.is_list_joint(between)
    return (
        is_listed
        and is_next
        and previous is not None
        and previous.end + len(between) + len(place.before) == place.start
    )

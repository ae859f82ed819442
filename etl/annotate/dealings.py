"""What rules say of the countries of a sentence: that their actors deal with each other, how, and who acts.

Rules from strong to weak: official with official and a word of dealing; «بين A وB»; adjacent demonyms after a noun of
dealing («التعاون المصري الأوروبي»); «A وB» with a verb of dealing; A «مع» B; an actor acting towards a target; then
medium: an actor beside a name; weak: two names beside a word of dealing. Hosts named together make a `cohost` pair and
nothing else. In sentences with more than four parties only what the text singles out counts.
"""

import collections
import itertools
import re
from collections.abc import Iterable, Iterator

from etl.annotate import cues, teams
from etl.annotate.countries import Place
from etl.annotate.patterns import cut
from etl.annotate.scan import Scan
from etl.model import Relation, Tier

_MOST_BEFORE = 30
"""Letters before the first of two countries in which a word may govern both."""
_MOST_PARTIES = 4
_MOST_MENTIONS = 6
_TIERS: tuple[Tier, ...] = ("strong", "medium", "weak")
_ADJACENT = re.compile(r"\s*[-–]?\s*(?:و?ال|و)?\s*")


class Sentence:
    """A sentence, or a part of one, as rules see it: its countries, and what its words say.

    `actors` act, speak or suffer, `playing` may be teams, `inside` are all, each in reading order; `said` is what
    `seen` says of `text`.
    """

    def __init__(
        self,
        scan: Scan,
        start: int,
        end: int,
        text: str,
        actors: list[Place],
        hosts: list[Place],
        playing: list[Place],
        inside: list[Place],
        in_sport: bool,
        said: int,
        relation: Relation | None,
    ) -> None:
        self.scan = scan
        self.start = start
        self.end = end
        self.text = text
        self.actors = actors
        self.hosts = hosts
        self.playing = playing
        self.inside = inside
        self.in_sport = in_sport
        self.said = said
        self.relation = relation


class Finding:
    """A dealing of two places; `direction_from` is the code that acts, None where both do or nobody knows."""

    def __init__(
        self, a: Place, b: Place, tier: Tier, rule: str, relation: Relation, direction_from: str | None = None
    ) -> None:
        self.a = a
        self.b = b
        self.tier = tier
        self.rule = rule
        self.relation = relation
        self.direction_from = direction_from


def found(scan: Scan, span: tuple[int, int], places: list[Place]) -> dict[tuple[str, str], Finding]:
    """The strongest finding of each pair of codes in a sentence (folded span); `places` stand in reading order."""
    best: dict[tuple[str, str], Finding] = {}
    for clause in _clauses(scan, *span, places):
        _keep_best(best, (*_cohosts(clause), *_dealings(clause)))
    return best


def _clauses(scan: Scan, start: int, end: int, places: list[Place]) -> Iterator[Sentence]:
    """The parts of a sentence that «فيما» and the like hold apart, those with at least two countries."""
    words = scan.words(start, end)
    cuts = [start, *(start + match.end() for match in cues.ASIDE.finditer(words.text, words.said)), end]
    for first, last in itertools.pairwise(cuts):
        inside = [p for p in places if first <= p.start < last and p.code]
        if len({p.code for p in inside}) > 1:
            yield _clause(scan, first, last, inside)


def _clause(scan: Scan, start: int, end: int, inside: list[Place]) -> Sentence:
    words = scan.words(start, end)
    text, said = words.text, words.said
    in_sport = teams.is_of_match(text, said)
    hosts, actors, playing = [p for p in inside if p.role == "host"], [p for p in inside if p.role != "host"], []
    if in_sport:
        actors = [p for p in actors if teams.plays(scan, start, p, said)]
        playing = [p for p in inside if teams.may_play(scan, start, p, said)]
    relation = cues.relation_of(text, in_sport=in_sport, said=said)
    return Sentence(scan, start, end, text, actors, hosts, playing, inside, in_sport, said, relation)


def _keep_best(best: dict[tuple[str, str], Finding], found: Iterable[Finding]) -> None:
    for finding in found:
        names = _key(finding)
        kept = best.get(names)
        if names[0] != names[1] and (kept is None or _TIERS.index(finding.tier) < _TIERS.index(kept.tier)):
            best[names] = finding


def _key(finding: Finding) -> tuple[str, str]:
    first, second = sorted((str(finding.a.code), str(finding.b.code)))
    return first, second


def _dealings(sentence: Sentence) -> Iterator[Finding]:
    yield from _between(sentence)
    yield from _adjacent(sentence)
    if sentence.said & cues.ATTACK.bits:
        yield from _attacks(sentence)
    if sentence.in_sport:
        yield from _opponents(sentence)
        if sentence.said & cues.FIXTURE.bits:
            yield from _fixtures(sentence)
    if cues.RIVAL_BID.search(sentence.text, sentence.said):
        yield from _rivals(sentence)
    parties = {p.code for p in sentence.actors}
    if len(parties) > _MOST_PARTIES or sentence.relation is None:
        return
    for first, second in itertools.combinations(_first_of_each(sentence.actors), 2):
        if first.code != second.code:
            yield _two(sentence, first, second, sentence.relation, crowd=len(parties) > 2)


def _first_of_each(places: list[Place]) -> list[Place]:
    """The first mentions of each code: a name may be repeated without end, its pairs need not be."""
    count: collections.Counter[str | None] = collections.Counter()
    kept = []
    for place in places:
        count[place.code] += 1
        if count[place.code] <= _MOST_MENTIONS:
            kept.append(place)
    return kept


def _opponents(sentence: Sentence) -> Iterator[Finding]:
    """«كرواتيا … بمواجهة نيجيريا ثم الأرجنتين»: the team before, with each that it plays; whoever else is named."""
    places = [p for p in sentence.playing if p.role != "host"]
    focal: Place | None = None
    previous: Place | None = None
    for place in places:
        first = max(sentence.start, place.start - 90)
        before, said = sentence.scan.text[first : place.start], sentence.said | cut(sentence.scan.text, first)
        joined = previous and cues.THEN_OPPONENT.fullmatch(sentence.scan.text[previous.end : place.start])
        is_cued = any(cue.search(before, said) for cue in _OPPOSING) or _plays_with(sentence, focal, place, said)
        if focal and (joined or is_cued or _is_played_by(sentence, focal, place)):
            if place.code != focal.code:
                yield Finding(focal, place, "strong", "opponent", "match")
            previous = place
        else:
            focal, previous = place, None


def _fixtures(sentence: Sentence) -> Iterator[Finding]:
    """«يلتقي منتخبا مالي والسنغال», «مباراة مالي والسنغال»: two teams joined after the word, and no third."""
    text, places = sentence.scan.text, sentence.inside
    for n, (first, second) in enumerate(itertools.pairwise(places)):
        before = text[max(sentence.start, first.start - _MOST_BEFORE) : first.start - len(first.before)]
        if not (cues.FIXTURE.search(before) and second.before.startswith("و") and first.code != second.code):
            continue
        third = places[n + 2] if n + 2 < len(places) else None
        is_list = third is not None and cues.is_list_joint(text[second.end : third.start - len(third.before)])
        if not is_list and cues.is_list_joint(text[first.end : second.start - len(second.before)]):
            yield Finding(first, second, "strong", "match", "match")


def _plays_with(sentence: Sentence, focal: Place | None, place: Place, said: int) -> bool:
    """«تلعب مصر مباراتها الأولى مع بلجيكا»: the team between the verb and «مع»; not «تلعب مصر مع بلجيكا دورا»."""
    if focal is None:
        return False
    first, text = max(sentence.start, focal.start - _MOST_BEFORE), sentence.scan.text
    verb = cues.PLAYS_WITH.search(text[first : place.start], said | cut(text, first))
    is_between = verb is not None and first + verb.start() < focal.start
    return is_between and not cues.A_PART.match(text, place.end)


def _is_played_by(sentence: Sentence, focal: Place, place: Place) -> bool:
    """«ستواجه السعودية البرازيل»: two teams side by side after the verb."""
    before = sentence.scan.text[max(sentence.start, focal.start - 30) : focal.start]
    return sentence.scan.text[focal.end : place.start] == " " and bool(cues.OPPONENT.search(before))


def _rivals(sentence: Sentence) -> Iterator[Finding]:
    """«يتنافس الملف المغربي مع ملف مشترك للولايات المتحدة وكندا»: the first bidders with the others."""
    bidders: list[list[Place]] = []
    for place in sentence.inside:
        last = bidders[-1][-1] if bidders else None
        is_joint = last and cues.is_list_joint(sentence.scan.text[last.end : place.start - len(place.before)])
        if last and is_joint:
            bidders[-1].append(place)
        else:
            bidders.append([place])
    for first, other in itertools.product(bidders[0], itertools.chain(*bidders[1:])):
        if first.code != other.code:
            yield Finding(first, other, "strong", "rival-bid", "other")


def _between(sentence: Sentence) -> Iterator[Finding]:
    """«العلاقات بين مصر والاتحاد الأوروبي»: the two names after «بين», whatever noun governs it."""
    for match in cues.BETWEEN.finditer(sentence.text, sentence.said):
        at = sentence.start + match.end()
        after = [p for p in sentence.actors if at <= p.start <= at + 90]
        if len(after) < 2 or not _opens(sentence.scan.text[at : after[0].start]):
            continue
        first, second = after[0], next((p for p in after[1:] if p.code != after[0].code), None)
        if second and _joined(sentence.scan.text[first.end : second.start]):
            before = sentence.scan.text[max(sentence.start, at - 60) : at]
            relation = _governed(before, in_sport=sentence.in_sport)
            if relation:
                for one, other in itertools.combinations(_list_from(sentence, first, second), 2):
                    yield Finding(one, other, "strong", "between", relation)


def _list_from(sentence: Sentence, first: Place, second: Place) -> list[Place]:
    """«بين رؤساء مصر والصومال وإريتريا»: all of a short list of heads, of which the first two are given; else these."""
    run, text = [first, second], sentence.scan.text
    if not cues.HEADS_OF.search(text[max(sentence.start, first.start - _MOST_BEFORE) : first.start]):
        return run
    for place in (p for p in sentence.actors if p.start >= second.end):
        if not cues.is_list_joint(text[run[-1].end : place.start - len(place.before)]):
            break
        run.append(place)
    return run if len(run) <= _MOST_PARTIES else [first, second]


def _attacks(sentence: Sentence) -> Iterator[Finding]:
    """«الهجوم الإسرائيلي على قطر»: whose attack it is, and upon whom."""
    text = sentence.scan.text
    for first, second in itertools.pairwise(sentence.inside):
        before = text[max(sentence.start, first.start - _MOST_BEFORE) : first.start]
        between = text[first.end : second.start - len(second.before)]
        is_attack = first.kind == "demonym" and first.code != second.code and cues.ATTACK.search(before)
        if is_attack and cues.UPON_WHOM.fullmatch(between):
            yield Finding(first, second, "strong", "actor-target", "conflict", first.code)


def _opens(text: str) -> bool:
    return len(text.split()) <= 5  # «بين وزير الخارجية والتعاون الدولي المصري»


def _joined(text: str) -> bool:
    return len(text) <= 60 and bool(re.search(r"(?<!\w)و", text)) and not re.search(r"[.؛:]", text)


def _governed(before: str, *, in_sport: bool) -> Relation | None:
    """The relation of a phrase's last governing noun («التعاون», «مباحثات»); where it has none («اللجنة») its cues'."""
    noun = max(cues.GOVERNING.finditer(before), key=re.Match.end, default=None)
    own = cues.relation_of(noun.group(), in_sport=in_sport) if noun else None
    return own or cues.relation_of(before, in_sport=in_sport)


def _adjacent(sentence: Sentence) -> Iterator[Finding]:
    """«التعاون المصري الأوروبي»: two demonyms side by side after a noun of dealing."""
    places = [p for p in sentence.actors if _is_adjective(p, sentence.scan)]
    for first, second in itertools.pairwise(places):
        joint = sentence.scan.text[first.end : second.start]
        if first.code == second.code or not _ADJACENT.fullmatch(joint):
            continue
        before = sentence.scan.text[max(sentence.start, first.start - 60) : first.start]
        relation = _governed(before, in_sport=sentence.in_sport) if cues.GOVERNING.is_in(before[-28:]) else None
        if relation:
            yield Finding(first, second, "strong", "adjacent-demonyms", relation)


def _is_adjective(place: Place, scan: Scan) -> bool:
    """A demonym, or the one name that is written like one: «اللجنة السعودية الكويتية»."""
    if place.kind in {"demonym", "official"}:
        return True
    text = scan.text[place.start : place.end]
    return text.startswith("ال") and text.endswith("يه") and " " not in text


def _two(sentence: Sentence, first: Place, second: Place, relation: Relation, *, crowd: bool) -> Finding:
    roles = {first.role, second.role}
    if first.role == second.role == "actor":
        return _directed(sentence, first, second, "strong", "official-official", relation)
    if not crowd and _coordinated(sentence, first, second):
        return Finding(first, second, "strong", "coordinated-verb", relation)
    if not crowd and cues.WITH.search(sentence.scan.text[first.end : second.start], sentence.said):
        return Finding(first, second, "strong", "with", relation)
    if roles == {"actor", "target"} or (roles == {"actor", "place"} and relation == "conflict" and not crowd):
        return _directed(sentence, first, second, "strong" if not crowd else "medium", "actor-target", relation)
    if sentence.in_sport and relation == "match" and not crowd and "place" not in roles:
        return Finding(first, second, "strong" if "actor" in roles else "medium", "match", relation)
    if "actor" in roles and not crowd:
        return _directed(sentence, first, second, "medium", "actor-beside-name", relation)
    return Finding(first, second, "weak", "named-together", relation)


def _coordinated(sentence: Sentence, first: Place, second: Place) -> bool:
    """«A وB» with a verb of dealing."""
    between = sentence.scan.text[first.end : second.start - len(second.before)]
    is_list = second.before in {"و", "وب", "ول", "وال"} or "،" in between
    return is_list and cues.is_list_joint(between) and _verbal(sentence, first, second)


def _verbal(sentence: Sentence, first: Place, second: Place) -> bool:
    """A verb of dealing near «A وB»: right after it, or opening the sentence before it."""
    text = sentence.scan.text
    before = text[max(sentence.start, first.start - 35) : first.start - len(first.before)]
    if cues.WITH_BOTH.search(before):
        return False
    near = before + first.before + " ، " + text[second.end : second.end + 45]
    return cues.VERBAL.is_in(near) or cues.GOVERNING.is_in(near)


def _directed(sentence: Sentence, first: Place, second: Place, tier: Tier, rule: str, relation: Relation) -> Finding:
    return Finding(first, second, tier, rule, relation, acting(sentence.text, first, second, relation))


_OPPOSING = (cues.OPPONENT, cues.BEATEN, cues.DREW, cues.DRAWN_WITH)
_RECEIVES = re.compile(r"(?<!\w)[وف]?(?:ي|ت|ا)?ستقب(?:ل|لت|لا)(?!\w)|(?<!\w)(?:باستقبال|استقباله|استضاف|استضافت)(?!\w)")
_MUTUAL: frozenset[Relation] = frozenset(("agreement", "meeting", "cooperation", "match", "trade"))


def acting(text: str, first: Place, second: Place, relation: Relation) -> str | None:
    """The code that acts: the visitor upon the host, the speaker upon the target; None where both do."""
    if relation == "visit":
        target = next((p for p in (second, first) if p.role == "target"), None)
        if target:
            return (first if target is second else second).code
        return second.code if _RECEIVES.search(text) else first.code
    return None if relation in _MUTUAL else first.code


def _cohosts(sentence: Sentence) -> Iterator[Finding]:
    """Hosts in one list: «التي ستحتضنها المملكة المتحدة وإيرلندا»."""
    hosts = sentence.hosts
    for first, second in itertools.combinations(hosts, 2):
        run = [p for p in hosts if first.start <= p.start <= second.start]
        joints = (sentence.scan.text[x.end : y.start - len(y.before)] for x, y in itertools.pairwise(run))
        if all(map(cues.is_list_joint, joints)) or _in_partnership(sentence, run):
            yield Finding(first, second, "strong", "hosts-together", "cohost")


def _in_partnership(sentence: Sentence, run: list[Place]) -> bool:
    """«المغرب الذي ينظم مونديال 2030 بالاشتراك مع البرتغال وإسبانيا»: the host right before it, and each after it."""
    between = (sentence.scan.text[x.end : y.start - len(y.before)] for x, y in itertools.pairwise(run))
    first, *rest = between
    return cues.IN_PARTNERSHIP.search(first + " ") is not None and all(map(cues.is_list_joint, rest))

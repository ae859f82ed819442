"""One field of an article, folded, cut into sentences, with every registered name in it: what all layers read.

The lexicon is built once per registry and process. Kinds of names:
country family: block name capital demonym official team ambiguous conditional person organisation;
event family: event event_short event_dual event_elided event_not; theme family: theme_strong theme_weak theme_not.
"""

import bisect
import itertools
import operator
from collections.abc import Iterator

from etl.annotate.calendar_words import TRACES
from etl.annotate.names import Ending, Hit, Lexicon, Name
from etl.annotate.words import Words, words_of
from etl.model import Field
from etl.registry import Registry
from etl.text import Folded, sentences

_START = operator.itemgetter(0)


class Scan:
    """A field with its folded text, its sentences (folded spans), its hits by family, and its words of dates.

    `read` holds the sentences whose words have been asked for.
    """

    def __init__(
        self,
        field: Field,
        folded: Folded,
        text: str,
        sentences: list[tuple[int, int]],
        countries: list[Hit],
        events: list[Hit],
        themes: list[Hit],
        dates: list[Ending],
        read: dict[tuple[int, int], Words],
    ) -> None:
        self.field = field
        self.folded = folded
        self.text = text
        self.sentences = sentences
        self.countries = countries
        self.events = events
        self.themes = themes
        self.dates = dates
        self.read = read

    def sentence_of(self, position: int) -> tuple[int, int]:
        """The sentence around a folded position; the whole field where none holds it."""
        before = bisect.bisect_right(self.sentences, position, key=_START) - 1
        return self.sentences[before] if before >= 0 and position < self.sentences[before][1] else (0, len(self.text))

    def words(self, start: int, end: int) -> Words:
        """The words of a sentence; kept, as several layers read them."""
        found = self.read.get((start, end))
        if found is None:
            found = self.read[start, end] = words_of(self.folded, start, end)
        return found


def scan(field: Field, original: str, registry: Registry) -> Scan:
    """Fold a field, find all names in one pass, and sort them by family."""
    folded = Folded(original)
    (countries, events, themes), dates = lexicon(registry).find(folded)
    return Scan(
        field=field,
        folded=folded,
        text=folded.text,
        sentences=sentences(folded.text, folded.letters),
        countries=countries,
        events=events,
        themes=themes,
        dates=dates,
        read={},
    )


_LEXICONS: dict[str, Lexicon] = {}


def lexicon(registry: Registry) -> Lexicon:
    """The automaton over a registry's names, built once per registry digest."""
    if registry.sha256 not in _LEXICONS:
        countries = itertools.chain(_country_names(registry), _actor_names(registry))
        _LEXICONS[registry.sha256] = Lexicon((countries, _event_names(registry), _theme_names(registry)), TRACES)
    return _LEXICONS[registry.sha256]


def _country_names(registry: Registry) -> Iterator[Name]:
    for code, country in registry.countries.items():
        yield from (Name(n, "name", code) for n in (*country.names, country.name))
        yield from (Name(n, "demonym", code, inflects=True) for n in country.demonyms)
        yield from (Name(n, "official", code, inflects=True) for n in country.official_demonyms)
        yield from (Name(n, "capital", code) for n in country.capitals)
        yield from (Name(n, "team", code, article=True) for n in country.teams)
    for blocker in registry.blockers:
        yield from (Name(phrase, "block", blocker, article=True) for phrase in blocker.phrases)
    for entry in registry.ambiguous:
        yield Name(entry.name, "ambiguous", entry, inflects=entry.kind == "demonym")
    for condition in registry.conditional:
        yield Name(condition.name, "conditional", condition, inflects=condition.kind == "demonym")


def _actor_names(registry: Registry) -> Iterator[Name]:
    for kind, table in (("person", registry.persons), ("organisation", registry.organisations)):
        for actor in table.values():
            yield from (Name(n, kind, actor, article=kind == "organisation") for n in (actor.name, *actor.names))


def _event_names(registry: Registry) -> Iterator[Name]:
    for series_id, series in registry.series.items():
        yield from (Name(n, "event", series_id, article=True) for n in series.names)
        yield from (Name(n, "event_short", series_id, article=True) for n in series.short_names)
        yield from (Name(n, "event_dual", series_id, article=True) for n in series.dual_plural)
        yield from (Name(n, "event_elided", series_id) for n in series.elided)
        yield from (Name(n, "event_not", series_id, article=True) for n in series.not_names)
    yield from (Name(n, "event_not", None, article=True) for n in registry.not_events)


def _theme_names(registry: Registry) -> Iterator[Name]:
    for theme_id, theme in registry.themes.items():
        yield from (Name(n, "theme_strong", theme_id, article=True) for n in theme.strong)
        yield from (Name(n, "theme_weak", theme_id, article=True) for n in theme.weak)
        yield from (Name(n, "theme_not", theme_id, article=True) for n in theme.hides)

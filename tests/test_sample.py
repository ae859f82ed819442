"""The sample newsroom is what its README says: many outlets, real lengths, no templates, the shapes of real weeks."""

import collections
import datetime as dt
import itertools
import re
import statistics
from collections.abc import Iterator
from typing import Any

import pytest

from etl import clean, registry
from etl.text import key
from tests.quality import sample
from tests.quality.sample import SAMPLE, copies, records

README = (SAMPLE / "README.md").read_text("utf-8")
RECORDS = records()
PAGES = {path.stem: path.read_text("utf-8") for path in sorted((SAMPLE / "pages").glob("*.txt"))}
BODIES: dict[str, str] = {raw["article_id"]: raw["body"] for raw in RECORDS}
OWN = {ident: body for ident, body in BODIES.items() if ident not in copies()}
DATED = [raw for raw in RECORDS if raw["published"]]
RUN = 8
_DATELINE = re.compile(r"^[^\n]{2,45}?\s*[–:—-]\s+")


def words(text: str) -> list[str]:
    """Folded words."""
    return key(text).split()


def test_there_are_enough_articles_of_real_lengths() -> None:
    """At least 240 records; half of the bodies have 120 words or more, and some near 600."""
    lengths = sorted(len(body.split()) for body in BODIES.values())
    assert len(RECORDS) + len(PAGES) >= 240
    assert statistics.median(lengths) >= 120
    assert lengths[-5] >= 580


def test_outlets_of_many_countries_write() -> None:
    """The README names each outlet with its country: at least 12 of at least 8."""
    named = dict(re.findall(r"^\| ([^|]+?) \| ([A-Z][^|(]+?) \(", README, re.MULTILINE))
    assert {raw["publisher"] for raw in RECORDS} == named.keys()
    assert len(named) >= 12
    assert len(set(named.values())) >= 8


def test_the_dates_span_two_years() -> None:
    """From October 2024 to November 2026, some undated."""
    days = sorted(raw["published"] for raw in DATED)
    assert days[0] >= "2024-10"
    assert days[-1] < "2026-12"
    assert days[0] < "2024-11"
    assert days[-1] >= "2026-11"
    assert 8 <= len(RECORDS) - len(DATED) <= 30


def test_no_two_articles_share_sentences() -> None:
    """Apart from declared copies, no two articles share more than one run of eight words."""
    holders: dict[tuple[str, ...], list[str]] = {}
    for ident, body in OWN.items():
        for start in range(len(told := words(body)) - RUN + 1):
            holders.setdefault(tuple(told[start : start + RUN]), []).append(ident)
    shared = collections.Counter(
        pair for idents in holders.values() for pair in itertools.combinations(sorted(set(idents)), 2)
    )
    assert {pair: n for pair, n in shared.items() if n > 1} == {}


def test_articles_begin_differently() -> None:
    """The most frequent opening, two words after the dateline, stands in fewer than 3 of 100 articles."""
    openings = collections.Counter(" ".join(words(opening(body))[:2]) for body in OWN.values())
    (first, n), *_ = openings.most_common(1)
    assert n < 0.03 * len(OWN), first


def opening(body: str) -> str:
    """The first paragraph that is prose, without its dateline."""
    first = next(line for line in body.splitlines() if len(line.split()) >= 8)
    return _DATELINE.sub("", first)


def test_declared_copies_are_copies() -> None:
    """An exact copy has the same text, a cut one begins it, the others share a sentence or tell of the same matter."""
    kinds = collections.Counter(kind for _, kind in copies().values())
    assert kinds.keys() == {"exact", "cut", "communique", "update", "correction"}
    assert all(n >= 6 for n in kinds.values())
    for ident, (of, kind) in copies().items():
        if kind == "exact":
            assert BODIES[ident] == BODIES[of]
        elif kind == "cut":
            assert BODIES[of].startswith(BODIES[ident])
            assert len(BODIES[ident]) < 0.8 * len(BODIES[of])
        elif kind in {"communique", "update"}:
            assert len(set(runs(BODIES[ident])) & set(runs(BODIES[of]))) >= RUN, ident


def runs(body: str) -> Iterator[tuple[str, ...]]:
    """All runs of eight words."""
    told = words(body)
    return (tuple(told[n : n + RUN]) for n in range(len(told) - RUN + 1))


def test_nobody_real_is_named() -> None:
    """No person of the registry stands in the sample: officials appear by their office, the rest is invented."""
    names = {name for person in registry.load().persons.values() for name in (person.name, *person.names)}
    full = {key(name) for name in names if len(name.split()) >= 2}
    texts = [
        f" {key(text)} " for text in [*BODIES.values(), *PAGES.values(), *(raw["headline"] or "" for raw in RECORDS)]
    ]
    assert [name for name in sorted(full) for text in texts if f" {name} " in text] == []


def test_pages_are_cut_into_their_articles() -> None:
    """Each saved page holds a main article, one under «إقرأ أيضاً» and bare headlines."""
    assert len(PAGES) >= 6
    for name, text in PAGES.items():
        roles = collections.Counter(article.role for article in clean.split(name, text, name)[1])
        assert (roles["main"], roles["read_also"]) == (1, 1), name
        assert roles["headline"] >= 5, name


def week(raw: dict[str, Any]) -> dt.date:
    """The Monday of an article's week."""
    day = dt.date.fromisoformat(raw["published"])
    return day - dt.timedelta(days=day.weekday())


def test_weeks_are_like_real_ones() -> None:
    """One to three weeks with nothing loaded, a quiet one, and bursts; otherwise something every week."""
    loaded = collections.Counter(map(week, DATED))
    every = [min(loaded) + dt.timedelta(days=7 * n) for n in range((max(loaded) - min(loaded)).days // 7 + 1)]
    empty = [day for day in every if not loaded[day]]
    assert dt.date(2025, 8, 11) in empty
    assert len(empty) <= 3
    assert loaded[dt.date(2025, 5, 5)] == 1
    assert max(loaded.values()) >= 3 * statistics.mean(loaded.values())


@pytest.fixture(scope="module")
def told() -> dict[str, collections.Counter[dt.date]]:
    """Articles by week for each edition, as the labels say."""
    found: dict[str, collections.Counter[dt.date]] = collections.defaultdict(collections.Counter)
    for raw in DATED:
        for event in {row["event_id"] for row in raw["annotations"] if row["layer"] == "event"} - {None}:
            found[event][week(raw)] += 1
    return found


def between(weeks: collections.Counter[dt.date], first: str, last: str) -> int:
    """Articles of the weeks that begin in a period."""
    return sum(n for day, n in weeks.items() if first <= day.isoformat() <= last)


def test_events_rise_and_fall_as_they_do(told: dict[str, collections.Counter[dt.date]]) -> None:
    """AFCON 2025 peaks about its final, World Cup 2030 hums, Euro 2028 begins, the Interpol assembly is one week."""
    afcon, world = told["afcon-2025"], told["fifa-wc-2030"]
    assert between(afcon, "2025-12-22", "2026-01-25") > 2 * between(afcon, "2025-09-01", "2025-11-16")
    assert between(afcon, "2025-09-01", "2025-11-16") > between(afcon, "2026-05-01", "2026-11-30")
    assert dt.date(2025, 12, 15) <= max(afcon, key=lambda day: afcon[day]) <= dt.date(2026, 1, 19)
    halves = ("2025-01-01", "2025-06-30"), ("2025-07-01", "2025-12-31"), ("2026-01-01", "2026-06-30")
    assert all(between(world, *half) >= 3 for half in (*halves, ("2026-07-01", "2026-12-31")))
    assert max(world, key=lambda day: world[day]) == dt.date(2024, 12, 9)
    euro = told["euro-2028"]
    assert between(euro, "2025-11-01", "2026-11-30") > 2 * between(euro, "2024-10-01", "2025-10-31")
    interpol = told["interpol-ga-93"]
    assert interpol[dt.date(2025, 11, 24)] >= 0.4 * sum(interpol.values())


def test_every_article_brings_its_labels() -> None:
    """What readers settled stands in the files as rows of an analyst, all of them accepted by a load."""
    annotators = {row["annotator"] for raw in RECORDS for row in raw["annotations"]}
    assert annotators == {"analyst:desk"}
    assert sum(not raw["annotations"] for raw in RECORDS) <= 5
    assert sample.gold("settled").keys() == sample.texts().keys()

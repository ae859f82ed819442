"""The nine parts of a briefing as HTML: words and numbers, drawn by style.css, so that every text can be selected."""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence

from dashboard import charts, safe
from dashboard.brief import figures
from dashboard.brief.changes import sentence
from dashboard.brief.facts import UNDATED, Brief, Tile
from dashboard.brief.marks import Link, latin, linked, number, words
from dashboard.brief.stories import Story
from dashboard.brief.upcoming import Due
from dashboard.room import Room
from dashboard.safe import Html
from dashboard.weekly import SMALL_MEAN, SMALL_NOW
from dashboard.words import bare

_NO_LANE = charts.Lane("", "", {}, {})
Part = Callable[[Brief, Link], Html]
_MOST_NAMES, _LONGEST = 3, 40
"""Names of one filter in the heading, and letters of each."""


def tiles(brief: Brief, link: Link) -> Html:
    """Five numbers, each beside that of the week before and the mean of four weeks."""
    return safe.tag("div", *(_tile(brief, tile, link) for tile in brief.tiles), class_="tiles")


def _tile(brief: Brief, tile: Tile, link: Link) -> Html:
    room = brief.room
    shown = number(room, tile.now, tile.mark, link, "big")
    if tile.name == UNDATED:
        share = room.words.percent(tile.now / brief.method.everything if brief.method.everything else 0)
        notes = [words(room, "brief.tile.share", share=share)]
    else:
        none = room.words.t("brief.tile.none")
        before = none if tile.before is None else room.words.number(tile.before)
        notes = [words(room, "brief.tile.before", before=before)]
        if tile.mean is not None:
            # Half a tenth goes up, as readers reckon it; Python would take it to the even side.
            mean = math.floor(tile.mean * 10 + 0.5) / 10
            notes.append(words(room, "brief.tile.mean", mean=mean, weeks=room.words.n("n.week", tile.weeks)))
    name = safe.tag("b", words(room, f"brief.tile.{tile.name}"))
    return safe.tag("div", shown, name, *(safe.tag("small", note) for note in notes), class_="tile")


def changed(brief: Brief, link: Link) -> Html:
    """At most five sentences; where there is nothing to compare with, that."""
    room = brief.room
    if "no_before" in brief.flags or not brief.changes:
        is_empty = {"nothing", "undated"} & {*brief.flags}
        why = "no_before" if "no_before" in brief.flags else "nothing" if is_empty else "same"
        return _calm(words(room, f"brief.changes.{why}"))
    rows = [
        safe.tag("li", linked(safe.message(sentence(one, room.words, room.filters.unit)), _mark(one.bar), link, "said"))
        for one in brief.changes
    ]
    return safe.tag("ul", *rows, class_=f"changes {'partial' if 'partial' in brief.flags else ''}".strip())


def _mark(bar: charts.Bar) -> str:
    return bar.mark if bar.value else bar.mark_before


def lanes(brief: Brief, link: Link) -> Html:
    """Twelve weeks of the events named most, with their own days."""
    if not brief.lanes:
        return _calm(words(brief.room, "brief.lanes.nothing"))
    return safe.joined(
        figures.lanes(brief, link), safe.tag("p", words(brief.room, "brief.lanes.reading"), class_="reading")
    )


def pairs(brief: Brief, link: Link) -> Html:
    """Eight pairs as a table, ten countries as a matrix."""
    if not brief.pairs:
        return _calm(words(brief.room, "brief.pairs.nothing"))
    return safe.tag("div", _pair_table(brief, link), figures.matrix(brief, link), class_="pairs")


def _pair_table(brief: Brief, link: Link) -> Html:
    room = brief.room
    heads = [safe.tag("th", words(room, f"brief.pairs.{name}")) for name in ("pair", "now", "before", "relation")]
    rows = []
    for pair in brief.pairs:
        said = safe.message(f"{room.words.t(f'relation.{pair.relation}')} ({room.words.number(pair.times)})")
        cells = (
            safe.text(pair.bar.name),
            number(room, pair.bar.value, pair.bar.mark, link),
            number(room, pair.bar.before or 0, pair.bar.mark_before, link),
            linked(said, pair.mark, link),
        )
        rows.append(safe.tag("tr", *(safe.tag("td", cell) for cell in cells)))
    return safe.tag("table", safe.tag("thead", safe.tag("tr", *heads)), safe.tag("tbody", *rows), class_="ranking")


def themes(brief: Brief, link: Link) -> Html:
    """Each theme of last week and this week, joined."""
    if not brief.themes:
        return _calm(words(brief.room, "brief.themes.nothing"))
    return figures.dumbbells(brief, link)


def stories(brief: Brief, link: Link) -> Html:
    """Five stories: headline, copies and sources, one quotation, the date and how it is known."""
    if not brief.stories:
        return _calm(words(brief.room, "brief.stories.nothing"))
    told = [_story(brief.room, n, one, link) for n, one in enumerate(brief.stories, 1)]
    return safe.tag("ol", *told, class_="stories")


def _story(room: Room, n: int, story: Story, link: Link) -> Html:
    found, said = story.found, room.words
    rank = safe.tag("i", safe.text(said.number(n)), class_="rank")
    title = safe.tag("b", safe.text(found.headline or said.t("brief.stories.no_headline")))
    facts = [
        safe.text(found.publisher or said.t("brief.no_publisher")),
        safe.message(f"{said.day(found.published_on)} ({said.t(f'basis.{found.basis}')})"),
        safe.message(_spread(room, found.n_articles, found.n_sources)),
    ]
    line = safe.joined(*(safe.tag("span", fact) for fact in facts))
    quote = safe.NOTHING
    if story.quotation:
        more = safe.text("…") if story.is_cut else safe.NOTHING
        quote = safe.tag("blockquote", safe.tag("q", safe.text(story.quotation), more))
    return safe.tag(
        "li", rank, linked(title, f"article={found.article_id}", link), safe.tag("p", line, class_="facts"), quote
    )


def _spread(room: Room, articles: int, sources: int) -> str:
    """In how many articles, of how many publishers; nobody known is not counted among them."""
    told = room.words.n("n.article", articles)
    return f"{told}، {room.words.n('n.publisher', sources)}" if sources else told


def upcoming(brief: Brief, link: Link) -> Html:  # noqa: ARG001 -- every part is called alike
    """The tracked events of the next two weeks, as they were known then, with how sure that is."""
    if not brief.upcoming:
        return _calm(words(brief.room, "brief.upcoming.nothing"))
    return safe.tag("ul", *(_due(brief.room, one) for one in brief.upcoming), class_="upcoming")


def _due(room: Room, one: Due) -> Html:
    when = room.words.month(one.first) if one.what == "month" else room.words.span(one.first, one.last)
    hosts = "، ".join(room.label("country", code) for code in one.hosts)
    told = [words(room, f"brief.due.{one.what}"), safe.message(when)]
    told += [safe.text(hosts)] if hosts else []
    sure = safe.tag("em", words(room, f"brief.sure.{one.sureness}"), class_=f"sure {one.sureness}")
    line = safe.tag("p", *(safe.tag("span", part) for part in told), sure, class_="facts")
    return safe.tag("li", safe.tag("b", safe.text(room.label("event", one.event))), line)


def method(brief: Brief, link: Link) -> Html:  # noqa: ARG001 -- every part is called alike
    """How it was counted and what is missing: copies, dates, annotator, people, gaps, guard, rules."""
    return safe.tag("ul", *(safe.tag("li", line) for line in _method(brief)), class_="method")


def _method(brief: Brief) -> Iterable[Html]:
    room, how, said = brief.room, brief.method, brief.room.words
    yield words(
        room, "brief.method.copies", articles=said.n("n.article", how.articles), stories=said.n("n.story", how.stories)
    )
    # Bare: within the isolate of the whole list its own letters decide which way it runs.
    bases = [
        bare(said.t("brief.method.basis", basis=said.t(f"basis.{basis}"), n=n, share=said.percent(n / how.articles)))
        for basis, n in how.bases
    ]
    if bases:
        yield words(room, "brief.method.bases", bases="، ".join(bases))
    undated = next(tile.now for tile in brief.tiles if tile.name == UNDATED)
    yield (
        words(room, "brief.method.undated", undated=said.n("n.article", undated))
        if undated
        else words(room, "brief.method.all_dated")
    )
    yield words(room, "brief.method.analysts", found=said.n("n.article", how.by_analysts), annotator=how.annotator)
    gaps = "، ".join(said.day(day) for day in how.gaps[-4:]) + ("…" if len(how.gaps) > 4 else "")
    yield (
        words(room, "brief.method.gaps", found=said.n("n.week", len(how.gaps)), which=gaps)
        if gaps
        else words(room, "brief.method.no_gaps")
    )
    if how.empty_days and how.articles:
        days = "، ".join(said.weekday(day) for day in how.empty_days)
        yield words(room, "brief.method.empty_days", days=days)
    yield words(room, "brief.method.refused", found=said.n("n.record", how.refused))
    yield words(room, "brief.method.rules", mean=SMALL_MEAN, now=SMALL_NOW)


def heading(brief: Brief) -> Html:
    """Week, an analyst's headline, the filters in words, the data and its cut-off; what makes the week a bad one."""
    room, said = brief.room, brief.room.words
    days = said.span(brief.first, brief.last)
    title = safe.tag("h1", safe.text(brief.notes.headline) if brief.notes.headline else safe.message(days))
    by = [safe.tag("em", words(room, "brief.by_analyst"), class_="analyst")] if brief.notes.headline else []
    under = [words(room, "brief.week", days=days)] if brief.notes.headline else []
    cut_off = said.day(brief.cut_off) if brief.cut_off else said.t("brief.no_day")
    facts = [
        *under,
        # By its ISO name readers of two regions would take other days for the same.
        *([latin(brief.asked.week)] if room.first_weekday == 1 else []),
        words(room, "brief.cut_off", day=cut_off),
        safe.message("؛ ".join(in_words(room))),
    ]
    brand = safe.tag(
        "div", safe.tag("b", words(room, "app.name")), safe.tag("span", words(room, "nav.brief")), class_="brand"
    )
    line = safe.tag("p", *(safe.tag("span", fact) for fact in facts), class_="facts")
    flags = [safe.tag("p", _flag(brief, flag), class_="flag") for flag in brief.flags if flag != "no_before"]
    if brief.is_sample:
        flags = [safe.tag("p", words(room, "brief.sample"), class_="flag"), *flags]
    return safe.tag("header", brand, title, *by, line, *flags)


def _flag(brief: Brief, flag: str) -> Html:
    values: dict[str, str] = {}
    if flag == "partial" and brief.cut_off:
        values["day"] = brief.room.words.weekday_day(brief.cut_off)
    if flag == "one_source":
        name = brief.publishers[0]
        values["name"] = safe.plain(name) if name else brief.room.words.t("brief.no_publisher")
    return words(brief.room, f"brief.flag.{flag}", **values)


def in_words(room: Room) -> list[str]:
    """The filters as a reader says them, beginning with what is counted and the evidence asked for."""
    said, chosen = room.words, room.filters
    out = [said.t(f"brief.counted.{chosen.unit}"), said.t("brief.tier", tier=said.t(f"tier.{chosen.tier}"))]
    kinds = {"events": "event", "countries": "country", "pair": "country", "themes": "theme"}
    for name in chosen.narrows:
        value = getattr(chosen, name)
        labels = [room.label(kinds[name], one) for one in value] if name in kinds else value
        shown = safe.plain(labels)[:_LONGEST] if isinstance(labels, str) else _listed(room, labels)
        out.append(f"{said.t(f'filters.{name}')}: {shown}")
    out += [said.t(f"filters.{name}") for name in ("headlines", "cohost") if getattr(chosen, name)]
    return out if chosen.narrows else [*out, said.t("brief.everything")]


def _listed(room: Room, names: Sequence[str]) -> str:
    """The first of many names, and how many more there are: the heading has two lines."""
    shown = "، ".join(safe.plain(one)[:_LONGEST] for one in names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    return room.words.t("brief.more", names=shown, n=more) if more > 0 else shown


def source_lines(brief: Brief, names: Sequence[str]) -> Html:
    """Of whom the numbers of some parts are, and of which days: what stands under parts that stand alone."""
    room, how = brief.room, brief.method
    calendar = [safe.tag("p", words(room, "brief.source.calendar"), class_="source")] if "upcoming" in names else []
    counted = [name for name in names if name != "upcoming"]
    if not counted:
        return safe.joined(*calendar)
    weeks_back = {"lanes": len(next(iter(brief.lanes), _NO_LANE).values) or 1, "themes": 2, "changes": 2}
    first = brief.last - dt.timedelta(days=7 * max(weeks_back.get(name, 1) for name in counted) - 1)
    known = [name for name in brief.publishers if name]
    publishers = room.words.n("n.publisher", len(known)) if known else room.words.t("brief.no_publisher")
    said = words(
        room, f"brief.source.{room.filters.unit}", publishers=publishers,
        found=room.words.n("n.article", how.articles), days=room.words.span(first, brief.last),
    )  # fmt: skip
    return safe.joined(safe.tag("p", said, class_="source"), *calendar)


def _calm(said: Html) -> Html:
    return safe.tag("p", said, class_="calm")

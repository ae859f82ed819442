"""The nine parts of a briefing as HTML: words and numbers, drawn by style.css, so that every text can be selected."""

from collections.abc import Callable, Iterable

from dashboard import charts, safe
from dashboard.brief import figures
from dashboard.brief.changes import sentence
from dashboard.brief.facts import UNDATED, Brief, Tile
from dashboard.brief.marks import Link, latin, linked, number, words
from dashboard.brief.stories import Story
from dashboard.brief.upcoming import Due
from dashboard.room import UNITS, Room
from dashboard.safe import Html

Part = Callable[[Brief, Link], Html]


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
        mean = round(tile.mean or 0, 1)
        notes = [words(room, "brief.tile.before", before=tile.before or 0), words(room, "brief.tile.mean", mean=mean)]
    name = safe.tag("b", words(room, f"brief.tile.{tile.name}"))
    return safe.tag("div", shown, name, *(safe.tag("small", note) for note in notes), class_="tile")


def changed(brief: Brief, link: Link) -> Html:
    """At most five sentences; where there is nothing to compare with, that."""
    room = brief.room
    if "no_before" in brief.flags or not brief.changes:
        why = "no_before" if "no_before" in brief.flags else "nothing" if _is_empty(brief) else "same"
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
        safe.message(f"{said.n('n.article', found.n_articles)}، {said.n('n.source', found.n_sources)}"),
    ]
    line = safe.joined(*(safe.tag("span", fact) for fact in facts))
    quote = safe.NOTHING
    if story.quotation:
        more = safe.text("…") if story.is_cut else safe.NOTHING
        quote = safe.tag("blockquote", safe.tag("q", safe.text(story.quotation)), more)
    return safe.tag(
        "li", rank, linked(title, f"article={found.article_id}", link), safe.tag("p", line, class_="facts"), quote
    )


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
    bases = [
        f"{said.t(f'basis.{basis}')} {said.percent(n / how.articles)} ({said.number(n)})" for basis, n in how.bases
    ]
    if bases:
        yield words(room, "brief.method.bases", bases="، ".join(bases))
    undated = next(tile.now for tile in brief.tiles if tile.name == UNDATED)
    yield words(room, "brief.method.undated", undated=said.n("n.article", undated))
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
    yield words(room, "brief.method.rules")


def heading(brief: Brief) -> Html:
    """Week, an analyst's headline, the filters in words, the data and its cut-off; what makes the week a bad one."""
    room, said = brief.room, brief.room.words
    days = said.span(brief.first, brief.last)
    title = (
        safe.tag("h1", safe.text(brief.notes.headline)) if brief.notes.headline else safe.tag("h1", safe.message(days))
    )
    by = [safe.tag("em", words(room, "brief.by_analyst"), class_="analyst")] if brief.notes.headline else []
    under = [words(room, "brief.week", days=days)] if brief.notes.headline else []
    cut_off = said.day(brief.cut_off) if brief.cut_off else said.t("brief.no_day")
    facts = [
        *under,
        latin(brief.asked.week),
        words(room, "brief.cut_off", day=cut_off),
        words(room, "brief.filters", filters="؛ ".join(in_words(room))),
    ]
    brand = safe.tag(
        "div", safe.tag("b", words(room, "app.name")), safe.tag("span", words(room, "nav.brief")), class_="brand"
    )
    line = safe.tag("p", *(safe.tag("span", fact) for fact in facts), class_="facts")
    flags = [safe.tag("p", _flag(brief, flag), class_="flag") for flag in brief.flags if flag != "no_before"]
    return safe.tag("header", brand, title, *by, line, *flags)


def _flag(brief: Brief, flag: str) -> Html:
    values: dict[str, str] = {}
    if flag == "partial" and brief.cut_off:
        values["day"] = brief.room.words.weekday_day(brief.cut_off)
    if flag == "one_source":
        names = {story.found.publisher for story in brief.stories if story.found.publisher}
        values["name"] = safe.plain(min(names)) if names else brief.room.words.t("brief.no_publisher")
    return words(brief.room, f"brief.flag.{flag}", **values)


def in_words(room: Room) -> list[str]:
    """The filters as a reader says them, beginning with what is counted and the evidence asked for."""
    said, chosen = room.words, room.filters
    out = [said.t(f"unit.{chosen.unit}"), said.t("brief.tier", tier=said.t(f"tier.{chosen.tier}"))]
    kinds = {"events": "event", "countries": "country", "pair": "country", "themes": "theme"}
    for name in chosen.narrows:
        value = getattr(chosen, name)
        labels = [room.label(kinds[name], one) for one in value] if name in kinds else value
        shown = safe.plain(labels) if isinstance(labels, str) else "، ".join(safe.plain(one) for one in labels)
        out.append(f"{said.t(f'filters.{name}')}: {shown}")
    out += [said.t(f"filters.{name}") for name in ("headlines", "cohost") if getattr(chosen, name)]
    return out if chosen.narrows else [*out, said.t("brief.everything")]


def source_line(brief: Brief) -> Html:
    """What is counted, of what: the line under a part that stands alone."""
    room, how = brief.room, brief.method
    count = room.words.n("n.article", how.articles)
    said = words(room, "brief.source", found=count, unit=room.unit, week=room.words.span(brief.first, brief.last))
    return safe.tag("p", said, class_="source")


def unit_of(brief: Brief) -> str:
    """What the week holds in the chosen unit, in words."""
    room, how = brief.room, brief.method
    return room.words.n(UNITS[room.filters.unit], how.stories if room.filters.unit == "stories" else how.articles)


def _is_empty(brief: Brief) -> bool:
    return bool({"nothing", "undated"} & {*brief.flags})


def _calm(said: Html) -> Html:
    return safe.tag("p", said, class_="calm")

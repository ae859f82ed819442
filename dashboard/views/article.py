"""المادة: the original text with its marks, its dates and their origin, copies, the page, and the charts it feeds."""

from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard import drill, queries, safe
from dashboard.plot import Said, listing
from dashboard.room import Room, page
from dashboard.words import bare

_LONGEST = 90
_SHOWN_FIRST = ("event", "country", "theme", "date")
Row = dict[str, Any]


def body(room: Room) -> None:
    """The article that the address names; without one, say how to get here."""
    found = queries.article(room.source, st.query_params.get("article", ""))
    if found is None:
        st.info(room.words.t("article.none"), icon=":material/article:")
        st.page_link(
            "views/articles.py", label=room.words.t("nav.articles"), query_params=drill.address_of(room.filters)
        )
        return
    top = st.container()
    heading(room, found)
    spans = queries.spans(room.source, found["article_key"])
    shown = switches(room, spans)
    for field, place in (("headline", top), ("body", st.container())):
        if found[field]:
            marks = [mark(room, n, s) for n, s in enumerate(spans) if s.field == field and s.layer in shown]
            place.html(safe.marked(found[field], marks, field))
    feeds(room, spans)
    reasons(room, found, spans)
    ledger(room, found)
    copies(room, found)
    origin(room, found)


def heading(room: Room, found: Row) -> None:
    """Headline, publisher, carrier, day with its basis, address."""
    words = room.words
    if not found["headline"]:
        st.caption(words.t("article.no_headline"))
    day = words.weekday_day(found["published_on"]) if found["published_on"] else words.t("list.no_day")
    when = f"{day} ({words.t('basis.' + found['basis'])})"
    facts = [
        (words.t("article.publisher"), safe.text(found["publisher"] or words.t("list.no_publisher"))),
        (words.t("article.carrier"), safe.text(found["carrier"]) if found["carrier"] else None),
        (words.t("article.published"), safe.text(when)),
        (words.t("article.role"), safe.text(words.t(f"role.{found['role']}"))),
        (words.t("article.url"), safe.link(found["url"], words.t("article.open")) if found["url"] else None),
        (words.t("article.keywords"), safe.text("، ".join(found["keywords"])) if found["keywords"] else None),
    ]
    st.html(safe.facts(facts))


def switches(room: Room, spans: list[queries.Span]) -> list[str]:
    """The layers that are switched on; each with the number of its marks."""
    found = {layer: sum(span.layer == layer for span in spans) for layer in queries.LAYERS}
    layers = [layer for layer in queries.LAYERS if found[layer]]
    return st.pills(
        room.words.t("article.layers"), layers, selection_mode="multi", key="article-layers",
        default=[layer for layer in layers if layer in _SHOWN_FIRST],
        format_func=lambda layer: f"{room.words.t(f'layer.{layer}')} ({room.words.number(found[layer])})",
    )  # fmt: skip


def mark(room: Room, n: int, span: queries.Span) -> safe.Mark:
    """A span as a mark with its explanation."""
    words = room.words
    said = words.t(
        "mark.tip",
        layer=words.t(f"layer.{span.layer}"),
        what=meaning(room, span),
        rule=room.rule(span.rule),
        tier=words.t(f"strength.{span.tier}"),
        annotator=span.annotator,
    )
    return safe.Mark(id=f"m{n}", layer=span.layer, start=span.start, end=span.end, tip=bare(said))


def meaning(room: Room, span: queries.Span) -> str:
    """What a span stands for, in words."""
    words, detail = room.words, span.detail or ""
    if span.layer == "event":
        return room.label("event", span.id or f"{detail}{queries.OPEN}")
    if span.layer == "country":
        return (
            f"{room.label('country', span.id) if span.id else words.t('mark.ambiguous')} · {words.t(f'part.{detail}')}"
        )
    if span.layer == "pair":
        return _dealing(room, span.id or "-", *detail.split(" ", 1))
    if span.layer == "theme":
        return room.label("theme", span.id or "")
    return span.id or words.t("mark.open")


def _dealing(room: Room, pair: str, relation: str, direction: str) -> str:
    a, b = (room.label("country", code) for code in _codes(pair))
    acting = {"a>b": (a, b), "b>a": (b, a)}.get(direction)
    said = room.words.t("mark.acts", actor=acting[0], target=acting[1]) if acting else f"{a} – {b}"
    return f"{said} · {room.words.t(f'relation.{relation}')}"


def _codes(pair: str) -> tuple[str, str]:
    """The two codes of a pair that may hold X-… codes: «MA-X-LAS»."""
    first = "-".join(pair.split("-")[:2]) if pair.startswith("X-") else pair.split("-", maxsplit=1)[0]
    return first, pair[len(first) + 1 :]


def feeds(room: Room, spans: list[queries.Span]) -> None:
    """From the text back to the charts: links to each event, pair and theme that it feeds."""
    events = dict.fromkeys(s.id for s in spans if s.layer == "event" and s.id)
    pairs = dict.fromkeys(
        s.id for s in spans if s.layer == "pair" and s.id and s.tier == "strong" and "cohost" not in (s.detail or "")
    )
    themes = dict.fromkeys(s.id for s in spans if s.layer == "theme" and s.id)
    links = [
        *(("events", {"events": i}, room.label("event", i)) for i in events),
        *(
            ("pairs", {"pair": ",".join(_codes(i))}, " – ".join(room.label("country", c) for c in _codes(i)))
            for i in pairs
        ),
        *(("themes", {"themes": i}, room.label("theme", i)) for i in themes),
    ]
    if links:
        with st.container(horizontal=True, key="feeds"):
            st.caption(room.words.t("article.feeds"))
            for view, params, label in links:
                st.page_link(
                    f"views/{view}.py",
                    label=safe.markdown(label),
                    query_params={**params, "unit": room.filters.unit},
                    icon=":material/show_chart:",
                )


def reasons(room: Room, found: Row, spans: list[queries.Span]) -> None:
    """Everything that was read in the article and why: words, what they stand for, rule, strength, by whom."""
    words = room.words
    if not spans:
        return
    names = [words.t(f"why.{c}") for c in ("words", "layer", "meaning", "rule", "strength", "annotator")]
    rows = [
        (_cut(found[s.field][s.start : s.end]), words.t(f"layer.{s.layer}"), bare(meaning(room, s)),
         room.rule(s.rule),
         words.t(f"strength.{s.tier}"), s.annotator)
        for s in sorted(spans, key=lambda s: (s.field != "headline", s.start, s.end))
    ]  # fmt: skip
    with st.expander(words.t("why.title", found=words.n("n.mark", len(rows)))):
        st.html(safe.table(names, rows))


def _cut(text: str) -> str:
    """Evidence short enough for a row; a sentence is cut at a word."""
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + "…"


def ledger(room: Room, found: Row) -> None:
    """Every date of the text: words, value, basis, rule, anchor, and whether the weekday fits."""
    rows = queries.dates(room.source, found["article_key"])
    st.subheader(room.words.t("ledger.title"))
    if not rows:
        st.caption(room.words.t("ledger.none"))
        return
    names = [room.words.t(f"ledger.{c}") for c in ("words", "value", "basis", "anchor", "check", "rule")]
    st.html(safe.table(names, [_ledger_row(room, found, row) for row in rows]))


def _ledger_row(room: Room, found: Row, row: queries.Row) -> tuple[str, ...]:
    field, start, end, first, last, precision, basis, anchor, _weekday, check, rule = row
    words = room.words
    value = words.t("mark.open") if not first else words.day(first) if first == last else words.span(first, last)
    if check == "conflict":
        value = words.t("ledger.conflict")
    kind = f"{words.t(f'datebasis.{basis}')} · {words.t(f'precision.{precision}')}"
    since = words.day(anchor) if anchor else "—"
    return found[field][start:end], value, kind, since, words.t(f"check.{check}"), room.rule(rule)


def copies(room: Room, found: Row) -> None:
    """The articles of the story where there are several, who published first at the top and marked; this one, too."""
    words, rows = room.words, queries.copies(room.source, found["story_key"])
    if len(rows) < 2:
        return
    items = []
    for article_id, publisher, carrier, day, headline, is_first, rule, share in rows:
        address = "/article?" + urlencode({**drill.address_of(room.filters), "article": article_id})
        outlets = [name for name in (publisher, carrier) if name] or [words.t("list.no_publisher")]
        when = [words.day(day) if day else words.t("list.no_day")]
        when += [words.t("article.first")] if is_first else []
        when += [words.t("article.this")] if article_id == found["article_id"] else []
        when += [words.t(f"copy.{rule}", share=words.percent(share))] if rule else []
        items.append({"id": article_id, "href": address, "headline": safe.plain(headline or article_id),
                      "publisher": " · ".join(map(safe.plain, outlets)), "day": " · ".join(when)})  # fmt: skip
    columns = {"headline": words.t("list.headline"), "publisher": words.t("list.publisher"), "day": words.t("list.day")}
    listing(columns, items, "copies", Said(words.t("article.copies", found=words.n("n.article", len(rows)))))


def origin(room: Room, found: Row) -> None:
    """The page as fetched, each run with the zone it was read as; only for articles that came from a page."""
    text, blocks = queries.page_blocks(room.source, found["page_id"])
    if text is None:
        return
    with st.expander(room.words.t("article.page")):
        marks = [
            safe.Mark(f"b{n}", "own" if owner == found["article_id"] else "zone", start, end,
                      room.words.t(f"zone.{zone}") + ("" if owner else f" · {room.words.t('zone.nobody')}"))
            for n, (zone, start, end, owner) in enumerate(blocks)
        ]  # fmt: skip
        st.html(safe.marked(text, marks, "page"))


page("nav.article", body)

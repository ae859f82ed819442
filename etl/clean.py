"""Scraped pages: their zones, and the articles they hold, with the way back to the original kept.

A page of this family has app promotion, a title or none, a date line or none, the body, `المصدر:`, `كلمات دلالية:`,
then another article under `إقرأ أيضاً:`, then bare headlines under `مقالات مشابهة`. Zones may be missing or stand in
another order. Headlines stuck together without spaces («…الأوروبىوزير الخارجية…») belong to no article: they stay on
the page and feed nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from etl.annotate.dates import date_line
from etl.model import Article, Block, Field, Page, Role, Zone
from etl.text import Folded, fold

_PROMOTION = re.compile(
    r"(?:تابع(?:وا|ونا)?|حملوا?|حمل|نزل|اشترك\w*|انضم\w*|شارك\w*|اضغط|للاشتراك|جميع الحقوق|لمتابعه|تطبيق)(?!\w).{0,80}"
    r"(?:تطبيق|قناه|قناتنا|واتس\w*|تليجرام|تلغرام|تيليجرام|نشره|النشره|اخبار جوجل|جوجل نيوز|غوغل|فيسبوك|تويتر|محفوظه"
    r"|التطبيق|البريديه)"
)
_LABELS: tuple[tuple[Zone, re.Pattern[str]], ...] = (
    ("date_line", re.compile(r"\W*(?:تاريخ النشر|نشر في|نشر بتاريخ|تاريخ التحديث)\s*:?\s*(?P<value>.*)")),
    ("source", re.compile(r"\W*(?:المصدر|نقلا عن)\s*:\s*(?P<value>.*)")),
    (
        "keywords",
        re.compile(
            r"\W*(?:كلمات دلاليه|كلمات مفتاحيه|الكلمات المفتاحيه|الكلمات الدلاليه|الوسوم|وسوم)\s*:?\s*(?P<value>.*)"
        ),
    ),
)
_READ_ALSO = re.compile(
    r"\W*(?:ا?قر[اؤ]+ ?(?:وا)? ايضا|طالع ايضا|شاهد ايضا|اقرا المزيد|قد يهمك ايضا|اقرا كذلك)\s*:?\s*(?P<value>.*)$"
)
_RELATED = re.compile(
    r"\W*(?:مقالات مشابهه|مقالات ذات صله|اخبار ذات صله|مواضيع ذات صله|مواضيع مشابهه|اخبار متعلقه|الاكثر قراءه"
    r"|قد يعجبك ايضا)\W*$"
)
_BULLET = re.compile(r"[\s•▪◦●·*\-–—]+")
_SENTENCE_MARK = re.compile(r"[.!؟?](?:\s|[\"»)]|$)")
_FINAL_POINT = re.compile(r"(?<!\.)\.[\s\"»)]*$")
_PAUSE = re.compile(r"[.!؟?،](?:\s|[\"»)]|$)")
_JOINT = re.compile(r"(?<=[^\W\d_][^\W\d_])[ىة](?=[^\W\d_])|(?<=[^\W\d_]{2})ا(?=ال[^\W\d_]{3})")
_OPENER = re.compile(
    r"(?<=[^\W\d_]{3})(?:وزير|وزيرة|الرئيس|رئيس|بث|عاجل|شاهد|فيديو|بالفيديو|بالصور|تعرف|انطلاق)(?= |:)"
)
_TITLE_WORDS = 30
_GLUED_WORDS = 12


@dataclass
class _Draft:
    """An article while its page is read."""

    role: Role
    headline: tuple[int, int] | None = None
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    publisher: str | None = None
    keywords: list[str] = field(default_factory=list)
    published: str | None = None


@dataclass
class _State:
    drafts: list[_Draft]
    blocks: list[tuple[Zone, int, int, int | None]] = field(default_factory=list)
    in_related: bool = False
    wants_title: bool = True


def split(name: str, text: str, page_id: str) -> tuple[Page, list[Article]]:
    """Cut a page into its articles: main first, then read-also articles, then bare headlines, in page order.

    `text` is the page as fetched (NFC). The articles' `article_id` is empty (etl.read fills it); a block's
    `article_id` holds the article's place in the returned list until `number` replaces it. A page without any article
    gives an empty list.
    """
    state = _State([_Draft("main")])
    lines = list(_lines(text))
    for position, (start, end) in enumerate(lines):
        _take(state, text, start, end, lines[position + 1 :])
    return _finished(name, text, page_id, state)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the lines that hold something, without the blanks around."""
    for match in re.finditer(r"[^\n]+", text):
        line = match.group()
        stripped = line.strip("\r\t \u00a0\u200e\u200f\ufeff")
        if stripped:
            start = match.start() + line.index(stripped)
            yield start, start + len(stripped)


def _take(state: _State, text: str, start: int, end: int, following: list[tuple[int, int]]) -> None:
    line, folded = text[start:end], fold(text[start:end])
    draft = len(state.drafts) - 1
    also = _READ_ALSO.match(folded)
    if also and also["value"]:
        value = start + Folded(line).span(*also.span("value"))[0]
        _note(state, "label", start, start + len(line[: value - start].rstrip()), None)
        _headline(state, text[value:end], value, end)
    elif also:
        state.drafts.append(_Draft("read_also"))
        state.in_related, state.wants_title = False, True
        _note(state, "label", start, end, None)
    elif _RELATED.match(folded):
        state.in_related = True
        _note(state, "label", start, end, None)
    elif len(line) < 160 and _PROMOTION.match(folded):
        _note(state, "promotion", start, end, None)
    elif not _labelled(state, line, folded, start, end):
        if state.in_related:
            _headline(state, line, start, end)
        elif is_glued(line):
            _note(state, "glued", start, end, None)
        elif state.wants_title and _is_title(line, folded, following):
            state.drafts[draft].headline, state.wants_title = (start, end), False
            _note(state, "title", start, end, draft)
        else:
            state.drafts[draft].paragraphs.append((start, end))
            state.wants_title = False
            _note(state, "body", start, end, draft)


def _note(state: _State, zone: Zone, start: int, end: int, draft: int | None) -> None:
    state.blocks.append((zone, start, end, draft))


def _labelled(state: _State, line: str, folded: str, start: int, end: int) -> bool:
    """A line that begins with a label: its value goes to the article being read (the main one after headlines)."""
    for zone, pattern in _LABELS:
        match = pattern.match(folded)
        if not match or (zone == "source" and len(line) > 120):
            continue
        index = 0 if state.in_related else len(state.drafts) - 1
        draft, value = state.drafts[index], line.split(":", 1)[1].strip() if ":" in line else match["value"].strip()
        if zone == "source":
            draft.publisher = value or None
        elif zone == "keywords":
            draft.keywords = [k.strip() for k in re.split("[،,|]", value) if k.strip()]
        else:
            day = date_line(value)
            draft.published = day.isoformat() if day else None
        _note(state, zone, start, end, index)
        return True
    return False


def _headline(state: _State, line: str, start: int, end: int) -> None:
    bullet = _BULLET.match(line)
    first = start + (bullet.end() if bullet else 0)
    if bullet:
        _note(state, "rest", start, start + len(bullet.group().rstrip()), None)
    if first == end:  # a bullet with nothing behind it
        return
    state.drafts.append(_Draft("headline", headline=(first, end)))
    _note(state, "related_headline", first, end, len(state.drafts) - 1)


def _is_title(line: str, folded: str, following: list[tuple[int, int]]) -> bool:
    """A short line without a final point, with something to follow; a title may ask («من يدفع الثمن؟»)."""
    return (
        bool(following)
        and len(folded.split()) <= _TITLE_WORDS
        and not _FINAL_POINT.search(line)
        and line[-1] not in ":،"
    )


def is_glued(line: str) -> bool:
    """Headlines stuck together: inner joints that no Arabic word has, and no sentence's end."""
    if len(line.split()) < _GLUED_WORDS:
        return False
    joints = len(_JOINT.findall(line)) + len(_OPENER.findall(line))
    # A long paragraph of prose may hold two misprints; headlines stuck together hold hardly a pause.
    return joints > max(1, len(_PAUSE.findall(line))) or (joints == 1 and not _SENTENCE_MARK.search(line))


def _finished(name: str, text: str, page_id: str, state: _State) -> tuple[Page, list[Article]]:
    kept = [n for n, d in enumerate(state.drafts) if d.headline or d.paragraphs]
    articles, starts = [], {}
    for n in kept:
        article, places = _article(state.drafts[n], text, page_id)
        articles.append(article)
        starts |= places
    blocks = [
        _block(zone, start, end, kept.index(n) if n is not None and n in kept else None, starts.get(start))
        for zone, start, end, n in state.blocks
    ]
    return Page(page_id=page_id, name=name, text=text, blocks=blocks), articles


def _block(zone: Zone, start: int, end: int, index: int | None, place: tuple[Field, int] | None) -> Block:
    field_name, field_start = place or (None, None)
    return Block(zone=zone, page_start=start, page_end=end, article_id=None if index is None else str(index),
                 field=field_name, field_start=field_start)  # fmt: skip


def _article(draft: _Draft, text: str, page_id: str) -> tuple[Article, dict[int, tuple[Field, int]]]:
    """The article of a draft, and for each of its runs (by its start on the page) the field and place it went to."""
    places: dict[int, tuple[Field, int]] = {}
    if draft.headline:
        places[draft.headline[0]] = ("headline", 0)
    pieces: list[str] = []
    length = 0
    for n, (start, end) in enumerate(draft.paragraphs):
        gap = _gap(text, draft.paragraphs[n - 1][1], start) if n else ""
        places[start] = ("body", length + len(gap))
        pieces += [gap, text[start:end]]
        length += len(gap) + end - start
    article = Article(
        page_id=page_id, role=draft.role, publisher=draft.publisher, keywords=draft.keywords,
        headline=text[slice(*draft.headline)] if draft.headline else None, body="".join(pieces) or None,
        published=draft.published, published_basis="dateline" if draft.published else "unknown",
    )  # fmt: skip
    return article, places


def _gap(text: str, end: int, start: int) -> str:
    """Line breaks between two paragraphs: as on the page, at most two."""
    return "\n\n" if text.count("\n", end, start) > 1 else "\n"


def number(page: Page, ids: list[str]) -> Page:
    """The page with its blocks pointing at the articles' ids, given in the order of `split`."""
    for block in page.blocks:
        if block.article_id is not None:
            block.article_id = ids[int(block.article_id)]
    return page

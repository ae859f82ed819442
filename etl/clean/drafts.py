"""What is known of a page while it is read, and the articles that come of it."""

from dataclasses import dataclass, field

from etl.clean.lines import Line
from etl.model import Article, Block, Field, Page, PublishedBasis, Role, Zone
from etl.text import key


@dataclass
class Draft:
    """An article while its page is read; spans are the page's."""

    role: Role
    headline: tuple[int, int] | None = None
    paragraphs: list[tuple[int, int]] = field(default_factory=list)
    publisher: str | None = None
    keywords: list[str] = field(default_factory=list)
    published: str | None = None
    basis: PublishedBasis = "unknown"
    sureness: int = -1
    """How good a date line stated `published`: a better one takes its place, an equal one does not."""


@dataclass
class Run:
    """A run of the page and the draft that it belongs to, by its number; None: nobody's."""

    zone: Zone
    start: int
    end: int
    draft: int | None = None


@dataclass
class Reading:
    """Where the reading of a page has come to."""

    drafts: list[Draft]
    page: str
    runs: list[Run] = field(default_factory=list)
    at: int = 0
    """The number of the article that is being read."""

    wants_title: bool = True
    in_related: bool = False
    in_comments: bool = False
    in_keywords: bool = False
    expected: str | None = None
    """The title, where a line over it has named it already."""

    patience: int = 100
    """How many lines may still lead to the title: no page has more over it, and each looks ahead."""

    in_list: bool = False
    """Headlines stand over the text, one a line."""

    is_whole: bool = False
    """Nothing of the page is known beforehand: lists and titles have to be found."""

    @property
    def draft(self) -> Draft:
        """The article that is being read."""
        return self.drafts[self.at]

    @property
    def owner(self) -> int:
        """The number of the article that a label speaks of: the last main one after bare headlines."""
        return max(n for n, d in enumerate(self.drafts) if d.role == "main") if self.in_related else self.at

    def is_title_again(self, line: Line) -> bool:
        """The line is the article's title once more, alone or with the site's name behind it."""
        return bool(self.draft.headline) and repeats(line, self.page[slice(*self.draft.headline or (0, 0))])

    def note(self, zone: Zone, line: Line, draft: int | None = None) -> None:
        """A whole line goes to a zone."""
        self.runs.append(Run(zone, line.start, line.end, draft))

    def begin(self, role: Role) -> None:
        """Another article begins."""
        self.drafts.append(Draft(role))
        self.at = len(self.drafts) - 1
        self.wants_title, self.in_related, self.in_comments, self.in_list = True, False, False, False
        self.expected = None

    def title(self, line: Line) -> None:
        """The line is the headline of the article."""
        self.draft.headline, self.wants_title = (line.start, line.end), False
        self.note("title", line, self.at)

    def body(self, line: Line) -> None:
        """The line is a paragraph of the article."""
        self.draft.paragraphs.append((line.start, line.end))
        self.wants_title = False
        self.note("body", line, self.at)

    def dated(self, draft: int, day: str | None, sureness: int, basis: PublishedBasis = "dateline") -> None:
        """Something states a day of publication for the article."""
        found = self.drafts[draft]
        if day and sureness > found.sureness:
            found.published, found.sureness, found.basis = day, sureness, basis


def finished(page: Page, reading: Reading) -> tuple[Page, list[Article]]:
    """The page with its blocks, and the articles; a block's `article_id` is the article's place in the list."""
    articles, starts, numbers = [], {}, {}
    for n, draft in enumerate(reading.drafts):
        if not (draft.headline or draft.paragraphs):
            continue
        numbers[n] = str(len(articles))
        article, places = _article(draft, page)
        articles.append(article)
        starts |= places
    page.blocks = [
        _block(run, numbers, starts.get(run.start)) for run in sorted(reading.runs, key=lambda run: run.start)
    ]
    return page, articles


def _block(run: Run, numbers: dict[int, str], place: tuple[Field, int] | None) -> Block:
    field_name, field_start = place or (None, None)
    article_id = numbers.get(run.draft) if run.draft is not None else None
    return Block(zone=run.zone, page_start=run.start, page_end=run.end, article_id=article_id, field=field_name,
                 field_start=field_start)  # fmt: skip


def _article(draft: Draft, page: Page) -> tuple[Article, dict[int, tuple[Field, int]]]:
    """The article of a draft, and for each of its runs (by its start on the page) the field and place it went to."""
    places: dict[int, tuple[Field, int]] = {}
    if draft.headline:
        places[draft.headline[0]] = ("headline", 0)
    pieces: list[str] = []
    length = 0
    for n, (start, end) in enumerate(draft.paragraphs):
        gap = _gap(page.text, draft.paragraphs[n - 1][1], start) if n else ""
        places[start] = ("body", length + len(gap))
        pieces += [gap, page.text[start:end]]
        length += len(gap) + end - start
    article = Article(
        page_id=page.page_id, role=draft.role, publisher=draft.publisher, keywords=draft.keywords,
        headline=page.text[slice(*draft.headline)] if draft.headline else None, body="".join(pieces) or None,
        published=draft.published, published_basis=draft.basis,
    )  # fmt: skip
    return article, places


def _gap(text: str, end: int, start: int) -> str:
    """Line breaks between two paragraphs: as on the page, at most two."""
    return "\n\n" if text.count("\n", end, start) > 1 else "\n"


def repeats(line: Line, title: str) -> bool:
    """The line is the title again, alone or with the site's name behind it."""
    mine, its = key(line.text), key(title)
    return bool(its) and (mine == its or (mine.startswith(its + " ") and _names_site(line.text, title)))


def _names_site(longer: str, title: str) -> bool:
    return longer[len(title) :].lstrip()[:1] in {"|", "-", "–", "—", "·", "•", "»", ":"}

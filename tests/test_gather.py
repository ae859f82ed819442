"""Gathering near-copies into stories: the signature, when two are alike, and stories of a whole store."""

import datetime as dt
import hashlib
import itertools
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence

import duckdb
import msgspec
import pytest
from msgspec.structs import replace

from etl.gather import WINDOW_DAYS, Signature, alike, components, folded, searched, signature, signatures, story_id
from etl.gather.candidates import BLOCK_DAYS, GATHERED, MOST_BLOCKS, MOST_TEXTS, SKETCH, gather_all, gather_new
from etl.model import Article
from etl.text import fold, key
from tests.bench.test_gathering import news, rows
from tests.forms import FORMS
from tests.quality.sample import ROOT
from tests.quality.scored_copies import sample_articles

TEXT = (
    "أعلنت وكالة ممر للأخبار أن ميناء الضفاف يستقبل ابتداء من الشهر المقبل سفنا أكبر بعد تعميق حوضه الشمالي، وقال "
    "مديره بهجت العرفاوي إن الأشغال دامت أربعة عشر شهرا وكلفت 38 مليون درهم، وإن أول باخرة سترسو يوم 12 من الشهر "
    "قادمة من مرفأ الياسمين. وأضاف أن عدد الحاويات سيرتفع من 900 إلى 1400 في اليوم، وستوظف الشركة 260 عاملا."
)
FIRST = Article(article_id="a", headline="ميناء الضفاف يكبر", body=TEXT, published="2025-03-01", publisher="منبر")
COPY = replace(FIRST, article_id="b", headline="حوض أعمق في الشمال", publisher="صوت")
FINGERPRINT = "c7bf459eea72467c77e5f6c690f5712366056527fd7c6059c98203f665ec044e"
"""It changes only with the signature itself; then a store must be signed anew."""

Stories = dict[str, str]


def similarity(a: Article, b: Article) -> str | None:
    """The rule by which two articles are alike; both ways give the same."""
    found = alike(signature(a), signature(b))
    assert found == alike(signature(b), signature(a))
    return found.rule if found else None


# One article


def fingerprint() -> str:
    """Digest of all of a signature."""
    return hashlib.sha256(msgspec.msgpack.encode(signature(FIRST))).hexdigest()


def test_a_signature_is_the_same_everywhere() -> None:
    """The same article gives the same bytes in any process, whatever seed Python hashes with, on any machine."""
    told = "from tests.test_gather import fingerprint; print(fingerprint())"
    for seed in ("1", "2"):
        command, settings = [sys.executable, "-c", told], os.environ | {"PYTHONHASHSEED": seed}
        ran = subprocess.run(command, env=settings, cwd=ROOT, capture_output=True, text=True, check=True)
        assert ran.stdout.strip() == FINGERPRINT


def test_a_signature_stays_small() -> None:
    """A very long text takes no more than a long one: under a kilobyte."""
    long = " ".join(f"كلمة{number} نص{number * 7}" for number in range(20_000))
    assert len(msgspec.msgpack.encode(signature(Article(body=long)))) < 1_024


def test_folding_once_gives_what_folding_each_time_gives() -> None:
    """Text for search and signature may share the folded letters."""
    for article in sample_articles().values():
        once = folded(article)
        assert searched(article, once) == searched(article) == key(f"{article.headline or ''}\n{article.body or ''}")
        assert signature(article, once) == signature(article)


@pytest.mark.parametrize("body", [None, "", "!؟ …", "كلمة", "كلمتان اثنتان"])
def test_any_article_has_a_signature(body: str | None) -> None:
    """Nothing is too short; what has no letters is alike to itself only."""
    one, two = (Article(article_id=ident, body=body) for ident in "ab")
    assert similarity(one, one) == "same-text"
    assert (similarity(one, two) == "same-text") == bool(key(body or ""))


def test_many_are_signed_as_each_alone() -> None:
    """Articles signed together, short and empty ones among them, have the signatures that they have alone."""
    bodies = ["", "يا", "و و ي", "كلمة", "٣ مرات", "one 😀 two", *(TEXT[:length] for length in range(5, 60, 7)), TEXT]
    articles = [Article(article_id=str(n), headline="ي", body=body) for n, body in enumerate(bodies)]
    assert signatures(articles, [folded(one) for one in articles]) == [signature(one) for one in articles]


@pytest.mark.parametrize("seed", range(3))
def test_a_key_is_the_folded_letters_and_digits(seed: int) -> None:
    """What is quick for frequent letters gives what the definition gives, for any letters and marks side by side."""
    chance = random.Random(seed)
    rare = [chr(code) for code in (*range(0x700), *range(0x2000, 0x2070))] + list("\ufb50\ufdfa\uff11\ufeff😀あ")
    for _ in range(2_000):
        text = "".join(chance.choices(rare + list("ابتث  .،") * 50, k=chance.randrange(30)))
        assert key(text) == " ".join(re.findall(r"[^\W_]+", fold(text)))


def test_a_few_words_need_their_headline() -> None:
    """«شاهد الفيديو» under two headlines is two texts; a longer body under two headlines is one."""
    one, two = (Article(headline=headline, body="شاهد الفيديو") for headline in ("الأول", "الثاني"))
    assert story_id(one) != story_id(two)
    assert story_id(FIRST) == story_id(COPY)


# Two articles


def test_letters_that_differ_in_marks_only_are_the_same_text() -> None:
    """Diacritics, punctuation and spaces make no other text."""
    assert similarity(FIRST, replace(COPY, body=TEXT.replace(" ", "  ").replace("،", " ؛ "))) == "same-text"


@pytest.mark.parametrize("apart", [0, WINDOW_DAYS, WINDOW_DAYS + 1])
def test_near_copies_are_of_the_same_days(apart: int) -> None:
    """A changed text that comes later than the window is another story; the very same text is not."""
    later = replace(COPY, published=f"2025-03-0{1 + apart}")
    changed = replace(later, body=TEXT.replace("المقبل", "القادم"))
    assert similarity(FIRST, later) == "same-text"
    assert similarity(FIRST, changed) == ("near-copy" if apart <= WINDOW_DAYS else None)


def test_undated_articles_must_be_nearly_the_same() -> None:
    """Without a day a small change is allowed, half of the text is not."""
    undated = replace(COPY, published=None)
    assert similarity(FIRST, replace(undated, body=TEXT.replace("المقبل", "القادم"))) == "near-copy"
    half = " ".join(TEXT.split()[:34])
    assert similarity(FIRST, replace(COPY, body=half))
    assert similarity(FIRST, replace(undated, body=half)) is None


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_filled_anew_is_no_copy(kind: str) -> None:
    """Two matches of one day, two bulletins, two lists of rates share their form, in one outlet and in two."""
    for (a, b), other in itertools.product(itertools.combinations(FORMS[kind], 2), ("منبر", "صوت")):
        one, two = (replace(FIRST, body=text, publisher=who) for text, who in ((a, "منبر"), (b, other)))
        assert similarity(one, two) is None


BRIEF = {
    "score": (
        "انتهت مباراة اتحاد السفوح وضيفه نجم القصبة بنتيجة {} مقابل {} على ملعب الزيتونة",
        ("2", "1"),
        ("1", "2"),
    ),
    "price": ("أغلق سعر برميل زيت الزيتون في سوق الضفة القديمة عند {} دينارا بعد يوم هادئ", ("310",), ("318",)),
    "toll": (
        "ارتفعت حصيلة ضحايا انهيار بناية في حي المنارة إلى {} قتيلا وفق مصدر في الحماية المدنية",
        ("14",),
        ("17",),
    ),
}


@pytest.mark.parametrize("kind", BRIEF)
def test_a_number_is_the_news_of_a_brief_item(kind: str) -> None:
    """One outlet's items of a dozen words that differ in it are two; two outlets', longer and cut ones are copies."""
    form, one, other = BRIEF[kind]
    first = replace(FIRST, body=form.format(*one))
    second = replace(first, article_id="b", body=form.format(*other))
    assert similarity(first, second) is None
    assert similarity(replace(first, publisher=None), replace(second, publisher=None)) is None
    assert similarity(first, replace(second, publisher="صوت")) == "near-copy"
    assert similarity(first, replace(first, body=f"{first.body} مساء أمس")) == "near-copy"
    assert similarity(first, replace(first, body=f"{first.body} بعد 3 أيام")) == "near-copy"
    told = f"{form.format(*one)} {TEXT}", f"{form.format(*other)} {TEXT}"
    assert similarity(replace(first, body=told[0]), replace(first, body=told[1])) == "near-copy"


REST = TEXT[TEXT.index("وقال") :]
REWORKED = f"بات ميناء الضفاف قادرا على استقبال سفن أكبر، وستكون باخرة من مرفأ الياسمين أولها. {REST}"
ANSWER = (
    "رفض رئيس نقابة عمال الأرصفة صابر الكيلاني توسعة الميناء ودعا إلى إضراب يبدأ الأربعاء، محذرا من تسريح العمال "
    "القدامى دون تعويض ومن نقل الورشات إلى خارج المدينة. "
)


def test_one_outlet_reworks_its_text() -> None:
    """A first sentence told anew leaves the same text where names and most words stand; other news does not."""
    first, again = (replace(FIRST, published=f"2025-03-0{day}", body=body) for day, body in ((1, TEXT), (2, REWORKED)))
    assert similarity(first, again) == "near-copy"
    assert similarity(first, replace(again, body=ANSWER + REST)) is None


@pytest.mark.parametrize(
    ("published", "who", "rule"),
    [
        ("2025-03-01T14:05:00Z", "منبر", "reworked"),
        ("2025-03-01T14:05:59Z", "منبر", "reworked"),
        ("2025-03-01T14:06:00Z", "منبر", None),
        ("2025-03-02T14:05:00Z", "منبر", None),
        ("2025-03-01", "منبر", None),
        ("2025-03-01T14:05:00Z", "صوت", "agency-copy"),
        ("2025-03-01T14:05:00Z", None, None),
    ],
)
def test_one_outlet_prints_two_states_at_one_minute(published: str, who: str | None, rule: str | None) -> None:
    """Another lead, every eighth word changed: a copy where one outlet dates both to the minute, not without that."""
    half = ANSWER + " ".join(word if at % 8 else "كذلك" for at, word in enumerate(TEXT.split()) if at >= 6)
    first = replace(FIRST, published="2025-03-01T14:05:00Z")
    assert similarity(first, replace(first, body=half, published=published, publisher=who)) == rule


@pytest.mark.parametrize("kind", FORMS)
def test_a_form_filled_anew_at_one_minute_is_no_copy(kind: str) -> None:
    """An outlet that puts up all matches of a day at once still has as many texts."""
    for a, b in itertools.combinations(FORMS[kind], 2):
        one, two = (replace(FIRST, body=text, published="2025-03-01T14:05:00Z") for text in (a, b))
        assert similarity(one, two) is None


@pytest.mark.parametrize(
    ("published", "minute"),
    [
        (None, None),
        ("2025-03-01", None),
        ("2025-03-01T00:00:00Z", None),
        ("2025-03-01T12:00:30Z", None),
        ("2025-03-01T00:01:00Z", 1),
        ("2025-03-01T14:05:59.5+03:00", 845),
        ("2025-03-01T23:59:00Z", 1439),
        ("2025-03-01 noon", None),
    ],
)
def test_the_minute_is_that_of_the_stated_clock(published: str | None, minute: int | None) -> None:
    """A full hour says nothing: midnight and noon stand for dates without a time, and items are put up by the hour."""
    assert signature(replace(FIRST, published=published)).minute == minute


# Stories of a store


def connected(articles: Iterable[Article]) -> duckdb.DuckDBPyConnection:
    """A database whose `sketch` holds the articles."""
    connection = duckdb.connect()
    connection.register("made", rows(articles))
    connection.execute("CREATE TABLE sketch AS FROM made")
    return connection


def gathered(articles: Iterable[Article]) -> Stories:
    """Story by article, all gathered at once."""
    connection = connected(articles)
    gather_all(connection)
    return dict(
        connection.execute("SELECT article_id, story_id FROM gathered JOIN sketch USING (article_key)").fetchall()
    )


def loaded(loads: Iterable[Sequence[Article]]) -> Stories:
    """Story by article, gathered load by load as a store does it."""
    connection = connected([])
    connection.execute(
        "CREATE TABLE told (article_key INTEGER, story_id VARCHAR); CREATE TABLE fresh (article_key INTEGER)"
    )
    held = 0
    for load in loads:
        connection.register("made", rows(load, held))
        held += len(load)
        connection.execute(
            "INSERT INTO sketch FROM made; DELETE FROM fresh; INSERT INTO fresh SELECT article_key FROM made"
        )
        gather_new(connection)
        connection.execute("DELETE FROM told WHERE article_key IN (SELECT article_key FROM gathered)")
        connection.execute("INSERT INTO told SELECT article_key, story_id FROM gathered")
    return dict(connection.execute("SELECT article_id, story_id FROM told JOIN sketch USING (article_key)").fetchall())


def groups(stories: Stories) -> set[frozenset[str]]:
    """The sets of articles that share a story."""
    ordered = sorted(stories, key=stories.__getitem__)
    return {frozenset(held) for _, held in itertools.groupby(ordered, key=stories.__getitem__)}


def test_an_empty_store_has_no_stories() -> None:
    """Gathering nothing is no error, neither at once nor as a load."""
    assert gathered([]) == loaded([[]]) == {}


def test_the_database_finds_every_pair_of_the_sample() -> None:
    """What bands leave out is nothing: comparing all with all gives the same stories."""
    articles = sample_articles()
    signatures = {ident: signature(article) for ident, article in articles.items()}
    numbers = {ident: number for number, ident in enumerate(sorted(articles))}
    pairs = [(a, b) for a, b in itertools.combinations(sorted(articles), 2) if alike(signatures[a], signatures[b])]
    root = components((numbers[a], numbers[b]) for a, b in pairs)
    naive = {ident: str(root.get(number, number)) for ident, number in numbers.items()}
    assert groups(gathered(articles.values())) == groups(naive)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_stories_are_a_function_of_the_set(seed: int) -> None:
    """Any order and any split into loads give the same stories under the same ids."""
    chance, articles = random.Random(seed), [*sample_articles().values(), *news(1_500)]
    expected = gathered(articles)
    assert len(set(expected.values())) < len(articles) - 100
    chance.shuffle(articles)
    cuts = [0, *sorted(chance.sample(range(len(articles)), 4)), len(articles)]
    assert loaded([articles[a:b] for a, b in itertools.pairwise(cuts)]) == expected


def _with_phrase(number: int) -> Article:
    shared = " ".join(f"عبارة{word}" for word in "ابتثجحخدذرزسشصضطظعغفقك")
    own = " ".join(f"خاص{number}{word}" for word in "ابتث")
    return replace(FIRST, article_id=f"p-{number}", body=f"{shared} {own}")


def test_what_very_many_texts_hold_joins_nothing() -> None:
    """A run of words that gathers some texts is a phrase once too many hold it; stories that it joined come apart."""
    few = [_with_phrase(number) for number in range(MOST_TEXTS)]
    more = [_with_phrase(number) for number in range(MOST_TEXTS, MOST_TEXTS + 6)]
    assert len(set(gathered(few).values())) == 1
    assert len(set(gathered(few + more).values())) == MOST_TEXTS + 6
    assert loaded([few[:40], few[40:], more]) == gathered(few + more)


@pytest.mark.parametrize("first", [MOST_BLOCKS, MOST_BLOCKS + 1])
def test_what_texts_of_very_many_days_hold_joins_nothing(first: int) -> None:
    """A run of words that comes back for weeks is a phrase; a load that makes it one parts what it had joined."""
    days = [(dt.date(2025, 1, 1) + dt.timedelta(BLOCK_DAYS * n)).isoformat() for n in range(MOST_BLOCKS + 2)]
    weeks = [replace(_with_phrase(2 * n + m), published=one) for n, one in enumerate(days) for m in range(2)]
    assert len(set(gathered(weeks[: 2 * MOST_BLOCKS]).values())) == MOST_BLOCKS
    assert len(set(gathered(weeks).values())) == len(weeks)
    assert loaded([weeks[: 2 * first], weeks[2 * first :]]) == gathered(weeks)


def test_a_story_is_named_by_its_first_article() -> None:
    """Copies of later days, or of none, change no name; an earlier one takes it over."""
    later = replace(COPY, body=TEXT.replace("المقبل", "القادم"), published="2025-03-02")
    undated = replace(COPY, article_id="0", published=None)
    assert set(gathered([FIRST, later, undated]).values()) == {story_id(FIRST)}
    assert set(gathered([FIRST, replace(later, published="2025-02-28")]).values()) == {story_id(later)}


def test_rule_and_share_are_kept() -> None:
    """Each article says by which rule it is in its story and how much it shares with its nearest copy."""
    alone = replace(FIRST, article_id="c", body=FORMS["rates"][0])
    later = replace(COPY, body=TEXT.replace("المقبل", "القادم"))
    connection = connected([FIRST, later, alone])
    gather_all(connection)
    told = connection.execute("SELECT rule, share FROM gathered ORDER BY article_key").fetchall()
    assert [rule for rule, _ in told] == ["near-copy", "near-copy", None]
    assert told[0][1] == told[1][1] == pytest.approx(0.9, abs=0.1)
    assert [(name, kind) for name, kind, *_ in connection.execute("DESCRIBE gathered").fetchall()] == [
        *GATHERED.items()
    ]


def test_the_columns_of_a_sketch_are_those_of_a_signature() -> None:
    """A field that is added to a signature must be kept in the store, too."""
    assert list(SKETCH)[2:] == list(Signature.__struct_fields__)
    assert {name: kind for name, kind, *_ in connected([]).execute("DESCRIBE sketch").fetchall()} == SKETCH


def test_components_do_not_depend_on_order() -> None:
    """Chains join, the smallest number names, however the pairs come."""
    pairs = [(7, 3), (9, 7), (5, 4), (2, 9)]
    expected = {2: 2, 3: 2, 7: 2, 9: 2, 4: 4, 5: 4}
    for order in itertools.permutations(pairs):
        assert components(order) == expected

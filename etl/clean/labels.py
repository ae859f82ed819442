"""Lines that begin with a label: who wrote it, when, about what, and what else there is to read."""

import re

from etl.clean import datelines
from etl.clean.drafts import Reading
from etl.clean.lines import Line
from etl.model import Zone

_SOURCE_LETTERS = 120
METADATA, LABELLED, UNDER_TITLE, OVER_TITLE, ADDRESS, UPDATED = 5, 4, 3, 2, 1, 0
"""How sure a date is the publication's: stated for machines; printed with its label, under the title, over it; in the
address; printed as the day of an update."""

_LABELS: tuple[tuple[Zone, re.Pattern[str]], ...] = (
    (
        "date_line",
        re.compile(
            r"\W*(?:تاريخ (?:ال)?نشر|نشر في|نشرت في|نشر بتاريخ|تم النشر(?: في)?|تاريخ التحديث|اخر تحديث|"
            r"تم التحديث)(?!\w)\s*:?\s*(?P<value>.*)"
        ),
    ),
    ("source", re.compile(r"\W*(?:المصدر|المصادر|نقلا عن)\s*:\s*(?P<value>.*)")),
    (
        "keywords",
        re.compile(
            r"\W*(?:(?:ال)?كلمات (?:ال)?(?:دلاليه|مفتاحيه|داله|مفتاح)|كلمات البحث|(?:ال)?(?:وسوم|تاغات|هاشتاغات|"
            r"علامات)(?: الخبر| المقال)?"
            r"|وسوم (?:الخبر|المقال)|اقرا المزيد عن|مواضيع متعلقه|tags?|"
            r"keywords?)(?!\w)\s*(?P<colon>:)?\s*(?P<value>.*)",
            re.IGNORECASE,
        ),
    ),
)
_HASHTAGS = re.compile(r"(?:#\w+[\s،,|]*){2,}")
READ_ALSO = re.compile(
    r"\W*(?:ا?قر[اؤ]+ ?(?:وا)? ايضا|ا?قر[اؤ]+ كذلك|طالع ايضا|شاهد ايضا|تابع ايضا|اقرا المزيد|قد يهمك ايضا|"
    r"قد يهمك)(?!\w)\s*:?\s*(?P<value>.*)$"
)
RELATED = re.compile(
    r"\W*(?:مقالات مشابهه|مقالات ذات صله|اخبار ذات صله|مواضيع ذات صله|مواضيع مشابهه|اخبار متعلقه|اخبار مشابهه|ذات صله"
    r"|(?:الاخبار |المواضيع |المقالات )?الاكثر (?:قراءه|مشاهده|تداولا|شعبيه)|قد يعجبك ايضا|قد يعجبك|اخر الاخبار|"
    r"احدث الاخبار|احدث المقالات"
    r"|اخر المقالات|اخترنا لك|اخترنا لكم|المزيد من الاخبار|شريط الاخبار|اخبار عاجله)\W*$"
)


def labelled(reading: Reading, line: Line) -> bool:
    """Take a line that begins with a label; its value goes to the article being read (the first after headlines)."""
    for zone, pattern in _LABELS:
        match = pattern.match(line.folded)
        if not match or not _holds(zone, line):
            continue
        draft, value = reading.drafts[reading.owner], _value(line, match["value"])
        if zone == "source":
            draft.publisher = value or None
        elif zone == "keywords":
            draft.keywords += [k.strip() for k in re.split("[،,|]", value) if k.strip()]
            reading.in_keywords = not value
        else:
            day, is_update = datelines.stated(line.folded)
            reading.dated(reading.owner, day.isoformat() if day else None, UPDATED if is_update else LABELLED)
        reading.note(zone, line, reading.owner)
        return True
    return _hashtags(reading, line)


def _holds(zone: Zone, line: Line) -> bool:
    """Is the label more than the first words of a sentence."""
    if zone == "source":
        return len(line.text) <= _SOURCE_LETTERS
    return not line.ends_a_sentence or line.n_words <= 12


def _value(line: Line, folded: str) -> str:
    return line.text.split(":", 1)[1].strip() if ":" in line.text else folded.strip()


def _hashtags(reading: Reading, line: Line) -> bool:
    if not _HASHTAGS.fullmatch(line.text):
        return False
    reading.drafts[reading.owner].keywords += [word.replace("_", " ") for word in re.findall(r"#(\w+)", line.text)]
    reading.note("keywords", line, reading.owner)
    return True


def one_of_keywords(reading: Reading, line: Line) -> bool:
    """Take a short line under a label of keywords that stood alone; the first other line ends them."""
    is_one = line.n_words <= 4 and not re.search(r"[.:؟!]", line.text)
    reading.in_keywords = is_one
    if is_one:
        reading.drafts[reading.owner].keywords.append(line.text.lstrip("#•*- ").replace("_", " "))
        reading.note("keywords", line, reading.owner)
    return is_one

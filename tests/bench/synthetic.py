"""A synthetic stream of articles by a seed: `python -m tests.bench.synthetic N FILE [--bare] [--first K]`.

About three kilobytes of invented Arabic a text, from sentences written for it; with annotations whose offsets are true,
or bare. One text in eight is a copy of the one before under another publisher. Article K of one call is article K of
every other, so that a week can be put on top of a million.
"""

import argparse
import datetime as dt
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_OPENINGS = (
    "استقبل وزير الداخلية {a} نظيره {b} في العاصمة وبحث الجانبان تنظيم {event}",
    "وقعت وزارة النقل {a} مع نظيرتها {b} مذكرة تفاهم قبل انطلاق {event}",
    "قال متحدث باسم الحكومة {a} إن المحادثات مع الجانب {b} تقدمت بعد {event}",
    "يلتقي المنتخب {a} نظيره {b} وديا ضمن التحضير لخوض {event}",
    "أعلن الاتحاد {a} لكرة القدم اتفاقا مع الاتحاد {b} حول ملاعب {event}",
)
_SENTENCES = (
    "ومن المنتظر أن تبدأ الأشغال في الموقع الجديد خلال الأسابيع المقبلة وفق جدول زمني محدد",
    "وشدد المشاركون على أهمية تبادل الخبرات وتكوين الأطر المحلية في المجالات التقنية",
    "وتشير أرقام اللجنة إلى ارتفاع عدد المسافرين بنسبة تقارب {n} في المائة مقارنة بالعام الماضي",
    "وأضاف البيان أن فرق العمل ستجتمع كل شهر لمتابعة تنفيذ البنود المتفق عليها",
    "ويرى باحثون أن كلفة المشروع قد تتجاوز {n} مليون درهم إذا تأخر التسليم",
    "وفي السياق نفسه أوضح مسؤول محلي أن خطة النقل تشمل خطوطا جديدة بين المدن الكبرى",
    "كما ناقش الحاضرون سبل مكافحة الهجرة غير الشرعية وتأمين الحدود البحرية",
    "وتعتزم الجهات المنظمة نشر آلاف المتطوعين في محيط الملاعب ومناطق المشجعين",
    "ولم تصدر أي تفاصيل إضافية حول موعد الجولة المقبلة من المشاورات حتى الآن",
    "وختم التقرير بأن النتائج الأولية مشجعة لكنها تحتاج إلى وقت أطول للتقييم رقم {n}",
)
_COUNTRIES = (("MA", "المغربي"), ("ES", "الإسباني"), ("EG", "المصري"), ("FR", "الفرنسي"), ("SA", "السعودي"),
              ("QA", "القطري"), ("TN", "التونسي"), ("DZ", "الجزائري"), ("IT", "الإيطالي"), ("JO", "الأردني"))  # fmt: skip
_EVENTS = (("afcon-2025", "afcon", "كأس إفريقيا للأمم 2025"), ("fifa-wc-2026", "fifa-wc", "كأس العالم 2026"),
           ("fifa-wc-2030", "fifa-wc", "كأس العالم 2030"), ("euro-2028", "euro", "كأس أمم أوروبا 2028"))  # fmt: skip
_THEMES = (("migration", "الهجرة غير الشرعية"),)
_FIRST = dt.date(2020, 1, 1)
_DAYS = 2_000
_COPIES = 8
_LETTERS = 1_650


def articles(number: int, *, first: int = 0, is_bare: bool = False) -> Iterator[dict[str, Any]]:
    """The articles `first` to `first + number` as objects of rasd-article/1."""
    for n in range(first, first + number):
        yield _article(n, is_bare=is_bare)


def _article(n: int, *, is_bare: bool) -> dict[str, Any]:
    told = n - 1 if n % _COPIES == _COPIES - 1 else n
    chance = random.Random(told)
    (a, a_name), (b, b_name) = chance.sample(_COUNTRIES, 2)
    event_id, series, event = chance.choice(_EVENTS)
    opening = chance.choice(_OPENINGS).format(a=a_name, b=b_name, event=event)
    body, rows = opening + ".", []
    while len(body) < _LETTERS:
        body += " " + chance.choice(_SENTENCES).format(n=chance.randrange(1, 10_000)) + "."
    day = (_FIRST + dt.timedelta(days=told % _DAYS)).isoformat()
    if not is_bare:
        rows = [_row(body, a_name, layer="country", code=a, role="actor", candidates=[]),
                _row(body, b_name, layer="country", code=b, role="actor", candidates=[]),
                _row(body, event, layer="event", series_id=series, event_id=event_id, candidates=[], stage="finals"),
                _row(body, opening, layer="pair", a=min(a, b), b=max(a, b), direction="none", relation="meeting"),
                *(_row(body, term, layer="theme", theme_id=theme) for theme, term in _THEMES if term in body)]  # fmt: skip
    return {"format": "rasd-article/1", "article_id": f"synthetic-{n}", "headline": f"{opening[:60]} {told}", "body": body,
            "publisher": f"منبر {n % 40}", "published": day, "annotations": rows}  # fmt: skip


def _row(body: str, text: str, **own: Any) -> dict[str, Any]:
    start = body.index(text)
    return own | {"field": "body", "start": start, "end": start + len(text), "text": text, "tier": "strong",
                  "rule": "made", "annotator": "synthetic/1"}  # fmt: skip


def main() -> None:
    """Write the lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("number", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--bare", action="store_true")
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args()
    with options.file.open("w", encoding="utf-8", newline="\n") as file:
        for article in articles(options.number, first=options.first, is_bare=options.bare):
            file.write(json.dumps(article, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()

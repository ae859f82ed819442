"""The interface's words: messages, Arabic plurals, digits, dates and bidi isolation of one region.

Messages live in locale/ar.po; a region may say some of them its own way in locale/ar_DZ.po and the like.
Months, digits, plural rules and the first day of the week are CLDR's, through babel.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

_REGIONS = ("MA", "DZ", "TN", "EG", "SA", "AE", "QA", "IQ", "SY", "LB", "JO", "SD", "LY")
_NO_MARKS = dict.fromkeys(map(ord, "\u2068\u2069\u200e\u200f\u061c"))
FSI, PDI, RLE, PDF = "\u2068", "\u2069", "\u202b", "\u202c"
LOCALES = tuple(f"ar-{region}" for region in _REGIONS)
DEFAULT_LOCALE = LOCALES[0]

_FORMS = ("zero", "one", "two", "few", "many", "other")
_ARABIC_INDIC = str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")
_SYSTEM: dict[str, Any] = {"numbering_system": "default"}
_PO_FOLDER = Path(__file__).parent / "locale"

Value = str | int | float | dt.date


@dataclass(frozen=True, eq=False)
class Words:
    """Everything the interface says in one region's Arabic; immutable, made by `load`."""

    locale: str
    cldr: Locale
    messages: dict[str, str]
    plurals: dict[str, tuple[str, ...]]

    def t(self, msgid: str, **values: Value) -> str:
        """Return the message; numbers and dates are localized, strings isolated. Raises KeyError if it is missing."""
        return self.messages[msgid].format_map(self._shown(values))

    def n(self, msgid: str, count: int, **values: Value) -> str:
        """Return the plural form for `count` («قصة واحدة», «قصتان», «3 قصص»). Raises KeyError if it is missing."""
        form = self.plurals[msgid][_FORMS.index(self.cldr.plural_form(abs(count)))]
        return form.format_map(self._shown(values) | {"n": self.number(count)})

    def has(self, msgid: str) -> bool:
        """Say whether the catalogue holds this message."""
        return msgid in self.messages

    def number(self, x: float, *, signed: bool = False) -> str:
        """Return the number in the region's digits, thousands apart (`_group`); `signed` writes the plus as well."""
        return _number(self, x, signed)

    def percent(self, x: float) -> str:
        """Return a share (0.125) as whole per cent with the region's digits and sign."""
        return self._numerals(format_percent(x, locale=self.cldr, **_SYSTEM))

    def digits(self, text: str) -> str:
        """Return the text with its Latin digits in the region's digits."""
        return text.translate(_ARABIC_INDIC) if self._system == "arab" else text

    def day(self, date: dt.date) -> str:
        """Return «3 أكتوبر 2025»."""
        return self.digits(f"{date.day} {self._month(date)} {date.year}")

    def weekday(self, date: dt.date) -> str:
        """Return «الجمعة»."""
        return self.cldr.days["format"]["wide"][date.weekday()]

    def weekday_day(self, date: dt.date) -> str:
        """Return «الجمعة، 3 أكتوبر 2025»."""
        return f"{self.weekday(date)}\u060c {self.day(date)}"

    def month(self, date: dt.date) -> str:
        """Return «أكتوبر 2025»."""
        return self.digits(f"{self._month(date)} {date.year}")

    def week(self, first: dt.date) -> str:
        """Return the name of the week that begins on `first`: «أسبوع 24 نونبر 2025»."""
        return self.messages["date.week"].format(day=self.day(first))

    def span(self, first: dt.date, last: dt.date) -> str:
        """Return both days, both included, naming month and year once where they are the same."""
        if first == last:
            return self.day(last)
        if (first.year, first.month) == (last.year, last.month):
            return self.digits(f"{first.day}\u2013") + self.day(last)
        start = self.day(first) if first.year != last.year else self.digits(f"{first.day} {self._month(first)}")
        return f"{start} \u2013 {self.day(last)}"

    def first_weekday(self) -> int:
        """Return the ISO number of the region's first day of the week (Monday is 1, Sunday 7)."""
        return self.cldr.first_week_day + 1

    def week_start(self, date: dt.date) -> dt.date:
        """Return the first day of the region's week that holds `date`."""
        return week_start(date, self.first_weekday())

    def plotly_locale(self) -> dict[str, Any]:
        """Return plotly.js's `locale` and `locales`, to be merged into a figure's config."""
        names, days = self.cldr.months["format"]["wide"], self.cldr.days["format"]["wide"]
        months, sunday_first = [names[i] for i in range(1, 13)], [days[i] for i in (6, 0, 1, 2, 3, 4, 5)]
        symbols = self.cldr.number_symbols[self._system]
        form = {
            "days": sunday_first,
            "shortDays": sunday_first,
            "months": months,
            # CLDR abbreviates some regions' months by another region's names (يناير in Syria): keep the full ones.
            "shortMonths": months,
            "decimal": symbols["decimal"],
            "thousands": self._group,
        }
        words = {"Download plot as a PNG": self.t("plot.download"), "Download plot": self.t("plot.download")}
        return {"locale": self.locale, "locales": {self.locale: {"dictionary": words, "format": form}}}

    @property
    def _system(self) -> str:
        return self.cldr.default_numbering_system

    @property
    def _group(self) -> str:
        """What stands between thousands: beside Latin digits a narrow space, as ISO 80000 has it.

        The point of the Maghreb is the decimal sign of the Emirates, and their comma the other way round: «1.693 يومًا»
        is read as less than two days. The Arabic sign beside Arabic-Indic digits is no decimal sign anywhere.
        """
        return "\u202f" if self._system == "latn" else self.cldr.number_symbols[self._system]["group"]

    def _month(self, date: dt.date) -> str:
        return self.cldr.months["format"]["wide"][date.month]

    def _numerals(self, text: str) -> str:
        symbols = self.cldr.number_symbols[self._system]
        # babel drops the mark that keeps a sign on the left of its number in Arabic text; CLDR's symbols carry it.
        marks = {"-": symbols["minusSign"], "+": symbols["plusSign"], "%": symbols["percentSign"]}
        return self.digits(text.translate(str.maketrans(marks)))

    def _shown(self, values: dict[str, Value]) -> dict[str, str]:
        return {name: self._show(value) for name, value in values.items()}

    def _show(self, value: Value) -> str:
        if isinstance(value, str):
            return isolate(value)
        return self.day(value) if isinstance(value, dt.date) else self.number(value)


@lru_cache(maxsize=8192)
def _number(words: Words, x: float, signed: bool) -> str:  # noqa: FBT001 -- a cache's key
    """A chart says the same few numbers hundreds of times, and babel takes 60 µs for each."""
    shown = format_decimal(x, locale=words.cldr, **_SYSTEM)
    shown = shown.replace(words.cldr.number_symbols[words._system]["group"], words._group)  # noqa: SLF001 -- the method's own body
    return words._numerals(("+" if signed and x > 0 else "") + shown)  # noqa: SLF001 -- the method's own body


def week_start(date: dt.date, first_weekday: int) -> dt.date:
    """Return the first day of the week that holds `date`, where weeks begin on an ISO weekday (Monday is 1)."""
    return date - dt.timedelta(days=(date.isoweekday() - first_weekday) % 7)


@cache
def load(locale: str) -> Words:
    """Return the words of a locale such as «ar-EG»; an unknown one gives the default, ar-MA."""
    name = locale if locale in LOCALES else DEFAULT_LOCALE
    cldr = Locale.parse(name, sep="-")
    messages, plurals = _catalogue(_PO_FOLDER / "ar.po")
    region = _PO_FOLDER / f"{cldr}.po"
    if region.exists():
        own_messages, own_plurals = _catalogue(region)
        messages, plurals = messages | own_messages, plurals | own_plurals
    return Words(name, cldr, messages, plurals)


def isolate(s: str) -> str:
    """Return `s` between FSI and PDI, so that its direction does not touch its neighbours."""
    return f"{FSI}{s}{PDI}"


def bare(s: str) -> str:
    """Return one of our own messages without its bidi marks, for a place that isolates by itself or draws SVG text."""
    return s.translate(_NO_MARKS)


def svg(s: str) -> str:
    """Return text for Plotly: each line embedded right to left, because SVG text is laid out left to right."""
    return "<br>".join(f"{RLE}{line}{PDF}" for line in s.replace("\n", "<br>").split("<br>"))


def _catalogue(path: Path) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    with path.open("rb") as file:
        entries = [entry for entry in read_po(file, locale="ar") if entry.id]
    messages = {entry.id: str(entry.string) for entry in entries if isinstance(entry.id, str)}
    plurals = {entry.id[0]: tuple(entry.string or ()) for entry in entries if not isinstance(entry.id, str)}
    return messages, plurals

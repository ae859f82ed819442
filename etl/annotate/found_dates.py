"""What a pattern of dates found: a place in a folded text and the days that it means."""

import datetime as dt
import re

from etl.model import DateBasis, Precision, Tier, WeekdayCheck

Days = tuple[dt.date, dt.date]
"""The first and the last day."""


class Found:
    """An expression by its place; `value` is None while open, `anchored` where the day of publication decided it."""

    def __init__(
        self,
        start: int,
        end: int,
        value: Days | None,
        precision: Precision,
        basis: DateBasis,
        *,
        anchored: bool,
        weekday: int | None,
        rule: str,
        tier: Tier = "strong",
    ) -> None:
        self.start = start
        self.end = end
        self.value = value
        self.precision = precision
        self.basis = basis
        self.anchored = anchored
        self.weekday = weekday
        self.rule = rule
        self.tier = tier

    def left_open(self) -> "Found":
        """The same expression, whose day is not told."""
        return Found(
            self.start, self.end, None, self.precision, self.basis, anchored=False, weekday=self.weekday,
            rule=self.rule, tier=self.tier,
        )  # fmt: skip


def checked(found: Found) -> WeekdayCheck:
    """Whether the weekday that is named is the one of the day that is meant."""
    if found.weekday is None or found.value is None:
        return "none"
    return "ok" if found.value[0].isoweekday() == found.weekday else "conflict"


def day_of(year: int, month: int, day: int) -> dt.date | None:
    """The day, None where the calendar has none."""
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def one_day(day: dt.date | None) -> Days | None:
    """A single day as first and last."""
    return (day, day) if day else None


def span(match: re.Match[str], first_group: int = 1) -> tuple[int, int]:
    """From the first group that matched, so that proclitics stay outside."""
    starts = [match.start(n) for n in range(first_group, (match.re.groups or 0) + 1) if match.group(n)]
    return min(starts), match.end()


def stated(year: str | None) -> tuple[DateBasis, Tier]:
    """A day with its year stands by itself; without, the year is worked out."""
    return ("absolute", "strong") if year else ("relative", "medium")

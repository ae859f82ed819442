"""The weeks of briefings: named as ISO 8601 names them, beginning on the locale's first day.

Every locale's week holds one Thursday, by which ISO names its weeks: «2025-W48» is Monday 24 to Sunday 30 November in
Rabat, Saturday 22 to Friday 28 in Cairo.
"""

import datetime as dt
import re

from dashboard import weekly
from dashboard.words import week_start

DAY, WEEK = dt.timedelta(days=1), weekly.WEEK
_NAME = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
_THURSDAY = 4
_YEARS = range(1970, 2100)


def first_day(name: str, first_weekday: int) -> dt.date | None:
    """The first day of the locale's week of that name; None where it is no week's name."""
    found = _NAME.fullmatch(name)
    if not found or int(found[1]) not in _YEARS:
        return None
    try:
        thursday = dt.date.fromisocalendar(int(found[1]), int(found[2]), _THURSDAY)
    except ValueError:
        return None
    return week_start(thursday, first_weekday)


def name_of(day: dt.date, first_weekday: int) -> str:
    """The name of the locale's week that holds a day."""
    thursday = week_start(day, first_weekday) + dt.timedelta(days=(_THURSDAY - first_weekday) % 7)
    year, week, _ = thursday.isocalendar()
    return f"{year}-W{week:02}"

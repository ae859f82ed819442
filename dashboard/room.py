"""What every page shares: one snapshot, the filters, the words, the names; errors in Arabic; the watch for new data.

A page is a function of a `Room`. It runs inside one fragment with its filters, so that a changed filter redraws the
charts without running the whole app. A run sees one snapshot only: the one that CURRENT named when it began.
"""

import datetime as dt
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from dashboard import filters, queries, safe, words
from dashboard.filters import Filters
from etl import store
from etl.model import RasdError
from etl.store import StoreError

_LOG = logging.getLogger("rasd")
_WATCH_SECONDS = 4
_STATE = "rasd.filters"
UNITS = {"stories": "n.story", "articles": "n.article"}
"""The plural message of what is counted."""


@dataclass(frozen=True)
class Room:
    """All that a page may look at; the same for every chart and list of one run."""

    source: queries.Source
    filters: Filters
    words: words.Words
    names: queries.Names
    today: dt.date

    @property
    def first_weekday(self) -> int:
        """ISO number of the locale's first day of the week."""
        return self.words.first_weekday()

    @property
    def unit(self) -> str:
        """What is counted, in words: «قصص» or «مواد»."""
        return self.words.t(f"unit.{self.filters.unit}")

    def label(self, kind: str, ident: str) -> str:
        """The Arabic name of an id in the region's digits, the id itself where the registry has none.

        Outside text is made safe to show.
        """
        if kind == "event" and ident.endswith(queries.OPEN):
            return f"{self.label('series', ident[:-1])} ({self.words.t('event.open')})"
        table = {
            "event": self.names.events,
            "series": self.names.series,
            "country": self.names.countries,
            "theme": self.names.themes,
        }
        name = table.get(kind, {}).get(ident)
        return safe.plain(ident) if name is None else safe.plain(self.words.digits(name))

    def who(self, said: str) -> str:
        """The annotators of «a + b» in words: alone, or together."""
        names = [safe.plain(name) for name in said.split(" + ")]
        return self.words.t("said.together" if len(names) > 1 else "said.alone", who=" · ".join(names))

    def rule(self, name: str) -> str:
        """The Arabic name of a rule of ours; another annotator's as it is named."""
        return self.words.t(f"rule.{name}") if self.words.has(f"rule.{name}") else safe.plain(name)

    def period(self, day: dt.date, grain: str | None = None) -> str:
        """The name of the day, week or month that begins on a day."""
        grain = grain or self.filters.grain
        return (
            self.words.week(day)
            if grain == "week"
            else self.words.month(day)
            if grain == "month"
            else self.words.weekday_day(day)
        )

    def start_of(self, day: dt.date) -> dt.date:
        """The first day of the period of the filters' grain that holds a day."""
        if self.filters.grain == "week":
            return self.words.week_start(day)
        return day.replace(day=1) if self.filters.grain == "month" else day

    def following(self, day: dt.date) -> dt.date:
        """The first day of the next period."""
        if self.filters.grain == "month":
            return (day + dt.timedelta(days=32)).replace(day=1)
        return day + dt.timedelta(days=7 if self.filters.grain == "week" else 1)


def page(title: str, body: Callable[[Room], None], *, bar: Callable[[Room], None] | None = None) -> None:
    """Run a page: its heading, its filters, its body; a store that cannot be read gives an Arabic page."""
    try:
        source = queries.current(folder())
        queries.connection(source)
    except RasdError as error:
        _broken(error)
        return
    st.session_state[_STATE] = _asked()
    st.title(words.load(st.session_state[_STATE].locale).t(title))
    if queries.about(source)["is_sample"]:
        st.info(words.load(st.session_state[_STATE].locale).t("sample.banner"), icon=":material/science:")
    _panel(source, body, bar)
    _watch(source)


@st.fragment
def _panel(source: queries.Source, body: Callable[[Room], None], bar: Callable[[Room], None] | None) -> None:
    if _changed(source):
        st.rerun(scope="app")
    room = enter(source)
    put(**filters.query(room.filters) or {"unit": room.filters.unit})
    # What was asked for is drawn first; the bar, which has told its change already, takes its place above it after.
    above = st.container()
    try:
        body(room)
    except Exception:  # noqa: BLE001 -- whatever went wrong, an analyst reads Arabic and the log keeps the rest
        _LOG.exception("page failed: snapshot %s", source.snapshot_id)
        st.error(room.words.t("page.failed"), icon=":material/error:")
    if bar:
        with above:
            bar(room)


@st.fragment(run_every=_WATCH_SECONDS)
def _watch(source: queries.Source) -> None:
    """An idle page notices a new snapshot by itself."""
    if _changed(source):
        st.rerun(scope="app")


def _changed(source: queries.Source) -> bool:
    try:
        return store.current(source.folder) != source.snapshot_id
    except RasdError:
        return True


def enter(source: queries.Source) -> Room:
    """The room of this run."""
    chosen: Filters = st.session_state[_STATE]
    return Room(source, chosen, words.load(chosen.locale), queries.names(source), today())


def folder() -> Path:
    """The store that the app shows."""
    return store.store_folder(None)


def today() -> dt.date:
    """The analyst's day; RASD_TODAY fixes it, so that pictures can be made again."""
    fixed = os.environ.get("RASD_TODAY", "")
    return dt.date.fromisoformat(fixed) if fixed else dt.date.today()  # noqa: DTZ011 -- the day on the analyst's wall


def _asked() -> Filters:
    """The filters of the address where it has any, else those of the session."""
    if any(name in st.query_params for name in filters.NAMES):
        return filters.parse(st.query_params.to_dict())
    return st.session_state.get(_STATE) or Filters(locale=os.environ.get("RASD_LOCALE", words.DEFAULT_LOCALE))


def choose(chosen: Filters) -> None:
    """Take new filters: they reach the address at the next run, and a list that was open is closed."""
    st.session_state[_STATE] = chosen
    kept = {name: value for name, value in st.query_params.to_dict().items() if name in {"article", "week"}}
    st.query_params.from_dict(filters.query(chosen) | kept or {"unit": chosen.unit})


def put(**values: str) -> None:
    """Write values into the address, all in one step; where they stand already, nothing is written."""
    if any(st.query_params.get(name) != value for name, value in values.items()):
        st.query_params.update(values)


def _broken(error: RasdError) -> None:
    """The store cannot be read: say what happened and the command that mends it, in Arabic."""
    shown = words.load(os.environ.get("RASD_LOCALE", words.DEFAULT_LOCALE))
    code = error.code if isinstance(error, StoreError) and shown.has(f"store.{error.code}") else "unknown"
    st.title(shown.t("app.name"))
    st.error(shown.t(f"store.{code}"), icon=":material/database_off:")
    st.code({"no-store": "rasd load PATH", "damaged": "rasd snapshots"}.get(code, "rasd snapshots"), language=None)
    _watch_broken()


@st.fragment(run_every=_WATCH_SECONDS)
def _watch_broken() -> None:
    """A store that comes back is shown without a reload."""
    try:
        queries.connection(queries.current(folder()))
    except RasdError:
        return
    st.rerun(scope="app")

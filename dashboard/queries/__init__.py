"""The questions. A figure's numbers and the list behind each mark come from the same relation, so they cannot differ.

A *relation* is a named set of rows (dimensions, article_key, story_key) under the filters. `counts` groups it; `listed`
gives the articles of one mark: the same rows, narrowed to the mark's dimensions. The only SQL of the dashboard: values
are bound, identifiers come from closed tables. Every answer is totally ordered, and kept per snapshot.

To add a question about mentions: a line in `relations.RELATIONS`; about anything else: a function in the file of its
subject, exported here.
"""

from dashboard.queries.briefing import Ranked, days_loaded, facts_on, ranked, read_by_analysts, refused
from dashboard.queries.catalogue import Names, about, day_span, last_day, loaded_periods, names, present
from dashboard.queries.loading import loads, publishers, rejects
from dashboard.queries.marks import PAGE_SIZE, Listed, counts, listed, number, sources_between
from dashboard.queries.reading import LAYERS, Span, article, copies, dates, page_blocks, spans
from dashboard.queries.relations import OPEN, RELATIONS, Mark, Relation, mark_of
from dashboard.queries.source import Row, Source, connection, current

__all__ = [
    "LAYERS",
    "OPEN",
    "PAGE_SIZE",
    "RELATIONS",
    "Listed",
    "Mark",
    "Names",
    "Ranked",
    "Relation",
    "Row",
    "Source",
    "Span",
    "about",
    "article",
    "connection",
    "copies",
    "counts",
    "current",
    "dates",
    "day_span",
    "days_loaded",
    "facts_on",
    "last_day",
    "listed",
    "loaded_periods",
    "loads",
    "mark_of",
    "names",
    "number",
    "page_blocks",
    "present",
    "publishers",
    "ranked",
    "read_by_analysts",
    "refused",
    "rejects",
    "sources_between",
    "spans",
]

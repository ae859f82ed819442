"""المواد: everything under the filters as a list, with its course over time; undated articles beside it."""

from dashboard import bar, drill, queries, timeline
from dashboard.plot import Said
from dashboard.room import UNITS, Room, page


def body(room: Room) -> None:
    """The total over time, then the list of all of it, newest first."""
    mark = queries.mark_of("articles")
    total = queries.number(room.source, mark, room.filters)
    if not total:
        bar.nothing(room, "articles")
        return
    title = room.words.t("articles.time", unit=room.unit, grain=room.words.t(f"per.{room.filters.grain}"))
    figure = timeline.figure(room, timeline.total(room))
    drill.figure(room, "articles-time", figure, title=title, alt=room.words.t("articles.alt"))
    heading = room.words.t("articles.list", found=room.words.n(UNITS[room.filters.unit], total))
    drill.articles(room, mark, room.filters, "all", Said(heading, 2, room.words.t("list.alt")))


page("nav.articles", body, bar=bar.show)

"""The briefing as a file, beside the pages: the same bytes as `rasd brief` writes."""

import anyio
import anyio.to_thread
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import queries, words
from dashboard.brief import asked, browser, making
from dashboard.room import folder
from etl import store
from etl.model import RasdError, UsageError

FILE = "/own/brief"
"""Where a briefing is served as a file: the page's own address, and `form`."""
FORMS = {
    "png": ("png", False, "image/png"),
    "pdf": ("pdf", False, "application/pdf"),
    "html": ("html", False, "text/html; charset=utf-8"),
    "slides": ("png", True, "application/zip"),
    "slides-pdf": ("pdf", True, "application/pdf"),
}
"""Form: format, whether slides, media type."""

# A browser costs as much as a core and 200 MB: the next picture waits for this one, and holds none of the threads that
# every other answer needs.
_ONE_BROWSER = anyio.CapacityLimiter(1)
_MOST_WAITING = 4
_ROOM = anyio.CapacityLimiter(1 + _MOST_WAITING)


def routes() -> list[Route]:
    """What is served beside the pages."""
    return [Route(FILE, _answer)]


async def _answer(request: Request) -> Response:
    address = dict(request.query_params)
    said = words.load(address.get("locale", ""))
    form = address.pop("form", "png")
    if form not in FORMS:
        return PlainTextResponse(said.t("brief.no_form"), status_code=404)
    try:
        body, name = await (run_in_threadpool(_page, address) if form == "html" else _in_turn(address, form))
    except anyio.WouldBlock:
        return PlainTextResponse(said.t("brief.busy"), status_code=503)
    except browser.NoBrowserError:
        return PlainTextResponse(said.t("brief.no_browser"), status_code=503)
    except browser.DrawingError:
        return PlainTextResponse(said.t("brief.not_drawn"), status_code=503)
    except RasdError:
        return PlainTextResponse(said.t("list.no_snapshot"), status_code=404)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=FORMS[form][2], headers=headers)


async def _in_turn(address: dict[str, str], form: str) -> tuple[bytes, str]:
    """What `_drawn` gives, one at a time. Raises WouldBlock at once where too many wait already."""
    _ROOM.acquire_nowait()
    try:
        return await anyio.to_thread.run_sync(_drawn, address, form, limiter=_ONE_BROWSER)
    finally:
        _ROOM.release()


def _asked(address: dict[str, str]) -> tuple[asked.Asked, queries.Source]:
    """The briefing of an address or a code, and its snapshot. Raises UsageError for an unknown code, StoreError."""
    known = asked.whole(address, folder())
    if known is None:
        raise UsageError("no briefing of this code")
    source = source_of(known)
    return asked.parse(known, source), source


def _page(address: dict[str, str]) -> tuple[bytes, str]:
    """One HTML file and a name for it. Raises the store's errors."""
    one, source = _asked(address)
    return _named(making.made(None, one, source, "html", slides=False), one)


def _drawn(address: dict[str, str], form: str) -> tuple[bytes, str]:
    """Picture, paper or slides and a name for them. Raises NoBrowserError, DrawingError and the store's errors."""
    one, source = _asked(address)
    kind, slides, _ = FORMS[form]
    with browser.opened() as drawn_by:
        return _named(making.made(drawn_by, one, source, kind, slides=slides), one)


def _named(made: making.Made, one: asked.Asked) -> tuple[bytes, str]:
    name = f"rasd-{one.week}"
    if len(made.files) > 1:
        return making.archive(made.files, name), f"{name}.zip"
    ending, body = next(iter(made.files.items()))
    return body, name + ending


def source_of(address: dict[str, str]) -> queries.Source:
    """The snapshot that an address names, else the current one. Raises the store's errors."""
    wanted = address.get("snapshot")
    return queries.Source(folder(), wanted) if wanted in store.snapshots(folder()) else queries.current(folder())

"""The briefing as a file, beside the pages: the same bytes as `rasd brief` writes."""

import threading

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

_ONE_BROWSER = threading.Lock()


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
        body, name = await run_in_threadpool(_file, address, form)
    except browser.NoBrowserError:
        return PlainTextResponse(said.t("brief.no_browser"), status_code=503)
    except RasdError:
        return PlainTextResponse(said.t("list.no_snapshot"), status_code=404)
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=FORMS[form][2], headers=headers)


def _file(address: dict[str, str], form: str) -> tuple[bytes, str]:
    """The bytes and a name for them. Raises NoBrowserError and the store's errors."""
    known = asked.whole(address, folder())
    if known is None:
        raise UsageError("no briefing of this code")
    source = source_of(known)
    one = asked.parse(known, source)
    kind, slides, _ = FORMS[form]
    if kind == "html":
        made = making.made(None, one, source, kind, slides=slides)
    else:
        # A browser costs as much as a core and 200 MB: the next picture waits for this one.
        with _ONE_BROWSER, browser.opened() as drawn_by:
            made = making.made(drawn_by, one, source, kind, slides=slides)
    name = f"rasd-{one.week}"
    if len(made.files) > 1:
        return making.archive(made.files, name), f"{name}.zip"
    ending, body = next(iter(made.files.items()))
    return body, name + ending


def source_of(address: dict[str, str]) -> queries.Source:
    """The snapshot that an address names, else the current one. Raises the store's errors."""
    wanted = address.get("snapshot")
    return queries.Source(folder(), wanted) if wanted in store.snapshots(folder()) else queries.current(folder())

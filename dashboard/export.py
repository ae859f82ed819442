"""The whole list behind a mark as a file for a spreadsheet: an address of its own, not a widget under every list."""

import csv
import io

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from dashboard import drill, filters, queries, safe, words
from dashboard.filters import Filters
from dashboard.room import folder
from etl import store
from etl.model import RasdError


def routes() -> list[Route]:
    """What is served beside the pages."""
    return [Route(drill.CSV, _answer)]


async def _answer(request: Request) -> Response:
    address = dict(request.query_params)
    asked = filters.parse(address)
    found = drill.parse(address.get("mark", ""), asked)
    said = words.load(asked.locale)
    if found is None:
        return PlainTextResponse(said.t("list.no_mark"), status_code=404)
    try:
        body = await run_in_threadpool(_file, address.get("snapshot", ""), *found, said.first_weekday())
    except RasdError:
        return PlainTextResponse(said.t("list.no_snapshot"), status_code=404)
    headers = {"content-disposition": 'attachment; filename="rasd.csv"', "cache-control": "no-store"}
    return Response(body, media_type="text/csv; charset=utf-8", headers=headers)


def _file(snapshot_id: str, mark: queries.Mark, asked: Filters, first_weekday: int) -> bytes:
    """UTF-8 with BOM, every cell quoted and safe from formulas. Raises the store's errors."""
    if snapshot_id not in store.snapshots(folder()):
        raise store.StoreError("no-snapshot", f"no snapshot {snapshot_id}; see: rasd snapshots")
    source = queries.Source(folder(), snapshot_id)
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(["article_id", "headline", "publisher", "published_on", "copies"])
    for item in queries.listed(source, mark, asked, first_weekday, size=None):
        day, copies = str(item.published_on or ""), str(item.copies)
        cells = [item.article_id, item.headline or item.opening, item.publisher or "", day, copies]
        writer.writerow([safe.csv_cell(cell) for cell in cells])
    return ("\ufeff" + out.getvalue()).encode()

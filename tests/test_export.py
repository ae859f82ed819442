"""The whole list of a mark as a file, asked for by its address."""

import csv
import io
from pathlib import Path
from urllib.parse import urlencode

import pytest

from dashboard import drill, queries
from dashboard.filters import Filters
from tests.conftest import ServeApp, get

MARK = "events|event=afcon-2025|grain=week|unit=articles"


@pytest.fixture(scope="module")
def address(serve_app: ServeApp, sample_store: Path) -> str:
    """Return where the app shows the sample."""
    return serve_app(sample_store)


def asked(address: str, **query: str) -> tuple[int, dict[str, str], bytes]:
    """The answer to an address of the file."""
    return get(address, f"{drill.CSV}?{urlencode(query)}")


def test_the_file_holds_every_row_of_the_list(address: str, sample_store: Path) -> None:
    """The rows are those of the mark, the newest first; a spreadsheet reads them as UTF-8 and saves them as a file."""
    source = queries.current(sample_store)
    status, headers, body = asked(address, mark=MARK, snapshot=source.snapshot_id, countries="MA")
    assert status == 200
    assert headers["content-disposition"].startswith("attachment")
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert body.startswith(b"\xef\xbb\xbf")
    mark = queries.mark_of("events", event="afcon-2025")
    listed = queries.listed(source, mark, Filters(countries=("MA",), unit="articles"), size=None)
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["article_id"] for row in rows] == [item.article_id for item in listed]
    assert len(rows) > 5


@pytest.mark.parametrize("snapshot", ["", "nothing", "../..", "/etc/passwd", "20240101T000000Z-00000000\x00"])
def test_only_a_snapshot_of_the_store_is_opened(address: str, snapshot: str) -> None:
    """Another name is told in Arabic, and opens nothing."""
    status, headers, body = asked(address, mark=MARK, snapshot=snapshot)
    assert (status, headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert "إصدار البيانات" in body.decode()


@pytest.mark.parametrize(
    "mark", ["", "nothing", "articles|x=1", "events|event=a|period=x|unit=boats", "|||", "a" * 9000]
)
def test_an_address_that_names_no_mark_is_told_so(address: str, sample_store: Path, mark: str) -> None:
    """No row of anything, and no error page."""
    status, headers, body = asked(address, mark=mark, snapshot=queries.current(sample_store).snapshot_id)
    assert (status, headers["content-type"]) == (404, "text/plain; charset=utf-8")
    assert body.decode().startswith("لا توجد قائمة")

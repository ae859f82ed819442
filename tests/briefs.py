"""What tests of the briefing share: one made over a store, small stores, its text, whether a page holds all of it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from dashboard import queries
from dashboard.brief import asked, facts
from etl import store
from etl.pipeline import load
from etl.store import open_snapshot

Row = tuple[str, str | None, str | None, str]
"""An article: id, publisher, day, text."""

BODY = "نص خبر تجريبي طويل بما يكفي ليُقرأ ويُحسب في هذا الأسبوع رقم {}"

WEEK = "2025-W48"


def briefing(folder: Path, **address: str) -> facts.Brief:
    """The briefing of an address over a store's current snapshot."""
    source = queries.current(folder)
    return facts.gather(asked.parse({"week": WEEK, **address}, source), source)


def sql(folder: Path, text: str, *values: object) -> list[Any]:
    """What a question of the test's own finds in the current snapshot."""
    current = store.current(folder)
    assert current
    with open_snapshot(folder, current) as connection:
        return connection.execute(text, values).fetchall()


def rasd(*arguments: object, **env: str) -> subprocess.CompletedProcess[str]:
    """`rasd brief` as it is typed."""
    command = [sys.executable, "-m", "etl", "brief", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env or None)


def visible(html: str) -> str:
    """The text of a page without its style and tags."""
    body = html.partition("<body>")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def loaded(folder: Path, rows: Sequence[Row]) -> Path:
    """A store with articles: id, publisher, day, text."""
    file = folder / "in.jsonl"
    lines = [
        {"format": "rasd-article/1", "article_id": ident, "headline": f"عنوان {ident}", "body": body,
         "publisher": publisher, "published": day, "annotations": []}
        for ident, publisher, day, body in rows
    ]  # fmt: skip
    file.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    load([file], store=folder / "store")
    return folder / "store"


def fits(running: Browser, page: str) -> bool:
    """Does every sheet or slide hold all of its content; looked at in a real browser."""
    context = running.new_context(viewport={"width": 1920, "height": 1080}, offline=True)
    try:
        shown = context.new_page()
        shown.set_content(page)
        shown.evaluate("document.fonts.ready.then(() => true)")
        return shown.evaluate(
            """() => [...document.querySelectorAll('.sheet, .slide')].every((one) => {
                const edge = one.getBoundingClientRect(), foot = one.querySelector('footer').getBoundingClientRect();
                const parts = [...one.querySelectorAll('article, header')].map((part) => part.getBoundingClientRect());
                return one.scrollHeight <= one.clientHeight && one.scrollWidth <= one.clientWidth
                    && foot.bottom <= edge.bottom && parts.every((part) => part.bottom <= foot.top + 1);
            })"""
        )
    finally:
        context.close()


def copied(folder: Path, into: Path) -> Path:
    """A store of its own with the same files."""
    return Path(shutil.copytree(folder, into / "copy"))

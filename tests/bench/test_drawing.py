"""A briefing against the browser's own work on it: gathering and laying it out must cost less than drawing it."""

import statistics
import time
from pathlib import Path

from playwright.sync_api import Browser

from dashboard import queries
from dashboard.brief import asked, document, facts, making
from dashboard.brief import browser as drawing
from tests.briefs import WEEK

ROUNDS = 5
MOST = 1.0
"""Gathering and HTML against drawing (measured: 0.06 to 0.1); a picture of the plain page is what nobody can go below."""


def test_what_we_add_costs_less_than_the_drawing(sample_store: Path, browser: Browser) -> None:
    """Median of five weeks: the briefing without its picture, against the picture alone."""
    source = queries.current(sample_store)
    made, drawn = [], []
    for n in range(ROUNDS):
        one = asked.parse({"week": f"{WEEK[:-2]}{int(WEEK[-2:]) - n}"}, source)
        begun = time.perf_counter()
        page = making.page(facts.gather(one, source), slides=False)
        between = time.perf_counter()
        drawing.picture(browser, page, document.SHEET)
        made.append(between - begun)
        drawn.append(time.perf_counter() - between)
    ours, theirs = statistics.median(made), statistics.median(drawn)
    print(f"\nbriefing {ours * 1000:.0f} ms, its picture {theirs * 1000:.0f} ms, {ours / theirs:.2f}")
    assert ours / theirs < MOST

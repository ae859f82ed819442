"""The app over the sample, as the browser tests look at it, and the page that they share."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.conftest import ServeApp

DESK: ViewportSize = {"width": 1440, "height": 900}
TODAY = "2026-01-10"
"""The analyst's day, so that a picture of today is that of tomorrow."""


@pytest.fixture(scope="session")
def sample_app(serve_app: ServeApp, sample_store: Path) -> str:
    """Return where the app shows the sample."""
    return serve_app(sample_store, RASD_TODAY=TODAY)


@pytest.fixture(scope="session")
def reader(browser: Browser) -> Iterator[Page]:
    """Return a page that many tests share: what they need stands in the address, and scripts are read once."""
    context = browser.new_context(viewport=DESK, locale="fr-FR")
    yield context.new_page()
    context.close()


@pytest.fixture
def page(reader: Page) -> Page:
    """Return the shared page as a new one is; one of its own (`fresh`) takes three times as long to open."""
    reader.unroute_all()
    reader.set_viewport_size(DESK)
    return reader


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Page]:
    """Return a page in a browser that has seen nothing, for who listens to it or wants to be the first."""
    context = browser.new_context(viewport=DESK, locale="fr-FR")
    yield context.new_page()
    context.close()

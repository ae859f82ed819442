"""Stores that the browser tests look at, each loaded by `rasd load`, and the app over them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import ROOT, ServeApp
from tests.e2e import tour

TODAY = "2026-01-10"
"""The analyst's day, so that a picture of today is that of tomorrow."""


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the shipped sample."""
    store = tmp_path_factory.mktemp("sample")
    tour.load(store, ROOT / "data" / "sample")
    return store


@pytest.fixture(scope="session")
def sample_app(serve_app: ServeApp, sample_store: Path) -> str:
    """Return where the app shows the sample."""
    return serve_app(sample_store, RASD_TODAY=TODAY)


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    """Return a page that many cases share: what they need stands in the address, and files are fetched once."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    yield context.new_page()
    context.close()

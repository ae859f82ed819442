"""Pictures of every page over the sample, taken again by one command; not part of the tests.

`python -m tests.pictures` writes the README pictures to docs/pictures/. `python -m tests.pictures FOLDER` writes every
page into an existing folder, on a desk (1440x900, and as long as it is) and on a phone (390x844), to be looked at.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from etl.pipeline import load
from etl.sample import sample_folder
from tests.conftest import ROOT, ServeApp, settled

_TODAY = "2026-11-22"
"""The Sunday after the sample's last articles: the line of today does not move with the calendar."""

_LONGEST = 6_000


@dataclass(frozen=True)
class Shot:
    """A page to be taken: where it lies, and how tall its picture in the README is (0: it has none)."""

    name: str
    address: str
    height: int = 0


SHOTS = (
    Shot("overview", "", 1_470),
    Shot("events", "events", 1_290),
    Shot("pairs", "pairs", 1_000),
    Shot("themes", "themes"),
    Shot("articles", "articles"),
    Shot("article", "article?article=sample-1-15", 1_240),
    Shot("data", "data"),
    Shot("brief", "brief?week=2025-W48", 1_870),
    Shot("pair", "pairs?pair=ES,MA"),
    Shot("list", "events?at=events-lanes&mark=events|event%3Dafcon-2025"),
    Shot("nothing", "events?search=xyz"),
)


@pytest.fixture(scope="session")
def address(serve_app: ServeApp, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the app shows the sample."""
    store = tmp_path_factory.mktemp("pictures") / "store"
    load([sample_folder()], store=store)
    return serve_app(store, RASD_TODAY=_TODAY)


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Path:
    """Return the folder that the pictures are written to."""
    return request.config.getoption("pictures")


@pytest.mark.parametrize("shot", [shot for shot in SHOTS if shot.height], ids=lambda shot: shot.name)
def test_readme(page: Page, address: str, folder: Path, shot: Shot) -> None:
    """A picture as wide as a desk, and as tall as it is worth."""
    page.set_viewport_size({"width": 1440, "height": shot.height})
    _opened(page, f"{address}/{shot.address}").screenshot(path=folder / f"{shot.name}.png", animations="disabled")


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_look(page: Page, phone: Page, address: str, folder: Path, shot: Shot) -> None:
    """The first screen and the whole page, on a desk and on a phone."""
    for device, opened in (("desk", page), ("phone", phone)):
        _opened(opened, f"{address}/{shot.address}")
        opened.screenshot(path=folder / f"{shot.name}-{device}.png", animations="disabled")
        size = opened.viewport_size
        assert size
        tall = opened.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
        opened.set_viewport_size({"width": size["width"], "height": min(max(tall, size["height"]), _LONGEST)})
        settled(opened).screenshot(path=folder / f"{shot.name}-{device}-whole.png", animations="disabled")


def _opened(page: Page, address: str) -> Page:
    """The page, drawn; a page that failed, or an address that is none, is no picture."""
    page.goto(address)
    settled(page)
    expect(page.locator('[data-testid="stException"], [data-testid="stAlertContentError"]')).to_have_count(0)
    expect(page.get_by_role("dialog")).to_have_count(0)
    return page


class _Option:
    """Where the pictures go, as an option of pytest: the fixtures of the browser and the app are pytest's."""

    @staticmethod
    def pytest_addoption(parser: pytest.Parser) -> None:
        parser.addoption("--pictures", dest="pictures", type=Path, default=ROOT / "docs" / "pictures")


def _main(arguments: list[str]) -> int:
    chosen = ["-k", "test_look", "--pictures", arguments[0]] if arguments else ["-k", "test_readme"]
    return pytest.main(["-q", "-p", "no:cacheprovider", *chosen, __file__], plugins=[_Option()])


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))

"""Pictures of every page over the sample, taken again by one command; not part of the tests.

`python -m tests.pictures` writes the README's pictures to docs/pictures/. `python -m tests.pictures FOLDER` writes every
page into an existing folder, on a desk (1440x900, and as long as it is) and on a phone (390x844), to be looked at.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

from etl.pipeline import load
from etl.sample import sample_folder
from tests.conftest import ROOT, ServeApp, settled

_TODAY = "2026-11-22"
"""The day after the sample's last week: the lanes' line of today does not move with the calendar."""

_LONGEST = 6_000


@dataclass(frozen=True)
class Shot:
    """A page to be taken: where it lies, and how tall its picture in the README is (0: it has none)."""

    name: str
    address: str
    height: int = 0


SHOTS = (
    Shot("overview", "overview", 1_250),
    Shot("events", "events", 1_050),
    Shot("pairs", "pairs", 1_050),
    Shot("themes", "themes"),
    Shot("articles", "articles"),
    Shot("article", "article?article=sample-1-001", 1_050),
    Shot("data", "data"),
    Shot("list", "pairs?pair=ES,MA"),
    Shot("nothing", "events?search=xyz"),
)


@pytest.fixture(scope="session")
def address(serve_app: ServeApp, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the app shows the sample."""
    store = tmp_path_factory.mktemp("pictures") / "store"
    load([sample_folder()], store=store)
    return serve_app(store, RASD_TODAY=_TODAY)


@pytest.mark.parametrize("shot", [shot for shot in SHOTS if shot.height], ids=lambda shot: shot.name)
def test_readme(page: Page, address: str, folder: Path, shot: Shot) -> None:
    """A picture as wide as a desk, without the blank below."""
    page.set_viewport_size({"width": 1440, "height": shot.height})
    settled(page.goto(f"{address}/{shot.address}") and page)
    page.screenshot(path=folder / f"{shot.name}.png", animations="disabled")


@pytest.mark.parametrize("shot", SHOTS, ids=lambda shot: shot.name)
def test_look(page: Page, phone: Page, address: str, folder: Path, shot: Shot) -> None:
    """The first screen and the whole page on a desk, and on a phone."""
    for device, opened in (("desk", page), ("phone", phone)):
        settled(opened.goto(f"{address}/{shot.address}") and opened)
        opened.screenshot(path=folder / f"{shot.name}-{device}.png", animations="disabled")
        size = opened.viewport_size
        assert size
        tall = opened.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
        opened.set_viewport_size({"width": size["width"], "height": min(max(tall, size["height"]), _LONGEST)})
        settled(opened).screenshot(path=folder / f"{shot.name}-{device}-whole.png", animations="disabled")


class _Into:
    """Tells the pictures where to go."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @pytest.fixture(scope="session")
    def folder(self) -> Iterator[Path]:
        """Return the folder that the pictures are written to."""
        yield self._folder


def _main(arguments: list[str]) -> int:
    chosen = "look" if arguments else "readme"
    folder = Path(arguments[0]) if arguments else ROOT / "docs" / "pictures"
    return pytest.main(["-q", "-p", "no:cacheprovider", "-k", f"test_{chosen}", __file__], plugins=[_Into(folder)])


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))

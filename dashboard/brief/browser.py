"""The browser that draws pictures: the Chromium, Chrome or Edge of this machine, without a network."""

import contextlib
import os
import re
import shutil
from collections.abc import Generator
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Playwright, TimeoutError, sync_playwright  # noqa: A004 -- its name

from etl.model import RasdError

_QUIET = (
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Screens differ in how they smooth letters and show colours; a picture must not.
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge", "microsoft-edge")
_USUAL = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "%ProgramFiles%/Google/Chrome/Application/chrome.exe",
    "%ProgramFiles(x86)%/Google/Chrome/Application/chrome.exe",
    "%LocalAppData%/Google/Chrome/Application/chrome.exe",
    "%ProgramFiles(x86)%/Microsoft/Edge/Application/msedge.exe",
    "%ProgramFiles%/Microsoft/Edge/Application/msedge.exe",
)
_SCALE = 2


class NoBrowserError(RasdError):
    """No browser was found that can draw a picture, or the one that is named does not start; says how to get one."""


class DrawingError(RasdError):
    """A browser that had started stopped, or did not finish a drawing."""


@contextlib.contextmanager
def opened() -> Generator[Browser]:
    """Yield a running browser, closed at the end. Raises NoBrowserError.

    What draws with it raises DrawingError.
    """
    with sync_playwright() as playwright:
        browser = started(playwright)
        if browser is None:
            raise NoBrowserError(
                "no browser to draw with; install Chromium, Chrome or Edge, or run: playwright install chromium"
            )
        try:
            yield browser
        finally:
            with contextlib.suppress(Error):
                browser.close()


def started(playwright: Playwright) -> Browser | None:
    """A browser that starts: RASD_BROWSER, else Playwright's own, else the system's; None where none does.

    Raises NoBrowserError where RASD_BROWSER is there but does not start.
    """
    for path in _candidates(playwright):
        if path.exists():
            try:
                return _launched(playwright, path)
            except Error as error:
                if os.environ.get("RASD_BROWSER"):
                    msg = f"RASD_BROWSER: {path} does not start ({_reason(error)}); name another one, or unset it"
                    raise NoBrowserError(msg) from error
    return None


def _launched(playwright: Playwright, path: Path) -> Browser:
    try:
        return playwright.chromium.launch(executable_path=path, args=_QUIET, chromium_sandbox=True)
    except TimeoutError:
        raise
    except Error:
        # Chromium has no sandbox as root, nor in most containers.
        return playwright.chromium.launch(executable_path=path, args=_QUIET, chromium_sandbox=False)


def _reason(error: Error) -> str:
    """One line of what Playwright tells in many: what the browser said last, else how it ended, else the first line."""
    for pattern in (r"\[err\] (.+)", r"<process did exit: ([^>]+)>", r"\b(spawn .+)"):
        if found := re.findall(pattern, error.message):
            return str(found[-1]).strip()
    return error.message.strip().partition("\n")[0]


def _candidates(playwright: Playwright) -> list[Path]:
    if os.environ.get("RASD_BROWSER"):
        return [Path(os.environ["RASD_BROWSER"])]
    found = [shutil.which(name) for name in _NAMES]
    usual = [path for path in map(os.path.expandvars, _USUAL) if "%" not in path]
    return [Path(playwright.chromium.executable_path), *(Path(path) for path in (*found, *usual) if path)]


def picture(browser: Browser, page: str, size: tuple[int, int]) -> bytes:
    """PNG of the whole document at two pixels a point. `size` is that of one sheet."""
    with _shown(browser, page, size, _SCALE) as shown:
        return shown.locator(".rasd-brief").screenshot(animations="disabled")


def pictures(browser: Browser, page: str, size: tuple[int, int], *, scale: int = _SCALE) -> list[bytes]:
    """PNG of each sheet or slide, in order."""
    with _shown(browser, page, size, scale) as shown:
        return [one.screenshot(animations="disabled") for one in shown.locator(".rasd-brief > section").all()]


def paper(browser: Browser, page: str, size: tuple[int, int]) -> bytes:
    """PDF with the document's own page size, its text selectable, its fonts embedded."""
    with _shown(browser, page, size, 1) as shown:
        return shown.pdf(prefer_css_page_size=True, print_background=True, tagged=True)


@contextlib.contextmanager
def _shown(browser: Browser, page: str, size: tuple[int, int], scale: int) -> Generator[Page]:
    width, height = size
    try:
        # Playwright's own question below is answered all the same; no script of the page is.
        context = browser.new_context(
            viewport={"width": width, "height": height}, device_scale_factor=scale, locale="ar", offline=True,
            java_script_enabled=False,
        )  # fmt: skip
        with context:
            shown = context.new_page()
            shown.set_content(page, wait_until="load")
            shown.evaluate("document.fonts.ready.then(() => true)")
            yield shown
    except Error as error:
        raise DrawingError(
            f"the browser did not finish the drawing ({_reason(error)}); try again, or write HTML: --format html"
        ) from error

"""What tests of the running app share: a real browser, and the app on a free port. Nothing is skipped."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from dashboard.brief import browser as drawing
from etl import pipeline

ROOT = Path(__file__).parent.parent
APP = ROOT / "dashboard" / "app.py"
_MEND = "no browser to test with; run: python -m playwright install --with-deps chromium"
START_SECONDS = 60.0

ServeApp = Callable[..., str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a running Chromium: Playwright's own, the system's, or one that is fetched now."""
    with sync_playwright() as playwright:
        started = _started(playwright)
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page of 1440x900 in a French browser: the interface is Arabic all the same."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="fr-FR")
    yield context.new_page()
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """Return a page of 390x844 that is touched, not hovered."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store that holds the shipped sample, loaded as `rasd load` loads it."""
    store = tmp_path_factory.mktemp("sample-store")
    pipeline.load([ROOT / "data" / "sample"], store=store)
    return store


@pytest.fixture(scope="session")
def serve_app() -> Iterator[ServeApp]:
    """Return `serve_app(store, entry=APP, **env) -> address`: the app on a free port until the session ends.

    The same arguments give the app that already runs.
    """
    running: dict[tuple[object, ...], tuple[str, subprocess.Popen[bytes]]] = {}

    def serve(store: Path, entry: Path = APP, **env: str) -> str:
        key = (store, entry, *sorted(env.items()))
        if key not in running:
            running[key] = _served(store, entry, env)
        return running[key][0]

    yield serve
    for _, process in running.values():
        process.terminate()
    for _, process in running.values():
        _stop(process)


def settled(page: Page, timeout: float = 30_000) -> Page:
    """Wait until the run has ended, the fonts are there, nothing is a placeholder, every figure and list is drawn."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=timeout)
    page.wait_for_function(
        """() => document.fonts.status === "loaded"
            && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-stale="true"]')
            && [...document.querySelectorAll(".rasd-plot, .rasd-list")].every((el) => el.dataset.drawn === "yes")""",
        timeout=timeout,
    )
    return page


def unused_port() -> int:
    """Return a port of this machine that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(address: str, path: str = "/", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (lower case) and body of one request; underscores in header names become hyphens."""
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=10)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def _served(store: Path, entry: Path, env: dict[str, str]) -> tuple[str, subprocess.Popen[bytes]]:
    port = unused_port()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RASD_", "STREAMLIT_"))}
    settings = clean | {"RASD_STORE": str(store), "RASD_PORT": str(port)} | env
    # From another folder: the app must not depend on where it is started.
    process = subprocess.Popen([sys.executable, str(entry)], env=settings, cwd=store, stderr=subprocess.STDOUT)
    deadline = time.monotonic() + START_SECONDS
    address = f"http://127.0.0.1:{port}"
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(OSError):
            if get(address, "/_stcore/health")[0] == http.HTTPStatus.OK:
                return address, process
        time.sleep(0.1)
    _stop(process)
    return pytest.fail(f"the app did not start: {entry.name}, exit code {process.returncode}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _started(playwright: Playwright) -> Browser:
    """The browser that the product draws with; where there is none, one is fetched."""
    found = drawing.started(playwright)
    for command in _installers() if found is None else ():
        subprocess.run(command, check=False, capture_output=True)
        found = drawing.started(playwright)
        if found:
            break
    return found or pytest.fail(_MEND)


def _installers() -> Iterator[list[str]]:
    yield [sys.executable, "-m", "playwright", "install", "chromium"]
    apt = shutil.which("apt-get")
    if apt and hasattr(os, "geteuid") and os.geteuid() == 0:
        yield [apt, "update", "-qq"]
        yield [apt, "install", "-y", "-qq", "--no-install-recommends", "chromium"]

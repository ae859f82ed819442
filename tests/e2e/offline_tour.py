"""Run inside a network namespace that has only loopback: serve a store, tour it, tell as JSON what was drawn and asked.

Usage: unshare -n python -m tests.e2e.offline_tour STORE
"""

import fcntl
import json
import socket
import struct
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests import conftest
from tests.e2e import tour

_GET_FLAGS, _SET_FLAGS, _UP = 0x8913, 0x8914, 1


def main(store: Path) -> None:
    """Tour all pages and print what happened."""
    _loopback_up()
    told: dict[str, Any] = {"interfaces": [name for _, name in socket.if_nameindex()], "failed": [], "figures": {}}
    with sync_playwright() as playwright:
        browser = conftest._started(playwright)  # noqa: SLF001 -- the fixtures' own steps, run where no fixture can
        address, process = conftest._served(store, conftest.APP, {"RASD_TODAY": "2026-01-10"})  # noqa: SLF001 -- the fixtures' own steps, run where no fixture can
        try:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.on("requestfailed", lambda request: told["failed"].append(f"{request.url} {request.failure}"))
            page.on(
                "request",
                lambda r: None if r.url.startswith((address, "data:", "blob:")) else told["failed"].append(r.url),
            )
            for name in (*tour.PAGES, "brief"):
                told["figures"] |= _drawn(tour.visit(page, tour.at(address, name, tier="weak")))
            told["font"] = page.evaluate("document.fonts.check('16px \"Noto Sans Arabic\"', '\u0639')")
            told["icons"] = page.evaluate(
                "[...document.fonts].filter((f) => f.status === 'loaded').map((f) => f.family)"
            )
            tour.visit(page, tour.at(address, "article", article="sample-1-15"))
            told["marks"] = page.locator("mark[data-ids]").count()
            browser.close()
        finally:
            conftest._stop(process)  # noqa: SLF001 -- the fixtures' own steps, run where no fixture can
    sys.stdout.write(json.dumps(told) + "\n")


def _drawn(page: Page) -> dict[str, int]:
    """How many marks of each figure stand on the page as shapes of their own, a matrix by its image."""
    return page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.rasd-plot')].map((plot) => [
            [...plot.closest('[class*="st-key-"]').classList].find((c) => c.startsWith('st-key-')).slice(7),
            [...plot.querySelectorAll('.points path, .heatmaplayer image')].filter((e) => e.getBoundingClientRect().width > 0).length,
        ]))"""
    )


def _loopback_up() -> None:
    """What `ip link set lo up` does, for machines without it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        name = b"lo".ljust(16, b"\0")
        flags = struct.unpack("16sh", fcntl.ioctl(probe, _GET_FLAGS, name + struct.pack("h", 0)))[1]
        fcntl.ioctl(probe, _SET_FLAGS, name + struct.pack("h", flags | _UP))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

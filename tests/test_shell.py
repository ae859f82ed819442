"""The shell before any page runs: headers, language, files beside it, and what it refuses."""

import base64
import gzip
import hashlib
import os
import re
import socket
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dashboard import figure, headers, shell
from tests.conftest import ROOT, ServeApp, get, unused_port

ENTRY = Path(__file__).parent / "e2e" / "shell_app.py"
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def address(serve_app: ServeApp, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return where the shell is served."""
    return serve_app(tmp_path_factory.mktemp("store"), ENTRY)


@pytest.mark.parametrize("path", ["/", "/events", "/no/such/page", "/?event=x"])
def test_every_page_is_arabic_from_the_first_bytes(address: str, path: str) -> None:
    """Language, direction, title and style come with the document: nothing is turned round afterwards."""
    status, _, body = get(address, path)
    text = body.decode()
    assert status == 200
    assert text.index('<html lang="ar" dir="rtl">') < 1200
    assert "<title>رصد</title>" in text
    assert '<style id="rasd-style">' in text
    assert 'lang="en"' not in text


def test_a_conditional_or_compressed_request_gets_the_same_page(address: str) -> None:
    """Neither a cache nor an encoding brings Streamlit's own page back."""
    plain = get(address)[2]
    assert get(address, accept_encoding="gzip", if_none_match='"x"', range="bytes=0-10")[2] == plain


def test_a_new_streamlit_page_is_noticed_at_start() -> None:
    """Where the replaced strings are gone, the app does not start in the wrong direction."""
    with pytest.raises(ValueError, match=r"shell\.py"):
        shell.rewritten('<html lang="en-US"><head><title>Streamlit</title></head>')


@pytest.mark.parametrize(
    "path", ["/", "/_stcore/health", "/vendor/plotly.min.js", "/fonts/noto-sans-arabic.ttf", "/static/x"]
)
def test_every_answer_carries_the_headers(address: str, path: str) -> None:
    """Pages, files and errors alike forbid foreign code, frames, sniffing and referrers."""
    found = get(address, path)[1]
    assert found["x-content-type-options"] == "nosniff"
    assert found["x-frame-options"] == "DENY"
    assert found["referrer-policy"] == "no-referrer"
    assert found["cross-origin-opener-policy"] == found["cross-origin-resource-policy"] == "same-origin"
    rules = dict(rule.split(" ", 1) for rule in found["content-security-policy"].split("; "))
    assert rules["default-src"] == rules["frame-ancestors"] == rules["object-src"] == "'none'"
    assert not re.search(r"unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|blob:|http", rules["script-src"])
    assert rules["connect-src"] == "'self'"


def test_the_policy_names_each_inline_script(address: str) -> None:
    """Ours and Streamlit's, by the hash of what is really there."""
    _, found, body = get(address)
    scripts = re.findall(r"<script(?![^>]*src=)[^>]*>(.*?)</script>", body.decode(), re.DOTALL)
    assert scripts
    for script in scripts:
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in found["content-security-policy"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "192.168.1.5", "", "localhost.", "[::1", "a@127.0.0.1"]
)
def test_a_foreign_host_is_refused(address: str, host: str) -> None:
    """A name of somebody else's that points at this machine is not the app's."""
    assert get(address, host=host)[0] == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost", "[::1]:8501"])
def test_our_own_names_are_welcome(address: str, host: str) -> None:
    """However a browser on this machine names it."""
    assert get(address, host=host)[0] == 200


@pytest.mark.parametrize(
    ("origin", "status"), [("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:1", 403), (None, 101)]
)
def test_a_websocket_from_a_foreign_page_is_refused(address: str, origin: str | None, status: int) -> None:
    """Only the app's own page may drive the app."""
    given = {"origin": origin or address}
    upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
    key = {"sec-websocket-key": base64.b64encode(bytes(16)).decode(), "host": address.removeprefix("http://")}
    assert _first_status(address, "/_stcore/stream", upgrade | key | given) == status


def test_another_machine_is_refused_even_with_the_right_host() -> None:
    """Host is a header that anybody can write; where the connection comes from is not."""
    scope = {"type": "http", "client": ("192.168.1.7", 5), "headers": [(b"host", b"127.0.0.1:8501")]}
    assert headers.refusal(scope) == 403
    assert headers.refusal(scope | {"client": ("127.0.0.1", 5)}) is None


@pytest.mark.parametrize("site", ["same-origin", "none", None, "cross-site", "same-site"])
def test_what_costs_work_is_not_for_other_sites(address: str, site: str | None) -> None:
    """A foreign page, also one of another port, may not have briefings drawn: the browser says where it asks from."""
    given = {"sec_fetch_site": site} if site else {}
    refused = site in {"cross-site", "same-site"}
    assert (get(address, "/own/tips.js", **given)[0] == 403) is refused
    scope = {"type": "http", "path": "/own/brief", "headers": [(b"host", b"localhost")]}
    scope["headers"] += [(b"sec-fetch-site", site.encode())] if site else []
    assert headers.refusal(scope) == (403 if refused else None)
    assert get(address, "/", **given)[0] == 200


def test_plotly_comes_from_the_installed_package(address: str) -> None:
    """Compressed for who takes it, cached for good, the same bytes either way."""
    status, found, packed = get(address, "/vendor/plotly.min.js", accept_encoding="gzip")
    plain = get(address, "/vendor/plotly.min.js")[2]
    assert status == 200
    assert found["content-encoding"] == "gzip"
    assert "immutable" in found["cache-control"]
    assert gzip.decompress(packed) == plain
    assert b"plotly.js v" in plain[:200]


def test_the_font_comes_from_the_installed_package(address: str) -> None:
    """A machine without an Arabic font draws the same page."""
    status, found, body = get(address, "/fonts/noto-sans-arabic.ttf")
    assert (status, found["content-type"]) == (200, "font/ttf")
    assert body[:4] == b"\x00\x01\x00\x00"


def test_ten_colours_are_said_twice_and_are_the_same() -> None:
    """With fewer than ten, or other ones, Plotly and Streamlit would fall back to their own."""
    assert tuple(CONFIG["theme"]["chartCategoricalColors"]) == figure.COLOURS
    assert len(set(figure.COLOURS)) == 10


def test_the_safe_settings_are_in_the_file() -> None:
    """What the app insists on is what the file says."""
    said = shell.settings()
    assert {name: said[name] for name in shell.SAFE} == shell.SAFE
    shell.refuse_unsafe(said)


@pytest.mark.parametrize("address", [None, "", "0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_listening_beyond_the_machine_is_refused(address: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Unless the word is given."""
    monkeypatch.delenv(headers.LISTEN_BEYOND, raising=False)
    with pytest.raises(shell.UnsafeStart, match="rasd serve"):
        shell.refuse_unsafe(shell.settings() | {"server.address": address})
    monkeypatch.setenv(headers.LISTEN_BEYOND, "yes")
    shell.refuse_unsafe(shell.settings() | {"server.address": address})


@pytest.mark.parametrize("name", list(shell.SAFE))
def test_each_unsafe_setting_is_refused_by_name(name: str) -> None:
    """The message says which one, and what to type instead."""
    with pytest.raises(shell.UnsafeStart, match=re.escape(name)):
        shell.refuse_unsafe(shell.settings() | {name: "other"})


@pytest.mark.parametrize(
    "arguments",
    [["--server.address", "0.0.0.0"], ["--browser.gatherUsageStats", "true"]],
)
def test_streamlit_run_cannot_start_it_unsafely(arguments: list[str]) -> None:
    """A flag overrides the file, so the effective values are what counts: nothing answers on the port."""
    port = unused_port()
    command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py", "--server.port", str(port), *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, timeout=60)
    assert done.returncode != 0
    assert b"rasd serve" in done.stderr
    assert b"Traceback" not in done.stderr
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_serve_takes_the_next_port_and_stops_cleanly(tmp_path: Path) -> None:
    """A busy port is said and passed over; the address is said once it answers; a signal ends it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = (
            f"import pathlib,etl.serve as s; raise SystemExit(s.serve(pathlib.Path('.'), {port}, open_browser=False))"
        )
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("RASD_", "STREAMLIT_"))}
        command = [sys.executable, "-c", code]
        process = subprocess.Popen(command, cwd=tmp_path, env=clean, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        lines = [process.stderr.readline()]
        while "Ctrl-C" not in lines[-1] and lines[-1]:
            lines.append(process.stderr.readline())
        said = re.search(r"http://127\.0\.0\.1:\d+", lines[-1])
        assert f"port {port} is taken" in lines[0]
        assert said
        assert get(said[0])[0] == 200
        process.terminate()
        assert "Traceback" not in process.communicate(timeout=20)[1]


def _first_status(address: str, path: str, fields: dict[str, str]) -> int:
    host, port = address.removeprefix("http://").split(":")
    lines = [f"GET {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
    with socket.create_connection((host, int(port)), timeout=10) as wire:
        wire.sendall("\r\n".join(lines).encode())
        return int(wire.recv(64).split()[1])

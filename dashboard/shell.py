"""What surrounds the pages: the right-to-left HTML, the files served beside it, and the settings it insists on."""

import gc
import gzip
import importlib.metadata
import importlib.util
import os
import re
import sys
import tomllib
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from dashboard import headers, words

_HERE = Path(__file__).parent
_FOREVER = {"cache-control": "public, max-age=31536000, immutable"}
_OWN_PATHS = ("/static/", "/_stcore/", "/vendor/", "/fonts/", "/own/", "/media/", "/component/")
_CONDITIONAL = (b"accept-encoding", b"if-none-match", b"if-modified-since", b"range")

# React Aria, Intl and Plotly read navigator.language: pinned before any module runs, so that a browser in another
# language shows the same page and a picture does not depend on who takes it.
_PIN = (
    '<script>for(const[k,v]of[["language","{0}"],["languages",["{0}"]]])'
    "Object.defineProperty(navigator,k,{{get:()=>v,configurable:true}})</script>"
)
# Streamlit writes an address in two steps: the page, then its filters. Each would be a stop of its own on the way back.
_ONE_STEP = (
    "<script>{const push=history.pushState.bind(history);history.pushState=(state,title,url)=>{"
    "const next=new URL(url??location.href,location.href),"
    "follows=next.pathname===location.pathname&&!location.search;"
    "return follows?history.replaceState(state,title,url):push(state,title,url)}}</script>"
)
_PLOTLY_TAG = '<script async data-plotly src="/vendor/plotly.min.js?v={0}"></script>'
_TIPS_TAG = '<script type="module" src="/own/tips.js"></script><script type="module" src="/own/links.js"></script>'
_FONT_TAG = '<link rel="preload" href="/fonts/noto-sans-arabic.ttf" as="font" type="font/ttf" crossorigin>'
_SOURCE_SANS = re.compile(r'<link\s+rel="preload"\s+href="[^"]*SourceSans[^>]*>')
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
# Only what must be there exactly once; a new Streamlit that changes it fails at start instead of showing LTR.
_REPLACED = {
    '<html lang="en">': '<html lang="ar" dir="rtl">',
    "<title>Streamlit</title>": "<title>رصد</title>",
}

SAFE = {
    "browser.gatherUsageStats": False,
    "server.enableCORS": True,
    "server.enableXsrfProtection": True,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "client.showErrorDetails": "none",
    "client.allowedOrigins": [],
}
"""Settings without which the app does not start."""


class UnsafeStart(SystemExit):
    """The app was started in a way that would show its data to others; says what to type instead."""


def locale() -> str:
    """Return the region's locale that the interface is pinned to: RASD_LOCALE, else ar-MA."""
    return words.load(os.environ.get("RASD_LOCALE", "")).locale


def rewritten(page: str) -> str:
    """Return Streamlit's index.html in Arabic and right to left. Raises ValueError where it no longer fits."""
    for old, new in _REPLACED.items():
        if page.count(old) != 1:
            message = f"Streamlit's index.html holds {old!r} {page.count(old)} times, not once: dashboard/shell.py"
            raise ValueError(message)
        page = page.replace(old, new)
    page = _SOURCE_SANS.sub("", page)
    page = _NOSCRIPT.sub("<noscript><p>يحتاج رصد إلى تشغيل JavaScript في المتصفح.</p></noscript>", page)
    css = "".join((_HERE / name).read_text("utf-8") for name in ("rtl.css", "brief/style.css"))
    tags = (
        _PIN.format(locale())
        + _ONE_STEP
        + _PLOTLY_TAG.format(importlib.metadata.version("plotly"))
        + _TIPS_TAG
        + _FONT_TAG
    )
    return page.replace("</head>", f'{tags}<style id="rasd-style">{css}</style></head>', 1)


@cache
def page() -> str:
    """Return the rewritten page that every address of the app answers with."""
    found = importlib.util.find_spec("streamlit")
    return rewritten((Path(_origin(found)).parent / "static" / "index.html").read_text("utf-8"))


def right_to_left(app: ASGIApp) -> ASGIApp:
    """Wrap `app` so that each HTML page it answers with is the rewritten one; other answers pass untouched."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_OWN_PATHS):
            await app(scope, receive, send)
            return
        whole = [pair for pair in scope["headers"] if pair[0] not in _CONDITIONAL]
        is_page = False

        async def replace(message: Message) -> None:
            nonlocal is_page
            if message["type"] == "http.response.start":
                is_page = any(k == b"content-type" and v.startswith(b"text/html") for k, v in message["headers"])
                await send(_page_start(message) if is_page else message)
            elif not is_page:
                await send(message)
            elif not message.get("more_body"):
                await send({"type": "http.response.body", "body": page().encode()})

        await app({**scope, "headers": whole}, receive, replace)

    return answer


def _page_start(message: Message) -> Message:
    stale = (b"content-length", b"etag", b"last-modified")
    kept = [pair for pair in message["headers"] if pair[0] not in stale]
    return {**message, "headers": [*kept, (b"content-length", str(len(page().encode())).encode())]}


def middleware() -> list[Middleware]:
    """Return what every request and answer passes through: the guard first, then the rewritten page."""
    return [Middleware(headers.guarded, csp=headers.policy(page())), Middleware(right_to_left)]


def routes() -> list[Route]:
    """Return the files served beside Streamlit's: plotly.js and the font, from the installed packages, and ours."""
    return [
        Route("/vendor/plotly.min.js", _plotly),
        Route("/fonts/noto-sans-arabic.ttf", _font),
        Route("/fonts/amiri-{weight}.ttf", _naskh),
        Route("/own/tips.js", _tips),
        Route("/own/links.js", _links),
    ]


async def _plotly(request: Request) -> Response:
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return FileResponse(_plotly_file(), media_type="text/javascript", headers=_FOREVER)
    body = await run_in_threadpool(_plotly_gzip)
    packed = {"content-encoding": "gzip", "vary": "accept-encoding"}
    return Response(body, media_type="text/javascript", headers=_FOREVER | packed)


async def _tips(_: Request) -> Response:
    return FileResponse(_HERE / "tips.js", media_type="text/javascript", headers={"cache-control": "no-cache"})


async def _links(_: Request) -> Response:
    return FileResponse(_HERE / "links.js", media_type="text/javascript", headers={"cache-control": "no-cache"})


async def _font(_: Request) -> Response:
    folder = Path(_origin(importlib.util.find_spec("justmytype_intl_rtl"))).parent
    file = folder / "fonts" / "ofl" / "notosansarabic" / "NotoSansArabic[wdth,wght].ttf"
    return FileResponse(file, media_type="font/ttf", headers=_FOREVER)


NASKH = {"regular": 400, "bold": 700}
"""The weights of Amiri, the font of the briefing: of those tried, only its text can be read back out of a PDF."""


def naskh(weight: str) -> Path:
    """Return the file of a weight of Amiri, which comes with the install."""
    folder = Path(_origin(importlib.util.find_spec("fontpkg_amiri"))).parent
    return folder / "files" / f"Amiri-{weight.title()}.ttf"


async def _naskh(request: Request) -> Response:
    weight = request.path_params["weight"]
    if weight not in NASKH:
        return Response(status_code=404)
    return FileResponse(naskh(weight), media_type="font/ttf", headers=_FOREVER)


def _plotly_file() -> Path:
    return Path(_origin(importlib.util.find_spec("plotly"))).parent / "package_data" / "plotly.min.js"


@cache
def _plotly_gzip() -> bytes:
    return gzip.compress(_plotly_file().read_bytes(), compresslevel=6, mtime=0)


@cache
def settle() -> None:
    """Take what the imports left out of the collector's sight, once; called at the end of the first run.

    Streamlit collects garbage after every run, before the chart's message leaves: 60-80 ms over what was imported.
    Frozen, that part is never looked at again; what pages make is collected as before.
    """
    gc.collect()
    gc.freeze()
    # The loop that sends messages waits for the thread that makes them: at most this long, instead of 5 ms each time.
    sys.setswitchinterval(0.0005)


def settings() -> dict[str, Any]:
    """Return config.toml as dotted options: the repository's, or the copy inside the installed package."""
    beside, source = _HERE / "config.toml", _HERE.parent / ".streamlit" / "config.toml"
    tables = tomllib.loads((beside if beside.exists() else source).read_text("utf-8"))
    return {f"{table}.{name}": value for table, options in tables.items() for name, value in options.items()}


def start(app: st.App) -> None:
    """Serve `app` with our settings, from any folder, on RASD_PORT; blocks until stopped."""
    wanted = settings() | {"server.port": int(os.environ.get("RASD_PORT", "8501"))}
    # An address from the environment is not dropped in silence: it is either refused or was asked for.
    asked = os.environ.get("STREAMLIT_SERVER_ADDRESS")
    if asked:
        wanted["server.address"] = asked
    refuse_unsafe(wanted)
    app.run(config=wanted)


def refuse_unsafe_run() -> None:
    """Raise UnsafeStart unless the settings that `streamlit run` has read by now are safe."""
    refuse_unsafe({name: config.get_option(name) for name in [*SAFE, "server.address"]})


def refuse_unsafe(effective: dict[str, Any]) -> None:
    """Raise UnsafeStart unless the effective settings keep the data on this machine and the SAFE ones hold."""
    wrong = [f"{name} = {effective.get(name)!r}" for name, value in SAFE.items() if effective.get(name) != value]
    if wrong:
        message = f"rasd: unsafe settings: {', '.join(wrong)}. Start it with: rasd serve"
        raise UnsafeStart(message)
    address = effective.get("server.address")
    if not headers.is_loopback(address) and not headers.beyond_machine():
        message = (
            f"rasd: would listen on {address or 'every interface'}, where other machines can read the data. "
            f"Start it with: rasd serve (or set {headers.LISTEN_BEYOND}=yes if that is what you want)."
        )
        raise UnsafeStart(message)


def _origin(spec: ModuleSpec | None) -> str:
    if spec is None or spec.origin is None:
        message = "a package that pyproject.toml names is not installed: uv sync"
        raise ModuleNotFoundError(message)
    return spec.origin

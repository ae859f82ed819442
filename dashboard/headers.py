"""Who may talk to the app, and what its answers forbid the browser."""

import base64
import hashlib
import ipaddress
import os
import re
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LISTEN_BEYOND = "RASD_LISTEN_BEYOND"
_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_ELSEWHERE = frozenset({"cross-site", "same-site"})
"""Same site is another origin still: another port of this machine."""
_INLINE_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<body>.*?)</script>", re.DOTALL)


def beyond_machine() -> bool:
    """Say whether the person who started the app allowed it, in so many words, to be reached from other machines."""
    return os.environ.get(LISTEN_BEYOND) == "yes"


def is_loopback(address: str | None) -> bool:
    """Say whether an address or host name means this machine only."""
    if address is None:
        return False
    try:
        return address == "localhost" or ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return False


def policy(page: str) -> str:
    """Return the Content-Security-Policy that lets `page` run: its own files, and its inline scripts by their hash."""
    scripts = [m["body"] for m in _INLINE_SCRIPT.finditer(page) if "src=" not in m["attributes"] and m["body"]]
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in scripts)
    rules = {
        "default-src": "'none'",
        # Streamlit reads Arrow tables with WebAssembly.
        "script-src": f"'self' {hashes} 'wasm-unsafe-eval'",
        # Streamlit writes its styles at run time, Plotly sets style attributes.
        "style-src": "'self' 'unsafe-inline'",
        # Plotly makes the picture that a reader downloads as data: and blob:.
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def guarded(app: ASGIApp, csp: str) -> ASGIApp:
    """Wrap `app`: refuse strangers, and set the headers on every answer.

    A client on another machine gets 403, a wrong Host 421, and a websocket from a foreign page is refused.
    """
    extra = {
        "content-security-policy": csp,
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    added = [(name.encode(), value.encode()) for name, value in extra.items()]

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message.get("headers", []) if pair[0].decode().lower() not in extra]
                message = {**message, "headers": kept + added}
            await send(message)

        status = refusal(scope)
        if status is None:
            await app(scope, receive, with_headers)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await with_headers({"type": "http.response.start", "status": status, "headers": []})
            await with_headers({"type": "http.response.body", "body": b""})

    return answer


def refusal(scope: Scope) -> int | None:
    """Return the status with which a request is refused: 403 other machine or page, 421 wrong Host; None: welcome.

    What costs work (/own/) is for the app's own pages and for who types its address: a browser says who asks.
    """
    headers = Headers(scope=scope)
    client: Any = scope.get("client")
    if client and not is_loopback(client[0]) and not beyond_machine():
        return 403
    host = headers.get("host", "")
    if not _is_our_name(host):
        return 421
    origin = headers.get("origin")
    if scope["type"] == "websocket" and origin is not None and urlsplit(origin).netloc != host:
        return 403
    if str(scope.get("path", "")).startswith("/own/") and headers.get("sec-fetch-site") in _ELSEWHERE:
        return 403
    return None


def _is_our_name(host: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name = "" if "@" in host else parts.hostname or ""
    except ValueError:
        return False
    if name in _NAMES:
        return True
    # A foreign page can point a name of its own at this machine, but not a bare address.
    return beyond_machine() and (_is_address(name) or name in os.environ.get("RASD_HOSTS", "").split(","))


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True

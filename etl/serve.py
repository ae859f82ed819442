"""Start the app on this machine: one process, from any folder, installed or from the source."""

import errno
import http.client
import importlib.util
import os
import runpy
import socket
import sys
import threading
import time
import webbrowser
from pathlib import Path

from etl.model import RasdError

_HOST = "127.0.0.1"
_PORTS_TRIED = 20
_START_SECONDS = 60.0


def serve(store: Path, port: int, *, open_browser: bool) -> int:
    """Serve the app over `store` on `port` or the next free one, until Ctrl-C; return the exit code.

    The app passes its own settings and refuses to listen beyond this machine unless RASD_LISTEN_BEYOND=yes.
    Raises RasdError where no port is free or the app is not installed.
    """
    app, free = _app(), free_port(port)
    if free != port:
        _say(f"rasd: port {port} is taken; using {free}")
    os.environ |= {"RASD_STORE": str(store.resolve()), "RASD_PORT": str(free)}
    threading.Thread(target=_announce, args=(free, open_browser), daemon=True).start()
    try:
        runpy.run_path(str(app), run_name="__main__")
    except KeyboardInterrupt:
        _say("rasd: stopped")
    return 0


def free_port(wanted: int) -> int:
    """Return `wanted`, or the first free port after it. Raises RasdError where none of twenty is free."""
    for port in range(wanted, min(wanted + _PORTS_TRIED, 65536)):
        if _is_free(port):
            return port
    message = f"no free port from {wanted} on; stop another program or choose one: rasd serve --port 9000"
    raise RasdError(message)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":  # there it would let two programs hold one port
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def _app() -> Path:
    """Find dashboard/app.py without importing it: etl never depends on the dashboard."""
    spec = importlib.util.find_spec("dashboard")
    folders = list(spec.submodule_search_locations or []) if spec else []
    for folder in folders:
        if (Path(folder) / "app.py").is_file():
            return Path(folder) / "app.py"
    message = "the dashboard is not installed; run: uv sync"
    raise RasdError(message)


def _announce(port: int, open_browser: bool) -> None:  # noqa: FBT001 -- a thread's argument
    url, deadline = f"http://{_HOST}:{port}", time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if _is_healthy(port):
            _say(f"rasd: {url} (Ctrl-C to stop)")
            if open_browser:
                webbrowser.open(url)
            return
        time.sleep(0.1)


def _is_healthy(port: int) -> bool:
    # http.client, because urllib would ask a proxy from the environment.
    connection = http.client.HTTPConnection(_HOST, port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()

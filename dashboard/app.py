"""The ASGI entry: `rasd serve` or `streamlit run dashboard/app.py`. Language, direction, headers; then main.py."""

import os
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from dashboard import headers, shell

app = st.App(
    Path(__file__).parent / "main.py",
    middleware=[
        Middleware(headers.guarded, csp=headers.policy(shell.page())),
        Middleware(shell.right_to_left),
    ],
    routes=shell.routes(),
)


def start() -> None:
    """Serve with our settings from any folder, on RASD_PORT; blocks until stopped."""
    wanted = shell.settings() | {"server.port": int(os.environ.get("RASD_PORT", "8501"))}
    # An address from the environment is not dropped in silence: it is either refused or was asked for.
    asked = os.environ.get("STREAMLIT_SERVER_ADDRESS")
    if asked:
        wanted["server.address"] = asked
    shell.refuse_unsafe(wanted)
    app.run(config=wanted)


if __name__ == "__main__":
    start()
else:
    # `streamlit run` has read flags, environment and config.toml by now.
    shell.refuse_unsafe({name: config.get_option(name) for name in [*shell.SAFE, "server.address"]})

"""The ASGI entry: `rasd serve` or `streamlit run dashboard/app.py`. Language, direction, headers; then main.py."""

from pathlib import Path

import streamlit as st

from dashboard import export, shell
from dashboard.brief import served

app = st.App(
    Path(__file__).with_name("main.py"),
    middleware=shell.middleware(),
    routes=[*shell.routes(), *export.routes(), *served.routes()],
)

if __name__ == "__main__":
    shell.start(app)
else:
    shell.refuse_unsafe_run()

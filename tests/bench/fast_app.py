"""The shell around the fast page."""

from pathlib import Path

import streamlit as st

from dashboard import shell

app = st.App(Path(__file__).with_name("fast_page.py"), middleware=shell.middleware(), routes=shell.routes())

if __name__ == "__main__":
    shell.start(app)

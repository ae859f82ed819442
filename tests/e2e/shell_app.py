"""The shell around a page of its own, so that its tests need neither data nor the app's pages."""

from pathlib import Path

import streamlit as st

from dashboard import shell

app = st.App(Path(__file__).with_name("shell_page.py"), middleware=shell.middleware(), routes=shell.routes())

if __name__ == "__main__":
    shell.start(app)

"""The list of pages; nothing else."""

from pathlib import Path

import streamlit as st

from dashboard import shell

st.set_page_config(page_title="رصد", layout="wide")
views = sorted((Path(__file__).parent / "views").glob("[!_]*.py"))
st.navigation(
    [st.Page(view, title=view.stem, url_path=view.stem, default=i == 0) for i, view in enumerate(views)]
).run()
shell.settle()

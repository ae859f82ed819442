"""The list of pages; nothing else."""

import os
from pathlib import Path

import streamlit as st

from dashboard import shell, words

_PAGES = (
    ("overview", ":material/dashboard:"), ("events", ":material/timeline:"), ("pairs", ":material/grid_on:"),
    ("themes", ":material/category:"), ("articles", ":material/list:"), ("article", ":material/article:"),
    ("brief", ":material/newspaper:"), ("data", ":material/database:"),
)  # fmt: skip

shown = words.load(os.environ.get("RASD_LOCALE", words.DEFAULT_LOCALE))
st.set_page_config(page_title=shown.t("app.name"), page_icon=Path(__file__).with_name("icon.svg"), layout="wide")
pages = [
    st.Page(f"views/{name}.py", title=shown.t(f"nav.{name}"), icon=icon, url_path=name, default=name == _PAGES[0][0])
    for name, icon in _PAGES
]
st.navigation(pages).run()
shell.settle()

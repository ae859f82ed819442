"""Ours: the same figure through `plot`, in a fragment with its filter."""

import streamlit as st

from dashboard import shell, words
from dashboard.plot import plot
from tests.bench import weekly


@st.fragment
def panel() -> None:
    """The filter and its figure."""
    unit = st.segmented_control("unit", weekly.UNITS, default=weekly.UNITS[0], key="unit")
    plot(weekly.figure(unit or weekly.UNITS[0]), "chart", alt="weeks", words=words.load("ar-MA"))


st.set_page_config(layout="centered")
panel()
shell.settle()

"""The peer: what a plain Streamlit script does with the same figure; started with `streamlit run`."""

import streamlit as st

from tests.bench import weekly

unit = st.segmented_control("unit", weekly.UNITS, default=weekly.UNITS[0], key="unit")
st.plotly_chart(weekly.figure(unit or weekly.UNITS[0]), key="chart")

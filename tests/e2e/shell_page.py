"""A page with each of the shell's parts, and hostile text in all of them."""

import datetime as dt
import os
import sys

import streamlit as st

from dashboard import safe, words
from dashboard.plot import Said, listing, plot
from tests.payloads import PAYLOADS

TEXT = "استقبل المدير العام أمس الأربعاء.\n\nوتطرق اللقاء إلى كأس أمم أفريقيا 2025 و\u202eخفي\u202c وكذا World Cup."
WEEKS = [dt.date(2025, 9, 1) + dt.timedelta(days=7 * i) for i in range(8)]

st.set_page_config(layout="wide")
w = words.load(os.environ.get("RASD_LOCALE", ""))
with st.sidebar:
    twice = st.toggle("ضعف", key="twice")
    st.segmented_control("مدة", ["يوم", "أسبوع"], default="يوم", key="grain")

st.title(w.t("nav.overview"))
lanes = {
    "data": [
        {
            "type": "bar",
            "name": words.svg("كأس الأمم"),
            "x": WEEKS,
            "y": [(i * 3) % 7 * (1 + twice) + 1 for i in range(8)],
            "customdata": [f"afcon|{day}" for day in WEEKS],
        },
        {
            "type": "scatter",
            "mode": "lines",
            "name": safe.plotly("<a href='http://evil.example'>x</a>"),
            "x": WEEKS,
            "y": [2] * 8,
        },
    ],
    "layout": {
        "yaxis": {"side": "right"},
        "xaxis": {"ticktext": [w.day(d) for d in WEEKS[::3]], "tickvals": WEEKS[::3]},
    },
}
names = ["المغرب", "مصر", "المملكة المتحدة"]
matrix = {
    "type": "heatmap",
    "x": names,
    "y": names,
    "z": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "customdata": [[f"{a}|{b}" for a in names] for b in names],
}
hit = plot(lanes, "lanes", alt="قصص في الأسبوع", words=w) or plot({"data": [matrix]}, "matrix", alt="أزواج", words=w)
st.text(f"mark={hit and hit['mark']} n={hit and hit['n']} pandas={'pandas' in sys.modules}")
rows = [
    {"id": f"a{i}", "href": f"?article=a{i}", "title": safe.plain(s), "day": w.day(WEEKS[0])}
    for i, s in enumerate(PAYLOADS)
]
listing({"title": "العنوان", "day": "اليوم"}, rows, "rows", Said(alt="مواد"))
st.text(f"opened={st.query_params.get('article')}")
marks = [safe.Mark("m1", "event", 49, 69, "afcon-2025"), safe.Mark("m2", "date", 20, 40, PAYLOADS[0])]
st.html(safe.marked(TEXT, marks))
for payload in PAYLOADS:
    st.markdown(safe.markdown(payload))
    st.html(safe.text(payload) + safe.link(payload, payload) + safe.marked(payload, []))

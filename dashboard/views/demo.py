"""A try-out of the shell's parts."""
import datetime as dt
import streamlit as st
import os
from dashboard import safe, words
from dashboard.plot import plot, listing

w = words.load(os.environ.get("RASD_LOCALE", "ar-MA"))
import sys
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.title(w.t("nav.overview"))
with st.sidebar:
    st.selectbox("حدث", ["كأس الأمم الأفريقية 2025", "مونديال 2030"], key="ev")
    st.pills("محور", ["أمن", "رياضة", "هجرة"], key="th")
    st.slider("عدد", 1, 10, 3, key="sl")
    st.date_input("من", dt.date(2025, 11, 24), key="d0")
    st.segmented_control("وقت", ["يوم", "أسبوع", "شهر"], default="أسبوع", key="sc")
st.html(f'<div class="rasd-tiles"><div class="rasd-tile"><div class="rasd-tile-label">قصص</div><div class="rasd-tile-value">{w.number(1234)}</div><div class="rasd-tile-note">{w.n("n.story", 12)} {w.number(-5)}</div></div><div class="rasd-tile"><div class="rasd-tile-label">مواد</div><div class="rasd-tile-value">{w.percent(.25)}</div></div></div>')
days = [dt.date(2025, 9, 1) + dt.timedelta(days=7 * i) for i in range(12)]
k = 2 if st.session_state.get("th") else 1
fig = {"data": [{"type": "bar", "name": words.svg("كأس الأمم"), "x": days, "y": [(i * 7 * k) % 11 + 1 for i in range(12)], "customdata": [f"afcon|{d}" for d in days], "hovertemplate": words.svg("%{y} قصة") + "<extra></extra>"},
 {"type": "scatter", "mode": "lines+markers", "name": words.svg("مونديال 2030"), "x": days, "y": [(i * 5) % 13 for i in range(12)], "customdata": [f"wc|{d}" for d in days]}],
 "layout": {"yaxis": {"side": "right"}, "xaxis": {"tickvals": days[::3], "ticktext": [words.svg(w.day(d)) for d in days[::3]]}, "legend": {"orientation": "h", "x": 1, "xanchor": "right", "y": 1.15}}}
c = st.columns(2)
with c[0]:
    hit = plot(fig, "lanes", alt="قصص في الأسبوع", words=w)
z = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
names = ["المغرب", "مصر", "المملكة المتحدة"]
with c[1]:
    hit2 = plot({"data": [{"type": "heatmap", "z": z, "x": names, "y": names, "customdata": [[f"{a}-{b}" for a in names] for b in names]}], "layout": {"xaxis": {"autorange": "reversed", "side": "top"}, "yaxis": {"side": "right"}}}, "matrix", alt="أزواج", words=w)
st.text(f"hit {hit} {hit2} runs {st.session_state.runs} pandas {'pandas' in sys.modules}")
rows = [{"id": f"a{i}", "href": f"?article=a{i}", "title": t, "day": w.day(days[i]), "source": "البوابة نيوز"} for i, t in enumerate([safe.plain("الحموشي يستقبل نائب الأميرال إدوارد ألغرين \u202e abc"), "World Cup 2030 bid: المغرب", "<b>x</b> ![x](http://e)"])]
opened = listing({"title": "العنوان", "day": "اليوم", "source": "المصدر"}, rows, "list", alt="مواد")
st.text(f"opened {opened}")
T = "استقبل المدير العام للأمن الوطني أمس الأربعاء بالرباط نائب الأميرال إدوارد ألغرين.\n\nوتطرق اللقاء إلى كأس أمم أفريقيا 2025 ومونديال 2030 و\u202eخفي\u202c وكذا World Cup."
def m(i, l, s, t):
    a = T.index(s); return safe.Mark(i, l, a, a + len(s), t)
st.html(safe.marked(T, [m("1", "date", "أمس الأربعاء", "اليوم السابق للنشر"), m("2", "pair", "استقبل المدير العام للأمن الوطني أمس الأربعاء بالرباط نائب الأميرال", "المغرب – المملكة المتحدة"), m("3", "event", "كأس أمم أفريقيا 2025", "afcon-2025"), m("4", "country", "الرباط", "المغرب"), m("5", "theme", "الأمن العام"[:0] or "للأمن", "محور"), m("6","organisation","مونديال 2030","x"), m("7","person","إدوارد ألغرين","y")]))
st.html(safe.link("https://example.com/a?b=1", "المصدر"))
for p in ["http://a.example/x www.b.example m@c.example", "![x](http://e.example/p.png) <b>x</b> :red[x] $x$ 1. # :smile: :material/home:", "- a\n# b", "[x](javascript:alert(1))"]:
    st.markdown(safe.markdown(p))

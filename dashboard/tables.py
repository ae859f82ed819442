"""A plain table of outside text: rows on a wide screen, cards on a narrow one."""

from collections.abc import Iterable, Sequence

import streamlit as st

from dashboard import safe


def table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw rows under headings; every cell is shown as it is."""
    labels = [safe.plain(name) for name in names]
    head = "".join(f"<th>{safe.text(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(safe.cell(cell, label) for cell, label in zip(row, labels, strict=True)) + "</tr>" for row in rows
    )
    st.html(f"<div class='rasd-table'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>")


def facts(items: Iterable[tuple[str, str]]) -> None:
    """Draw names with their values; a value is HTML made by safe.py, an empty one is left out."""
    shown = "".join(f"<div><dt>{safe.text(name)}</dt><dd>{value}</dd></div>" for name, value in items if value)
    st.html(f"<dl class='rasd-facts'>{shown}</dl>")

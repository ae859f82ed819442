"""`rasd brief`: the arguments. What it does is imported when it is asked for: the other verbs need no Streamlit."""

import argparse
import re
from pathlib import Path

_MOST_WEEKS = 520


def add(verb: argparse.ArgumentParser) -> None:
    """Declare the arguments; called by `rasd` for the entry point `brief` of the group rasd.verbs."""
    verb.description = "The weekly briefing as a picture, paper or a file; or what became of one that was printed."
    verb.add_argument("--week", metavar="2025-W48", help="an ISO week, or: last (else the view's, else last)")
    verb.add_argument("--weeks", type=_number, default=1, metavar="N", help="that week and the N-1 before, a file each")
    verb.add_argument("--view", default="", metavar="ADDRESS", help="filters, as they stand in the app's address")
    verb.add_argument("--locale", default="", metavar="ar-MA", help="the region's months, digits and weeks")
    verb.add_argument("--format", choices=("png", "pdf", "html"), default=None, help="else by the ending of FILE")
    verb.add_argument(
        "--slides", action="store_true", help="slides of 1920x1080, short parts together, instead of A4 sheets"
    )
    verb.add_argument("--split", action="store_true", help="PNG: each sheet a file of its own")
    verb.add_argument("-o", "--out", type=Path, metavar="FILE", help="several files get a number or week in their name")
    verb.add_argument("--verify", metavar="CODE", help="do the numbers of a printed briefing still hold")
    verb.add_argument("--json", action="store_true", help="print one JSON object last")
    verb.add_argument("--store", type=Path, metavar="DIR")
    verb.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from dashboard.brief import told  # noqa: PLC0415 -- see the first line

    return told.run(options)


def _number(text: str) -> int:
    if not re.fullmatch(r"[1-9]\d{0,2}", text, re.ASCII) or int(text) > _MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"a number from 1 to {_MOST_WEEKS}, not {text!r}")
    return int(text)

"""`rasd brief` at work: which briefings are meant, their files, and what the terminal is told."""

import argparse
import contextlib
import json
import logging
import sys
from pathlib import Path
from urllib.parse import parse_qsl

from playwright.sync_api import Browser
from rich.console import Console
from rich.progress import track

from dashboard import filters, queries, words
from dashboard.brief import asked, browser, codes, making, verify, weeks
from dashboard.brief.asked import Asked
from etl import store
from etl.model import UsageError

_CHANGED = 4
_MOST_LISTED = 40
_OF_THE_PAGE = ("at", "mark", "page", "article", "beside")
"""What an address copied from the app may hold besides."""


def run(options: argparse.Namespace) -> int:
    """Make briefings, or verify one: 0 done or holds, 1 does not hold on its own snapshot, 4 holds but data changed."""
    # Streamlit, which the pages are made with, warns that no page is open.
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    folder = store.store_folder(options.store)
    if options.verify:
        return _verify(folder, options)
    if options.out is None:
        raise UsageError("no file named; say where the briefing goes: rasd brief -o FILE.png")
    form = options.format or options.out.suffix.lower().removeprefix(".")
    if form not in making.FORMATS:
        raise UsageError(f"{options.out}: {form!r} is no format; use --format png, pdf or html")
    making.writable(options.out)
    source = queries.current(folder)
    address = _address(options, folder)
    if address.get("snapshot"):
        source = queries.Source(folder, address["snapshot"])
    _write(asked.parse(address, source), source, form, options)
    return 0


def _write(first: Asked, source: queries.Source, form: str, options: argparse.Namespace) -> None:
    first_weekday = words.load(first.filters.locale).first_weekday()
    names = list(making.earlier(first, first_weekday, options.weeks))
    done = []
    with contextlib.ExitStack() as stack:
        drawn_by = stack.enter_context(browser.opened()) if form != "html" else None
        console = Console(stderr=True)
        for name in track(names, "briefings", console=console, disable=len(names) == 1 or not console.is_terminal):
            one = first if name == first.week else asked.parse(asked.of_week(first, name), source)
            done += _one(drawn_by, one, source, form, options)
    if options.json:
        sys.stdout.write(json.dumps({"briefings": done}) + "\n")


def _one(
    drawn_by: Browser | None, one: Asked, source: queries.Source, form: str, options: argparse.Namespace
) -> list[dict[str, object]]:
    made = making.made(drawn_by, one, source, form, slides=options.slides, split=options.split)
    out: Path = options.out
    if options.weeks > 1:
        out = out.with_name(f"{out.stem}-{one.week}{out.suffix}")
    paths = making.written(made.files, out)
    sys.stderr.write(f"{one.week}  {codes.grouped(made.code)}  {', '.join(str(path) for path in paths)}\n")
    return [{"week": one.week, "code": made.code, "files": [str(path) for path in paths]}]


def _address(options: argparse.Namespace, folder: Path) -> dict[str, str]:
    """What --view says (an address of the app, or what stands behind its question mark), then --week and --locale."""
    view = options.view.strip()
    query = view.partition("?")[2].partition("#")[0] if "?" in view else view
    given = dict(parse_qsl(query, keep_blank_values=True))
    address = asked.whole(given, folder)
    if address is None:
        raise UsageError(f"--view: no briefing of the code {given['code']!a} was made from {folder}")
    _refuse(address, folder)
    if options.locale and options.locale not in words.LOCALES:
        raise UsageError(f"--locale: {options.locale!r} is none of {', '.join(words.LOCALES)}")
    address |= {"locale": options.locale} if options.locale else {}
    if options.week == "last":
        # The newest week of the newest data, whatever the address was copied from.
        address = {name: value for name, value in address.items() if name not in asked.NAMES}
    elif options.week:
        if weeks.first_day(options.week, 1) is None:
            raise UsageError(f"--week: {options.week!r} is no ISO week; it is written 2025-W48, or: last")
        address["week"] = options.week
    return address


def _refuse(address: dict[str, str], folder: Path) -> None:
    """Raise UsageError for what an address says that is nothing: a file that is sent must not show something else."""
    unknown = sorted(set(address) - {*filters.NAMES, *asked.NAMES, *_OF_THE_PAGE})
    if unknown:
        raise UsageError(f"--view: {unknown[0]!a} is no filter; use the app's address, such as events=afcon-2025")
    wrong = filters.refused(address)
    if address.get("week") and weeks.first_day(address["week"], 1) is None:
        wrong.append("week")
    if wrong:
        raise UsageError(f"--view: {wrong[0]}={address[wrong[0]]!a} says nothing; copy the app's address")
    if address.get("snapshot") and address["snapshot"] not in store.snapshots(folder):
        raise UsageError(f"--view: snapshot {address['snapshot']!a} is not kept; see: rasd snapshots, or leave it out")


def _verify(folder: Path, options: argparse.Namespace) -> int:
    has_address = options.view or options.week or options.locale
    verdict = verify.check(folder, options.verify, _address(options, folder) if has_address else None)
    if options.json:
        plain = {name: getattr(verdict, name) for name in ("code", "address", "current")}
        changes = {
            name: None if found is None else [[one.name, one.then, one.now] for one in found]
            for name, found in (("then", verdict.then), ("since", verdict.since), ("around", verdict.around))
        }
        sys.stdout.write(json.dumps(plain | changes) + "\n")
    else:
        sys.stdout.write("\n".join(_lines(verdict)) + "\n")
    return 1 if verdict.then else _CHANGED if verdict.since else 0


def _lines(verdict: verify.Verdict) -> list[str]:
    address = verdict.address
    out = [f"{codes.grouped(verdict.code)}  week {address['week']}, snapshot {address['snapshot']}"]
    if verdict.then is None:
        out.append("its snapshot is no longer kept; what was printed is compared with the current one")
    elif verdict.then:
        out += [f"DOES NOT HOLD: on its own snapshot {len(verdict.then)} values differ", *_listed(verdict.then)]
    else:
        out.append("holds: every number on it is that of its snapshot")
    if verdict.words_gone:
        out.append("the analyst's words of that day are gone, and with them their choice of stories: not compared")
    if verdict.current == address["snapshot"]:
        return [*out, "that snapshot is the current one"]
    around = [f"of the whole store {len(verdict.around)} values differ", *_listed(verdict.around)]
    out += around if verdict.around else []
    if not verdict.since:
        return [*out, f"nothing that it says of its week has changed since (current snapshot {verdict.current})"]
    changed = f"changed since, current snapshot {verdict.current}: {len(verdict.since)} values"
    return [*out, changed, *_listed(verdict.since)]


def _listed(found: tuple[verify.Difference, ...]) -> list[str]:
    shown = [f"  {ascii(one.name)[1:-1]}  {_value(one.then)} -> {_value(one.now)}" for one in found[:_MOST_LISTED]]
    more = len(found) - _MOST_LISTED
    return [*shown, f"  and {more} more; all of them: --json"] if more > 0 else shown


def _value(value: object) -> str:
    return "nothing" if value is None else ascii(value)

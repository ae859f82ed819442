"""The verbs of `rasd` (also `python -m etl`): argument parsing, and what a person sees."""

import argparse
import contextlib
import datetime as dt
import importlib.metadata
import io
import json
import logging
import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from etl import mapping, store
from etl.labels import Labels, of_tables, read_labels
from etl.model import RasdError, UsageError
from etl.read.files import printable
from etl.report import Report, text
from etl.sample import sample_folder

_LOG = logging.getLogger("rasd")
_PORT = 8501
_KEPT = 10
_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run a verb: 0 done (or nothing new), 1 nothing could be done, 2 wrong usage, 3 another load is running."""
    _print_as_utf8()
    _start_log()
    try:
        options = _parser().parse_args(argv)
        return _run(options)
    except RasdError as error:
        if os.environ.get("RASD_DEBUG"):
            raise
        sys.stderr.write(f"rasd: {printable(str(error))}\n")
        return error.exit_code
    except BrokenPipeError:  # the reader of our output has seen enough (`rasd quality | head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:  # a full disk, a folder without rights
        sys.stderr.write(f"rasd: {printable(str(error))}; make room or name another place, and try again\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("rasd: stopped; the store is as it was\n")
        return _INTERRUPTED


def _run(options: argparse.Namespace) -> int:
    done: int = options.run(options)
    sys.stdout.flush()
    return done


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rasd", description="Arabic news: events, country pairs, themes over time.")
    parser.set_defaults(run=_first_start, store=None, port=_PORT, no_browser=False)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB")
    _reading(verbs.add_parser("load", help="read files and folders, annotate, publish a snapshot"), _load)
    annotate = _reading(verbs.add_parser("annotate", help="write rasd-article/1; touches no store"), _annotate)
    annotate.add_argument("-o", "--out", type=Path, required=True, metavar="OUT.jsonl")
    _exporting(verbs.add_parser("export", help="write the store's articles for another tool"))
    _measuring(verbs.add_parser("quality", help="how well an annotator reads what a person has labelled"))
    _serving(verbs.add_parser("serve", help="show the store in the browser"))
    _listing(verbs.add_parser("snapshots", help="list snapshots, go back to one, compare two, throw old ones away"))
    _erasing(verbs.add_parser("erase", help="remove an article from every file of the store, for good"))
    for point in sorted(importlib.metadata.entry_points(group="rasd.verbs"), key=lambda point: point.name):
        _bringing(verbs, point)
    return parser


def _bringing(
    verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", point: importlib.metadata.EntryPoint
) -> None:
    """Another package's verb: one that cannot be used says so when it is asked for, and hinders no other verb."""
    package = point.dist.name if point.dist else point.module
    if point.name in verbs.choices:
        _LOG.warning("the verb %s of the package %s is left out: there is one of this name", point.name, package)
        return
    try:
        add = point.load()
        # Tried on a parser of its own first: a verb cannot be taken back.
        add(tried := argparse.ArgumentParser())
        told = tried.description or (add.__doc__ or "").strip().partition("\n")[0]
    except (Exception, SystemExit) as error:  # noqa: BLE001 -- a stranger's code may raise anything
        _refusing(verbs, point.name, f"the package {package} ({point.value}) cannot be used: {error!r}")
        return
    add(verbs.add_parser(point.name, help=told.replace("%", "%%")))


def _refusing(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, why: str) -> None:
    def run(_: argparse.Namespace) -> int:
        raise UsageError(f"{name}: {why}; install it again, or remove it")

    # No word begins with NUL, so whatever was typed after the verb is taken, options too.
    verb = verbs.add_parser(name, help="cannot be used", prefix_chars="\0", add_help=False)
    verb.add_argument("words", nargs="*")
    verb.set_defaults(run=run)


def _reading(verb: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
    verb.add_argument("paths", type=Path, nargs="+", metavar="PATH")
    verb.add_argument("--format", metavar="NAME", help="the form of the files, where what they begin with misleads")
    verb.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=COLUMN[,…]",
        help="names of others' columns, or @FILE that holds them (TOML)",
    )
    verb.add_argument("--labels", type=Path, metavar="FILE", help="what an annotation tool's labels mean (TOML)")
    verb.add_argument(
        "--annotator",
        action="append",
        default=[],
        metavar="NAME",
        help="who reads every article: rules, or an installed annotator; several times for several",
    )
    verb.add_argument("--rejects", type=Path, metavar="FILE", help="write refused records here, escaped, as JSONL")
    verb.add_argument("--json", action="store_true", help="print one JSON object last; all else goes to stderr")
    if run is _load:
        verb.add_argument("--store", type=Path, metavar="DIR")
    verb.set_defaults(run=run)
    return verb


def _exporting(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    verb.add_argument("--format", default="rasd", metavar="NAME", help="rasd, labelstudio, doccano, csv or parquet")
    verb.add_argument("--from", dest="first", type=_day, metavar="DAY", help="published on that day or later")
    verb.add_argument("--to", dest="last", type=_day, metavar="DAY", help="published on that day or before")
    verb.add_argument("--everybody", action="store_true", help="the rows of annotators who are outranked, too")
    verb.add_argument("--store", type=Path, metavar="DIR")
    verb.set_defaults(run=_export)


def _measuring(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("paths", type=Path, nargs="*", metavar="PATH", help="labelled rasd-article/1; else the sample")
    verb.add_argument("--annotator", default="rules", metavar="NAME", help="rules, or an installed annotator")
    verb.add_argument("--errors", type=int, default=5, metavar="N", help="errors to show of each layer and kind")
    verb.set_defaults(run=_quality)


def _serving(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--store", type=Path, metavar="DIR")
    verb.add_argument("--port", type=_port, default=_PORT)
    verb.add_argument("--no-browser", action="store_true")
    verb.set_defaults(run=_serve)


def _listing(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("action", nargs="?", choices=("list", "use", "compare", "prune"), default="list")
    verb.add_argument("ids", nargs="*", metavar="ID")
    verb.add_argument(
        "--keep", type=_number, default=_KEPT, metavar="N", help="how many prune leaves beside the current"
    )
    verb.add_argument("--store", type=Path, metavar="DIR")
    verb.set_defaults(run=_snapshots)


def _erasing(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("ids", nargs="+", metavar="ID")
    verb.add_argument("--reason", required=True, metavar="TEXT", help="why; it is kept, the article is not")
    verb.add_argument("--store", type=Path, metavar="DIR")
    verb.set_defaults(run=_erase)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:9])):
        raise argparse.ArgumentTypeError("a number from 1")
    return int(text[:9])


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1 << 16):
        raise argparse.ArgumentTypeError("a port from 1 to 65535")
    return int(text)


def _day(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day such as 2026-10-01") from error


def _first_start(options: argparse.Namespace) -> int:
    """No verb: load the shipped sample into an empty store, then serve."""
    folder = store.store_folder(options.store)
    if store.current(folder) is None:
        from etl.pipeline import load  # noqa: PLC0415 -- serving does not wait for the annotator

        with _progress() as progress:
            load([sample_folder()], store=folder, progress=progress)
    return _serve(options)


def _serve(options: argparse.Namespace) -> int:
    from etl.serve import serve  # noqa: PLC0415 -- loading does not wait for the app

    return serve(store.store_folder(options.store), options.port, open_browser=not options.no_browser)


def _load(options: argparse.Namespace) -> int:
    from etl.pipeline import load  # noqa: PLC0415 -- as above

    folder = store.store_folder(options.store)
    mapped, labels = _mapping(options)
    with _progress() as progress:
        report = load(options.paths, store=folder, mapping=mapped, rejects_file=_written(options.rejects),
                      progress=progress, annotator=options.annotator, format_name=options.format,
                      labels=labels)  # fmt: skip
    return _tell(report, as_json=options.json)


def _annotate(options: argparse.Namespace) -> int:
    from etl.pipeline import annotate_files  # noqa: PLC0415 -- as above

    _written(options.out)
    mapped, labels = _mapping(options)
    with _progress() as progress:
        report = annotate_files(options.paths, options.out, mapped, rejects_file=_written(options.rejects),
                                progress=progress, annotator=options.annotator,
                                format_name=options.format, labels=labels)  # fmt: skip
    return _tell(report, as_json=options.json)


def _export(options: argparse.Namespace) -> int:
    from etl.write import Choice, export  # noqa: PLC0415 -- as above

    _written(options.out)
    choice = Choice(options.everybody, options.first, options.last)
    done = export(store.store_folder(options.store), options.out, options.format, choice)
    names = " and ".join(printable(str(file)) for file in done.files)
    sys.stdout.write(f"{done.articles} articles with {done.annotations} annotations in {names}\n")
    return 0


def _quality(options: argparse.Namespace) -> int:
    from etl.assess import assess, lines  # noqa: PLC0415 -- as above

    found = assess(options.paths or [sample_folder()], options.annotator)
    sys.stdout.writelines(f"{printable(line)}\n" for part in lines(found, options.errors) for line in part.split("\n"))
    return 0


def _mapping(options: argparse.Namespace) -> tuple[mapping.Mapping | None, Labels | None]:
    """What `--map` and `--labels` say; a file of `--map @FILE` may hold the table of labels, too."""
    words = mapping.pairs(",".join(word for word in options.map if not word.startswith("@")))
    labels = read_labels(options.labels) if options.labels else None
    for path in (Path(word[1:]) for word in options.map if word.startswith("@")):
        found, rest = mapping.in_file(path)
        words += found
        if rest and labels:
            raise UsageError(f"--map: {path}: expected one table of labels, in this file or in that of --labels")
        labels = of_tables(rest, f"--map: {path}") if rest else labels
    return mapping.mapped(words) if words else None, labels


def _written(path: Path | None) -> Path | None:
    """A file to be written; better refused now than after the work."""
    if path is not None and (path.is_dir() or not path.absolute().parent.is_dir()):
        raise UsageError(f"{path}: expected the name of a file in an existing folder")
    return path


def _tell(report: Report, *, as_json: bool) -> int:
    _LOG.info("load ended: %s", report.as_object())
    (sys.stderr if as_json else sys.stdout).write(text(report) + "\n")
    if as_json:
        sys.stdout.write(json.dumps(report.as_object()) + "\n")
    return report.exit_code


def _snapshots(options: argparse.Namespace) -> int:
    folder = store.store_folder(options.store)
    wanted = {"list": 0, "use": 1, "compare": 2, "prune": 0}[options.action]
    if len(options.ids) != wanted:
        raise UsageError("expected: rasd snapshots list | use ID | compare ID ID | prune --keep N")
    if options.action == "compare":
        sys.stdout.writelines(f"{line}\n" for line in store.told(store.compare(folder, *options.ids)))
        return 0
    if options.action == "prune":
        sys.stdout.writelines(f"removed {name}\n" for name in store.prune(folder, options.keep))
    if options.action == "use":
        store.verify(folder, *options.ids)
        store.use(folder, *options.ids)
    return _list(folder)


def _list(folder: Path) -> int:
    known = store.held(folder)
    try:
        current = store.current(folder)
    except RasdError as error:
        # The list is what one needs when the pointer is lost.
        sys.stderr.write(f"rasd: {error}\n")
        current = None
    for name in known:
        sys.stdout.write(f"{'*' if name == current else ' '} {name}  {_summary(folder, name)}\n")
    return 0


def _erase(options: argparse.Namespace) -> int:
    from etl.registry import load as load_registry  # noqa: PLC0415 -- serving does not wait for it

    folder = store.store_folder(options.store)
    published = store.erase(folder, dict.fromkeys(options.ids, options.reason), load_registry())
    sys.stdout.write(
        f"erased {len(options.ids)}; published {published.snapshot_id}; the snapshots that held it are gone\n"
    )
    return 0


def _summary(folder: Path, snapshot_id: str) -> str:
    try:
        said = store.manifest(folder, snapshot_id)
    except RasdError:
        return "damaged: no readable manifest"
    return f"{said['created_at']}  {said['rows'].get('article', 0)} articles  {said['size'] / 1e6:.1f} MB"


@contextlib.contextmanager
def _progress() -> Generator[Callable[[str, int, int], None] | None]:
    """A bar for each step with its rate and the time left, on a terminal only."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
               TextColumn("{task.fields[rate]}"), TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        steps: dict[str, TaskID] = {}

        def tell(what: str, done: int, whole: int) -> None:
            if what not in steps:
                steps[what] = bar.add_task(what, total=whole or 1, rate="")
            task = steps[what]
            speed = bar.tasks[task].speed
            bar.update(task, completed=done, rate=_rate(what, speed) if speed else "")

        yield tell


def _rate(what: str, speed: float) -> str:
    return f"{speed / 1e6:.1f} MB/s" if what == "reading" else f"{speed:,.0f} articles/s"


class _OneLine(logging.Formatter):
    """One line an event, whatever a file name contains."""

    def format(self, record: logging.LogRecord) -> str:
        """The usual line, control characters escaped."""
        return printable(super().format(record))


def _start_log() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(_OneLine("%(asctime)s %(levelname)s %(name)s %(message)s"))
    _LOG.handlers = [handler]
    _LOG.propagate = False
    known = logging.getLevelNamesMapping()
    _LOG.setLevel(known.get(os.environ.get("RASD_LOG", "WARNING").upper(), logging.WARNING))


def _print_as_utf8() -> None:
    """Arabic names reach every terminal, Windows' too; what it cannot show is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())

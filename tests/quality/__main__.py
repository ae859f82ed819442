"""The tables of docs/quality.md, and the command that writes them: `python -m tests.quality`."""

import hashlib
import re
import sys
from types import ModuleType

from tests.quality import labels, news, sample, set_aside

PAGE = sample.ROOT / "docs" / "quality.md"
SETS: dict[str, ModuleType] = {"sample": sample, "news": news, "set-aside": set_aside}
"""Each with its labels by `gold(name)`, what the annotator says by `said(tier)`, and the folder GOLD."""

_HEAD = "| layer | labelled | precision | recall | F1 | 95 % of F1 |\n|---|---|---|---|---|---|"


def digest(texts: ModuleType) -> str:
    """SHA-256 of the settled labels, so that a table says which labels it was made on."""
    return hashlib.sha256((texts.GOLD / "settled.jsonl").read_bytes()).hexdigest()


def agreement(texts: ModuleType) -> str:
    """Reader B against reader A, a layer a row."""
    a, b = texts.gold("reader-a"), texts.gold("reader-b")
    rows = [(name, labels.compared(a, b, name)) for name in labels.LAYERS]
    rows += [("relation of a pair of both", labels.relations(a, b)), ("dates", labels.dates(a, b))]
    lines = [f"| {name} | {sum(c[0] + c[2] for c in counts)} | {labels.f1(counts)[2]:.2f} |" for name, counts in rows]
    return "\n".join(["| layer | labelled by A | F1 between A and B |", "|---|---|---|", *lines])


def counted(texts: ModuleType) -> dict[str, list[labels.Counts]]:
    """The built-in annotator against the settled labels: right, wrong and missed of each text, by layer."""
    gold, strong, medium = texts.gold("settled"), texts.said("strong"), texts.said("strong and medium")
    return {
        "events": labels.compared(gold, strong, "events"),
        "countries": labels.compared(gold, strong, "countries"),
        "pairs, strong": labels.compared(gold, strong, "pairs"),
        "pairs, strong and medium": labels.compared(gold, medium, "pairs"),
        "joint hosts": labels.compared(gold, strong, "joint hosts"),
        "themes": labels.compared(gold, strong, "themes"),
        "dates above weak": labels.dates(gold, strong),
    }


def annotator(texts: ModuleType) -> str:
    """The table of `counted`, and how often a right pair has the right relation."""
    same = labels.relations(texts.gold("settled"), texts.said("strong and medium"))
    right, other = sum(c[0] for c in same), sum(c[1] for c in same)
    lines = [_row(name, counts) for name, counts in counted(texts).items()]
    lines.append(f"| relation of a right pair | {right + other} | {right / ((right + other) or 1):.2f} | – | – | – |")
    return "\n".join([_HEAD, *lines])


def _row(name: str, counts: list[labels.Counts]) -> str:
    precision, recall, f1 = labels.f1(counts)
    low, high = labels.interval(counts)
    labelled = sum(c[0] + c[2] for c in counts)
    return f"| {name} | {labelled} | {precision:.2f} | {recall:.2f} | {f1:.2f} | {low:.2f}–{high:.2f} |"


def written(page: str) -> str:
    """The page with its tables and digests made anew; what needs the corpus stays as it is where that is missing."""
    for name, texts in SETS.items():
        if texts is not sample and not news.CORPUS.is_dir():
            continue
        number = f"{len(texts.gold('settled'))}"
        made = {"agreement": agreement(texts), "annotator": annotator(texts), "digest": f"`{digest(texts)}`"}
        for block, told in (made | {"texts": number}).items():
            text = f"\n{told}\n" if "\n" in told else told
            place = re.compile(rf"(<!-- {name} {block} -->).*?(<!-- / -->)", re.DOTALL)
            page = place.sub(lambda found, text=text: found[1] + text + found[2], page)
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    for texts in SETS.values():
        if texts is sample or news.CORPUS.is_dir():
            sys.stdout.write(f"{agreement(texts)}\n\n{annotator(texts)}\n\n")

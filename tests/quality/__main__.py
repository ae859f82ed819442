"""The tables of docs/quality.md, and the command that writes them: `python -m tests.quality`."""

import hashlib
import re
import sys
from types import ModuleType

from etl import quality
from tests.quality import conflict, dated, news, sample, set_aside, verdicts

PAGE = sample.ROOT / "docs" / "quality.md"
SETS: dict[str, ModuleType] = {"sample": sample, "news": news, "set-aside": set_aside}
"""Each with its labels by `gold(name)`, what the annotator says by `said(tier)`, and the folder GOLD."""


def digest(texts: ModuleType) -> str:
    """SHA-256 of the settled labels, so that a table says which labels it was made on."""
    return hashlib.sha256((texts.GOLD / "settled.jsonl").read_bytes()).hexdigest()


def agreement(texts: ModuleType) -> str:
    """Reader B against reader A, a layer a row."""
    a, b = texts.gold("reader-a"), texts.gold("reader-b")
    rows = [(name, quality.compared(a, b, name)) for name in quality.LAYERS]
    rows += [("relation of a pair of both", quality.relations(a, b)), ("dates", quality.dates(a, b))]
    lines = [f"| {name} | {sum(c[0] + c[2] for c in counts)} | {quality.f1(counts)[2]:.2f} |" for name, counts in rows]
    return "\n".join(["| layer | labelled by A | F1 between A and B |", "|---|---|---|", *lines])


def counted(texts: ModuleType) -> dict[str, list[quality.Counts]]:
    """The built-in annotator against the settled labels: right, wrong and missed of each text, by layer."""
    return quality.counted(texts.gold("settled"), texts.said("strong"), texts.said("strong and medium"))


def annotator(texts: ModuleType) -> str:
    """The table of `counted`."""
    return quality.table(texts.gold("settled"), texts.said("strong"), texts.said("strong and medium"))


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
    blocks = {"verdicts": verdicts.table()}
    if news.CORPUS.is_dir():
        blocks |= {"dates": dated.table(), "conflict": conflict.table()}
    for block, told in blocks.items():
        page = re.sub(rf"(<!-- {block} -->).*?(<!-- / -->)", f"\\g<1>\n{told}\n\\g<2>", page, flags=re.DOTALL)
    return page


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
    for texts in SETS.values():
        if texts is sample or news.CORPUS.is_dir():
            sys.stdout.write(f"{agreement(texts)}\n\n{annotator(texts)}\n\n")

"""Examples for doccano's sequence labelling: headline and body as one text, our labels on it.

doccano keeps other keys of an example as its metadata and writes them out again: there stand the article's fields and,
under `rasd`, its annotations as they were. What doccano itself knows of a label is its place and its name.
"""

from collections.abc import Iterable
from typing import IO, Any

import msgspec

from etl.labels import label_of
from etl.model import Article
from etl.read.doccano import JOINT


def write(articles: Iterable[Article], file: IO[bytes]) -> None:
    """An example a line."""
    file.writelines(msgspec.json.encode(example(article)) + b"\n" for article in articles)


def example(article: Article) -> dict[str, Any]:
    """The example of an article. Each place has each label once, as doccano demands."""
    headline, body = article.headline or "", article.body or ""
    below = len(headline) + len(JOINT) if headline else 0
    text = headline + (JOINT if headline and body else "") + body
    moves = [(row, below if row.field == "body" else 0) for row in article.annotations]
    labels = dict.fromkeys((row.start + move, row.end + move, label_of(row)) for row, move in moves)
    fields = msgspec.to_builtins(article)
    rows = fields.pop("annotations")
    del fields["headline"], fields["body"]
    return {"text": text, "label": list(labels), **fields, "rasd": {"headline": len(headline), "annotations": rows}}

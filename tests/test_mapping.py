"""--map and the forms of dates: text in, mapping or date out."""

from pathlib import Path

import pytest

from etl import mapping, stated
from etl.mapping import WrongValue
from etl.model import UsageError

DATES = [
    ("2024-10-03T08:15:00+01:00", "2024-10-03T08:15:00+01:00", "rfc3339"),
    ("2024-10-03T08:15:00.5Z", "2024-10-03T08:15:00.5Z", "rfc3339"),
    ("2024-10-03t08:15:00z", "2024-10-03T08:15:00Z", "rfc3339"),
    ("Tue, 27 Feb 2018 05:48:34 +0400", "2018-02-27T05:48:34+04:00", "rfc822"),
    ("Wed, 18 Jul 2018 14:34:54 GMT", "2018-07-18T14:34:54+00:00", "rfc822"),
    ("3 Oct 2024 08:15 EST", "2024-10-03T08:15:00-05:00", "rfc822"),
    ("3 Oct 2024 08:15:00 -0000", "2024-10-03", "rfc822"),
    ("3 Oct 2024", "2024-10-03", "rfc822"),
    ("03/10/2024", "2024-10-03", "d/m/y"),
    ("3/10/2024 23:50", "2024-10-03", "d/m/y"),
    ("03/10/2024 23:50 +01:00", "2024-10-03T23:50:00+01:00", "d/m/y"),
    ("٠٣/١٠/٢٠٢٤", "2024-10-03", "d/m/y"),
    ("2024-10-03", "2024-10-03", "iso"),
    ("2024-10-03T08:15:00+0100", "2024-10-03T08:15:00+01:00", "iso"),
    ("2024-10-03 08:15", "2024-10-03", "iso"),
    ("20241003", "2024-10-03", "compact"),
    ("20241003T081500Z", "2024-10-03T08:15:00Z", "compact"),
    ("2017-01-22T185600", "2017-01-22", "compact"),
    ("  ", None, "none"),
]


@pytest.mark.parametrize(("text", "value", "form"), DATES)
def test_each_form_of_a_date(text: str, value: str | None, form: str) -> None:
    """A stated date keeps its day, and its time only with an offset."""
    assert stated.parse(text) == (value, form)


@pytest.mark.parametrize("text", [
    "31/02/2024", "2024-13-01", "20240230", "Tue, 30 Feb 2018 05:48:34 GMT", "2024-10-03T25:00:00Z", "أمس", "10/2024",
    "2024-10-03T08:15:00+25:00", "0001-01-01T00:00:00+14:00", "0000-01-01", "1" * 100_000, "2024-10-03\n2024-10-04",
])  # fmt: skip
def test_an_impossible_date_is_refused(text: str) -> None:
    """What is no date of the calendar is never guessed."""
    with pytest.raises(ValueError):  # noqa: PT011 -- its words are nobody's concern
        stated.parse(text)


def test_columns_and_constants() -> None:
    """Columns and constants stand in one list, with escapes in a column's name."""
    found = mapping.parse(r"headline=a\,b,body=x\=y,publisher:=الضفاف,published:=03/10/2024")
    assert found.columns == {"headline": "a,b", "body": "x=y"}
    assert found.constants == {"publisher": "الضفاف", "published": "2024-10-03"}


@pytest.mark.parametrize("text", ["title=x", "headline", "headline=", "body=a,body=b", "body:=x", "published:=gestern"])
def test_a_wrong_mapping_is_wrong_usage(text: str) -> None:
    """An unknown or repeated field, or a constant that is no date, names --map."""
    with pytest.raises(UsageError, match="--map"):
        mapping.parse(text)


def test_a_row_becomes_fields() -> None:
    """Values pass unchanged, empty ones are absent, a constant fills what no column maps."""
    found = mapping.parse("article_id=id,body=text,url=link,published=date,publisher:=الضفاف")
    fields, form = mapping.apply(found, {"id": "007", "text": "نص", "link": "", "date": "3/9/2024"})
    assert fields == {"article_id": "007", "body": "نص", "published": "2024-09-03", "published_basis": "metadata",
                      "publisher": "الضفاف"}  # fmt: skip
    assert form == "d/m/y"


def test_a_value_that_no_field_can_hold() -> None:
    """A list where a text belongs names the field."""
    with pytest.raises(WrongValue, match="body: wrong-type"):
        mapping.apply(mapping.parse("body=text"), {"text": ["a"]})


MAP = """
[columns]
headline = "العنوان, الأول"
body = "x=y"
[constants]
publisher = "الضفاف"
published = "03/10/2024"
"""


def test_a_file_says_what_the_command_line_says(tmp_path: Path) -> None:
    """Columns and constants of `--map @FILE` need no escapes; what else it holds is the table of labels."""
    (tmp_path / "map.toml").write_text(MAP + '[label.GPE]\nlayer = "country"\n', "utf-8")
    found, rest = mapping.in_file(tmp_path / "map.toml")
    assert mapping.mapped(found) == mapping.parse(
        r"headline=العنوان\, الأول,body=x\=y,publisher:=الضفاف,published:=03/10/2024")  # fmt: skip
    assert rest == {"label": {"GPE": {"layer": "country"}}}


@pytest.mark.parametrize("text", [
    '[columns]\ntitle = "x"\n', '[constants]\nbody = "x"\n', '[constants]\npublished = "gestern"\n',
    "[columns]\nbody = 7\n", '[columns]\nbody = ""\n', "columns = 7\n", "[columns", '[constants]\nurl = "x"\n',
])  # fmt: skip
def test_a_wrong_file_is_refused_like_the_command_line(tmp_path: Path, text: str) -> None:
    """The same fields, the same dates, and TOML of texts only."""
    (tmp_path / "map.toml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match="--map"):
        mapping.mapped(mapping.in_file(tmp_path / "map.toml")[0])


def test_a_file_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    """It is said before any work."""
    with pytest.raises(UsageError, match="cannot be read"):
        mapping.in_file(tmp_path / "none.toml")

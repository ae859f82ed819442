"""XML of strangers → its elements, strictly: no document type, and so no entity that could grow or be fetched."""

from collections.abc import Callable
from xml.parsers import expat

from etl.mapping import WrongValue

Begin = Callable[[str, dict[str, str]], None]


def parser(encoding: str, begin: Begin, end: Callable[[str], object]) -> expat.XMLParserType:
    """A parser that calls these for each element, named `namespace name`; the encoding wins over what XML declares.

    Its Parse raises expat.ExpatError for what is no XML, WrongValue `xml-dtd` where a document type begins.
    """
    made = expat.ParserCreate(encoding, " ")
    made.StartElementHandler, made.EndElementHandler = begin, end
    made.StartDoctypeDeclHandler = _doctype
    return made


def _doctype(*_said: object) -> None:
    raise WrongValue("", "xml-dtd", "XML without a document type and entities")

"""XML of strangers → its elements, strictly: nothing declares an entity, so none can grow or be fetched."""

from collections.abc import Callable
from xml.parsers import expat

from etl.mapping import WrongValue

Begin = Callable[[str, dict[str, str]], None]


def parser(
    encoding: str, begin: Begin, end: Callable[[str], object], entity: Callable[[str], object] | None = None
) -> expat.XMLParserType:
    """A parser that calls these for each element, named `namespace name`; the encoding wins over what XML declares.

    Its Parse raises expat.ExpatError for what is no XML, WrongValue `xml-dtd` where a document type begins; with
    `entity` only where that declares something itself. One that merely names its DTD, which is never fetched, stands
    then, and `entity` is called with the name of each entity in the text that only the DTD could tell.
    """
    made = expat.ParserCreate(encoding, " ")
    made.StartElementHandler, made.EndElementHandler = begin, end
    made.StartDoctypeDeclHandler = _doctype if entity is None else _inside
    if entity is not None:
        made.SkippedEntityHandler = lambda name, _is_parameter: entity(name)
    return made


def _doctype(*_said: object) -> None:
    raise WrongValue("", "xml-dtd", "XML without a document type and entities")


def _inside(_root: str, _system: str | None, _public: str | None, has_declarations: int) -> None:
    if has_declarations:
        raise WrongValue("", "xml-dtd", "XML whose document type declares nothing itself, no entities above all")

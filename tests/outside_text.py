"""The rule of how text reaches a page, over the syntax tree of everything in dashboard/ but safe.py.

What Streamlit reads as Markdown (headings, labels, captions, buttons …) is a constant, a message of the catalogue,
a localized number or date, or what `safe.markdown` returned; in st.html it is what `safe.text`, `safe.link`,
`safe.marked`, `safe.table`, `safe.facts`, `safe.message`, `safe.joined` or `safe.tag` returned (types hold the last two
to HTML of the same origin). Values put into a message obey the same rule. Names, properties
and functions are followed to what they are assigned or return, across modules; a parameter counts only where it is
annotated as a number or date.
"""

import ast
from collections.abc import Iterator

HTML_MAKERS = frozenset({"text", "link", "marked", "table", "facts", "message", "joined", "tag"})
MARKDOWN_MAKERS = frozenset({"markdown"})
SINKS = frozenset([
    "markdown", "title", "header", "subheader", "caption", "write", "info", "warning", "error", "success", "toast",
    "metric", "tabs", "expander", "popover", "radio", "checkbox", "toggle", "button", "link_button", "page_link",
    "download_button", "pills", "segmented_control", "selectbox", "multiselect", "slider", "select_slider", "html",
    "number_input", "text_input", "text_area", "date_input", "file_uploader", "spinner", "status", "dialog",
    "badge",
])  # fmt: skip
WHOLLY_SHOWN = frozenset({"write", "tabs", "metric"})
PER_OPTION = frozenset({"radio", "pills", "segmented_control"})
TEXT_KEYWORDS = frozenset({"label", "body", "help", "captions", "delta"})
FORBIDDEN = frozenset({"unsafe_allow_html", "unsafe_allow_javascript"})
NOT_PAGES = frozenset({"log", "logger", "logging", "_log", "sys", "file", "safe"})
LOCALIZED = frozenset({"number", "percent", "day", "weekday", "weekday_day", "month", "week", "span"})
NUMBERS = frozenset({"len", "int", "float", "sum", "round", "min", "max", "abs"})
NUMERIC = frozenset({"int", "float", "dt.date"})

Functions = dict[str, list[ast.FunctionDef]]


def functions(*trees: ast.Module) -> Functions:
    """Return the functions, methods and properties of modules by their name."""
    found: Functions = {}
    for node in (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        found.setdefault(node.name, []).append(node)
    return found


def breaches(source: str, others: Functions | None = None) -> Iterator[str]:
    """Yield what in a module could show text from outside without safe; `others` are the dashboard's functions."""
    tree = ast.parse(source)
    rule = _Rule(tree, others or {})
    for node in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        where = f"line {node.lineno}: {ast.unparse(node)[:90]}"
        if FORBIDDEN & {keyword.arg for keyword in node.keywords}:
            yield where
        if not isinstance(node.func, ast.Attribute) or node.func.attr not in SINKS:
            continue
        if ast.unparse(node.func).split(".")[0] in NOT_PAGES:
            continue
        makers = HTML_MAKERS if node.func.attr == "html" else MARKDOWN_MAKERS
        if not all(rule.allows(part, makers) for part in _shown(node, node.func.attr)):
            yield where


def _shown(node: ast.Call, sink: str) -> list[ast.expr]:
    """Return what a call reads as Markdown or HTML: labels, bodies, and options where it does so."""
    named = {keyword.arg: keyword.value for keyword in node.keywords}
    # st.page_link names its page first; what it shows is its label.
    first = node.args[:0] if sink == "page_link" else node.args[:1]
    shown = [*first, *(value for name, value in named.items() if name in TEXT_KEYWORDS)]
    if sink in WHOLLY_SHOWN:
        shown += node.args[1:]
    if sink in PER_OPTION:
        given = named.get("format_func")
        shown.append(_called(given) if given else named.get("options") or node.args[1])
    return shown


def _called(given: ast.expr) -> ast.expr:
    """Return what a format_func returns, as an expression; of a call, that is what the function it makes returns."""
    return given if isinstance(given, (ast.Lambda, ast.Call)) else ast.Call(func=given, args=[], keywords=[])


class _Rule:
    def __init__(self, tree: ast.Module, others: Functions) -> None:
        self.functions = others | functions(tree)
        self.values: dict[str, list[ast.expr]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._learn(target, node.value)
        given = [node for node in ast.walk(tree) if isinstance(node, ast.arg)]
        # A name that is a number here and something else there is no number.
        self.arguments = {node.arg for node in given if not _is_number(node)}
        self.numbers = {node.arg for node in given} - self.arguments

    def allows(self, node: ast.expr | None, makers: frozenset[str], seen: frozenset[str] = frozenset()) -> bool:
        """Say whether the expression may stand where only what `makers` of safe return is fit."""

        def each(*parts: ast.expr | None) -> bool:
            return all(self.allows(part, makers, seen) for part in parts)

        match node:
            case None | ast.Constant() | ast.BinOp(op=ast.Mult() | ast.Sub() | ast.Div() | ast.FloorDiv()):
                answer = True
            case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
                answer = each(*parts)
            case (
                ast.FormattedValue(value=part)
                | ast.Starred(value=part)
                | ast.Lambda(body=part)
                | ast.GeneratorExp(elt=part)
                | ast.ListComp(elt=part)
            ):
                answer = each(part)
            case ast.BinOp(left=left, right=right) | ast.IfExp(body=left, orelse=right):
                answer = each(left, right)
            case ast.Name(id=name):
                answer = self._named(name, makers, seen)
            case ast.Attribute(attr=name):
                answer = self._returns(name, makers, seen)
            case ast.Call():
                answer = self._call(node, makers, seen)
            case _:
                answer = False
        return answer

    def _learn(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.values.setdefault(target.id, []).append(value)
        elif isinstance(target, ast.Tuple):
            values = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
            for part, given in zip(target.elts, values, strict=False):
                self._learn(part, given)

    def _named(self, name: str, makers: frozenset[str], seen: frozenset[str]) -> bool:
        if name in self.numbers and name not in self.values:
            return True
        known = [] if name in seen | self.arguments else self.values.get(name, [])
        return bool(known) and all(self.allows(value, makers, seen | {name}) for value in known)

    def _call(self, node: ast.Call, makers: frozenset[str], seen: frozenset[str]) -> bool:
        match node.func:
            case ast.Attribute(value=ast.Name(id="safe"), attr=name):
                return name in makers
            case ast.Attribute(attr="t" | "n"):
                return all(self.allows(keyword.value, makers, seen) for keyword in node.keywords)
            case ast.Attribute(value=ast.Constant(), attr="join"):
                return all(self.allows(part, makers, seen) for part in node.args)
            case ast.Attribute(attr=name) | ast.Name(id=name):
                return name in LOCALIZED | NUMBERS or self._returns(name, makers, seen)
        return False

    def _returns(self, name: str, makers: frozenset[str], seen: frozenset[str]) -> bool:
        """Say whether everything of this name in the dashboard returns only what is allowed."""
        inside = [part for one in self.functions.get(name, []) for part in ast.walk(one)]
        values = [part.value for part in inside if isinstance(part, ast.Return)]
        return bool(values) and name not in seen and all(self.allows(value, makers, seen | {name}) for value in values)


def _is_number(argument: ast.arg) -> bool:
    return argument.annotation is not None and ast.unparse(argument.annotation) in NUMERIC

"""The texts that help(), notebooks and editors show, put together when they are read.

The package has the public headers that its bindings were generated from. The comments in them are found by
the file and line of each declaration. If the headers are absent, as in a checkout, or of another release,
the text has a link to the declaration instead.
"""

from __future__ import annotations

import functools
import os
import re

from . import _binary, _table
from ._generated import RELEASE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from inspect import Signature
    from typing import Any

HEADERS = "include"
"""The folder of the headers, next to the package's libraries; in it they have their names in the tree."""

_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.DOTALL)
# What begins or ends a line of a comment, besides its text.
_MARKS = re.compile(r"^\s*(?:/\*+!?<?|//[/!]*<?|\*(?!/))\s?|\s*\*+/$")


def url(place: str) -> str:
    """Return the address of a place like include/llama.h:62 in the release's tree."""
    file, _, line = place.rpartition(":")
    return f"https://github.com/ggml-org/llama.cpp/blob/{RELEASE}/{file}#L{line}"


# -- functions --------------------------------------------------------------------------------


def function(name: str, library: str) -> str:
    """Return the docstring of the function `name`, which is in `library`."""
    row = _table.row(name)
    declaration = _Declaration(row.place, name)
    parts = [
        row.declaration,
        _lines(declaration.comments()),
        _origin(row.place, declaration, f", in {library}"),
        _arguments(row.parameters),
        _aliases(row.declaration),
        "" if row.deprecated is None else f"Deprecated: {row.deprecated}",
    ]
    return "\n\n".join(filter(None, parts))


def signature(name: str, argtypes: Sequence[Any], restype: Any) -> Signature:
    """Return the signature of the function `name`; its annotations are the ctypes classes."""
    from inspect import Parameter, Signature

    names = _table.row(name).parameters
    parameters: list[Any] = [
        Parameter(parameter, Parameter.POSITIONAL_ONLY, annotation=type_)
        for parameter, type_ in zip(names, argtypes, strict=False)
    ]
    if names[-1:] == ["..."]:
        parameters.append(Parameter("arguments", Parameter.VAR_POSITIONAL))
    return Signature(parameters, return_annotation=restype)


def _arguments(names: Iterable[str]) -> str:
    """Number the arguments as ctypes does in errors."""
    texts = ", ".join(f"{number} {name}" for number, name in enumerate(names, 1))
    return texts and f"arguments: {texts}"


# -- types ------------------------------------------------------------------------------------


@functools.cache  # help() of the module reads each one ten times
def type_(cls: Any, text: str | None) -> str | None:
    """Return the docstring of a generated class; `text` is the one that its module gives it."""
    name = cls.__name__
    match = re.fullmatch(r"`?(.+?)`? \((.+)\)", text or "")
    if match:
        spelling, place = match.groups()
    elif hasattr(cls, "__members__"):
        spelling, place = _enum(name)
    else:
        spelling, place = _callback(name)
    if not place:
        return text
    fields = _fields(name)
    if spelling.startswith("a "):  # a nested record without a name
        word = fields[0][0]
    else:
        word = name if "(" in spelling else re.findall(r"\w+", spelling)[-1]
    declaration = _Declaration(place, word)
    values = getattr(cls, "__members__", {}).items()
    parts = [
        spelling,
        _lines(declaration.comments()),
        _origin(place, declaration),
        _members("fields", fields, declaration),
        _members("values", [(member, f" = {int(value)}") for member, value in values], declaration),
        _aliases(spelling),
    ]
    return "\n\n".join(filter(None, parts))


def _callback(name: str) -> tuple[str, str]:
    """Return the declaration and place of a callback type; empty texts if the release has none."""
    match = re.search(rf"(?m)^# (.+) \((\S+)\)\n{name} = ", _source("types"))
    return (match[1], match[2]) if match else ("", "")


def _enum(name: str) -> tuple[str, str]:
    tag = name.removeprefix("enum_")
    match = re.search(rf"(?m)^# ((?:enum )?{tag}) \((\S+)\)$", _source("constants"))
    return (match[1], match[2]) if match else ("", "")


def _fields(name: str) -> list[tuple[str, str]]:
    """Return the fields of a record and their types as types.py spells them, with C's names of types."""
    block = re.search(rf"(?m)^{name}\._fields_ = \(\n((?:    .*\n)*)\)", _source("types"))
    rows = re.findall(r'\("(\w+)", (.+)\),\n', block[1]) if block else []
    return [(field, ": " + re.sub(r"\bP\(", "POINTER(", spelling)) for field, spelling in rows]


def _members(title: str, members: Sequence[tuple[str, str]], declaration: _Declaration) -> str:
    if not members:
        return ""
    lines = [f"{title}:"]
    for name, rest in members:
        lines.append(f"    {name}{rest}")
        lines += [f"        {line}".rstrip() for line in declaration.member_comments(name)]
    return "\n".join(lines)


def _aliases(text: str) -> str:
    """Explain the names of scalar types in a declaration: ctypes' classes cannot have docstrings of ours."""
    scalars = _scalars()
    return "\n".join(
        f"{word}: {scalars[word]}" for word in dict.fromkeys(re.findall(r"\w+", text)) if word in scalars
    )


@functools.cache
def _scalars() -> dict[str, str]:
    """Return C's type for each name of a scalar type."""
    rows = re.findall(r"(?m)^# \S+\n(\w+) = (c_\w+)$", _source("types"))
    return {
        name: "void *" if spelling == "c_void_p" else re.sub(r"^c_(u?int\d+)$", r"\1_t", spelling)
        for name, spelling in rows
    }


@functools.cache
def _source(module: str) -> str:
    """Return the text of a generated module: its comments have the places of types."""
    from importlib.util import find_spec

    spec = find_spec(f"{__package__}._generated.{module}")
    source = spec and spec.loader and spec.loader.get_source(spec.name)  # type: ignore[attr-defined]
    return source or ""


# -- headers ----------------------------------------------------------------------------------


def _origin(place: str, declaration: _Declaration, more: str = "") -> str:
    link = "" if declaration or place.startswith("<") else f"\n{url(place)}"
    return f"{place} of llama.cpp {RELEASE}{more}{link}"


@functools.cache
def _header(file: str) -> list[tuple[str, str | None]]:
    """Return the code and the comment of each line of a header; empty if the package lacks it.

    The comment is None if the line has none.
    """
    folder = _binary.package_libraries()
    if not folder:
        return []
    try:
        with open(os.path.join(folder, HEADERS, file), encoding="utf-8") as stream:
            text = stream.read()
    except (OSError, ValueError):
        return []
    code, comments, end = [""], [None], 0  # type: list[str], list[str | None], int

    def add(text: str, comment: bool) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                code.append("")
                comments.append(None)
            if comment:
                comments[-1] = f"{comments[-1] or ''}{_MARKS.sub('', line).rstrip()}"
            else:
                code[-1] += line

    for match in _COMMENT_OR_STRING.finditer(text):
        add(text[end : match.start()], False)
        add(match[0], not match[0].startswith('"'))
        end = match.end()
    add(text[end:], False)
    return list(zip(code, comments, strict=True))


class _Declaration:
    """A declaration in the package's headers; false if `name` is not declared at `place`."""

    def __init__(self, place: str, name: str) -> None:
        file, _, line = place.rpartition(":")
        self._lines = _header(file) if line.isdigit() else []
        self._start = int(line) - 1 if line.isdigit() else 0
        self._end = self._find_end()
        code = "\n".join(code for code, _ in self._lines[self._start : self._end])
        # The name proves that the header is of the bindings' release.
        self._found = bool(re.search(rf"\b{re.escape(name)}\b", code))

    def __bool__(self) -> bool:
        return self._found

    def _find_end(self) -> int:
        """Return the number of the line after the declaration's last one, which has its semicolon."""
        depth = 0
        for number in range(self._start, len(self._lines)):
            for mark in re.findall(r"[(){};]", self._lines[number][0]):
                depth += (mark in "({") - (mark in ")}")
                if depth < 0 or (mark == ";" and depth == 0):
                    return number + 1
        return len(self._lines)

    def comments(self) -> Iterator[str]:
        """Yield the lines of the comment above, then the comments at the ends of the lines.

        Those in a list of parameters begin with the parameter's name. Those of a record's or enum's members
        are left out.
        """
        if not self:
            return
        first = self._start
        # Macros and the type of the result may be on lines above that of the name.
        while first and (code := self._lines[first - 1][0].strip()) and not re.search(r"[;{}]$|^#", code):
            first -= 1
        yield from self._above(first)
        lines = self._lines[first : self._end]
        if len(lines) > 1 and any("{" in code for code, _ in lines):
            lines = lines[:1]
        for code, comment in lines:
            if comment and code.strip():
                parameter = len(lines) > 1 and re.search(r"(\w+)(?:\[\w*\])?\s*(?:,|\)\s*;)\s*$", code)
                yield f"{parameter[1]}: {comment}" if parameter else comment

    def member_comments(self, name: str) -> Iterator[str]:
        """Yield the lines of the comments above and behind the member `name` of a record or enum."""
        if not self:
            return
        pattern = re.compile(rf"\b{re.escape(name)}\b|\b{re.escape(name.rstrip('_'))}\s*[;,)[:=]")
        for number in range(self._start, self._end):
            code, comment = self._lines[number]
            if pattern.search(code):
                if number > self._start:
                    yield from self._above(number)
                if comment:
                    yield comment
                return

    def _above(self, line: int) -> list[str]:
        """Return the lines of the comment that ends on the line above `line`."""
        first = line
        while first and not self._lines[first - 1][0].strip() and self._lines[first - 1][1] is not None:
            first -= 1
        comments = [comment or "" for _, comment in self._lines[first:line]]
        while comments and not comments[0].strip():
            del comments[0]
        while comments and not comments[-1].strip():
            del comments[-1]
        return comments


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)

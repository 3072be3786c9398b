"""Judge a change that another job made, before it is pushed: its files, its values, and the ABI.

That job ran upstream's code, so nothing it wrote is believed. Nothing of the change is run either: the
generated modules are read as syntax trees, and may hold nothing but the declarations that `emit` writes.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from build_scripts.bindings.emit import FILES
from build_scripts.bindings.generate import GENERATED, PACKAGE
from build_scripts.errors import UsageError
from build_scripts.pin import EXECUTABLES, RELEASES, ROOT, VARIANTS, read_pin
from build_scripts.process import run
from build_scripts.versions import version_key

from . import bump

_MODULES = Path(PACKAGE) / GENERATED
_VARIANTS, _RELEASES, _EXECUTABLES = (
    path.relative_to(ROOT).as_posix() for path in (VARIANTS, RELEASES, EXECUTABLES)
)
UPDATE_PATHS = frozenset(
    {_VARIANTS, _RELEASES, _EXECUTABLES, "README.md", "CHANGELOG.md"}
    | {(_MODULES / name).as_posix() for name in FILES}
)
"""The files that `bump` writes."""
LOCK, REQUIREMENTS, REQUIREMENTS_LOCK = (
    "pixi.lock",
    "build_scripts/requirements.txt",
    "build_scripts/requirements.lock",
)
LOCK_PATHS = frozenset({LOCK, REQUIREMENTS, REQUIREMENTS_LOCK})
"""The files that `lock` writes."""

_FILE_MODE = "100644"


def paths(after: Path, allowed: Collection[str]) -> None:
    """Raise UsageError unless the change that is staged in `after` writes only plain files of `allowed`."""
    fields = run(["git", "diff", "--cached", "--raw", "--no-renames", "-z", "HEAD"], cwd=after).split("\0")
    for facts, path in zip(fields[0::2], fields[1::2], strict=False):
        mode = facts.split()[1]
        if path not in allowed or mode != _FILE_MODE:
            raise UsageError(f"the change is refused: it writes {path!r} with mode {mode}")


def pins(before: Path, after: Path) -> tuple[str, str]:
    """Return the old and the new tag; UsageError if a bump to the new pin would write other values.

    `before` and `after` are checkouts without and with the change.
    """
    old_pin, pin = read_pin(before / _VARIANTS), read_pin(after / _VARIANTS)
    old_tag, tag = old_pin.release.tag, pin.release.tag
    number = re.escape(tag[1:])
    values = {
        "version": (pin.version, number if tag[0] == "v" else rf"\d+\.\d+(\.\d+)?\.{number}"),
        "git_tree": (pin.release.git_tree or "", r"[0-9a-f]{40}"),
        "sha256": (pin.release.archive_sha256 or "", r"([0-9a-f]{64})?"),
        "headers_sha256": (pin.headers_sha256, r"[0-9a-f]{64}"),
    }
    for name, (value, pattern) in values.items():
        if not re.fullmatch(pattern, value):
            raise UsageError(f"the change is refused: its {name} is {value!r}")
    if version_key(pin.version) <= version_key(old_pin.version):
        raise UsageError(f"the change is refused: {tag} is not newer than the pinned {old_tag}")
    expected = {
        _VARIANTS: bump.variants(_text(before, _VARIANTS), pin),
        _RELEASES: bump.release_table(_text(before, _RELEASES), old_pin, tag),
        "README.md": bump.readme(_text(before, "README.md"), old_tag, tag),
    }
    wrong = [path for path, text in expected.items() if _text(after, path) != text]
    if _outside_unreleased(before) != _outside_unreleased(after):
        wrong.append("CHANGELOG.md")
    if wrong:
        raise UsageError(f"the change is refused: `bump {tag}` writes {', '.join(wrong)} differently")
    return old_tag, tag


def breaks(before: Path, after: Path) -> list[str]:
    """Return the names in the generated modules whose change breaks the ABI.

    It is stricter than `diff`, which reads the headers: another spelling of the same type counts as well.
    UsageError if a module holds anything but declarations.
    """
    old, new = _Interface.read(before), _Interface.read(after)
    return sorted(
        {name for name, prototype in old.functions.items() if new.functions.get(name) != prototype}
        | {name for name, text in old.types.items() if new.types.get(name, text) != text}
        | {name for name, fields in old.fields.items() if _moved(fields, new.fields.get(name, fields))}
        | (new.fields.keys() & old.types.keys() - old.fields.keys())
        | {name for name, value in old.values.items() if new.values.get(name, value) != value}
    )


def _text(checkout: Path, path: str) -> str:
    try:
        return (checkout / path).read_bytes().decode("utf-8")
    except ValueError as error:
        raise UsageError(f"the change is refused: {path} is not UTF-8") from error


def _outside_unreleased(checkout: Path) -> tuple[str, str]:
    before, _, rest = _text(checkout, "CHANGELOG.md").partition("\n## Unreleased\n")
    return before, rest.partition("\n## ")[2]


_Fields = tuple[tuple[str, str], ...]


def _moved(old: _Fields, new: _Fields) -> bool:
    """Whether a field was added, removed, moved or changed its type; a new name alone is none of these."""
    if [type_ for _, type_ in old] != [type_ for _, type_ in new]:
        return True
    places = {name: place for place, (name, _) in enumerate(new)}
    return any(places.get(name, place) != place for place, (name, _) in enumerate(old))


# -- the generated modules, as text -----------------------------------------------------------------


@dataclass
class _Interface:
    """The declarations of the generated modules by name, each as Python text without documentation."""

    functions: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    fields: dict[str, _Fields] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, checkout: Path) -> _Interface:
        interface = cls()
        readers = {
            "__init__.py": interface._value,
            "constants.py": interface._constant,
            "functions.py": interface._table,
            "types.py": interface._type,
        }
        # The stub is never run.
        assert set(readers) == {name for name in FILES if name.endswith(".py")}
        for name, reader in readers.items():
            path = (_MODULES / name).as_posix()
            try:
                for statement in ast.parse(_text(checkout, path)).body:
                    if not _is_text(statement):
                        reader(statement)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                raise UsageError(
                    f"the change is refused: {path} holds more than declarations ({error})"
                ) from error
        return interface

    def _value(self, statement: ast.stmt) -> None:
        if not _is_value(statement):
            raise _refused(statement)

    def _constant(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign([ast.Name("ENUMS")], ast.Dict(keys, values)):
                if not all(isinstance(part, ast.Constant) for part in (*keys, *values)):
                    raise _refused(statement)
            case ast.Assign([ast.Name(name)], value) if _is_value(statement):
                self.values[name] = ast.unparse(value)
            case _:
                raise _refused(statement)

    def _table(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Assign([ast.Name("TABLE")], ast.Constant(str(table))):
                for line in table.strip("\n").split("\n"):
                    name, prototype, parameters, *_ = line.split("\t")
                    if not name.isidentifier():
                        raise ValueError(name)
                    _expression(ast.parse(f"({prototype},)", mode="eval").body)
                    self.functions[name] = f"{prototype} {parameters.endswith('...')}"
            case _:
                raise _refused(statement)

    def _type(self, statement: ast.stmt) -> None:
        match statement:
            case ast.ImportFrom() if re.fullmatch(_IMPORTS, ast.unparse(statement)):
                pass
            case ast.ClassDef(name, [ast.Name(base)], [], body, []) if (
                base in _BASES and name not in _RESERVED
            ):
                lines = [ast.unparse(line) for line in body if not _is_text(line)]
                if not all(re.fullmatch(_CLASS_LINE, line) for line in lines):
                    raise _refused(statement)
                self.types[name] = f"{base} {lines}"
            case ast.Assign([ast.Attribute(ast.Name(name), "_fields_")], ast.Tuple(rows)):
                self.fields[name] = tuple(map(_field, rows))
            case ast.Assign([ast.Attribute(ast.Name(name), "_anonymous_")], value):
                self.types[f"{name}._anonymous_"] = _expression(value)
            case ast.Assign([ast.Name(name)], value) if (
                name not in _RESERVED or ast.unparse(statement) == "P = POINTER"
            ):
                self.types[name] = _expression(value)
            case _:
                raise _refused(statement)


_CALLS = frozenset({"P", "POINTER", "callback"})
_BASES = frozenset({"Handle", "Interface", "Structure", "Union"})
# Names that types.py imports: if a declaration could take their place, a call could be of anything.
_RESERVED = _CALLS | _BASES
_IMPORTS = (
    r"from ctypes import (POINTER|c_\w+)(, (POINTER|c_\w+))*"
    r"|from \.\._callback import callback|from \.\._record import Handle, Interface, Structure, Union"
)
_CLASS_LINE = r"__slots__ = \(\)|_layout_ = 'ms'|_pack_ = \d+"


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_value(statement: ast.stmt) -> bool:
    """Whether `statement` gives a name a number or a text."""
    match statement:
        case ast.Assign([ast.Name()], ast.Constant() | ast.UnaryOp(ast.USub(), ast.Constant())):
            return True
        case ast.Assign([ast.Name()], value):
            return ast.unparse(value) in ("float('inf')", "float('-inf')", "float('nan')")
    return False


def _field(row: ast.expr) -> tuple[str, str]:
    match row:
        case ast.Tuple([ast.Constant(str(name)), type_]):
            return name, _expression(type_)
    raise _refused(row)


def _expression(value: ast.expr) -> str:
    """Return the text of a ctypes type; only POINTER and callback are called in it."""
    for node in ast.walk(value):
        match node:
            case ast.Call(ast.Name(name), _, []) if name in _CALLS:
                pass
            case (
                ast.Name() | ast.Constant() | ast.Tuple() | ast.BinOp(op=ast.Mult()) | ast.Mult() | ast.Load()
            ):
                pass
            case _:
                raise _refused(value)
    return ast.unparse(value)


def _refused(node: ast.AST) -> ValueError:
    return ValueError(ast.unparse(node)[:100])

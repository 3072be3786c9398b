"""The flat namespace of the bindings, and the name of each tag in it.

C has a separate namespace for tags. Unlike C++, it also puts the tags that a record declares into the
namespace around the record. Python has one namespace: if anything else has a tag's name, the tag gets
another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clang.cindex import Cursor, CursorKind

from .layout import UnsupportedError
from .spelling import is_nameless

RECORDS = (CursorKind.STRUCT_DECL, CursorKind.UNION_DECL)
_TAGS = (*RECORDS, CursorKind.ENUM_DECL)


def declarations(cursors: Iterable[Cursor]) -> Iterator[Cursor]:
    """All `cursors`, and before each record the tags that it declares."""
    for cursor in cursors:
        if cursor.kind in RECORDS:
            yield from declarations(child for child in cursor.get_children() if child.kind in _TAGS)
        yield cursor


class Names:
    """Chooses a unique name for every tag."""

    def __init__(self, declared: Iterable[Cursor], constants: Iterable[str]) -> None:
        """Reserve the names of everything `declared`, and those of `constants`."""
        # Names of enumerators and functions; a macro of the same name (`#define NAME NAME`) adds nothing.
        self.defined: set[str] = set()
        # Names of other declarations. A typedef maps to the USR of its tag, because both may share one name.
        self._ordinary = dict.fromkeys(constants, "")
        self._tags: set[str] = set()
        self._names: dict[str, str] = {}
        for cursor in declared:
            kind, name = cursor.kind, cursor.spelling
            if kind in _TAGS:
                self._tags.add(name)
                if kind == CursorKind.ENUM_DECL:
                    self.defined.update(child.spelling for child in cursor.get_children())
            elif kind == CursorKind.TYPEDEF_DECL:
                target = cursor.underlying_typedef_type.get_canonical().get_declaration()
                self._ordinary[name] = target.get_usr()
            else:
                self._ordinary[name] = ""
                if kind == CursorKind.FUNCTION_DECL:
                    self.defined.add(name)
        self._ordinary |= dict.fromkeys(self.defined, "")

    def name_of(self, cursor: Cursor) -> str | None:
        """The name of a tag, None if `tag` or `inner` has not chosen it yet."""
        return self._names.get(_key(cursor))

    def tag(self, cursor: Cursor, prefix: str) -> str:
        """The name of a tag: that in C, or `PREFIX_NAME` if something else has that name."""
        key = _key(cursor)
        if key not in self._names:
            if is_nameless(cursor):
                raise UnsupportedError("a nameless type outside a record")
            name = cursor.spelling
            # A module does not give access to names with a leading underscore.
            is_reserved = self._ordinary.get(name, key) != key or name.startswith("_")
            self._names[key] = self._free(f"{prefix}_{name}") if is_reserved else name
        return self._names[key]

    def inner(self, cursor: Cursor, name: str) -> None:
        """Name a nameless record inside another one `name`, with underscores added until it is unique."""
        key = _key(cursor)
        if key not in self._names:
            self._names[key] = self._free(name)

    def _free(self, name: str) -> str:
        while name in self._tags or name in self._ordinary or name in self._names.values():
            name += "_"
        return name


def _key(tag: Cursor) -> str:
    # Nameless structs of one record share their USR, but each has only one declaration, hence one hash.
    return f"{tag.get_usr()} {tag.hash}" if is_nameless(tag) else str(tag.get_usr())

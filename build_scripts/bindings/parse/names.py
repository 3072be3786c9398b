"""The flat namespace: which name each tag has in it.

C keeps tags apart from all other names and, unlike C++, puts those declared inside a record beside
the record's own. Python has one namespace, where a tag gives way to whatever else has its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clang.cindex import Cursor, CursorKind

from .layout import UnsupportedError
from .spelling import is_nameless

RECORDS = (CursorKind.STRUCT_DECL, CursorKind.UNION_DECL)
_TAGS = (*RECORDS, CursorKind.ENUM_DECL)


def declarations(cursors: Iterable[Cursor]) -> Iterator[Cursor]:
    """`cursors`, and the tags declared inside their records, before the record itself."""
    for cursor in cursors:
        if cursor.kind in RECORDS:
            yield from declarations(child for child in cursor.get_children() if child.kind in _TAGS)
        yield cursor


class Names:
    """Gives every tag one name that nothing else has."""

    def __init__(self, declared: Iterable[Cursor], constants: Iterable[str]) -> None:
        """Learn the names that are taken by what is `declared`, and by `constants`."""
        # The names whose value is known without any macro of that name (`#define NAME NAME`).
        self.defined: set[str] = set()
        # What else is called so; for a typedef of a tag that tag's USR, for they may share the name.
        self._ordinary = dict.fromkeys(constants, "")
        self._tags: set[str] = set()
        self._given: dict[str, str] = {}
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

    def given(self, cursor: Cursor) -> str | None:
        """The name that a tag has been given."""
        return self._given.get(_key(cursor))

    def tag(self, cursor: Cursor, prefix: str) -> str:
        """The name of a tag: its own, or `PREFIX_NAME` where something else has that."""
        key = _key(cursor)
        if key not in self._given:
            if is_nameless(cursor):
                raise UnsupportedError("a nameless type outside a record")
            name = cursor.spelling
            taken = self._ordinary.get(name, key) != key
            self._given[key] = self._free(f"{prefix}_{name}") if taken else name
        return self._given[key]

    def inner(self, cursor: Cursor, name: str) -> None:
        """Call a nameless record inside another `name`, or something like it."""
        key = _key(cursor)
        if key not in self._given:
            self._given[key] = self._free(name)

    def _free(self, name: str) -> str:
        while name in self._tags or name in self._ordinary or name in self._given.values():
            name += "_"
        return name


def _key(tag: Cursor) -> str:
    # Two nameless structs of one record have the same USR, but each is declared only once.
    return f"{tag.get_usr()} {tag.hash}" if is_nameless(tag) else str(tag.get_usr())

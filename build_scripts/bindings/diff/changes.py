"""The result of comparing two releases: frozen dataclasses, independent of any output format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One difference within a declaration."""

    part: str
    """The part: `result`, `parameter 2 n`, `field n`, `enumerator X`, `size`, ...; empty for all of it."""
    change: str
    """`added`, `removed`, `changed`, `moved`, `renamed`, `opaque`, `complete`, `deprecated`, `undeprecated`
    or `refused`: ctypes cannot express the new form, so the bindings lack it."""
    old: str = ""
    """C, a number or a text, depending on the part; empty if there is none."""
    new: str = ""
    breaks_abi: bool = False
    breaks_source: bool = False


@dataclass(frozen=True)
class Change:
    """A declaration that differs, with all its differences."""

    kind: str
    """`function`, `struct`, `union`, `enum`, `callback`, `typedef` or `constant`."""
    name: str
    """The name in C, without `struct`, `union` or `enum`."""
    header: str
    """The file name of the header that has the declaration, or had it."""
    facts: tuple[Fact, ...]

    @property
    def breaks_abi(self) -> bool:
        """Whether any of its facts breaks the ABI."""
        return any(fact.breaks_abi for fact in self.facts)

    @property
    def breaks_source(self) -> bool:
        """Whether any of its facts breaks source code."""
        return any(fact.breaks_source for fact in self.facts)

    def whole(self) -> str:
        """The change of the whole declaration: `added`, `removed`, ...; empty if only parts differ."""
        return next((fact.change for fact in self.facts if not fact.part), "")


@dataclass(frozen=True)
class Diff:
    """All differences between two releases, sorted by kind and name."""

    changes: tuple[Change, ...]
    headers_added: tuple[str, ...]
    """File names without folders, because a header that moved is still the same header."""
    headers_removed: tuple[str, ...]

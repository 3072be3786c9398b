"""What a comparison of two releases gives: frozen dataclasses, free of any output format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """One difference within a declaration."""

    part: str
    """What of it: `result`, `parameter 2 n`, `field n`, `enumerator X`, `size`, ...; empty for all of it."""
    change: str
    """`added`, `removed`, `changed`, `moved`, `renamed`, `opaque`, `complete`, `deprecated`, `undeprecated`
    or `refused`: ctypes cannot express the new form, so the bindings lack it."""
    old: str = ""
    """C, a number or a text, as fits the part; empty where there is none."""
    new: str = ""
    breaks_abi: bool = False
    breaks_source: bool = False


@dataclass(frozen=True)
class Change:
    """A declaration that differs, with all that does."""

    kind: str
    """`function`, `struct`, `union`, `enum`, `callback`, `typedef` or `constant`."""
    name: str
    """As C knows it, without `struct` and the like."""
    header: str
    """File name of the header it stands, or stood, in."""
    facts: tuple[Fact, ...]

    @property
    def breaks_abi(self) -> bool:
        """Whether any of its facts does."""
        return any(fact.breaks_abi for fact in self.facts)

    @property
    def breaks_source(self) -> bool:
        """Whether any of its facts does."""
        return any(fact.breaks_source for fact in self.facts)

    def whole(self) -> str:
        """What happened to all of it: `added`, `removed`, ...; empty where only parts differ."""
        return next((fact.change for fact in self.facts if not fact.part), "")


@dataclass(frozen=True)
class Diff:
    """All differences, sorted by kind and name."""

    changes: tuple[Change, ...]
    headers_added: tuple[str, ...]
    """File names, without folders: a header that moved is the same header."""
    headers_removed: tuple[str, ...]

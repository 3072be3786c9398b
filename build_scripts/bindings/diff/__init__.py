"""The differences between two releases: which of them break source code, and which break the ABI.

A difference breaks the ABI if a program that was compiled against the old release can fail with the new
libraries; `bindings.abi` and `types.Names.abi` define which types are the same to it. A removed function
breaks the ABI, an added one does not. `abi_digest` follows the same rules but compares for equality, so there
an addition counts as well: a caller compiled against the new release fails with the old libraries.

A difference breaks source code if a program that was written for the old release has to be changed. Each
difference is listed once, with its declaration: a function is not listed because the layout of a record that
it takes has changed. Places, spelling and parameter names make no difference.

changes  the dataclasses
types    spelling, class and width of types; prototypes
report   a comparison as text, Markdown and JSON
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from build_scripts.bindings.ir import (
    Callback,
    Constant,
    Enum,
    Field,
    Function,
    Handle,
    Model,
    Record,
    Typedef,
)

from .changes import Change, Diff, Fact
from .report import summary, to_json, to_markdown, to_text
from .types import Comparison, Names, TypeDeclaration

__all__ = ["Change", "Diff", "Fact", "compare", "summary", "to_json", "to_markdown", "to_text"]

_RANK = ("function", "struct", "union", "enum", "callback", "typedef", "constant")
_Declaration = TypeDeclaration | Function | Constant
_Values = Mapping[str, int | float | str]


def compare(old: Model, new: Model) -> Diff:
    """The differences between the public headers of the `old` and the `new` release."""
    changes = sorted(_Differ(old, new).changes(), key=lambda change: (_RANK.index(change.kind), change.name))
    before, after = _headers(old), _headers(new)
    return Diff(tuple(changes), tuple(sorted(after - before)), tuple(sorted(before - after)))


def _headers(model: Model) -> set[str]:
    groups = (model.functions, model.records, model.handles, model.enums, model.callbacks, model.typedefs)
    declarations = [declaration for group in (*groups, model.constants) for declaration in group]
    return {_file(declaration) for declaration in declarations if declaration.location.line}


def _file(declaration: _Declaration) -> str:
    return declaration.location.file.rpartition("/")[2]


class _Differ:
    def __init__(self, old: Model, new: Model) -> None:
        self.models = old, new
        self.old, self.new = Names(old), Names(new)
        self.types = Comparison(self.old, self.new)
        self.unsupported = {declaration.name: declaration.reason for declaration in new.unsupported}
        self.values: tuple[_Values, _Values] = _values(old), _values(new)

    def changes(self) -> Iterator[Change]:
        """All changes, in no particular order."""
        yield from self._functions()
        yield from self._types()
        yield from self._enums()
        yield from self._constants()

    def _functions(self) -> Iterator[Change]:
        old, new = self.old.functions, self.new.functions
        for name in {*old, *new}:
            before, after = old.get(name), new.get(name)
            if before and after:
                facts = [*self.types.prototype(before.type, after.type), *_symbol(before, after)]
                facts += _deprecation(before, after)
                yield from _change("function", name, after, facts)
            elif after:
                yield from _change("function", name, after, [_new(after.declaration)])
            elif before:
                # The libraries lose the export as well, unless only the bindings cannot express it.
                yield from _change("function", name, before, [self._gone(name, before.declaration, abi=True)])

    def _gone(self, name: str, old: str, *, abi: bool = False) -> Fact:
        """A declaration was removed, or ctypes cannot express its new form."""
        if name in self.unsupported:
            return Fact("", "refused", old, self.unsupported[name], breaks_source=True)
        return Fact("", "removed", old, "", breaks_abi=abi, breaks_source=True)

    def _types(self) -> Iterator[Change]:
        for name in {*self.old.types, *self.new.types}:
            before, after = self.old.types.get(name), self.new.types.get(name)
            if before is None and after is not None and not isinstance(after, Enum):
                yield from _change(_kind(after), name, after, [_new(_shown(after, self.new))])
            if after is None and before is not None and not isinstance(before, Enum):
                yield from _change(_kind(before), name, before, [self._gone(name, _shown(before, self.old))])
            if before is not None and after is not None:
                yield from _change(_kind(after), name, after, self._type(name, before, after))

    def _type(self, name: str, old: TypeDeclaration, new: TypeDeclaration) -> Iterator[Fact]:
        match old, new:
            case Record(), Record():
                yield from self._record(old, new)
            case Handle(), Record():
                yield Fact("", "complete")
            case Record(), Handle():
                if name in self.unsupported:
                    yield self._gone(name, _shown(old, self.old))
                else:
                    yield Fact("", "opaque", breaks_abi=True, breaks_source=True)
            case Callback(), Callback():
                yield from self.types.prototype(old.type, new.type)
            case Typedef(), Typedef():
                yield from self.types.type("type", old.target, new.target)
            case _ if type(old) is not type(new):
                yield Fact("", "changed", _kind(old), _kind(new), breaks_abi=True, breaks_source=True)

    def _record(self, old: Record, new: Record) -> Iterator[Fact]:
        if old.tag_kind != new.tag_kind:
            yield Fact("kind", "changed", old.tag_kind, new.tag_kind, breaks_abi=True, breaks_source=True)
        for part, before, after in (("size", old.size, new.size), ("alignment", old.align, new.align)):
            if before != after:
                yield Fact(part, "changed", f"{before}", f"{after}", breaks_abi=True)
        fields, fields_ = _fields(old), _fields(new)
        renamed = dict(self._renamed(fields, fields_))
        for name, before_ in fields.items():
            after_ = fields_.get(name)
            if name in renamed:
                yield Fact(f"field {name}", "renamed", name, renamed[name], breaks_source=True)
            elif after_ is None:
                spelled = self.old.spell(before_.type)
                yield Fact(f"field {name}", "removed", spelled, "", breaks_abi=True, breaks_source=True)
            else:
                yield from self._field(f"field {name}", before_, after_)
        for name, field in fields_.items():
            if name not in fields and name not in renamed.values():
                spelled = f"{self.new.spell(field.type)} at byte {field.offset}"
                yield Fact(f"field {name}", "added", "", spelled, breaks_abi=True)

    def _field(self, part: str, old: Field, new: Field) -> Iterator[Fact]:
        yield from self.types.type(part, old.type, new.type)
        if old.offset != new.offset:
            yield Fact(part, "moved", f"byte {old.offset}", f"byte {new.offset}", breaks_abi=True)

    def _renamed(self, old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
        """The old and the new name of each field that kept its offset and type under another name."""
        others = {field.offset: (name, field) for name, field in new.items() if name not in old}
        for name, field in old.items():
            if name not in new and field.offset in others:
                other, candidate = others[field.offset]
                if self.types.same(field.type, candidate.type):
                    yield name, other

    def _enums(self) -> Iterator[Change]:
        enums, enums_ = _enums(self.models[0], self.old), _enums(self.models[1], self.new)
        for key in {*enums, *enums_}:
            before, after = enums.get(key), enums_.get(key)
            facts: list[Fact] = []
            if before and after:
                facts += self.types.type("type", before.type, after.type)
            elif before and before.name and key not in self.new.types:
                facts.append(self._gone(before.name, ""))
            elif after and after.name and key not in self.old.types:
                facts.append(_new(""))
            facts += self._enumerators(before) if before else ()
            facts += self._new_enumerators(after) if after else ()
            if shown := after or before:
                yield from _change("enum", key, shown, facts)

    def _enumerators(self, enum: Enum) -> Iterator[Fact]:
        for enumerator in enum.enumerators:
            part, value = f"enumerator {enumerator.name}", self.values[1].get(enumerator.name)
            if value is None:
                yield Fact(part, "removed", f"{enumerator.value}", "", breaks_source=True)
            elif value != enumerator.value:
                yield Fact(part, "changed", f"{enumerator.value}", f"{value}", breaks_abi=True)

    def _new_enumerators(self, enum: Enum) -> Iterator[Fact]:
        for enumerator in enum.enumerators:
            if enumerator.name not in self.values[0]:
                yield Fact(f"enumerator {enumerator.name}", "added", "", f"{enumerator.value}")

    def _constants(self) -> Iterator[Change]:
        old, new = ({constant.name: constant for constant in model.constants} for model in self.models)
        for name, constant in {**old, **new}.items():
            before, after = self.values[0].get(name), self.values[1].get(name)
            if before is None:
                yield from _change("constant", name, constant, [_new(repr(after))])
            elif after is None:
                yield from _change("constant", name, constant, [self._gone(name, repr(before))])
            elif before != after and name in old:
                fact = Fact("value", "changed", repr(before), repr(after), breaks_abi=True)
                yield from _change("constant", name, constant, [fact])


def _change(kind: str, name: str, declaration: _Declaration, facts: Iterable[Fact]) -> Iterator[Change]:
    """The change, if there are any facts."""
    if differences := tuple(facts):
        yield Change(kind, name, _file(declaration), differences)


def _new(text: str) -> Fact:
    return Fact("", "added", "", text)


def _values(model: Model) -> _Values:
    """The values of enumerators and constants, which programs use in the same way."""
    values: dict[str, int | float | str] = {c.name: c.value for c in model.constants}
    return values | {
        enumerator.name: enumerator.value for enum in model.enums for enumerator in enum.enumerators
    }


def _enums(model: Model, names: Names) -> dict[str, Enum]:
    """The enums by name, or by the first enumerator if they have no name."""
    enums = [enum for enum in model.enums if enum.name or enum.enumerators]
    return {names.key(e.name) if e.name else f"of {e.enumerators[0].name}": e for e in enums}


def _fields(record: Record) -> dict[str, Field]:
    """The fields by name; a nameless one, whose members C accesses directly, by its number."""
    return {field.name or f"#{number}": field for number, field in enumerate(record.fields, 1)}


def _symbol(old: Function, new: Function) -> Iterator[Fact]:
    before, after = old.symbol or old.name, new.symbol or new.name
    if before != after:
        yield Fact("exported name", "changed", before, after, breaks_abi=True)


def _deprecation(old: Function, new: Function) -> Iterator[Fact]:
    if old.deprecated is None and new.deprecated is not None:
        yield Fact("", "deprecated", "", new.deprecated)
    elif new.deprecated is None and old.deprecated is not None:
        yield Fact("", "undeprecated", old.deprecated, "")


def _kind(declaration: TypeDeclaration) -> str:
    if isinstance(declaration, Record):
        return declaration.tag_kind
    return "struct" if isinstance(declaration, Handle) else type(declaration).__name__.lower()


def _shown(declaration: TypeDeclaration, names: Names) -> str:
    match declaration:
        case Record():
            return f"{len(declaration.fields)} fields, {declaration.size} bytes"
        case Callback():
            return names.spell(declaration.type)
        case Typedef():
            return names.spell(declaration.target)
    return "opaque"

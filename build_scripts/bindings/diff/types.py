"""The types of a release, as C spells them and as calls and layouts see them; the types of two compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from build_scripts.bindings.abi import scalar_class
from build_scripts.bindings.ir import (
    Array,
    Callback,
    Enum,
    FunctionType,
    Handle,
    Model,
    Named,
    Parameter,
    Pointer,
    Record,
    Scalar,
    Type,
    Typedef,
)

from .changes import Fact

TypeDeclaration = Record | Handle | Enum | Callback | Typedef

# Names of one type on every target. The 64-bit types are missing: they are `long` or `long long`.
_ALIASES = {
    "int8_t": "signed char", "uint8_t": "unsigned char", "int16_t": "short", "uint16_t": "unsigned short",
    "int32_t": "int", "uint32_t": "unsigned int",
}  # fmt: skip
# A handle's target counts as a scalar with this prefix and its tag, because its members are unknown.
_OPAQUE = "struct "


class Names:
    """The declarations of one release, by their names in C."""

    def __init__(self, model: Model) -> None:
        """Index the declarations of `model`."""
        self.functions = {function.name: function for function in model.functions}
        named_enums = [enum for enum in model.enums if enum.name]
        declarations: list[TypeDeclaration] = [*model.records, *model.handles, *named_enums]
        declarations += [*model.callbacks, *model.typedefs]
        # A type is called `struct_NAME` only if a function has its name, which makes no difference in C.
        self._keys = {declaration.name: self._key(declaration) for declaration in declarations}
        self.types = {self._keys[declaration.name]: declaration for declaration in declarations}

    def _key(self, declaration: TypeDeclaration) -> str:
        if isinstance(declaration, Record | Handle | Enum):
            return declaration.spelling.split()[-1] if declaration.spelling else declaration.name
        plain = declaration.name.removeprefix("type_")
        return plain if plain in self.functions else declaration.name

    def key(self, name: str) -> str:
        """The C name of the declaration that the model calls `name`."""
        return self._keys.get(name, name)

    def plain(self, type_: Type) -> Type:
        """`type_` without outer typedefs, with handles and callbacks as pointers."""
        if not isinstance(type_, Named):
            return type_
        match self.types.get(self.key(type_.name)):
            case Typedef(target=target):
                return self.plain(target)
            case Callback(type=function):
                return function
            case Handle():
                return Pointer(Scalar(f"{_OPAQUE}{self.key(type_.name)}"))
        return type_

    def spell(self, type_: Type) -> str:
        """`type_` as C spells it."""
        match type_:
            case Named(name):
                declaration = self.types.get(self.key(name))
                spelling = declaration.spelling if isinstance(declaration, Record | Handle | Enum) else ""
                return (spelling or self.key(name)) + (" *" if isinstance(declaration, Handle) else "")
            case Pointer(target, const):
                inner = self.spell(target)
                if not const:
                    return f"{inner} *".replace("* *", "**")
                return f"{inner} const *" if inner.endswith("*") else f"const {inner} *"
            case Array(element, length):
                return f"{self.spell(element)}[{length or ''}]"
            case FunctionType(result, parameters, variadic):
                spelled = [self.spell(parameter.type) for parameter in parameters] + ["..."] * variadic
                return f"{self.spell(result)} (*)({', '.join(spelled) or 'void'})"
        return type_.name

    def abi(self, type_: Type) -> tuple[object, ...]:
        """What a call or a layout sees of `type_`: its class and width, and those of its target."""
        match self.plain(type_):
            case Scalar(name):
                return scalar_class(name)
            case Named(name):
                match self.types.get(self.key(name)):
                    case Enum(type=scalar):
                        return self.abi(scalar)
                return ("record", self.key(name))
            case Pointer(Scalar(name)) if name == "void" or name.startswith(_OPAQUE):
                return ("pointer", None)
            case Pointer(target):
                return ("pointer", self.abi(target))
            case Array(element, length):
                return ("array", self.abi(element), length)
            case FunctionType(result, parameters, variadic):
                return ("pointer", (self.abi(result), *(self.abi(p.type) for p in parameters), variadic))
        raise AssertionError(type_)  # no other type exists; mypy cannot infer that through plain()


@dataclass(frozen=True)
class Comparison:
    """The types of an old and a new release, compared."""

    old: Names
    new: Names

    def type(self, part: str, old: Type, new: Type, direction: str = "") -> Iterator[Fact]:
        """The fact that the type of `part` differs, if it does.

        `direction` is `in` for what a caller passes, to which C may add const, and `out` for what it
        receives, from which C may remove const.
        """
        if self.same(old, new):
            return
        abi = not _same_abi(self.old.abi(old), self.new.abi(new))
        source = not self._is_harmless(old, new, direction)
        yield Fact(part, "changed", self.old.spell(old), self.new.spell(new), abi, source)

    def same(self, old: Type, new: Type) -> bool:
        """Whether both are one type to a compiler; declarations with a name are compared separately."""
        names = isinstance(old, Named) and isinstance(new, Named)
        if names and self.old.key(old.name) == self.new.key(new.name):  # type: ignore[union-attr] # as `names` states
            return True
        match self.old.plain(old), self.new.plain(new):
            case Pointer(target, const), Pointer(target_, const_):
                return self._same_target(target, target_) or (const == const_ and self.same(target, target_))
            case Array(element, length), Array(element_, length_):
                return length == length_ and self.same(element, element_)
            case FunctionType() as before, FunctionType() as after:
                return next(self.prototype(before, after), None) is None
            case Named(name), Named(name_):
                return self.old.key(name) == self.new.key(name_)
            case Scalar(name), Scalar(name_):
                return _ALIASES.get(name, name) == _ALIASES.get(name_, name_)
        return False

    def _same_target(self, old: Type, new: Type) -> bool:
        """Whether both are one record, perhaps opaque in one release; const is ignored: handles lack it."""

        def tag(names: Names, target: Type) -> str:
            plain = names.plain(target)
            if isinstance(plain, Scalar) and plain.name.startswith(_OPAQUE):
                return plain.name.removeprefix(_OPAQUE)
            return names.key(plain.name) if isinstance(plain, Named) else ""

        opaque = any(isinstance(t, Scalar) and t.name.startswith(_OPAQUE) for t in (old, new))
        return opaque and tag(self.old, old) == tag(self.new, new)

    def _is_harmless(self, old: Type, new: Type, direction: str) -> bool:
        match self.old.plain(old), self.new.plain(new):
            case Pointer(target, const), Pointer(target_, const_):
                return {"in": const_, "out": const}.get(direction, False) and self.same(target, target_)
            case Array(element), Array(element_):
                return self.same(element, element_)
        return False

    def prototype(self, old: FunctionType, new: FunctionType) -> Iterator[Fact]:
        """The differences between two prototypes; parameter names make no difference."""
        yield from self.type("result", old.result, new.result, "out")
        if old.variadic != new.variadic:
            change = "added" if new.variadic else "removed"
            yield Fact("variable arguments", change, breaks_abi=True, breaks_source=not new.variadic)
        if len(old.parameters) == len(new.parameters):
            for number, (before, after) in enumerate(zip(old.parameters, new.parameters, strict=True), 1):
                yield from self.type(_part(number, after), before.type, after.type, "in")
            return
        # A parameter of the same name and type was kept; the others were removed or added.
        rows = [(p.name, self.old.spell(p.type)) for p in old.parameters]
        rows_ = [(p.name, self.new.spell(p.type)) for p in new.parameters]
        matcher = SequenceMatcher(None, rows, rows_, autojunk=False)
        for operation, start, end, start_, end_ in matcher.get_opcodes():
            if operation == "equal":
                continue
            for index in range(start, end):
                part = _part(index + 1, old.parameters[index])
                yield Fact(part, "removed", rows[index][1], "", breaks_abi=True, breaks_source=True)
            for index in range(start_, end_):
                part = _part(index + 1, new.parameters[index])
                yield Fact(part, "added", "", rows_[index][1], breaks_abi=True, breaks_source=True)


def _part(number: int, parameter: Parameter) -> str:
    return f"parameter {number} {parameter.name}".rstrip()


def _same_abi(old: object, new: object) -> bool:
    if isinstance(old, tuple) and isinstance(new, tuple) and old[:1] == new[:1] == ("pointer",):
        # The target of a handle or of void * is unknown, so it matches every target.
        return None in (old[1], new[1]) or _same_abi(old[1], new[1])
    return old == new

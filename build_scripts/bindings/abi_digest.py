"""One digest for a release's binary interface: equal digests mean that bindings and libraries fit.

It covers what a compiled caller depends on, by the rules of `diff`: whatever `diff` calls an ABI change, in
either direction, changes the digest. Other spellings of a type (`int32_t` for `int`), comments, order,
places, parameter names, typedefs and deprecations change nothing. A digest can only be equal or not, so it
is stricter than `diff` in three cases: it also changes if a type or constant is added or removed, if a field
is renamed, and if a pointer becomes `void *`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from .abi import scalar_class
from .ir import Array, FunctionType, Model, Named, Pointer, Scalar, Type, memoize


def digest(model: Model) -> str:
    """The sha256 of the normal form of every declaration in `model`."""
    return hashlib.sha256("\n".join(sorted(_lines(model))).encode()).hexdigest()


def _lines(model: Model) -> Iterator[str]:
    typedefs = {typedef.name: typedef.target for typedef in model.typedefs}
    enums = {enum.name: enum.type for enum in model.enums if enum.name}
    handles = {handle.name for handle in model.handles}

    @memoize
    def normal(type_: Type) -> str:
        match type_:
            case Scalar(name):
                return "".join(map(str, scalar_class(name)))
            case Named(name) if name in typedefs:
                return normal(typedefs[name])
            case Named(name) if name in enums:
                return normal(enums[name])
            case Named(name) if name in handles:
                return "*"
            case Named(name):
                return name
            case Pointer(Scalar("void")):
                return "*"
            case Pointer(target):
                return f"{normal(target)}*"
            case Array(element, length):
                return f"{normal(element)}[{length}]"
            case FunctionType(result, parameters, variadic):
                parts = [normal(parameter.type) for parameter in parameters] + ["..."] * variadic
                return f"{normal(result)}({','.join(parts)})"

    for function in model.functions:
        yield f"function {function.symbol or function.name} {normal(function.type)}"
    for callback in model.callbacks:
        yield f"callback {callback.name} {normal(callback.type)}"
    for record in model.records:
        fields = [f"{field.offset}:{field.name}:{normal(field.type)}" for field in record.fields]
        yield f"{record.tag_kind} {record.name} {record.size} {record.align} {' '.join(fields)}"
    for enum in model.enums:
        for enumerator in enum.enumerators:
            yield f"value {enumerator.name} {enumerator.value}"
    for constant in model.constants:
        yield f"value {constant.name} {constant.value!r}"

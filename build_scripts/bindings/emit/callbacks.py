"""Names for function pointer types that have none in C, and the functions that fit a callback type."""

from __future__ import annotations

from dataclasses import replace

from build_scripts.bindings.ir import (
    Array,
    Callback,
    Function,
    FunctionType,
    Location,
    Model,
    Named,
    Parameter,
    Pointer,
    Record,
    Scalar,
    Type,
)


def name_callbacks(model: Model) -> Model:
    """`model` with a callback type for each function pointer without a type name.

    Its name is that of its owner and member: `llama_sampler_i_apply` is the type of the field `apply`
    of `llama_sampler_i`.
    A name that the model has already gets an underscore.
    """
    used = {item.name for item in model.functions} | {item.name for item in model.constants}
    used |= {item.name for item in model.records} | {item.name for item in model.handles}
    used |= {item.name for item in model.callbacks} | {item.name for item in model.typedefs}
    used |= {item.name for item in model.enums}
    used |= {enumerator.name for enum in model.enums for enumerator in enum.enumerators}
    new: list[Callback] = []
    c = _C(model)

    def give_name(owner: str, member: str, location: Location, type_: Type) -> Type:
        match type_:
            case FunctionType():
                name = f"{owner}_{member}"
                while name in used:
                    name += "_"
                used.add(name)
                callback = Callback(name, type_, c.pointer(type_, member), location)
                new.append(replace(callback, type=inside(callback)))
                return Named(name)
            case Pointer(target):
                return replace(type_, target=give_name(owner, member, location, target))
            case Array(element):
                return replace(type_, element=give_name(owner, member, location, element))
        return type_

    def parameters(owner: Callback | Function) -> tuple[Parameter, ...]:
        return tuple(
            replace(p, type=give_name(owner.name, p.name or f"arg{index}", owner.location, p.type))
            for index, p in enumerate(owner.type.parameters)
        )

    def inside(owner: Callback | Function) -> FunctionType:
        result = give_name(owner.name, "result", owner.location, owner.type.result)
        return replace(owner.type, result=result, parameters=parameters(owner))

    def fields(record: Record) -> Record:
        return replace(
            record,
            fields=tuple(
                replace(f, type=give_name(record.name, f.name, record.location, f.type))
                for f in record.fields
            ),
        )

    records = tuple(fields(record) for record in model.records)
    functions = tuple(replace(function, type=inside(function)) for function in model.functions)
    callbacks = tuple(replace(callback, type=inside(callback)) for callback in model.callbacks)
    ordered = tuple(sorted((*callbacks, *new), key=lambda callback: callback.name))
    return replace(model, records=records, functions=functions, callbacks=ordered)


class _C:
    """Spells types in C."""

    def __init__(self, model: Model) -> None:
        self._spellings = {record.name: record.spelling for record in model.records}
        self._spellings |= {enum.name: enum.spelling for enum in model.enums}
        self._spellings |= {handle.name: f"{handle.spelling} *" for handle in model.handles}

    def pointer(self, type_: FunctionType, name: str) -> str:
        """The declaration of `name`, a pointer to such a function."""
        parameters = [self._declare(p.type, p.name) for p in type_.parameters] + ["..."] * type_.variadic
        return self._declare(type_.result, f"(*{name})({', '.join(parameters) or 'void'})")

    def _declare(self, type_: Type, name: str) -> str:
        match type_:
            case Scalar(word):
                return f"{word} {name}".rstrip()
            case Named(word):
                return f"{self._spellings.get(word) or word} {name}".rstrip()
            case Pointer(Pointer() as target, const):
                return self._declare(target, f"{'const ' * const}* {name}".rstrip())
            case Pointer(target, const):
                return f"{'const ' * const}{self._declare(target, f'* {name}'.rstrip())}"
            case Array(element, length):
                return self._declare(element, f"{name}[{length or ''}]")
            case FunctionType():
                return self.pointer(type_, name)

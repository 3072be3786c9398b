"""Bindings against the compiler: it confirms every layout, value and prototype, without running anything.

What is confirmed is what a user gets: the ctypes classes, prototypes and values are read from the
imported package; the model only says how C spells their names. The compiler sees the real headers
of the C library, so this also proves that parsing against parse/libc lost nothing.
"""

from __future__ import annotations

import ctypes
import math
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from _ctypes import CFuncPtr
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from build_scripts.bindings.emit.spelling import identifier, type_name
from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Model, Record
from build_scripts.bindings.loading import load
from build_scripts.errors import CheckError, ToolError

# How C++ types are compared: a header of templates, included before those that are checked.
_ABI = Path(__file__).with_name("abi.hpp")

# mtmd.h has used these without including them. They take the compiler longer than all other headers do.
_FOR_MTMD = "#include <memory>\n#include <string>\n#include <vector>\n"

# ctypes' codes for arithmetic types, as C++ types of this platform.
_CODES = {
    "?": "bool", "c": "char", "b": "signed char", "B": "unsigned char", "h": "short", "H": "unsigned short",
    "i": "int", "I": "unsigned int", "l": "long", "L": "unsigned long", "q": "long long",
    "Q": "unsigned long long", "f": "float", "d": "double", "g": "long double", "u": "wchar_t",
    "P": "void *", "z": "char *",
}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """How much the compiler confirmed."""

    functions: int
    records: int
    fields: int
    enumerators: int
    constants: int
    callbacks: int

    def __str__(self) -> str:
        return ", ".join(f"{value} {name}" for name, value in vars(self).items())


def check(package: Path, model: Model, headers: HeaderSet) -> Counts:
    """Have the compiler compare the bindings in the folder `package` with `headers`.

    Raises CheckError naming each declaration that disagrees.
    """
    generated = load(package)
    writer = _Writer(model, generated)
    lines = list(writer.lines())
    text = _ABI.read_text(encoding="utf-8")
    text += _FOR_MTMD if any(name.endswith("/mtmd.h") for name in headers.files) else ""
    text += "".join(f'#include "{name}"\n' for name in headers.files)
    text += "\n".join(lines) + "\n"
    findings = _compile(text, headers)
    if findings:
        raise CheckError(f"{len(findings)} disagreement(s) between bindings and compiler:", findings)
    return writer.counts()


class _Writer:
    """Turns ctypes objects into static assertions; each message names what it is about."""

    def __init__(self, model: Model, generated: dict[str, ModuleType]) -> None:
        self.model = model
        self.types = vars(generated["types"])
        self.table = generated["_table"]
        self.constants = generated["constants"]
        self.fields = 0
        spelled: dict[int, str] = {}
        for handle in model.handles:
            spelled[id(self.types[type_name(handle.name)])] = f"{handle.spelling} *"
        for record in model.records:
            if record.spelling:
                spelled[id(self.types[type_name(record.name)])] = record.spelling
        for callback in model.callbacks:
            # A typedef of a function, rather than of a pointer to one, stands for the pointer in ctypes.
            pointer = f"std::add_pointer_t<std::remove_pointer_t<{callback.name}>>"
            spelled[id(self.types[type_name(callback.name)])] = pointer
        self.spelled = spelled
        # Records whose names are unknown to C++ outside the record they are declared in.
        self.inner = {
            id(self.types[type_name(record.name)]): record for record in model.records if not record.spelling
        }

    def counts(self) -> Counts:
        """What the assertions of `lines` cover."""
        return Counts(
            functions=len(self.model.functions),
            records=len(self.model.records),
            fields=self.fields,
            enumerators=sum(len(enum.enumerators) for enum in self.model.enums),
            constants=len(self.model.constants),
            callbacks=len(self.model.callbacks),
        )

    def lines(self) -> Iterator[str]:
        """One line per assertion."""
        for enum in self.model.enums:
            values = [self._constant(enumerator.name) for enumerator in enum.enumerators]
            # ctypes has only integers: which, is for the values to say, and for C++ to learn.
            if values and min(values) >= 0 and (max(values) >= 2**31 or enum.type.name.startswith("u")):
                first = enum.enumerators[0].name
                yield f"template <> constexpr bool is_unsigned_enum<decltype({first})> = true;"
        for record in self.model.records:
            if record.spelling:
                yield from self._record(record, record.spelling, record.spelling)
        for callback in self.model.callbacks:
            class_ = self.types[type_name(callback.name)]
            name = callback.name
            pointee = f"std::remove_pointer_t<{name}>"
            yield from self._prototype(name, pointee, class_._restype_, class_._argtypes_, is_callback=True)
        for function in self.model.functions:
            restype, argtypes = self.table.prototype(function.name)
            yield from self._prototype(function.name, f"decltype({function.name})", restype, tuple(argtypes))
        for enum in self.model.enums:
            for enumerator in enum.enumerators:
                yield _equal(enumerator.name, self._constant(enumerator.name))
        for constant in self.model.constants:
            yield _equal(constant.name, self._constant(constant.name))

    def _constant(self, name: str) -> Any:
        return getattr(self.constants, identifier(name))

    def _record(self, record: Record, spelling: str, label: str) -> Iterator[str]:
        class_ = self.types[type_name(record.name)]
        size, align = ctypes.sizeof(class_), ctypes.alignment(class_)
        yield _assert(f"sizeof({spelling}) == {size}", f"{label}: size is not {size}")
        yield _assert(f"alignof({spelling}) == {align}", f"{label}: alignment is not {align}")
        yield from self._fields(record, spelling, label, 0)

    def _fields(self, record: Record, spelling: str, label: str, base: int) -> Iterator[str]:
        """The members of `record`: the type `spelling`, or a nameless one that lies in that at `base`."""
        class_ = self.types[type_name(record.name)]
        declared = list(class_._fields_)
        if len(declared) != len(record.fields):
            yield _assert("false", f"{label}: {len(declared)} fields, C has {len(record.fields)}")
            return
        for field, (name, type_) in zip(record.fields, declared, strict=True):
            offset = base + getattr(class_, name).offset
            if not field.name:
                yield from self._fields(self.inner[id(type_)], spelling, label, offset)
                continue
            self.fields += 1
            what = f"{label}.{field.name}"
            yield _assert(
                f"offsetof({spelling}, {field.name}) == {offset}", f"{what}: offset is not {offset}"
            )
            member = f"decltype((({spelling} *)nullptr)->{field.name})"
            size = ctypes.sizeof(type_)
            yield _assert(f"size_of<{member}> == {size}", f"{what}: size is not {size}")
            inner = self.inner.get(id(_element(type_)))
            if inner is not None and id(_element(type_)) not in self.spelled:
                alias = f"{re.sub(r'[^A-Za-z0-9]', '_', spelling)}__{field.name}"
                self.spelled[id(_element(type_))] = alias
                yield f"using {alias} = bare<{member}>;"
                yield from self._record(inner, alias, what)
            if id(type_) not in self.spelled and issubclass(type_, CFuncPtr):
                pointee = f"std::remove_pointer_t<{member}>"
                yield from self._prototype(what, pointee, type_._restype_, type_._argtypes_, is_callback=True)
            else:
                expected = self._cxx(type_)
                yield _assert(f"same<{member}, {expected}>", f"{what}: type is not {expected}")

    def _prototype(
        self, name: str, cxx: str, restype: Any, argtypes: tuple[Any, ...], *, is_callback: bool = False
    ) -> Iterator[str]:
        count = len(argtypes)
        yield _assert(f"arity(({cxx} *)nullptr) == {count}", f"{name}: it has not {count} parameters")
        for index, type_ in enumerate([restype, *argtypes]):
            what = f"parameter {index}" if index else "the result"
            actual = f"part<{index}, {cxx}>"
            if is_callback and index == 0 and type_ is ctypes.c_void_p:
                # ctypes makes callbacks return any pointer as c_void_p.
                yield _assert(f"std::is_pointer_v<{actual}>", f"{name}: the result is no pointer")
                continue
            expected = self._cxx(type_)
            yield _assert(f"same<{actual}, {expected}>", f"{name}: {what} is not {expected}")

    def _cxx(self, type_: Any) -> str:
        """The C++ type that a ctypes class stands for."""
        if type_ is None:
            return "void"
        if id(type_) in self.spelled:
            return self.spelled[id(type_)]
        if id(type_) in self.inner:
            # Not reached through a member: outside its record C++ takes the tag for one of its own.
            record = self.inner[id(type_)]
            return f"{record.tag_kind} {record.name}"
        if issubclass(type_, ctypes.Array):
            element = self._cxx(type_._type_)
            if type_._length_ == 0:
                return f"flexible<{element}>"
            # remove_pointer of pointer-to-array: the one spelling that nests.
            return f"std::remove_pointer_t<{element} (*)[{type_._length_}]>"
        if issubclass(type_, ctypes._Pointer):
            return f"std::add_pointer_t<{self._cxx(type_._type_)}>"
        if issubclass(type_, CFuncPtr):
            arguments = ", ".join(self._cxx(t) for t in type_._argtypes_)
            return f"std::add_pointer_t<{self._cxx(type_._restype_)}({arguments})>"
        return _CODES[type_._type_]


def _element(type_: Any) -> Any:
    """What an array or pointer is of, in the end."""
    while issubclass(type_, (ctypes.Array, ctypes._Pointer)):
        type_ = type_._type_
    return type_


def _assert(condition: str, message: str) -> str:
    return f"static_assert({condition}, {_text(message)});"


def _equal(name: str, value: int | float | str) -> str:
    # In parentheses: a macro may be `1 | 2`.
    if isinstance(value, str):
        condition = f"same_text({name}, {_text(value)})"
    elif isinstance(value, int):
        # The sign by itself, for -1 == 4294967295u.
        condition = f"({name}) == {_integer(value)} && (({name}) < 0) == {str(value < 0).lower()}"
    elif math.isnan(value):
        condition = f"({name}) != ({name})"
    else:
        infinite = f"{'-' if value < 0 else ''}std::numeric_limits<double>::infinity()"
        condition = f"static_cast<double>({name}) == {repr(value) if math.isfinite(value) else infinite}"
    return _assert(condition, f"{name} is not {value!a}")


def _integer(value: int) -> str:
    # The most negative number has no literal of its own in C.
    return f"({value + 1} - 1)" if value == -(2**63) else f"{value}{'ull' if value >= 2**63 else ''}"


def _text(text: str) -> str:
    """`text` as a C++ literal; three octal digits, as hexadecimal ones would take in what follows."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').encode()
    plain = [chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in escaped]
    return f'"{"".join(plain)}"'


# gcc: `error: static assertion failed: MESSAGE`. clang puts it in quotes, and from 10 on the condition
# before it. Microsoft: `error C2338: static_assert failed: 'MESSAGE'`.
_FAILED = re.compile(
    r"error(?: C\d+)?: static.assert(?:ion)? failed(?: due to requirement '.*?')?:? ?"
    r"(?P<quote>[\"']?)(.*)(?P=quote)$"
)


def compiler() -> list[str]:
    """The C++ compiler to ask: $CXX, else the first usual name on PATH."""
    named = shlex.split(os.environ.get("CXX", ""))
    names = [named[0]] if named else ["c++", "g++", "clang++", "cl"]
    for name in names:
        path = shutil.which(name)
        if path:
            return [path, *named[1:]]
    raise ToolError(f"no C++ compiler ({', '.join(names)}) on PATH; install g++ or clang++, or set CXX")


def _check_only(command: list[str]) -> list[str]:
    """How to have that compiler check a file, report every error and write nothing."""
    name = Path(command[0]).stem.lower()
    if name in ("cl", "clang-cl"):
        return [*command, "/nologo", "/std:c++17", "/Zs", "/W0"]
    every_error = "-ferror-limit=0" if "clang" in name else "-fmax-errors=0"
    return [*command, "-std=c++17", "-fsyntax-only", "-w", every_error]


def _compile(text: str, headers: HeaderSet) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        unit = Path(folder) / "bindings.cpp"
        unit.write_text(text, encoding="utf-8")
        includes = [f"-I{headers.root}", *(f"-I{headers.root / name}" for name in headers.include_dirs)]
        command = [*_check_only(compiler()), *includes, str(unit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return []
    # Microsoft's compiler reports on stdout, and numbers its errors.
    output = (done.stderr + done.stdout).splitlines()
    errors = [line for line in output if re.search(r"\berror( C\d+)?:", line)]
    failed = [match[2] for line in errors if (match := _FAILED.search(line))]
    if len(failed) < len(errors) or not failed:
        # An error of another kind may hide assertions: nothing is proved then.
        others = [line for line in errors if not _FAILED.search(line)] or output
        raise ToolError("the compiler cannot read the headers or the check:\n" + "\n".join(others[:10]))
    return list(dict.fromkeys(failed))

"""Have a C++ compiler compare bindings with the headers: every layout, value and prototype; nothing is run.

The ctypes classes, prototypes and values come from the imported package, as a user gets them. The model
supplies only the C spelling of their names. The compiler reads the real headers of the C library, which also
proves that parsing with those of parse/libc lost nothing.
"""

from __future__ import annotations

import ctypes
import logging
import math
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from _ctypes import CFuncPtr
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from build_scripts.bindings.emit.spelling import identifier, type_name
from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Enum, Enumerator, Model, Record
from build_scripts.bindings.loading import load
from build_scripts.errors import CheckError, ToolError

_logger = logging.getLogger(__name__)

# Templates that compare C++ types; included before the headers.
_ABI = Path(__file__).with_name("abi.hpp")

# Some releases' mtmd.h uses these without including them. They take longer to compile than all headers.
_FOR_MTMD = "#include <memory>\n#include <string>\n#include <vector>\n"

# The C++ type of this platform for each of ctypes' type codes.
_CODES = {
    "?": "bool", "c": "char", "b": "signed char", "B": "unsigned char", "h": "short", "H": "unsigned short",
    "i": "int", "I": "unsigned int", "l": "long", "L": "unsigned long", "q": "long long",
    "Q": "unsigned long long", "f": "float", "d": "double", "g": "long double", "u": "wchar_t",
    "P": "void *", "z": "char *",
}  # fmt: skip


@dataclass(frozen=True)
class Counts:
    """The numbers of declarations that the compiler confirmed."""

    functions: int
    records: int
    fields: int
    enumerators: int
    constants: int
    callbacks: int

    def __str__(self) -> str:
        return ", ".join(f"{value} {name}" for name, value in vars(self).items())


def check(package: Path, model: Model, headers: HeaderSet, definitions: Sequence[str] = ()) -> Counts:
    """Have the compiler compare the bindings in the folder `package` with `headers`.

    `definitions` are macros that the libraries were compiled with, as NAME or NAME=VALUE. Raises CheckError
    that names each declaration that differs. A macro that C++ takes for no constant expression, such as
    `(1.0/0.0)`, is logged and not compared.
    """
    generated = load(package)
    writer = _Writer(model, generated)
    lines = list(writer.lines())
    head = _ABI.read_text(encoding="utf-8")
    head += _FOR_MTMD if any(name.endswith("/mtmd.h") for name in headers.files) else ""
    head += "".join(f'#include "{name}"\n' for name in headers.files)
    options = [f"-D{definition}" for definition in definitions]
    errors, output = _compile(head + "\n".join(lines) + "\n", headers, options)
    by_number = dict(enumerate(lines, head.count("\n") + 1))
    rejected = {by_number.get(number, "") for number in _lines_of_other_errors(output)}
    variable = sorted(name for line, name in writer.values.items() if line in rejected)
    if variable:
        rest = [line for line in lines if line not in rejected or line not in writer.values]
        errors, output = _compile(head + "\n".join(rest) + "\n", headers, options)
        for name in variable:
            _logger.warning(f"{name}: not compared, because C++ takes it for no constant expression")
    findings = _findings(errors, output)
    if findings:
        raise CheckError(f"{len(findings)} disagreement(s) between the bindings and the compiler:", findings)
    return writer.counts(len(variable))


class _Writer:
    """Turns ctypes objects into static assertions; each message names the declaration and the difference."""

    def __init__(self, model: Model, generated: dict[str, ModuleType]) -> None:
        self.model = model
        self.types = vars(generated["types"])
        self.table = generated["_table"]
        self.constants = generated["constants"]
        self.fields = 0
        self.values: dict[str, str] = {}
        """The assertion of each constant, with its name."""
        spelled: dict[int, str] = {}
        for handle in model.handles:
            spelled[id(self.types[type_name(handle.name)])] = f"{handle.spelling} *"
        for record in model.records:
            if record.spelling:
                spelled[id(self.types[type_name(record.name)])] = record.spelling
        for callback in model.callbacks:
            # ctypes has only pointers to functions, so a typedef of a function counts as one of a pointer.
            pointer = f"std::add_pointer_t<std::remove_pointer_t<{callback.name}>>"
            spelled[id(self.types[type_name(callback.name)])] = pointer
        self.spelled = spelled
        # Records whose names C++ knows only inside the record that declares them.
        self.inner = {
            id(self.types[type_name(record.name)]): record for record in model.records if not record.spelling
        }

    def counts(self, omitted: int) -> Counts:
        """The numbers of declarations that the assertions of `lines` cover, but for `omitted` constants."""
        return Counts(
            functions=len(self.model.functions),
            records=len(self.model.records),
            fields=self.fields,
            enumerators=sum(len(enum.enumerators) for enum in self.model.enums),
            constants=len(self.model.constants) - omitted,
            callbacks=len(self.model.callbacks),
        )

    def lines(self) -> Iterator[str]:
        """The assertions, one per line."""
        for enum in self.model.enums:
            values = [self._constant(enumerator.name) for enumerator in enum.enumerators]
            # ctypes has integers instead of enums; the values decide whether that integer is unsigned.
            if values and min(values) >= 0 and max(values) >= 2**31:
                first = _scoped(enum, enum.enumerators[0])
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
                yield _equal(_scoped(enum, enumerator), self._constant(enumerator.name))
        for constant in self.model.constants:
            line = _equal(constant.name, self._constant(constant.name))
            self.values[line] = constant.name
            yield line

    def _constant(self, name: str) -> Any:
        return getattr(self.constants, identifier(name))

    def _record(self, record: Record, spelling: str, label: str) -> Iterator[str]:
        class_ = self.types[type_name(record.name)]
        size, align = ctypes.sizeof(class_), ctypes.alignment(class_)
        yield _assert(f"sizeof({spelling}) == {size}", f"{label}: size is not {size}")
        yield _assert(f"alignof({spelling}) == {align}", f"{label}: alignment is not {align}")
        yield from self._fields(record, spelling, label, 0)

    def _fields(self, record: Record, spelling: str, label: str, base: int) -> Iterator[str]:
        """Assert the members of `record`: the type `spelling`, or a nameless record in it at `base`."""
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
        yield _assert(f"arity(({cxx} *)nullptr) == {count}", f"{name}: it does not have {count} parameters")
        for index, type_ in enumerate([restype, *argtypes]):
            what = f"parameter {index}" if index else "the result"
            actual = f"part<{index}, {cxx}>"
            if is_callback and index == 0 and type_ is ctypes.c_void_p:
                # A ctypes callback returns every pointer as c_void_p.
                yield _assert(f"std::is_pointer_v<{actual}>", f"{name}: the result is not a pointer")
                continue
            expected = self._cxx(type_)
            yield _assert(f"same<{actual}, {expected}>", f"{name}: {what} is not {expected}")

    def _cxx(self, type_: Any) -> str:
        """The C++ type that corresponds to a ctypes class."""
        if type_ is None:
            return "void"
        if id(type_) in self.spelled:
            return self.spelled[id(type_)]
        if id(type_) in self.inner:
            # No member has led here. Outside its record, C++ takes the tag for a new one.
            record = self.inner[id(type_)]
            return f"{record.tag_kind} {record.name}"
        if issubclass(type_, ctypes.Array):
            element = self._cxx(type_._type_)
            if type_._length_ == 0:
                return f"flexible<{element}>"
            # remove_pointer of a pointer to an array is the only spelling that nests.
            return f"std::remove_pointer_t<{element} (*)[{type_._length_}]>"
        if issubclass(type_, ctypes._Pointer):
            return f"std::add_pointer_t<{self._cxx(type_._type_)}>"
        if issubclass(type_, CFuncPtr):
            arguments = ", ".join(self._cxx(t) for t in type_._argtypes_)
            return f"std::add_pointer_t<{self._cxx(type_._restype_)}({arguments})>"
        return _CODES[type_._type_]


def _scoped(enum: Enum, enumerator: Enumerator) -> str:
    """The C++ name of an enumerator."""
    return f"{enum.scope}::{enumerator.name}" if enum.scope else enumerator.name


def _element(type_: Any) -> Any:
    """The innermost element or target type of an array or pointer type."""
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
        # The sign is compared separately, because -1 == 4294967295u.
        condition = f"({name}) == {_integer(value)} && (({name}) < 0) == {str(value < 0).lower()}"
    elif math.isnan(value):
        condition = f"({name}) != ({name})"
    else:
        infinite = f"{'-' if value < 0 else ''}std::numeric_limits<double>::infinity()"
        condition = f"static_cast<double>({name}) == {repr(value) if math.isfinite(value) else infinite}"
    return _assert(condition, f"{name} is not {value!a}")


def _integer(value: int) -> str:
    # C has no literal for the most negative number.
    return f"({value + 1} - 1)" if value == -(2**63) else f"{value}{'ull' if value >= 2**63 else ''}"


def _text(text: str) -> str:
    """`text` as a C++ literal, escaped in octal: a hexadecimal escape would include the digits after it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').encode()
    plain = [chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}" for byte in escaped]
    return f'"{"".join(plain)}"'


# gcc prints `error: static assertion failed: MESSAGE`. clang puts MESSAGE in quotes and, from version 10 on,
# the condition before it. Microsoft's compiler prints `error C2338: static_assert failed: 'MESSAGE'`.
_FAILED = re.compile(
    r"error(?: C\d+)?: static.assert(?:ion)? failed(?: due to requirement '.*?')?:? ?"
    r"(?P<quote>[\"']?)(.*)(?P=quote)$"
)


_ERROR = re.compile(r"\berror( C\d+)?:")
_UNIT = "bindings.cpp"
_PLACE = re.compile(rf"\b{re.escape(_UNIT)}[:(](\d+)")


def compiler() -> list[str]:
    """The command of the C++ compiler: $CXX, or else the first usual name on PATH."""
    named = shlex.split(os.environ.get("CXX", ""))
    names = [named[0]] if named else ["c++", "g++", "clang++", "cl"]
    for name in names:
        path = shutil.which(name)
        if path:
            return [path, *named[1:]]
    raise ToolError(f"no C++ compiler ({', '.join(names)}) on PATH; install g++ or clang++, or set CXX")


def _check_only(command: list[str]) -> list[str]:
    """The command with which a compiler checks a file, reports every error and writes nothing."""
    name = Path(command[0]).stem.lower()
    if name in ("cl", "clang-cl"):
        return [*command, "/nologo", "/std:c++17", "/Zs", "/W0"]
    every_error = "-ferror-limit=0" if "clang" in name else "-fmax-errors=0"
    return [*command, "-std=c++17", "-fsyntax-only", "-w", every_error]


def _compile(text: str, headers: HeaderSet, options: list[str]) -> tuple[list[str], list[str]]:
    """The compiler's errors and all of its output, line by line; no errors if it accepts `text`."""
    with tempfile.TemporaryDirectory() as folder:
        unit = Path(folder) / _UNIT
        unit.write_text(text, encoding="utf-8")
        includes = [f"-I{headers.root}", *(f"-I{headers.root / name}" for name in headers.include_dirs)]
        command = [*_check_only(compiler()), *options, *includes, str(unit)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return [], []
    # Microsoft's compiler reports on stdout, and numbers its errors.
    output = (done.stderr + done.stdout).splitlines()
    return [line for line in output if _ERROR.search(line)], output


def _lines_of_other_errors(output: list[str]) -> Iterator[int]:
    """The lines of the compiled file that errors other than failed assertions, and their notes, name."""
    is_other = False
    for line in output:
        if _ERROR.search(line):
            is_other = not _FAILED.search(line)
        if is_other and (place := _PLACE.search(line)):
            yield int(place[1])


def _findings(errors: list[str], output: list[str]) -> list[str]:
    """The messages of the assertions that failed; ToolError after errors of another kind."""
    if not output:
        return []
    failed = [match[2] for line in errors if (match := _FAILED.search(line))]
    if len(failed) < len(errors) or not failed:
        # After an error of another kind, the compiler may not have reached all assertions.
        others = [line for line in errors if not _FAILED.search(line)] or output
        raise ToolError("the compiler cannot compile the headers or the check:\n" + "\n".join(others[:10]))
    return list(dict.fromkeys(failed))

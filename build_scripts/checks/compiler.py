"""Bindings against the compiler: it confirms every layout, value and prototype, without running anything.

What is confirmed is what a user gets: the ctypes classes, prototypes and values are read from the
imported package; the model only says how C spells their names. The compiler sees the real headers
of the C library, so this also proves that parsing against build_scripts/libc lost nothing.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from _ctypes import CFuncPtr
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from ..errors import CheckError, ToolError
from ..headers import HeaderSet
from ..model import Model, Record

# Types are compared by what the ABI sees: integers by width and sign, enums as int, const dropped.
_PRELUDE = """\
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
template <int Size, bool Signed> struct integer;
template <> struct integer<1, true> { using type = std::int8_t; };
template <> struct integer<1, false> { using type = std::uint8_t; };
template <> struct integer<2, true> { using type = std::int16_t; };
template <> struct integer<2, false> { using type = std::uint16_t; };
template <> struct integer<4, true> { using type = std::int32_t; };
template <> struct integer<4, false> { using type = std::uint32_t; };
template <> struct integer<8, true> { using type = std::int64_t; };
template <> struct integer<8, false> { using type = std::uint64_t; };
template <class T, class = void> struct abi_ { using type = T; };
template <class T> struct abi_<T, std::enable_if_t<std::is_integral_v<T> && !std::is_same_v<T, bool>
    && !std::is_same_v<T, char>>> { using type = typename integer<sizeof(T), std::is_signed_v<T>>::type; };
template <class T> struct abi_<T, std::enable_if_t<std::is_enum_v<T>>> {
    using type = typename integer<sizeof(T), true>::type; };
template <class T> using abi = typename abi_<std::remove_cv_t<T>>::type;
template <class T> struct abi_<T *, void> { using type = abi<T> *; };
template <class T, std::size_t N> struct abi_<T[N], void> { using type = abi<T>[N]; };
template <class R, class... A> struct abi_<R(A...), void> { using type = abi<R>(abi<A>...); };
template <class R, class... A> struct abi_<R(A..., ...), void> { using type = abi<R>(abi<A>..., ...); };
template <class T, class U> constexpr bool same = std::is_same_v<abi<T>, abi<U>>;
template <class R, class... A> constexpr int arity(R (*)(A...)) { return sizeof...(A); }
template <class R, class... A> constexpr int arity(R (*)(A..., ...)) { return sizeof...(A); }
template <class F> struct parts;
template <class R, class... A> struct parts<R(A...)> { using type = std::tuple<R, A...>; };
template <class R, class... A> struct parts<R(A..., ...)> { using type = std::tuple<R, A...>; };
template <int N, class F> using part = std::tuple_element_t<N, typename parts<F>::type>;
"""

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
    text = _PRELUDE + "".join(f'#include "{name}"\n' for name in headers.files)
    text += "\n".join(lines) + "\n"
    findings = _compile(text, headers)
    if findings:
        raise CheckError(f"{len(findings)} disagreement(s) between bindings and compiler:", findings)
    return writer.counts()


def load(package: Path) -> dict[str, ModuleType]:
    """Import the generated modules of `package` under a name of their own; nothing opens a library."""
    name = f"llama_ctypes_checked_{abs(hash(str(package.resolve()))):x}"
    for key in [name, *(key for key in sys.modules if key.startswith(f"{name}."))]:
        sys.modules.pop(key, None)
    spec = importlib.util.spec_from_file_location(
        name, package / "__init__.py", submodule_search_locations=[str(package)]
    )
    if spec is None or spec.loader is None or not (package / "_generated" / "types.py").is_file():
        raise CheckError(f"{package} holds no generated bindings; run `python3 -m build_scripts generate`")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return {
        part: importlib.import_module(f"{name}._generated.{part}")
        for part in ("types", "functions", "constants")
    }


class _Writer:
    """Turns ctypes objects into static assertions; each message names what it is about."""

    def __init__(self, model: Model, generated: dict[str, ModuleType]) -> None:
        self.model = model
        self.types = vars(generated["types"])
        self.functions: dict[str, tuple[str, str, str]] = generated["functions"].FUNCTIONS
        self.constants = generated["constants"]
        self.records = {record.name: record for record in model.records}
        self.fields = 0
        spelled: dict[int, str] = {}
        for handle in model.handles:
            spelled[id(self.types[handle.name])] = f"{handle.spelling} *"
        for record in model.records:
            if record.spelling:
                spelled[id(self.types[record.name])] = record.spelling
        for callback in model.callbacks:
            spelled[id(self.types[callback.name])] = callback.name.removeprefix("type_")
        self.spelled = spelled

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
        for record in self.model.records:
            if record.spelling:
                yield from self._record(record)
        for callback in self.model.callbacks:
            class_ = self.types[callback.name]
            name = callback.name.removeprefix("type_")
            pointee = f"std::remove_pointer_t<{name}>"
            yield from self._prototype(name, pointee, class_._restype_, class_._argtypes_, is_callback=True)
        for function in self.model.functions:
            restype, *argtypes = eval(f"{self.functions[function.name][2]},", self.types)
            yield from self._prototype(function.name, f"decltype({function.name})", restype, tuple(argtypes))
        for enum in self.model.enums:
            for enumerator in enum.enumerators:
                value = getattr(self.constants, enumerator.name)
                yield _assert(f"{enumerator.name} == {_literal(value)}", f"{enumerator.name} is not {value}")
        for constant in self.model.constants:
            value = getattr(self.constants, constant.name)
            left = f"std::string_view({constant.name})" if isinstance(value, str) else constant.name
            yield _assert(f"{left} == {_literal(value)}", f"{constant.name} is not {value!r}")

    def _record(self, record: Record) -> Iterator[str]:
        class_ = self.types[record.name]
        spelling = record.spelling
        size, align = ctypes.sizeof(class_), ctypes.alignment(class_)
        yield _assert(f"sizeof({spelling}) == {size}", f"{spelling}: size is not {size}")
        yield _assert(f"alignof({spelling}) == {align}", f"{spelling}: alignment is not {align}")
        yield from self._fields(record, spelling, "", 0)

    def _fields(self, record: Record, spelling: str, path: str, base: int) -> Iterator[str]:
        """The members of `record`, which lies at `base` in `spelling` and is reached by `path`."""
        class_ = self.types[record.name]
        declared = [(name, type_) for name, type_, *_ in class_._fields_]
        if len(declared) != len(record.fields):
            yield _assert("false", f"{spelling}: {len(declared)} fields, C has {len(record.fields)}")
            return
        for field, (name, type_) in zip(record.fields, declared, strict=True):
            if field.bits is not None:
                continue  # a bit-field has no offset in C
            offset = base + getattr(class_, name).offset
            inner = self.records.get(type_.__name__) if isinstance(type_, type) else None
            nameless = inner is not None and not inner.spelling and type_ is self.types[inner.name]
            where = f"{path}{field.name}"
            if field.name:
                self.fields += 1
                what = f"{spelling}.{where}"
                yield _assert(f"offsetof({spelling}, {where}) == {offset}", f"{what}: offset is not {offset}")
                member = f"decltype((({spelling} *)nullptr)->{where})"
                size = ctypes.sizeof(type_)
                yield _assert(f"sizeof({member}) == {size}", f"{what}: size is not {size}")
                if id(type_) not in self.spelled and issubclass(type_, CFuncPtr):
                    pointee = f"std::remove_pointer_t<{member}>"
                    signature = type_._restype_, type_._argtypes_
                    yield from self._prototype(what, pointee, *signature, is_callback=True)
                elif not nameless:
                    expected = self._cxx(type_)
                    yield _assert(f"same<{member}, {expected}>", f"{what}: type is not {expected}")
            if nameless and inner is not None:
                yield from self._fields(inner, spelling, f"{where}." if field.name else path, offset)

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
        if issubclass(type_, ctypes.Array):
            # remove_pointer of pointer-to-array: the one spelling that nests.
            return f"std::remove_pointer_t<{self._cxx(type_._type_)} (*)[{type_._length_}]>"
        if issubclass(type_, ctypes._Pointer):
            return f"std::add_pointer_t<{self._cxx(type_._type_)}>"
        if issubclass(type_, CFuncPtr):
            arguments = ", ".join(self._cxx(t) for t in type_._argtypes_)
            return f"std::add_pointer_t<{self._cxx(type_._restype_)}({arguments})>"
        return _CODES[type_._type_]


def _assert(condition: str, message: str) -> str:
    return f"static_assert({condition}, {_literal(message)});"


def _literal(value: object) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, int):
        # The most negative number has no literal of its own in C.
        return f"({value + 1} - 1)" if value == -(2**63) else f"{value}{'ull' if value >= 2**63 else ''}"
    return repr(value)


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

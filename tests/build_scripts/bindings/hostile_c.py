"""Random C headers of all that has ever broken a generator of bindings: the same seed, the same header.

A type is text with an `@` where the declared name goes: `int @`, `float @[4]`, `int (*@)(void)`.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

SCALARS = [
    "bool", "char", "signed char", "unsigned char", "short", "unsigned short", "int", "unsigned", "long",
    "unsigned long", "long long", "unsigned long long", "float", "double", "long double", "wchar_t",
    "size_t", "ptrdiff_t", "intptr_t", "uintptr_t",
    *(f"{sign}int{bits}_t" for sign in ("", "u") for bits in (8, 16, 32, 64)),
]  # fmt: skip
STRANGE = ["__int128", "va_list", "ggml_vector"]  # which no binding may claim to hold
# The types that an enum may have, each with the range of its values on every platform.
FIXED = {
    "bool": (0, 1), "char": (0, 127), "int8_t": (-128, 127), "uint8_t": (0, 255),
    "short": (-(2**15), 2**15 - 1), "uint16_t": (0, 2**16 - 1), "int": (-(2**31), 2**31 - 1),
    "unsigned": (0, 2**32 - 1),
    "uint32_t": (0, 2**32 - 1), "long": (-9, 2**31 - 1), "int64_t": (-(2**63), 2**63 - 1),
    "unsigned long long": (0, 2**64 - 1), "size_t": (0, 2**32),
}  # fmt: skip
# Attributes of a record; the last is unknown to every compiler, which makes the layout a guess.
ATTRIBUTES = ["", "packed", "aligned(16)", "aligned(64)", "packed, aligned(4)", "ggml_unknown"]
# Names that Python, ctypes or the generated code want for themselves; each is declared once in a header.
RESERVED = [
    "P", "callback", "POINTER", "Structure", "Union", "c_int", "c_void_p", "c_char_p", "None", "lambda",
    "def", "is", "pass", "nonlocal", "async", "yield", "from", "struct_", "bytes", "annotations", "mro",
    "_sunder_", "__init__",
]  # fmt: skip
FIELDS = [
    "_0", "_1", "x", "as", "in", "in_", "True", "True_", "raise", "raise_", "_2", "value", "n", "del",
    "_fields_", "_fields__", "_pack_", "from_param", "from_buffer", "__class__", "_objects",
]  # fmt: skip
# Names only in C.
CXX_TAGS = ["class", "new", "this", "template"]
CXX_FIELDS = ["namespace", "delete", "operator", "private", "try", "using"]


class Hostile:
    """One header: its text, and what must become of what it declares."""

    def __init__(self, seed: str, declarations: int, *, only_c: bool = False, fixed: bool = False) -> None:
        """Make so many declarations; with `only_c` also such as C++ forbids or reads otherwise.

        With `fixed` also enums with a fixed type, which C has since C23 only.
        """
        self.random = random.Random(seed)
        self.only_c = only_c
        self.symbols: dict[str, str] = {}  # functions that are exported under another name
        self.functions: list[str] = []  # bound, or refused by name
        self.tags: dict[str, str] = {}  # complete records: their name -> their C spelling
        self.enumerators: list[str] = []
        self.inner_enumerators: list[str] = []  # which C++ knows only in their record
        self.constants: dict[str, int | float | str | None] = {}  # None: the compiler knows
        self.absent: list[str] = []  # no trace of these
        self._fields = FIELDS + (CXX_FIELDS if only_c else [])
        self._reserved = self.random.sample(RESERVED, len(RESERVED)) + (CXX_TAGS if only_c else [])
        self._count = 0
        self._opaque: list[str] = []
        self._types = [f"{name} @" for name in SCALARS]  # what a member may be
        self._strange = [*STRANGE, "_Float16"] if only_c else STRANGE
        self._values: list[str] = []  # what else may be passed by value
        lines = ["typedef float ggml_vector __attribute__((vector_size(16)));"]
        makers: list[tuple[Callable[[], str], int]] = [
            (self._function, 8), (self._record, 8), (self._enum, 4), (self._typedef, 5), (self._macro, 5),
            (self._forward, 1), (self._static, 1), (self._conditional, 1), (self._flexible, 1),
            *([(self._fixed_enum, 3)] if fixed else []),
        ]  # fmt: skip
        choices, weights = zip(*makers, strict=True)
        for make in self.random.choices(choices, weights, k=declarations):
            lines.append(make())
        self.text = "\n".join(lines) + "\n"

    # -- names and types ----------------------------------------------------------------------

    def _name(self) -> str:
        if self._reserved and self._chance(0.05):
            return self._reserved.pop()
        self._count += 1
        return f"ggml_{self._count}"

    def _tag(self) -> str:
        """A tag, at times one that C allows although something else has the name."""
        others = [name for name in self.functions + self.enumerators if name not in self.tags]
        return self._pick(others) if others and self._chance(0.1) else self._name()

    def _chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def _pick(self, choices: list[str]) -> str:
        return self.random.choice(choices)

    def _type(self, depth: int = 0, *, member: bool = False) -> str:
        """The type of a member or parameter."""
        kind = self.random.random() * (1 if depth < 3 else 0.5)
        if kind < 0.005:
            return f"{self._pick(self._strange)} @"
        if kind < 0.5:
            return self._pick(self._types if member or not self._values else self._types + self._values)
        if kind < 0.6 and self._opaque:
            return self._to(f"{self._pick(self._opaque)} @")
        if kind < 0.75:
            target = self._pick(["void @", "char @", self._type(depth + 1, member=True)])
            # A const function is no type.
            const = self._chance(0.4) and not re.match("const |ggml_fn", target)
            return self._to(f"const {target}" if const else target)
        if kind < 0.87:
            return self._array(self._type(depth + 1, member=True))
        return self._to(self._signature(depth + 1))

    def _to(self, target: str) -> str:
        qualifier = self._pick(["", "", "", "const ", "volatile "])
        return target.replace("@", f"(*{qualifier}@)" if target.partition("@")[2] else f"*{qualifier}@")

    def _array(self, element: str) -> str:
        # C has no array whose elements' size is not a multiple of their alignment.
        plain = "int @" if "ggml_aligned" in element else element
        return plain.replace(
            "@", f"@[{self.random.choice([0, 1, 2, 3, 4] if self._chance(0.1) else [1, 2, 3, 4])}]"
        )

    def _signature(self, depth: int = 0) -> str:
        """A function type; the name and parameters go inside what the result is written around."""
        parameters = [self._type(depth).replace("@", f"p{i}") for i in range(self.random.randint(0, 4))]
        if parameters and self._chance(0.2):
            parameters.append("...")
        result = self._type(depth)
        if result.partition("@")[2].startswith("[") or self._chance(0.2) or self._is_array(result):
            result = "void @"
        return result.replace("@", f"@({', '.join(parameters) or 'void'})")

    @staticmethod
    def _is_array(type_: str) -> bool:
        return type_.startswith(("ggml_array", "va_list"))

    # -- declarations -------------------------------------------------------------------------

    def _function(self) -> str:
        name = self._name()
        if self._chance(0.02):
            name = f"_{name}"  # no attribute of a module
        text = self._signature().replace("@", name, 1)
        self.functions.append(name)
        if self._chance(0.05):
            attribute = self._pick(["ggml_unknown", "noinline", "ms_abi"])
            return f"__attribute__(({attribute})) {text};"
        if self._chance(0.05):
            self.symbols[name] = f"{name}_real"
            return f'{text} __asm__("{name}_real");'
        again = f" {text};" if self._chance(0.1) else ""
        # A macro of the function's own name is how headers say that it is there.
        idiom = f"\n#define {name} {name}" if name.startswith("ggml") and self._chance(0.05) else ""
        if self._chance(0.1):
            return f'DEPRECATED({text}, "say \\"no\\"");{again}'
        return f"{text};{again}{idiom}"

    def _members(self, depth: int, taken: set[str], *, anonymous: bool = False) -> str:
        lines = []
        for number in range(self.random.randint(1, 5)):
            name = self._pick([f for f in self._fields if f not in taken] or [""])
            if not name or self._chance(0.6):
                name = f"m{depth}_{len(taken)}_{number}"
            taken.add(name)
            kind = self.random.random()
            if depth < 3 and kind < 0.12:
                lines.append(f"{self._body(depth + 1, taken, anonymous=True)};")
            elif depth < 3 and kind < 0.24 and (self.only_c or not anonymous):
                # C++ allows no types inside anonymous records.
                around = self._pick(["@", "@[2]", "*@", "*@[3]"]).replace("@", name)
                lines.append(f"{self._body(depth + 1, set())} {around};")
            elif 0.24 < kind < 0.245:
                lines.append(f"unsigned {name} : {self.random.randint(1, 31)};")
            else:
                aligned = " __attribute__((aligned(8)))" if self._chance(0.01) else ""
                lines.append(f"{self._type(member=True).replace('@', name)}{aligned};")
        return " ".join(lines)

    def _body(self, depth: int, taken: set[str], *, anonymous: bool = False) -> str:
        """A record without a tag, or in C at times with one."""
        kind = self._pick(["struct", "struct", "union"])
        tag = ""
        if self.only_c and not anonymous and self._chance(0.4):
            tag = f"{self._name()} "
        # C++ allows no types inside anonymous records.
        if not anonymous and self._chance(0.1):
            name = self._name()
            (self.enumerators if self.only_c else self.inner_enumerators).append(name)
            return f"enum {{ {name} = {self.random.randint(-9, 9)} }}"
        text = f"{kind} {tag}{{ {self._members(depth, taken, anonymous=anonymous)} }}"
        if tag:
            self.tags[tag.strip()] = f"{kind} {tag.strip()}"
        return text

    def _record(self) -> str:
        kind = self._pick(["struct", "struct", "struct", "union"])
        attribute = self.random.choices(ATTRIBUTES, [40, 4, 2, 2, 2, 1])[0]
        attribute = f" __attribute__(({attribute}))" if attribute else ""
        members = "" if self._chance(0.01) else self._members(0, set())
        name = self._name() if self._chance(0.3) else self._tag()
        clashes = name in self.functions or name in self.enumerators
        if self._chance(0.3) and not clashes:
            self.tags[name] = name
            text = f"typedef {kind}{attribute} {{ {members} }} {name};"
        else:
            self.tags[name] = f"{kind} {name}"
            # It may point to itself.
            members += f" {kind} {name} *own;" if members and self._chance(0.3) else ""
            text = f"{kind}{attribute} {name} {{ {members} }};"
            if self._chance(0.3):
                self._count += 1
                text += f" typedef {kind} {name} ggml_{self._count}_t;"
        self._types.append(f"{self.tags[name]} @")
        return text

    def _flexible(self) -> str:
        name = self._name()
        self.tags[name] = f"struct {name}"
        self._values.append(f"struct {name} @")
        element = self._type(member=True)
        while self._is_array(element) or "ggml_aligned" in element or "[" in element:
            element = self._pick([f"{scalar} @" for scalar in SCALARS])
        return f"struct {name} {{ int n; {element.replace('@', 'data[]')}; }};"

    def _enum(self) -> str:
        low, high = self._range()
        names = [self._name() for _ in range(self.random.randint(1, 6))]
        lines: list[str] = []
        for index, name in enumerate(names):
            texts = [f"{name} = {self._pick_value(low, high)}"]
            if index and low == 0 and high < 2**31:
                texts += [name, f"{name} = {names[index - 1]}", f"{name} = {names[index - 1]} | 1 << 3"]
                texts += [f"{name} = sizeof(int) * 2 + {names[0]}", f"{name} = {names[0]} ? 4 : 'a'"]
            lines.append(self._pick(texts))
        self.enumerators += names
        packed = " __attribute__((packed))" if self._chance(0.1) else ""
        tag = self._tag() if self._chance(0.7) else ""
        if tag and tag not in self.enumerators and tag not in self.functions and self._chance(0.3):
            self._types.append(f"{tag} @")
            return f"typedef enum{packed} {{ {', '.join(lines)} }} {tag};"
        if tag:
            self.tags[tag] = ""  # no record: only the name is taken
            self._types.append(f"enum {tag} @")
        return f"enum{packed} {tag} {{ {', '.join(lines)} }};"

    def _fixed_enum(self) -> str:
        type_ = self._pick(list(FIXED))
        low, high = FIXED[type_]
        names = [self._name() for _ in range(self.random.randint(0, 3))]
        values = [self._pick_value(low, high) for _ in names]
        self.enumerators += names
        tag = self._tag()
        self.tags[tag] = ""
        self._types.append(f"enum {tag} @")
        if not names:
            return f"enum {tag} : {type_};"
        return f"enum {tag} : {type_} {{ {', '.join(map(' = '.join, zip(names, values, strict=True)))} }};"

    def _pick_value(self, low: int, high: int) -> str:
        value = self.random.choice([low, high, self.random.randint(low, high)])
        return f"{value}{'ull' if value >= 2**63 else ''}" if value > -(2**63) else f"({value + 1} - 1)"

    def _range(self) -> tuple[int, int]:
        return self.random.choice(
            [(0, 9), (0, 2**16), (-9, 9), (0, 2**32 - 1), (-(2**31), 2**31 - 1), (-(2**63), 2**63 - 1),
             (2**63, 2**64 - 1), (0, 255)]
        )  # fmt: skip

    def _typedef(self) -> str:
        kind = self.random.random()
        if kind < 0.15:
            name = f"ggml_aligned_{self._count}"
            self._types.append(f"{name} @")
            self._count += 1
            by = self._pick(["1", "8", "16"])
            return f"typedef {self._pick(SCALARS)} {name} __attribute__((aligned({by})));"
        if kind < 0.25:
            name = f"ggml_array_{self._count}"
            self._count += 1
            target = self._array(self._type(member=True))
        elif kind < 0.4:
            # A function type: only pointers to it are members or parameters, and it declares functions.
            name = f"ggml_fn_{self._count}"
            self._count += 1
            text = f"typedef {self._signature().replace('@', name, 1)};"
            self._types.append(f"{name} *@")
            if self._chance(0.5):
                self.functions.append(self._name())
                text += f" {name} {self.functions[-1]};"
            return text
        elif kind < 0.5:
            name = self._name()
            self._types.append(f"{name} *@")
            return f"typedef void {name};"
        else:
            name = self._name()
            target = self._type(member=True)
            if "ggml_aligned" in target or "ggml_array" in target or target.partition("@")[2].startswith("["):
                target = "int64_t @"
            if target.startswith("va_list"):
                target = "char *@"
        self._types.append(f"{name} @")
        return f"typedef {target.replace('@', name)};"

    def _macro(self) -> str:
        name = self._name()  # never that of a member
        number = self.random.randint(0, 2**31 - 1)
        known = [key for key, value in self.constants.items() if isinstance(value, int)]
        texts: list[tuple[str, int | float | str | None]] = [
            (f"{number}", number), (f"(-{number})", -number), (f"{number:#x}u // {{", number),
            (f"/* why */ {number % 99} + 1", number % 99 + 1), ("1 | 2", 3), ("\\\n    7", 7),
            ("0xffffffffffffffffull", 2**64 - 1), ("(-9223372036854775807ll - 1)", -(2**63)), ("'a'", 97),
            ("0.1f", None), ("0.1L", None), ("(__builtin_inf())", None), ("true", 1), ("sizeof(int[3])", 12),
            ('"a" "b"', "ab"), ('"\\"\\\\ \\n \\t ? \\u00fc"', '"\\ \n \t ? ü'), ("(unsigned char)300", 44),
        ]  # fmt: skip
        if known:
            other = self._pick(known)
            texts += [(f"({other})", self.constants[other])] * 3
        if self.enumerators:
            texts.append((self._pick(self.enumerators), None))
        nothing = ["", "int", 'L"wide"', '"zero\\0inside"', "do {} while (0)", "__attribute__((unused))"]
        nothing += ["(1 << 63)", "(1 / 0)", "(-1 << 3)", "(2147483647 + 1)", "__LINE__", "(__LINE__ + 1)"]
        if self._chance(0.005):
            texts = [("(1.0/0.0)", None)]  # the checker compiles twice, as it is no constant in C++
        if self._chance(0.2):
            self.absent.append(name)
            return f"#define {name} {self._pick(nothing)}"
        text, value = self.random.choice(texts)
        self.constants[name] = value
        return f"#define {name} {text}"

    def _forward(self) -> str:
        name = self._name()
        kind = self._pick(["struct", "struct", "union"])
        self._opaque.append(f"{kind} {name}")
        self.tags[name] = ""
        if self._chance(0.5):
            self._types.append(f"{name}_p @")
            return f"typedef {kind} {name} *{name}_p;"
        return f"{kind} {name};"

    def _static(self) -> str:
        name = self._name()
        if self._chance(0.3):
            self.constants[name] = 5
            return f"static const int {name} = 5;"
        self.absent.append(name)
        if self._chance(0.2):
            return f"#define {name}(x) ((x) + 1)"
        return f"static inline int {name}(int x) {{ return x; }}"

    def _conditional(self) -> str:
        here, elsewhere = self._name(), self._name()
        self.functions.append(here)
        self.absent.append(elsewhere)
        return (
            f"#if defined(_WIN32) && !defined(_WIN64)\nlong {elsewhere}(long x);\n"
            f"#else\nint {here}(int x);\n#endif"
        )

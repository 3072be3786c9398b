"""Records of the kinds that ABIs tell apart, functions that pass them by value; a program that calls them.

llama_give_N(first, record, last) stores the record it got, and returns another one
llama_late_N does the same after parameters that fill most registers
"""

from __future__ import annotations

import random
from itertools import product

_SCALARS = [
    "signed char",
    "short",
    "int",
    "int64_t",
    "bool",
    "void *",
    "enum llama_e",
    "float",
    "double",
    "long double",
]
_DECLARATIONS = """
enum llama_e { LLAMA_E };
void * llama_seen(void);
void * llama_next(void);
double llama_sum(void);
"""
_C = """
#include <string.h>
static char seen[1 << 16], next[1 << 16]; // also for the largest record
static double sum;
void * llama_seen(void) { return seen; }
void * llama_next(void) { return next; }
double llama_sum(void) { return sum; }
void llama_backend_init(void) {}
"""
_BODY = (
    '{{ _Static_assert(sizeof r <= sizeof seen, ""); struct {0} n; memcpy(seen, &r, sizeof r); '
    "sum = {1}; memcpy(&n, next, sizeof n); return n; }}\n"
)
_LATE = (
    "int a, int b, int c, int d, int e, double f, double g, double h, double i, double j, double k, double l"
)

# Runs in the Python of any platform. Prints each function's name before the call, so that a crash names it,
# and then what came out.
PROGRAM = """
import ctypes, itertools
import passed
from passed import _table

def fill(value, numbers):
    for name, type_ in value._fields_:
        if issubclass(type_, ctypes.Structure):
            fill(getattr(value, name), numbers)
        elif issubclass(type_, ctypes.Array):
            fill_array(getattr(value, name), numbers)
        else:
            setattr(value, name, scalar(type_, numbers))

def fill_array(array, numbers):
    for index in range(len(array)):
        type_ = array._type_
        if issubclass(type_, ctypes.Structure):
            fill(array[index], numbers)
        elif issubclass(type_, ctypes.Array):
            fill_array(array[index], numbers)
        else:
            array[index] = scalar(type_, numbers)

def scalar(type_, numbers):
    number = next(numbers) % 100 + 1
    if type_._type_ in "fdg":
        return number + 0.5
    return number % 2 == 0 if type_ is ctypes.c_bool else number

def read(value):
    if isinstance(value, ctypes.Structure):
        return [read(getattr(value, name)) for name, _ in value._fields_]
    return [read(element) for element in value] if isinstance(value, ctypes.Array) else value

numbers = itertools.count()
for name in _table.names():
    if name.startswith(("llama_give_", "llama_late_")):
        print(name, end=" ", flush=True)
        function = getattr(passed, name)
        record = function.restype
        given, other = record(), record.from_address(passed.llama_next())
        fill(given, numbers)
        fill(other, numbers)
        first, last = next(numbers), next(numbers) + 0.5
        others = [1, 2, 3, 4, 5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0] if "late" in name else []
        result = function(first, *others, given, last)
        right = (read(record.from_address(passed.llama_seen())) == read(given), read(result) == read(other),
                 passed.llama_sum() == first + last + sum(others))
        print("right" if all(right) else "wrong argument, result, others " + repr(right), flush=True)
"""


class Records:
    """The header of the records and functions, and the C source that defines the functions."""

    def __init__(self, seed: int = 0, count: int = 150) -> None:
        """Make `count` random records, and those that the ABIs' rules name."""
        self._random = random.Random(seed)
        self.bodies = [*_systematic(), *(self._members(2) for _ in range(count))]
        self.names: list[str] = []
        declarations, functions = [], []
        for number, body in enumerate(self.bodies):
            name = f"llama_r{number}"
            declarations.append(f"struct {name} {{ {body} }};")
            for kind, before, total in (("give", "", ""), ("late", _LATE + ", ", "+a+b+c+d+e+f+g+h+i+j+k+l")):
                prototype = (
                    f"struct {name} llama_{kind}_{number}(int first, {before}struct {name} r, double last)"
                )
                declarations.append(f"{prototype};")
                self.names.append(f"llama_{kind}_{number}")
                functions.append(prototype + _BODY.format(name, f"first + last{total}"))
        self.header = _DECLARATIONS + "\n".join(declarations)
        includes = "#include <stdbool.h>\n#include <stdint.h>\n"
        self.source = includes + self.header + _C + "".join(functions)

    def _members(self, depth: int) -> str:
        members = []
        for number in range(self._random.choice([1, 1, 2, 2, 3, 4])):
            around = self._random.choice(["@", "@", "@", "@[1]", "@[2]", "@[3]", "@[2][2]", "@[1][2]"])
            inside = depth and self._random.random() < 0.25
            type_ = f"struct {{ {self._members(depth - 1)} }}" if inside else self._scalar()
            members.append(f"{type_} {around.replace('@', f'm{number}')};")
        return " ".join(members)

    def _scalar(self) -> str:
        # Half of them floats: the rules are about these.
        return self._random.choice(_SCALARS if self._random.random() < 0.5 else ["float", "double"])


def _systematic() -> list[str]:
    plain = ["signed char", "int", "int64_t", "float", "double"]
    bodies = [f"{type_} a;" for type_ in _SCALARS]
    bodies += [f"{a} a; {b} b;" for a, b in product(plain, repeat=2)]
    bodies += [f"{a} a; {b} b; {c} c;" for a, b, c in product(["int", "float", "double"], repeat=3)]
    # Homogeneous aggregates, each as members, as an array and as a record inside; and one member too many.
    for type_, count in product(["float", "double", "long double"], range(1, 6)):
        members = " ".join(f"{type_} m{number};" for number in range(count))
        bodies += [
            members,
            f"{type_} m[{count}];",
            f"struct {{ {members} }} in;",
            f"struct {{ {type_} m[{count}]; }} in;",
        ]
    bodies += [
        f"{type_} m[{count}];" for type_, count in product(["signed char", "int"], (1, 2, 3, 4, 5, 17))
    ]
    # Inner records that begin in the middle of eight bytes, and arrays of arrays.
    bodies += [
        f"float a; struct {{ {a} b; {b} c; }} in; {c} d;" for a, b, c in product(["float", "int"], repeat=3)
    ]
    bodies += [f"{type_} m[{a}][{b}];" for type_, a, b in product(["float", "short"], (1, 2), (1, 2))]
    # What libffi does not know.
    bodies += [
        "union { float f; int i; } u;",
        "int64_t m[0]; signed char c;",
        "double a, b; int n[0];",
        "int n; float data[];",
    ]
    return bodies

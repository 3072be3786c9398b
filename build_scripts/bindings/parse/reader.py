"""Walk a translation unit and build the model of its headers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from clang import cindex
from clang.cindex import Cursor, CursorKind, TypeKind

from build_scripts.bindings.ir import (
    Array,
    Callback,
    Constant,
    Enum,
    Field,
    Function,
    FunctionType,
    Handle,
    Location,
    Model,
    Named,
    Parameter,
    Record,
    Scalar,
    Type,
    Typedef,
    UnsupportedDeclaration,
)

from . import enums, libclang, passing
from .layout import UnsupportedError, inexpressible, with_pack
from .names import RECORDS, Names, declarations
from .spelling import Prototypes, deprecation, desugared, is_nameless, starred
from .types import FUNCTIONS, LIBRARY_TYPES, SCALARS, element, kind_of, pointer_to
from .unit import Unit

_PRIVATE = "a Python module keeps names that begin with an underscore for itself"
# Of the preprocessor's cursors, only the definitions of macros matter.
_UNUSED = (CursorKind.MACRO_INSTANTIATION, CursorKind.INCLUSION_DIRECTIVE)


class Reader:
    """Walks one translation unit and builds the model."""

    def __init__(self, unit: Unit) -> None:
        """Prepare to walk `unit`, whose headers are valid C."""
        self.unit = unit
        self._place = unit.place
        self._prototypes = Prototypes()
        self.unsupported: dict[str, UnsupportedDeclaration] = {}

    def model(self) -> Model:
        """The model of everything that the public headers declare."""
        everything = [c for c in self.unit.unit.cursor.get_children() if c.kind not in _UNUSED]
        public = [cursor for cursor in everything if self.unit.is_public(cursor)]
        declared = list(declarations(c for c in public if c.kind != CursorKind.MACRO_DEFINITION))
        constants = list(self._constants(everything, public))
        # All names come first, because a tag that shares its name with another declaration gets a new one.
        self._names = Names(declared, [constant.name for constant in constants])
        known = -1
        while known != len(self.unsupported):
            # A record may turn out to be unsupported after others have used it: then read all again.
            known = len(self.unsupported)
            self._collect(declared)
        return Model(
            functions=_sorted(self.functions.values()),
            records=_sorted(r for r in self.records.values() if r is not None),
            handles=_sorted(self.handles.values()),
            enums=_sorted(self.enums.values()),
            callbacks=_sorted(self.callbacks.values()),
            typedefs=_sorted(self.typedefs.values()),
            constants=_sorted(c for c in constants if c.name not in self._names.defined),
            unsupported=_sorted(self.unsupported.values()),
        )

    def _collect(self, declared: list[Cursor]) -> None:
        self.functions: dict[str, Function] = {}
        self.records: dict[str, Record | None] = {}  # None while the reader reads its fields
        self.handles: dict[str, Handle] = {}
        self.enums: dict[str, Enum] = {}
        self.callbacks: dict[str, Callback] = {}
        self.typedefs: dict[str, Typedef] = {}
        self._type = self._prototypes.cached(self._read_type)
        self._shape = self._prototypes.cached(self._read_shape)
        self._passed = self._prototypes.cached(self._read_passed)
        for cursor in declared:
            kind = cursor.kind
            if kind in RECORDS:
                # A tag without a definition matters only as the target of a pointer.
                if cursor.is_definition() and not is_nameless(cursor):
                    self._try(cursor, self._record)
            elif kind == CursorKind.ENUM_DECL:
                self._try(cursor, self._enum)
            elif kind == CursorKind.TYPEDEF_DECL:
                self._try(cursor, self._typedef)
            elif kind == CursorKind.FUNCTION_DECL:
                self._try(cursor, self._function)
            elif kind == CursorKind.VAR_DECL:
                self._try(cursor, self._variable)

    def _try(self, cursor: Cursor, read: Callable[[Cursor], object]) -> None:
        """Call `read(cursor)`; record the declaration as unsupported if ctypes cannot express it."""
        try:
            read(cursor)
        except UnsupportedError as reason:
            name, place = self._names.name_of(cursor) or cursor.spelling, self._place(cursor)
            if is_nameless(cursor):
                self.unsupported[f"{place}"] = UnsupportedDeclaration("a nameless type", str(reason), place)
            else:
                self.unsupported[name] = UnsupportedDeclaration(name, str(reason), place)

    # -- types ------------------------------------------------------------------------------

    def _read_type(self, type_: cindex.Type) -> Type:
        kind = kind_of(type_)
        if kind == TypeKind.ELABORATED:
            return self._type(type_.get_named_type())
        if kind == TypeKind.TYPEDEF:
            return self._typedef_reference(type_)
        if kind == TypeKind.POINTER:
            return self._pointer(type_.get_pointee())
        if kind == TypeKind.RECORD:
            return Named(self._record(type_.get_declaration()))
        if kind == TypeKind.ENUM:
            return self._enum(type_.get_declaration())
        if kind == TypeKind.CONSTANTARRAY:
            return Array(self._type(type_.get_array_element_type()), type_.element_count)
        if kind == TypeKind.INCOMPLETEARRAY:
            return Array(self._type(type_.get_array_element_type()), 0)
        if kind in FUNCTIONS:
            return self._function_type(type_)
        if kind in SCALARS:
            return Scalar(SCALARS[kind])
        raise UnsupportedError(f"ctypes has no type for {type_.spelling}")

    def _typedef_reference(self, type_: cindex.Type) -> Type:
        declaration = type_.get_declaration()
        name = declaration.spelling
        if name in LIBRARY_TYPES:
            return Scalar(name)
        if name.startswith("__builtin"):
            raise UnsupportedError(f"ctypes has no type for {name}")
        target = declaration.underlying_typedef_type
        canonical = target.get_canonical()
        if kind_of(canonical) in (
            TypeKind.VOID,
            TypeKind.RECORD,
            TypeKind.ENUM,
            TypeKind.CONSTANTARRAY,
        ) or not (self.unit.is_public(declaration) and not name.startswith("_")):
            return self._type(target)
        self._typedef(declaration)
        return Named(name)

    def _pointer(self, pointee: cindex.Type) -> Type:
        canonical = pointee.get_canonical()
        kind = kind_of(canonical)
        if kind in FUNCTIONS:
            return self._function_type(pointee)
        if kind == TypeKind.RECORD:
            declaration = canonical.get_declaration()
            definition = declaration.get_definition()
            if definition is None or not self._is_expressible(definition):
                if is_nameless(declaration):
                    raise UnsupportedError(
                        "it points to a nameless record whose layout ctypes cannot reproduce"
                    )
                return Named(self._handle(declaration))
        return pointer_to(self._type(pointee), pointee.is_const_qualified(), canonical)

    def _function_type(self, type_: cindex.Type, names: list[str] | None = None) -> FunctionType:
        result, types, variadic = self._shape(type_)
        spelled = names or [""] * len(types)
        parameters = tuple(Parameter(name, type_) for name, type_ in zip(spelled, types, strict=True))
        return FunctionType(result, parameters, variadic)

    def _read_shape(self, type_: cindex.Type) -> tuple[Type, list[Type], bool]:
        """The result and the parameters of a function type, and whether more may follow."""
        if not libclang.is_called_as_c(type_.get_canonical()):
            raise UnsupportedError("its calling convention is not C's")
        # Not of the canonical type, where int64_t is long, which is narrower on Windows.
        result, arguments, variadic = self._prototypes.signature(type_)
        return self._passed(result), [self._passed(argument) for argument in arguments], variadic

    def _read_passed(self, value: cindex.Type) -> Type:
        """The type of a parameter or result; UnsupportedError unless ctypes passes it as C does."""
        canonical = value.get_canonical()
        if kind_of(canonical) == TypeKind.RECORD and not self._is_expressible(canonical.get_declaration()):
            raise UnsupportedError(
                f"{value.spelling} is passed by value, and ctypes cannot reproduce its layout"
            )
        try:
            passing.check(canonical)
        except UnsupportedError as reason:
            raise UnsupportedError(f"{value.spelling} is passed by value, and {reason}") from reason
        type_ = self._type(value)
        if not isinstance(type_, Array):
            return type_
        # An array parameter is a pointer, but libclang returns the array.
        held = desugared(value).get_array_element_type()
        return pointer_to(type_.element, held.is_const_qualified(), held.get_canonical())

    # -- declarations -----------------------------------------------------------------------

    def _handle(self, cursor: Cursor) -> str:
        name = self._names.tag(cursor, _tag_kind(cursor))
        if name not in self.handles:
            # The cursor may be any of its declarations. The canonical one is always the same.
            place = self._place(cursor.canonical)
            # Structs of the C library are known by their typedef (FILE); the tag is an internal name.
            spelling = cursor.type.spelling if place.line else cursor.spelling
            self.handles[name] = Handle(name, spelling, place)
        return name

    def _is_expressible(self, cursor: Cursor) -> bool:
        """Whether ctypes can reproduce the layout of a complete record, which is then in `records`."""
        definition = cursor.get_definition()
        if definition is None:
            return False
        try:
            self._record(definition)
        except UnsupportedError:
            return False
        return True

    def _record(self, cursor: Cursor) -> str:
        definition = cursor.get_definition()
        if definition is None:
            raise UnsupportedError(f"{cursor.type.spelling} is used by value but never defined")
        tag_kind = _tag_kind(definition)
        name = self._names.tag(definition, tag_kind)
        if name in self.records:
            return name
        if name in self.unsupported:
            raise UnsupportedError(self.unsupported[name].reason)
        self.records[name] = None
        try:
            self.records[name] = self._read_record(definition, name, tag_kind)
        except UnsupportedError as reason:
            del self.records[name]
            self.unsupported[name] = UnsupportedDeclaration(name, str(reason), self._place(definition))
            raise
        return name

    def _read_record(self, cursor: Cursor, name: str, tag_kind: str) -> Record:
        type_ = cursor.type
        members = list(type_.get_fields())
        if not members:
            raise UnsupportedError("an empty record has 0 bytes in C and 1 in C++")
        self.unit.check_warnings(cursor)
        fields: list[Field] = []
        for number, member in enumerate(members):
            if member.is_bitfield():
                raise UnsupportedError("ctypes lays out bit-fields unlike C compilers")
            declaration = element(member.type).get_declaration()
            if declaration.kind in RECORDS and is_nameless(declaration):
                self._names.inner(declaration, f"{name}_{_field_name(member) or f'anonymous{number}'}")
            offset = member.get_field_offsetof() // 8
            fields.append(Field(_field_name(member), self._type(member.type), offset))
        record = Record(
            name=name,
            tag_kind=tag_kind,
            fields=tuple(fields),
            size=type_.get_size(),
            align=type_.get_align(),
            pack=None,
            # The compiler check is C++, which does not know inner tags by their name alone.
            spelling="" if is_nameless(cursor) or cursor.lexical_parent.kind in RECORDS else type_.spelling,
            location=self._place(cursor),
        )
        # ctypes has no alignment by attribute. A long double has the same by nature, but not on Windows.
        if record.align > 8 and any(map(_is_aligned, (cursor, *members))):
            raise UnsupportedError(inexpressible(record))
        # Canonical types, because a typedef may have another alignment than the type that ctypes uses.
        types = [member.type.get_canonical() for member in members]
        return with_pack(record, [(type_.get_align(), type_.get_size()) for type_ in types])

    def _enum(self, cursor: Cursor) -> Type:
        definition = cursor.get_definition() or cursor
        nameless = is_nameless(definition)
        name = f"enum:{definition.hash}" if nameless else self._names.tag(definition, "enum")
        if name not in self.enums:
            self.unit.check_warnings(definition)
            self.enums[name] = enums.read(definition, "" if nameless else name, self._place(definition))
        return self.enums[name].type if nameless else Named(name)

    def _typedef(self, cursor: Cursor) -> None:
        name = cursor.spelling
        if name in self.typedefs or name in self.callbacks:
            return
        if name.startswith("_") and not self._names_its_tag(cursor):
            raise UnsupportedError(_PRIVATE)
        self.unit.check_warnings(cursor)
        target = cursor.underlying_typedef_type
        place = self._place(cursor)
        canonical = target.get_canonical()
        kind = kind_of(canonical)
        function = target if kind in FUNCTIONS else target.get_pointee()
        if kind_of(function.get_canonical()) in FUNCTIONS:
            if kind_of(target) == TypeKind.TYPEDEF:
                self.typedefs[name] = Typedef(name, self._type(target), place)
                return
            names = [c.spelling for c in cursor.get_children() if c.kind == CursorKind.PARM_DECL]
            if len(names) != len(self._prototypes.signature(function)[1]):
                names = []  # some belong to a function type inside the result
            spelled = cursor.spelling if function is target else f"({starred(target, cursor.spelling)})"
            declaration = f"typedef {self._prototypes.prototype(spelled, function, names)}"
            self.callbacks[name] = Callback(name, self._function_type(function, names), declaration, place)
            return
        if kind in (TypeKind.RECORD, TypeKind.ENUM):
            declaration = canonical.get_declaration()
            if declaration.kind == CursorKind.ENUM_DECL:
                self._enum(declaration)
            elif declaration.get_definition() is None:
                self._handle(declaration)
            else:
                self._record(declaration)
            own = self._names.name_of(declaration)
            if own is not None and own != name and not name.startswith("_"):
                self.typedefs[name] = Typedef(name, Named(own), place)
            return
        resolved = self._type(target)
        if resolved != Scalar("void"):
            self.typedefs[name] = Typedef(name, resolved, place)

    @staticmethod
    def _names_its_tag(typedef: Cursor) -> bool:
        """Whether the typedef is the only name of a record or an enum."""
        return bool(
            typedef.underlying_typedef_type.get_canonical().get_declaration().spelling == typedef.spelling
        )

    def _function(self, cursor: Cursor) -> None:
        if cursor.storage_class == cindex.StorageClass.STATIC or cursor.is_definition():
            return  # no library exports it
        name, type_, symbol = cursor.spelling, cursor.type, cursor.mangled_name
        if name.startswith("_"):
            raise UnsupportedError(_PRIVATE)
        names = [argument.spelling for argument in cursor.get_arguments()]
        self.functions.setdefault(
            name,
            Function(
                name=name,
                type=self._function_type(type_, names),
                declaration=self._prototypes.prototype(name, type_, names),
                location=self._place(cursor),
                deprecated=deprecation(cursor),
                symbol=symbol if symbol != name else "",
            ),
        )

    def _variable(self, cursor: Cursor) -> None:
        if cursor.storage_class != cindex.StorageClass.STATIC:
            raise UnsupportedError("a variable; the bindings support only functions")

    def _constants(self, everything: list[Cursor], public: list[Cursor]) -> Iterator[Constant]:
        """Macros and `static const` variables, with the values that libclang computes."""
        kinds = (CursorKind.MACRO_DEFINITION, CursorKind.VAR_DECL)
        places = {cursor.spelling: self._place(cursor) for cursor in public if cursor.kind in kinds}
        variables = (cursor for cursor in everything if cursor.kind == CursorKind.VAR_DECL)
        reasons = self.unit.probes.reasons | self.unit.doubtful_macros
        for name, value in self.unit.probes.values(variables).items():
            if name in places and name.startswith("_"):
                reasons[name] = _PRIVATE
            elif name in places and name not in reasons:
                yield Constant(name, value, places[name])
        for name, reason in reasons.items():
            if name in places:
                self.unsupported[name] = UnsupportedDeclaration(name, reason, places[name])


class _Declaration(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def location(self) -> Location: ...


_D = TypeVar("_D", bound=_Declaration)


def _sorted(items: Iterable[_D]) -> tuple[_D, ...]:
    return tuple(sorted(items, key=lambda item: (item.name, str(item.location))))


def _tag_kind(record: Cursor) -> str:
    return "union" if record.kind == CursorKind.UNION_DECL else "struct"


def _is_aligned(cursor: Cursor) -> bool:
    """Whether an attribute sets the alignment of a record, or that of a member or of its type."""
    declaration = element(cursor.type).get_declaration()
    return any(
        part.kind == CursorKind.ALIGNED_ATTR for one in (cursor, declaration) for part in one.get_children()
    )


def _field_name(member: Cursor) -> str:
    return "" if "(" in member.spelling else member.spelling

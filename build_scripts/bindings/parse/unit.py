"""Parse the headers as one libclang translation unit, check its diagnostics, and locate declarations.

Parsing is hermetic: it uses a fixed target and, instead of the system's headers, those in the libc folder. So
every machine gets the same model.
"""

from __future__ import annotations

import functools
import logging
import re
from dataclasses import replace
from pathlib import Path, PurePath

from clang import cindex

from build_scripts.bindings.headers import HeaderSet
from build_scripts.bindings.ir import Location, memoize
from build_scripts.errors import HeaderError

from . import constants
from .layout import UnsupportedError

_logger = logging.getLogger(__name__)

LIBC = Path(__file__).resolve().parent / "libc"
# No limit of errors: constants.py provokes some on purpose.
_ARGUMENTS = ("-x", "c", "-std=c11", "--target=x86_64-unknown-linux-gnu", "-nostdinc", "-ferror-limit=0")
_FILE = "llama_ctypes_headers.c"
_MISSING_TAG = re.compile(r"must use '(struct|union|enum)' tag to refer to type '(\w+)'")
_SEVERITY = {2: "warning", 3: "error", 4: "fatal error"}
# After these warnings a type may be another one to another compiler, and a macro another one to a program.
_DOUBTFUL_TYPES = {"-Wunknown-attributes", "-Wignored-attributes", "-Wunknown-pragmas", "-Wignored-pragmas"}
_REDEFINED = re.compile("'(\\w+)' macro redefined")


class Unit:
    """The translation unit that includes every public header and, after them, a variable for each macro."""

    def __init__(self, headers: HeaderSet) -> None:
        """Parse `headers`; HeaderError names file and line of everything that is not valid C."""
        # Absolute, and included by <>, so the working directory does not matter.
        headers = replace(headers, root=headers.root.resolve())
        self.headers = headers
        # libclang names the files as they are included.
        self._public = {(headers.root / name).as_posix(): name for name in headers.files}
        self.probes = constants.Probes(headers)
        self._file_and_line = memoize(_file_and_line)
        self.doubtful_macros: dict[str, str] = {}
        """Macros with several values, each with the reason not to use one."""
        self._doubts: list[cindex.Diagnostic] = []
        diagnostics = self._parse(headers, "")
        tags = [_MISSING_TAG.match(item.spelling) for item in diagnostics if not self._is_probe(item)]
        if any(tags):
            # In C++ a tag is also a type's name. Upstream compiles its headers as C++, and those of some
            # releases (ggml-opt.h of b4234 to b4980) rely on it. These typedefs have the same effect in C.
            names = sorted({match.groups() for match in tags if match})
            diagnostics = self._parse(
                headers, "".join(f"typedef {kind} {tag} {tag};\n" for kind, tag in names)
            )
        self._check(diagnostics)

    def _parse(self, headers: HeaderSet, prelude: str) -> list[cindex.Diagnostic]:
        text = prelude + "".join(f"#include <{name}>\n" for name in headers.files)
        self.probes.first_line = text.count("\n") + 1
        arguments = [*_ARGUMENTS, f"-I{LIBC}", f"-I{headers.root}"]
        arguments += [f"-I{headers.root / folder}" for folder in headers.include_dirs]
        try:
            self.unit = cindex.Index.create().parse(
                _FILE,
                args=arguments,
                unsaved_files=[(_FILE, text + self.probes.text)],
                options=cindex.TranslationUnit.PARSE_DETAILED_PROCESSING_RECORD,
            )
        except (cindex.TranslationUnitLoadError, cindex.LibclangError) as error:
            raise HeaderError(f"libclang cannot read the headers of {headers.root}: {error}") from error
        return list(self.unit.diagnostics)

    def _is_probe(self, diagnostic: cindex.Diagnostic) -> bool:
        file, line = self._file_and_line(diagnostic)
        return file == _FILE and line >= self.probes.first_line

    def _check(self, diagnostics: list[cindex.Diagnostic]) -> None:
        findings = []
        for item in diagnostics:
            if item.severity < cindex.Diagnostic.Warning:
                continue
            if self._is_probe(item):
                self.probes.record_failure(item)
                continue
            place = self._file_and_line(item)
            text = f"{self._location(*place)}: {_SEVERITY[item.severity]}: {item.spelling}"
            if item.severity >= cindex.Diagnostic.Error:
                findings.append(text)
                continue
            _logger.warning(text)
            if macro := _REDEFINED.match(item.spelling):
                self.doubtful_macros[macro[1]] = f"the headers give it several values ({item.spelling})"
            elif item.option in _DOUBTFUL_TYPES:
                self._doubts.append(item)
        if findings:
            raise HeaderError("the headers are not valid C:\n" + "\n".join(findings))

    def check_warnings(self, tag: cindex.Cursor) -> None:
        """Raise UnsupportedError if the compiler warns that it ignores a part of a type's declaration."""
        for warning in self._doubts:
            place, extent = warning.location, tag.extent
            if place.file is None or extent.start.file is None or place.file.name != extent.start.file.name:
                continue
            # An attribute may also come after the type, before the semicolon.
            between = Path(place.file.name).read_bytes()[extent.end.offset : place.offset]
            if extent.start.offset <= place.offset and b";" not in between:
                raise UnsupportedError(f"the compiler does not know all of it ({warning.spelling})")

    def is_public(self, cursor: cindex.Cursor) -> bool:
        """Whether a declaration is in one of the public headers."""
        return self._file_and_line(cursor)[0] in self._public

    def place(self, cursor: cindex.Cursor) -> Location:
        """The place of a declaration, which is the same on every machine."""
        return self._location(*self._file_and_line(cursor))

    def _location(self, name: str | None, line: int) -> Location:
        if name is None:
            return Location("<command line>", 0)
        relative = self._public.get(name)
        if relative is None:
            path = Path(name)
            if path.parent == LIBC:
                return Location(f"<{path.name}>", 0)
            inside = path.is_relative_to(self.headers.root)
            relative = path.relative_to(self.headers.root).as_posix() if inside else path.name
        return Location(relative, line)


def _file_and_line(item: cindex.Cursor | cindex.Diagnostic) -> tuple[str | None, int]:
    location = item.location
    file = location.file
    return (with_slashes(file.name) if file else None), location.line


@functools.cache
def with_slashes(name: str, system: type[PurePath] = PurePath) -> str:
    """Return a file's name with slashes only. On Windows libclang mixes both kinds in one name."""
    return system(name).as_posix()

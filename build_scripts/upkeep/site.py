"""The documentation as web pages: the repository's Markdown, the examples, and a reference of all functions.

mkdocs makes the pages. They load nothing from other servers. Their search needs a server, such as
`python3 -m http.server --directory DIR/html`.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from build_scripts.bindings import loading
from build_scripts.bindings.checks.symbols import OPTIONAL
from build_scripts.errors import CheckError
from build_scripts.pin import ROOT, read_pin
from build_scripts.process import find_tool, run

from . import functions

_HEADER = "https://github.com/ggml-org/llama.cpp/blob/{tag}/{file}#L{line}"
REFERENCE = "reference"
_EXAMPLES = "examples"
TOP = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""The pages whose sources are at the top of the repository, in the order of the menu."""
# What Markdown leaves as it is: code between fences, and in a line.
_CODE = re.compile(r"(?ms)^```.*?^```$|`[^`\n]+`")
_LINK = re.compile(r"(\]\()([^)\s]+)(\))")


def build(folder: Path, root: Path = ROOT) -> Path:
    """Write the pages into `folder`, where they replace an earlier site; return the first page's path."""
    mkdocs = find_tool(
        "mkdocs",
        purpose="to make the pages",
        hint="Use `pixi run site`, or an environment with build_scripts/site-requirements.lock.",
    )
    if folder.exists() and any(folder.iterdir()) and not (folder / "mkdocs.yml").is_file():
        raise CheckError(f"{folder} is not empty and not a site; name another folder")
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "pages"
    texts = pages(root)
    for name, text in texts.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in sorted((root / "docs").glob("*.svg")):
        shutil.copy(path, source)
    (source / _STYLE).write_text(_CSS, encoding="utf-8")
    (folder / "mkdocs.yml").write_text(_settings(list(texts)), encoding="utf-8")
    run(
        [mkdocs, "build", "--strict", "--quiet", "--config-file", folder / "mkdocs.yml"],
        env={"NO_MKDOCS_2_WARNING": "1"},
    )
    return folder / "html" / "index.html"


def pages(root: Path = ROOT) -> dict[str, str]:
    """Return the Markdown of every page by its path in the site."""
    sources = {root / name: page for name, page in TOP.items()}
    sources |= {path: path.name for path in sorted((root / "docs").glob("*.md"))}
    programs = sorted((root / _EXAMPLES).glob("*.py"))
    sources[root / _EXAMPLES / "README.md"] = f"{_EXAMPLES}/index.md"
    places = {**sources, **{path: f"{_EXAMPLES}/{path.stem}.md" for path in programs}}
    result = {page: _with_links(path, page, places, root) for path, page in sources.items()}
    for path in programs:
        code = path.read_text(encoding="utf-8")
        result[places[path]] = f"# {path.name}\n\n```python\n{code}```\n"
    return {**result, **_reference(root)}


def _with_links(path: Path, page: str, places: Mapping[Path, str], root: Path) -> str:
    """Return the Markdown at `path`, with links that fit its place in the site.

    Links to files that are not pages lead to the repository on GitHub. CheckError for a link to nothing.
    """
    repository = _repository(root)

    def replace(link: re.Match[str]) -> str:
        target, mark, anchor = link[2].partition("#")
        if not target or re.match(r"\w+:", target):
            return link[0]
        file = Path(os.path.normpath(path.parent / target))
        if not file.exists() or not file.is_relative_to(root):
            raise CheckError(f"{path.relative_to(root).as_posix()} links to {target}, which does not exist")
        if file in places or file / "README.md" in places:
            goal = places.get(file) or places[file / "README.md"]
            relative = os.path.relpath(goal, PurePosixPath(page).parent).replace(os.sep, "/")
            return f"{link[1]}{relative}{mark}{anchor}{link[3]}"
        if file.suffix == ".svg" and file.parent == root / "docs":
            return f"{link[1]}{file.name}{link[3]}"
        kind = "tree" if file.is_dir() else "blob"
        return f"{link[1]}{repository}/{kind}/main/{file.relative_to(root).as_posix()}{mark}{anchor}{link[3]}"

    text, result, end = path.read_text(encoding="utf-8"), [], 0
    for code in _CODE.finditer(text):
        result += [_LINK.sub(replace, text[end : code.start()]), code[0]]
        end = code.end()
    return "".join([*result, _LINK.sub(replace, text[end:])])


def _repository(root: Path) -> str:
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    (url,) = re.findall(r'(?m)^Repository = "(.+)"$', text)
    return str(url)


# -- the reference --------------------------------------------------------------------------------


def _reference(root: Path) -> dict[str, str]:
    """Return a page for each header, one for functions that the pin lacks, and their index."""
    table = loading.load(root / "llama_ctypes")["_table"]
    tag = read_pin(root / "variants.yaml").release.tag
    records = functions.read(root / functions.FUNCTIONS.relative_to(ROOT))
    headers: dict[str, list[Any]] = {}
    for row in table.rows():
        headers.setdefault(row.place.partition(":")[0], []).append(row)
    result, index = {}, []
    for file in sorted(headers, key=lambda file: (not file.startswith("include/"), file)):
        name, rows = PurePosixPath(file).name, sorted(headers[file], key=_line)
        result[f"{REFERENCE}/{name}.md"] = "\n".join(
            [f"# {name}\n", *(_function(row, tag, records) for row in rows)]
        )
        index.append(f"| [{name}]({name}.md) | {len(rows)} | `{file}` |")
    others = {name: record for name, record in records.items() if not table.has(name)}
    result[f"{REFERENCE}/others.md"] = _others(others, tag)
    text = _INDEX.format(
        tag=tag, count=sum(map(len, headers.values())), others=len(others), rows="\n".join(index)
    )
    return {f"{REFERENCE}/index.md": text, **result}


_INDEX = """\
# Reference

All {count} functions of llama.cpp {tag}, by header. The Python names are C's, and so is the order of the
parameters. `help(llama.llama_decode)` shows a function's declaration with the comments of the header.

| header | functions | file |
|---|---:|---|
{rows}

[Functions of other releases](others.md) lists {others} that {tag} does not have. The releases are those that
[`survey` checked](../releases.md).
"""


def _line(row: Any) -> int:
    return int(row.place.rpartition(":")[2])


def _function(row: Any, tag: str, records: Mapping[str, functions.Record]) -> str:
    """Return the section of one function."""
    file, _, line = row.place.rpartition(":")
    record = records.get(row.name, functions.Record("", ""))
    url = _HEADER.format(tag=tag, file=file, line=line)
    backend = OPTIONAL.fullmatch(file)
    library = record.library or (f"lib{backend[1]}, if the package has this backend" if backend else "none")
    facts = f"Library: {library}. Header: [{row.place}]({url}). Releases: {record.releases or tag}."
    parts = [f"## {row.name}", f"```c\n{_wrapped(row.declaration)}\n```"]
    if row.deprecated is not None:
        parts.append(f"**Deprecated**: {row.deprecated}")
    call = f"`llama.{row.name}({', '.join(row.parameters)})`"
    return "\n\n".join([*parts, call, facts, ""])


def _wrapped(declaration: str) -> str:
    """Put each parameter on a line if the declaration is long."""
    head, parenthesis, rest = declaration.partition("(")
    if len(declaration) <= 90 or "(*" in rest or not rest.endswith(")"):
        return declaration
    return f"{head}{parenthesis}\n    " + rest[:-1].replace(", ", ",\n    ") + ")"


def _others(records: Mapping[str, functions.Record], tag: str) -> str:
    rows = [f"| `{name}` | {record.releases} |" for name, record in records.items()]
    text = f"# Functions of other releases\n\n{tag} does not have these functions; other releases do.\n"
    return "\n".join([text, "| function | releases |", "|---|---|", *rows, ""])


# -- mkdocs ---------------------------------------------------------------------------------------

_STYLE = "style.css"
# Room for lines of code of 110 characters.
_CSS = ".md-grid { max-width: 76rem } .md-typeset pre > code { font-size: .64rem }\n"


def _settings(names: Sequence[str]) -> str:
    """Return mkdocs.yml for the pages `names`, which the menu has in this order."""
    import yaml

    labels = {f"{REFERENCE}/others.md": "other releases"}
    inner = [name for name in names if "/" in name and not name.endswith("/index.md")]
    headers = [
        {labels.get(name, PurePosixPath(name).stem): name}
        for name in inner
        if name.startswith(f"{REFERENCE}/")
    ]
    docs = [name for name in names if "/" not in name and name not in TOP.values()]
    programs = [name for name in inner if name.startswith(f"{_EXAMPLES}/")]
    settings = {
        "site_name": "llama-ctypes",
        "docs_dir": "pages",
        "site_dir": "html",
        # Not repo_url: the pages would ask GitHub for the number of stars.
        "use_directory_urls": False,
        "theme": {
            "name": "material",
            "font": False,  # else it comes from Google
            "features": ["navigation.indexes", "navigation.tabs", "search.highlight", "toc.follow"],
            "palette": [
                {"media": "(prefers-color-scheme: light)", "scheme": "default"},
                {"media": "(prefers-color-scheme: dark)", "scheme": "slate"},
            ],
        },
        "extra_css": [_STYLE],
        "plugins": [{"search": {"lang": "en"}}],
        "markdown_extensions": [
            "tables",
            "pymdownx.superfences",
            {"pymdownx.highlight": {"use_pygments": True}},
            {"toc": {"permalink": True}},
        ],
        "validation": {"links": dict.fromkeys(("not_found", "anchors", "absolute_links"), "warn")},
        "nav": [
            {"Start": "index.md"},
            {"Guide": docs},
            {"Examples": [f"{_EXAMPLES}/index.md", *programs]},
            {"Reference": [f"{REFERENCE}/index.md", *headers]},
            {"Project": [page for page in TOP.values() if page != "index.md"]},
        ],
    }
    return yaml.safe_dump(settings, sort_keys=False)

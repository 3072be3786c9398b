"""The pictures of README.md, drawn as SVG from what this repository measured and from a package that runs.

docs/bench.svg       the ratios in docs/speed.md
docs/functions.svg   the functions of each release in docs/releases.md
docs/info.svg        `info` of an installed package
docs/chat.svg        a conversation with it, in a terminal
"""

from __future__ import annotations

import html
import math
import os
import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from build_scripts.errors import CheckError, ToolError
from build_scripts.packaging import smoke_test
from build_scripts.pin import ROOT

DOCS = ROOT / "docs"
QUESTIONS = ("Tom had a dog named Max.", "And then?", "exit")
_CHAT = ("--template", "rwkv-world", "--temperature", "0", "--tokens", "24")
_FONT = 'font-family="sans-serif" font-size="12"'


def charts(docs: Path = DOCS) -> dict[str, str]:
    """Return the pictures that follow from the pages in `docs`, by file name."""
    return {
        "bench.svg": _ratios((docs / "speed.md").read_text(encoding="utf-8")),
        "functions.svg": _releases((docs / "releases.md").read_text(encoding="utf-8")),
    }


def sessions(prefix: Path, model: Path) -> dict[str, str]:
    """Return the pictures of terminals in which the package in `prefix` runs, by file name."""
    python = smoke_test.python_of(prefix)
    commands: dict[str, tuple[str, ...]] = {"info": (), "chat": (str(model), *_CHAT)}
    pictures = {}
    for name, arguments in commands.items():
        output = in_terminal([str(python), "-m", "llama_ctypes", name, *arguments], prefix, QUESTIONS)
        # The same text on every machine: without the paths of this one.
        output = re.sub(r"file://\S*?([^/\s]+)/?(?=\s)", r"\1", output.replace(str(prefix), "env"))
        words = [Path(word).name if word == str(model) else word for word in arguments]
        pictures[f"{name}.svg"] = terminal(f"$ {' '.join(['llama-ctypes', name, *words])}\n{output}")
    return pictures


def write(prefix: Path | None, model: Path, docs: Path = DOCS) -> list[Path]:
    """Write the charts, and with a `prefix` that has the package also the sessions; return their paths."""
    pictures = charts(docs) | ({} if prefix is None else sessions(prefix.resolve(), model))
    for name, text in pictures.items():
        (docs / name).write_text(text, encoding="utf-8")
    return [docs / name for name in pictures]


# -- charts ---------------------------------------------------------------------------------------


def _rows(page: str, heading: str) -> list[list[str]]:
    """Return the cells of the table below the line `heading`."""
    lines = page.partition(f"\n{heading}\n")[2].partition("\n\n")[0].splitlines()[1:]
    if not lines:
        raise CheckError(f"there is no table with the heading {heading}")
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def _ratios(page: str) -> str:
    bars: list[Bar] = []
    names: list[str] = []
    for what, ours, others, ratios in _rows(page, "| what | ours | alternatives | ours / theirs |"):
        values = [float(ratio) for ratio in ratios.split(",") if ratio]
        # A row repeats the alternatives of the row above it if it has only their figures.
        texts = [re.sub(r"(: )?[\d.,]+$", "", text).strip() for text in others.split(", ")]
        names = [
            text.replace("`", "") or name for text, name in zip(texts, [*names, *[""] * 9], strict=False)
        ]
        speed = "tokens/s" in ours
        bars += [
            Bar(f"{what}, over {name}", value, speed) for name, value in zip(names, values, strict=False)
        ]
    return ratio_bars(bars)


class Bar(NamedTuple):
    """One ratio: ours / theirs."""

    name: str
    value: float
    more_is_better: bool = False


def ratio_bars(bars: Sequence[Bar], decades: int = 3) -> str:
    """Draw each ratio as a bar from 1, on a logarithmic scale; the better ones are green."""
    left, width, height = 490, 360, 18
    middle = left + width / 2
    parts = ['<text x="8" y="16">ours / theirs; green is better</text>']
    for decade in range(-decades, decades + 1):
        x = middle + decade * width / 2 / decades
        parts.append(f'<path d="M{x:.0f} 22V{26 + height * len(bars)}" stroke="#ccc"/>')
        parts.append(f'<text x="{x:.0f}" y="16" text-anchor="middle">{10.0**decade:g}</text>')
    for number, (name, value, more_is_better) in enumerate(bars):
        y = 26 + height * number
        better = value >= 1 if more_is_better else value <= 1
        length = max(-decades, min(decades, math.log10(value))) * width / 2 / decades
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{html.escape(name)}</text>')
        parts.append(
            f'<rect x="{min(middle, middle + length):.1f}" y="{y + 3}" width="{max(abs(length), 1):.1f}" '
            f'height="{height - 6}" fill="{"#2a7" if better else "#b62"}"/>'
        )
        parts.append(f'<text x="{left + width + 8}" y="{y + 13}">{value:.2g}</text>')
    return _svg(left + width + 60, 36 + height * len(bars), parts)


def _releases(page: str) -> str:
    heading = next(line for line in page.splitlines() if line.startswith("| release |"))
    counts = {row[0]: int(row[2]) for row in _rows(page, heading)}
    height, step, scale = 200, 26, 200 / max(counts.values())
    parts = []
    for number, (tag, count) in enumerate(counts.items()):
        x, top = 20 + step * number, 30 + height - count * scale
        parts.append(
            f'<rect x="{x}" y="{top:.1f}" width="{step - 6}" height="{count * scale:.1f}" fill="#2a7"/>'
        )
        parts.append(
            f'<text x="{x + 10}" y="{top - 4:.1f}" text-anchor="middle" font-size="9">{count}</text>'
        )
        parts.append(
            f'<text transform="translate({x + 14} {height + 38}) rotate(-60)" text-anchor="end">{tag}</text>'
        )
    parts.append('<text x="20" y="14">functions that the bindings cover, by release of llama.cpp</text>')
    return _svg(30 + step * len(counts), height + 85, parts)


def _svg(width: int, height: int, parts: Sequence[str]) -> str:
    """Draw on white, because the page may be dark."""
    body = "\n".join(parts)
    background = f'<rect width="{width}" height="{height}" fill="#fff"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" {_FONT}>\n'
        f"{background}\n{body}\n</svg>\n"
    )


# -- terminals ------------------------------------------------------------------------------------

_COLUMNS = 100


def terminal(text: str) -> str:
    """Draw a terminal with this text; it breaks lines of more than 100 columns at words."""
    lines = [
        part
        for line in text.rstrip("\n").split("\n")
        for part in textwrap.wrap(line, _COLUMNS, drop_whitespace=False) or [""]
    ]
    width, height = 8 * _COLUMNS + 20, 18 * len(lines) + 24
    parts = [f'<rect width="{width}" height="{height}" rx="8" fill="#1e2430"/>']
    for number, line in enumerate(lines):
        typed = line.startswith(("$ ", "> "))
        parts.append(
            f'<text x="12" y="{27 + 18 * number}" xml:space="preserve" textLength="{8 * len(line)}" '
            f'fill="{"#8fd18f" if typed else "#d8dee9"}">{html.escape(line)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        'font-family="monospace" font-size="13">\n' + "\n".join(parts) + "\n</svg>\n"
    )


def in_terminal(command: Sequence[str], folder: Path, lines: Sequence[str], seconds: float = 60) -> str:
    """Run `command` in a pseudo-terminal, type `lines` at its prompts `> `, and return what it shows."""
    if sys.platform == "win32":
        raise ToolError("Windows has no pseudo-terminals; draw the sessions on another system")
    import pty
    import select

    ours, theirs = pty.openpty()
    # Without readline, which would move the cursor.
    environment: Mapping[str, str] = {**os.environ, "TERM": "dumb", "PYTHONPATH": "", "LLAMA_CPP_LIB": ""}
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    output, waiting = b"", list(lines)
    try:
        while select.select([ours], [], [], seconds)[0]:
            try:
                data = os.read(ours, 1 << 16)
            except OSError:  # the program has ended
                break
            output += data
            if waiting and output.endswith((b"\n> ", b"\r\x1b[K> ")):
                os.write(ours, waiting.pop(0).encode() + b"\n")
    finally:
        process.kill()
        status = process.wait()
        os.close(ours)
    if status != 0:
        raise ToolError(f"{' '.join(command)} failed in the terminal with exit status {status}")
    # A bar that the program replaced is not on the screen any more.
    return re.sub(rb"[^\n]*\r\x1b\[K", b"", output.replace(b"\r\n", b"\n")).decode(errors="replace")

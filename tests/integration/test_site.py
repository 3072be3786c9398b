"""RUN_SITE_INTEGRATION: the web pages in a real browser: search, links, and nothing from other servers."""

from __future__ import annotations

import functools
import http.server
import re
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import pytest

from build_scripts.pin import read_pin
from build_scripts.source import SourceTree
from build_scripts.upkeep import site
from tests.integration.conftest import needs_switch

if TYPE_CHECKING:
    from tests.browser import Browser

needs_switch("RUN_SITE_INTEGRATION")


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the pages."""
    if shutil.which("mkdocs") is None:
        pytest.skip("mkdocs is not on PATH (build_scripts/site-requirements.lock)")
    return site.build(tmp_path_factory.mktemp("site")).parent


class _Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server(html: Path) -> Iterator[str]:
    """The address of a server of the pages."""
    handler = functools.partial(_Handler, directory=str(html))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{service.server_port}/"
        service.shutdown()


@pytest.fixture(scope="module")
def chromium(server: str) -> Iterator[Browser]:
    from tests import browser  # not on Windows

    program = browser.program()
    if program is None:
        pytest.skip("neither Chromium nor Chrome is on PATH (Debian: apt-get install chromium)")
    with browser.Browser(program) as instance:
        yield instance
        assert [url for url in instance.requests if not url.startswith((server, "data:", "about:"))] == []


def test_search_finds_a_function(chromium: Browser, server: str) -> None:
    """The first section that the search lists is the function's, and the link leads to it."""
    chromium.open(server)
    chromium.evaluate("document.querySelector('[data-md-component=search-query]').focus()")
    chromium.type("llama_decode")
    links: list[str] = []
    deadline = time.monotonic() + 60
    while not links and time.monotonic() < deadline:
        time.sleep(0.2)
        links = chromium.evaluate(
            "[...document.querySelectorAll('.md-search-result__link')].map(a => a.href)"
        )
    sections = [link for link in links if "#" in link]
    assert sections[:1] == [f"{server}reference/llama.h.html?h=llama_decode#llama_decode"], links
    chromium.open(sections[0])
    text = chromium.evaluate("document.getElementById('llama_decode').nextElementSibling.innerText")
    assert text.strip() == "int32_t llama_decode(struct llama_context * ctx, struct llama_batch batch)"


def test_no_link_is_dead(chromium: Browser, server: str, html: Path) -> None:
    """Every link and picture leads to a file of the site and to a section of it, or to another site."""
    links: dict[str, list[str]] = {}
    ids: dict[str, set[str]] = {}
    for path in sorted(html.rglob("*.html")):
        page = path.relative_to(html).as_posix()
        chromium.open(server + page)
        links[page] = chromium.evaluate(
            "[...document.querySelectorAll('a[href], img')].map(element => element.href || element.src)"
        )
        ids[page] = set(
            chromium.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
        )
    assert len(links) == len(site.pages()) + 1  # 404.html
    dead = []
    for page, targets in links.items():
        for target in targets:
            address, anchor = urldefrag(target)
            if not address.startswith(server):
                assert re.match(r"https://|mailto:", address), (page, target)
                continue
            name = address.removeprefix(server).partition("?")[0] or "index.html"
            # The menu of mobile phones has links to labels of inputs, whose ids begin with two underscores.
            if not (html / name).is_file() or (anchor and name in ids and unquote(anchor) not in ids[name]):
                dead.append((page, target))
    assert dead == []


def test_links_to_headers(html: Path, tree: SourceTree) -> None:
    """Each function's link leads to the line of the release's header that declares it."""
    tag, places = read_pin().release.tag, {}
    for path in (html / "reference").glob("*.h.html"):
        text = path.read_text(encoding="utf-8")
        for section in re.split(r"<h2 ", text)[1:]:
            (name,) = re.findall(r'^id="(\w+)"', section)
            places[name] = re.findall(rf"llama\.cpp/blob/{tag}/([\w/.-]+)#L(\d+)", section)
    assert len(places) > 900
    for name, found in places.items():
        ((file, line),) = found
        lines = (tree.path / file).read_text(encoding="utf-8").splitlines()[int(line) - 1 :]
        # A macro may be in the line above the name.
        assert name in " ".join(lines[:3]), name

"""A change from the job that runs upstream's code is believed in nothing, and nothing of it is run."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from build_scripts import process
from build_scripts.bindings.generate import GENERATED, PACKAGE
from build_scripts.bindings.headers import find
from build_scripts.bindings.ir import Model
from build_scripts.bindings.parse import parse
from build_scripts.errors import ToolError, UsageError
from build_scripts.pin import RELEASES, ROOT, VARIANTS, Pin, Release, read_pin
from build_scripts.upkeep import bump, pull_request, review
from build_scripts.upkeep.edits import apply
from tests.build_scripts.bindings.header_tree import make_tree
from tests.systems import needs_modes, needs_symlinks

from .test_pull_request import GitHub

OLD = """
struct s { int a; float b; int c; };
struct hidden;
typedef int (*cb)(int x);
typedef int number;
#define LIMIT 3
enum kind { KIND_A, KIND_B };
int f(int x);
"""
# One of each kind of declaration that emit writes.
ADDS = f"""{OLD}
struct other {{ int a; union {{ int x; float y; }}; int (*call)(struct s * p); }};
#pragma pack(push, 1)
struct packed {{ char a; int b; }};
#pragma pack(pop)
typedef struct other others[4];
#define MORE -4
#define HALF 0.5
#define TEXT "text"
enum more {{ MORE_A = -1 }};
void fresh(struct other * o, ...);
"""
MODULES = Path(PACKAGE) / GENERATED
RULES = [{"type": "required_status_checks"}]


def model_of(folder: Path, ggml: str) -> tuple[Model, str]:
    make_tree(folder, ggml)
    headers = find(folder)
    return parse(headers), headers.sha256


def git(root: Path, *arguments: str) -> str:
    return process.run(["git", "-c", "user.name=x", "-c", "user.email=x", *arguments], cwd=root)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a repository whose pin is b10, with bindings of OLD."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("GITHUB_ACTIONS", raising=False)
    monkeypatch.setattr(pull_request, "find_tool", lambda name, **_: name)
    git(tmp_path, "init", "--quiet", "--bare", "--initial-branch=main", "origin")
    git(tmp_path, "clone", "--quiet", "origin", "root")
    root = tmp_path / "root"
    (root / MODULES).mkdir(parents=True)
    (root / "build_scripts").mkdir()
    for path in (VARIANTS, RELEASES):
        (root / path.relative_to(ROOT)).write_bytes(path.read_bytes())
    (root / "README.md").write_text("# X\n\nPinned release: **b6124**\n", newline="\n")
    log = "# Changelog\n\n## Unreleased\n\n- A line.\n\n## 0.0.9\n\n- Older.\n"
    (root / "CHANGELOG.md").write_text(log, newline="\n")
    move(root, tmp_path / "old", OLD, "b6125")
    git(root, "checkout", "--quiet", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "--quiet", "--message", "x")
    git(root, "push", "--quiet", "origin", "main")
    return root


def move(root: Path, folder: Path, ggml: str, tag: str) -> None:
    """Pin `tag` in `root`, as bump does."""
    model, digest = model_of(folder, ggml)
    old_pin = read_pin(root / "variants.yaml")
    pin = Pin(Release(tag, "2" * 40, None), f"0.0.{tag[1:]}", digest, tag)
    old = model if tag == "b6125" else model_of(folder / "before", OLD)[0]
    apply(bump.plan(root, old_pin, pin, old, model, frozenset({"a"})))


def propose(root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, **fields: object) -> GitHub:
    """Propose the changes of `root` with these `fields` in the description."""
    pull_request.write(pull_request.Proposal("update", "x"), ["."], folder, root)
    description = json.loads((folder / "proposal.json").read_text()) | fields
    (folder / "proposal.json").write_text(json.dumps(description))
    git(root, "reset", "--hard", "--quiet")
    git(root, "clean", "-d", "--force", "--quiet")
    github = GitHub(rules=RULES)
    monkeypatch.setattr(pull_request, "run", github.run)
    pull_request.propose(folder, root)
    return github


def pushed(root: Path) -> list[str]:
    return sorted(
        line.rpartition("/")[2] for line in git(root, "ls-remote", "--heads", "origin").splitlines()
    )


def test_a_bump_is_proposed_and_merged_behind_required_checks(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(root, tmp_path / "new", ADDS, "b6130")
    github = propose(root, tmp_path / "proposal", monkeypatch)
    assert pushed(root) == ["main", "update"]
    assert "--title Update llama.cpp from b6125 to b6130 " in github.told[1]
    assert github.told[2:] == [
        "workflow run ci.yml --ref update",
        "workflow run build.yml --ref update",
        "api repos/{owner}/{repo}/rules/branches/main",
        "pr merge --auto --squash https://github.com/x/y/pull/8",
    ]
    assert "no change that breaks the ABI" in github.bodies[0]


def test_a_repository_that_allows_no_automatic_merge_still_gets_the_pull_request(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def run(self: GitHub, command: Sequence[str], **options: Any) -> str:
        if "--auto" in command:
            raise ToolError("gh failed: Auto merge is not allowed for this repository")
        return answer(self, command, **options)

    answer = GitHub.run
    monkeypatch.setattr(GitHub, "run", run)
    move(root, tmp_path / "new", ADDS, "b6130")
    propose(root, tmp_path / "proposal", monkeypatch)
    assert pushed(root) == ["main", "update"]
    assert "a person must merge https://github.com/x/y/pull/8" in caplog.text
    assert "Auto merge is not allowed" in caplog.text


def test_nothing_is_merged_where_no_check_is_required(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(f"{__name__}.RULES", [{"type": "deletion"}])
    move(root, tmp_path / "new", ADDS, "b6130")
    github = propose(root, tmp_path / "proposal", monkeypatch)
    assert not any("merge" in line for line in github.told)
    assert "requires no checks" in caplog.text


def test_branch_checks_and_merging_are_not_the_proposals_to_choose(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(root, tmp_path / "new", OLD.replace("f(int x)", "f(long x)"), "b6130")
    before = git(root, "ls-remote", "origin", "main")
    github = propose(
        root,
        tmp_path / "proposal",
        monkeypatch,
        **{"branch": "main", "checks": ["release.yml"], "merge": True, "title": "x"},
    )
    assert git(root, "ls-remote", "origin", "main") == before
    assert not any("release.yml" in line or "merge" in line for line in github.told)
    assert "a person must merge it: `f`" in github.bodies[0]


def edit(path: str, old: str, new: str, count: int = 1) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        text = (root / path).read_text()
        assert old in text
        (root / path).write_text(text.replace(old, new, count), newline="\n")

    return change


def new_file(path: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("x\n", newline="\n")

    return change


def link(root: Path) -> None:
    (root / "README.md").unlink()
    (root / "README.md").symlink_to("/etc/passwd")


def executable(root: Path) -> None:
    (root / "README.md").chmod(0o755)


HOSTILE = {
    "workflow": (new_file(".github/workflows/ci.yml"), "writes '.github/workflows/ci.yml'"),
    "code": (new_file("build_scripts/cli.py"), "writes 'build_scripts/cli.py'"),
    "another module": (new_file("llama_ctypes/_generated/ctypes.py"), "writes 'llama_ctypes/_generated"),
    "attributes": (new_file(".gitattributes"), "writes '.gitattributes'"),
    "lock": (new_file("pixi.lock"), "writes 'pixi.lock'"),
    "link": (link, "'README.md' with mode 120000"),
    "mode": (executable, "'README.md' with mode 100755"),
    "deletion": (lambda root: (root / "CHANGELOG.md").unlink(), "'CHANGELOG.md' with mode 000000"),
    "another url": (edit("variants.yaml", "github.com/ggml-org", "github.com/x"), "writes variants.yaml"),
    "a variant": (edit("variants.yaml", "cuda-nvcc", "cuda-x"), "writes variants.yaml"),
    "hash": (edit("variants.yaml", "2" * 40, "x"), "its git_tree is 'x'"),
    "older": (edit("variants.yaml", "6130", "6120", count=-1), "not newer"),
    "another version": (edit("variants.yaml", "b6130", "b6131"), "its version is '0.0.6130'"),
    "record": (edit("build_scripts/releases.tsv", "b3543", "b3544"), "releases.tsv differently"),
    "readme": (edit("README.md", "# X", "# Y"), "README.md differently"),
    "old changelog": (edit("CHANGELOG.md", "Older", "Other"), "CHANGELOG.md differently"),
    "bytes": (lambda root: (root / "CHANGELOG.md").write_bytes(b"\xff"), "not UTF-8"),
}
CODE = {
    "statement": ("types.py", "P = POINTER\n", "P = POINTER\nexec('x')\n"),
    "import": ("types.py", "P = POINTER\n", "import os\nP = POINTER\n"),
    "name": ("types.py", "P = POINTER\n", "P = eval\n"),
    "call": ("types.py", "number = c_int", "number = eval('x')"),
    "attribute": ("types.py", "number = c_int", "number = c_int.x"),
    "base": ("types.py", "(Structure)", "(Exception)"),
    "hidden name": ("types.py", "class s(Structure)", "class callback(Structure)"),
    "method": ("types.py", "__slots__ = ()", "def f(): pass"),
    "field": ("types.py", '("a", c_int)', '("a", exec("x"))'),
    "prototype": ("functions.py", "f\tc_int, c_int", "f\texec('x'), c_int"),
    "row": ("functions.py", "f\tc_int", "f c_int"),
    "table": ("functions.py", "\nTABLE", "\nx = exec\nTABLE"),
    "constant": ("constants.py", "LIMIT = 3", "LIMIT = open('x')"),
    "enums": ("constants.py", '"KIND_A KIND_B"', "exec('x')"),
    "init": ("__init__.py", "GENERATOR = ", "GENERATOR = exec('x') or "),
    "syntax": ("constants.py", "LIMIT = 3", "LIMIT = = 3"),
    "depth": ("constants.py", "LIMIT = 3", f"LIMIT = {'(' * 300}"),
}
HOSTILE |= {
    f"code: {name}": (edit(f"llama_ctypes/_generated/{module}", old, new), "more than declarations")
    for name, (module, old, new) in CODE.items()
}


NEEDS = {"link": [needs_symlinks], "mode": [needs_modes]}


@pytest.mark.parametrize(
    ("change", "reason"),
    [pytest.param(*case, id=name, marks=NEEDS.get(name, [])) for name, case in HOSTILE.items()],
)
def test_what_bump_never_writes_is_refused(
    root: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path], None],
    reason: str,
) -> None:
    move(root, tmp_path / "new", ADDS, "b6130")
    change(root)
    with pytest.raises(UsageError, match=reason.replace(".", r"\.")):
        propose(root, tmp_path / "proposal", monkeypatch)
    assert pushed(root) == ["main"]


def test_a_lock_may_not_write_what_a_bump_does(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    move(root, tmp_path / "new", ADDS, "b6130")
    with pytest.raises(UsageError, match="the change is refused: it writes"):
        propose(root, tmp_path / "proposal", monkeypatch, kind="lock")


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("int f(int x);", "", ["f"]),
        ("int f(int x);", "int f(int x, ...);", ["f"]),
        ("int f(int x);", "int f(int y);", []),
        ("float b;", "double b;", ["s"]),
        ("float b;", "float renamed;", []),
        ("int a; float b; int c;", "int c; float b; int a;", ["s"]),
        ("float b;", "float b; int d;", ["s"]),
        ("(*cb)(int x)", "(*cb)(float x)", ["cb"]),
        ("typedef int number", "typedef float number", ["number"]),
        ("LIMIT 3", "LIMIT 4", ["LIMIT"]),
        ("#define LIMIT 3\n", "", []),
        ("KIND_A, KIND_B", "KIND_B, KIND_A", ["KIND_A", "KIND_B"]),
    ],
)
def test_what_breaks_the_abi_is_read_from_the_modules(
    root: Path, tmp_path: Path, old: str, new: str, broken: list[str]
) -> None:
    assert old in OLD
    git(tmp_path, "clone", "--quiet", "origin", "after")
    move(tmp_path / "after", tmp_path / "new", ADDS.replace(old, new), "b6130")
    assert review.breaks(root, tmp_path / "after") == broken


def test_the_committed_modules_are_declarations_only() -> None:
    assert review.breaks(ROOT, ROOT) == []

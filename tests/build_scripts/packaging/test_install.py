"""Specs as conda reads them, and errors that leave no prefix behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from build_scripts.errors import PackageError, UsageError
from build_scripts.packaging import channel, install
from tests.build_scripts.packaging.hand_made import pack

pytest.importorskip("rattler")
NOWHERE = ["file:///nowhere"]


def test_a_prefix_in_use_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        install.create(tmp_path, ["python"], NOWHERE)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_cannot_be_solved_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match="cannot solve for no-such-package"):
        install.create(tmp_path / "prefix", ["no-such-package"], NOWHERE)
    assert not (tmp_path / "prefix").exists()


def data_channel(folder: Path, *depends: str) -> Path:
    """A channel with the package some-data, version 1.5, which has no files."""
    from rattler.index import index_fs

    index = {"name": "some-data", "version": "1.5", "build": "gpu_0", "build_number": 0, "depends": depends}
    (folder / "some-data" / "info").mkdir(parents=True)
    (folder / "some-data" / "info" / "index.json").write_text(json.dumps(index))
    pack(folder / "some-data", folder / "channel" / "noarch" / "some-data-1.5-gpu_0.conda")
    channel.run_rattler(index_fs(folder / "channel"))
    return folder / "channel"


@pytest.mark.parametrize(
    "spec", ["some-data=*=gpu*", "some-data * gpu*", "some-data=1.5=gpu_0", "some-data=1"]
)
def test_a_spec_is_read_as_conda_reads_it(tmp_path: Path, spec: str) -> None:
    (record,) = install.create(tmp_path / "prefix", [spec], [data_channel(tmp_path).as_uri()])
    assert record.file_name == "some-data-1.5-gpu_0.conda"


def test_a_missing_driver_is_named_with_what_assumes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    channels = [data_channel(tmp_path, "__cuda >=99").as_uri()]
    with pytest.raises(PackageError, match=r"no such driver; CONDA_OVERRIDE_CUDA=99 assumes one\.$"):
        install.create(tmp_path / "prefix", ["some-data"], channels)
    monkeypatch.setenv("CONDA_OVERRIDE_CUDA", "99")
    assert len(install.create(tmp_path / "prefix", ["some-data"], channels)) == 1


@pytest.mark.parametrize("spec", ["=cpu", ""])
def test_a_spec_that_conda_cannot_read_is_one_clear_error(tmp_path: Path, spec: str) -> None:
    with pytest.raises(UsageError, match="as conda does: ") as raised:
        install.create(tmp_path / "prefix", [spec], NOWHERE)
    (line,) = str(raised.value).splitlines()
    assert line.startswith(f"cannot read {spec!r} ")
    assert line.endswith("; try 'llama-ctypes=*=cpu*'")
    assert not (tmp_path / "prefix").exists()

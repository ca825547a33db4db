"""Downloading a workspace to disk."""

import json
from pathlib import Path

import pytest
from deepset_cloud_sdk.workflows.sync_client.files import download

from workspace import Workspace

QUIET = {"show_progress": False}


@pytest.fixture
def stocked(workspace: Workspace) -> Workspace:
    for number in range(7):
        meta = {"number": number, "parity": "odd" if number % 2 else "even"}
        workspace.add(f"file {number}.txt", f"content {number}", meta)
    return workspace


def on_disk(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_with_metadata(stocked: Workspace, tmp_path: Path) -> None:
    download(workspace_name=stocked.name, file_dir=tmp_path / "new" / "folder")
    found = on_disk(tmp_path / "new" / "folder")
    assert len(found) == 14
    for number in range(7):
        assert found[f"file {number}.txt"] == f"content {number}".encode()
        assert json.loads(found[f"file {number}.txt.meta.json"])["number"] == number


def test_without_metadata(stocked: Workspace, tmp_path: Path) -> None:
    download(workspace_name=stocked.name, file_dir=str(tmp_path), include_meta=False, **QUIET)
    assert sorted(on_disk(tmp_path)) == [f"file {number}.txt" for number in range(7)]


@pytest.mark.parametrize("batch_size", [1, 3, 7, 50])
def test_in_batches(stocked: Workspace, tmp_path: Path, batch_size: int) -> None:
    download(workspace_name=stocked.name, file_dir=tmp_path, batch_size=batch_size, include_meta=False)
    assert len(on_disk(tmp_path)) == 7


@pytest.mark.parametrize(
    ("choice", "numbers"),
    [
        ({"name": "file 3"}, [3]),
        ({"odata_filter": "parity eq 'odd'"}, [1, 3, 5]),
        ({"name": "file 5", "odata_filter": "parity eq 'even'"}, []),
    ],
)
def test_some_of_them(stocked: Workspace, tmp_path: Path, choice: dict[str, str], numbers: list[int]) -> None:
    download(workspace_name=stocked.name, file_dir=tmp_path, include_meta=False, **choice)
    assert sorted(on_disk(tmp_path)) == [f"file {number}.txt" for number in numbers]


def test_names_that_clash(workspace: Workspace, tmp_path: Path) -> None:
    for number in range(3):
        workspace.add("twin.txt", f"content {number}", {"number": number})
    download(workspace_name=workspace.name, file_dir=tmp_path, **QUIET)
    found = on_disk(tmp_path)
    assert sorted(found) == sorted(
        name + suffix for name in ("twin.txt", "twin_1.txt", "twin_2.txt") for suffix in ("", ".meta.json")
    )
    pairs = {
        found[name]: json.loads(found[f"{name}.meta.json"])["number"]
        for name in ("twin.txt", "twin_1.txt", "twin_2.txt")
    }
    assert pairs == {b"content 0": 0, b"content 1": 1, b"content 2": 2}


def test_safe_mode(stocked: Workspace, tmp_path: Path) -> None:
    download(workspace_name=stocked.name, file_dir=tmp_path, safe_mode=True, **QUIET)
    assert len(on_disk(tmp_path)) == 14


def test_bytes_as_they_are(workspace: Workspace, tmp_path: Path) -> None:
    content = bytes(range(256)) * 1000
    workspace.add("page.html", content)
    workspace.add("empty looking.txt", b"\x00")
    download(workspace_name=workspace.name, file_dir=tmp_path, include_meta=False, **QUIET)
    assert on_disk(tmp_path) == {"page.html": content, "empty looking.txt": b"\x00"}

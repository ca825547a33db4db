"""The road the SDK takes for at most twenty entries: one request for each file."""

from pathlib import Path

import pytest
from deepset_cloud_sdk._api.upload_sessions import WriteMode
from deepset_cloud_sdk.models import DeepsetCloudFile, DeepsetCloudFileBytes
from deepset_cloud_sdk.workflows.sync_client.files import upload, upload_bytes, upload_texts

from documents import documents, numbered, write
from file_types import files_of_many_types
from workspace import Workspace

QUIET = {"show_progress": False}


def test_ten_files_with_ten_sidecars(workspace: Workspace, tmp_path: Path) -> None:
    files = documents(numbered(10))
    summary = upload(paths=[write(tmp_path, files)], workspace_name=workspace.name, **QUIET)
    assert (summary.total_files, summary.successful_upload_count) == (10, 10)
    assert (summary.failed_upload_count, summary.failed) == (0, [])
    assert workspace.sessions() == []
    assert {name: row["meta"] for name, row in workspace.files_by_name().items()} == {
        file.name: file.meta for file in files
    }
    assert workspace.contents_by_name() == {file.name: file.text.encode() for file in files}


def test_many_types(workspace: Workspace, tmp_path: Path) -> None:
    files = files_of_many_types()
    summary = upload(paths=[write(tmp_path, files)], workspace_name=workspace.name, **QUIET)
    assert (summary.total_files, summary.successful_upload_count) == (10, 10)
    assert workspace.sessions() == []
    assert workspace.contents_by_name() == {file.name: file.file_bytes for file in files}
    assert all(row["meta"]["source"] == "many types" for row in workspace.files())


def test_in_memory(workspace: Workspace) -> None:
    texts = [
        DeepsetCloudFile(name=f"file{which}.txt", text=f"text {which}", meta={"which": which})
        for which in range(5)
    ]
    pdf = DeepsetCloudFileBytes(
        name="file5.pdf", file_bytes=b"%PDF-1.4\n\x00\xff\r\n%%EOF", meta={"which": 5}
    )
    summary = upload_bytes(files=[*texts, pdf], workspace_name=workspace.name, **QUIET)
    assert (summary.total_files, summary.successful_upload_count) == (6, 6)
    assert workspace.sessions() == []
    by_name = workspace.files_by_name()
    assert {name: row["meta"]["which"] for name, row in by_name.items()} == {
        **{f"file{which}.txt": which for which in range(5)},
        "file5.pdf": 5,
    }
    assert workspace.content(by_name["file5.pdf"]["file_id"]) == pdf.file_bytes


def test_no_metadata_is_empty_metadata(workspace: Workspace) -> None:
    upload_texts(
        files=[DeepsetCloudFile(name="bare.txt", text="text")], workspace_name=workspace.name, **QUIET
    )
    assert workspace.files_by_name()["bare.txt"]["meta"] == {}


def test_keep_makes_a_second_file(workspace: Workspace) -> None:
    first = workspace.add("twin.txt", "old", {"version": 0})
    upload_texts(files=documents(["twin.txt"]), workspace_name=workspace.name, **QUIET)
    old, new = workspace.files()
    assert (old["file_id"], workspace.content(first), old["meta"]) == (first, b"old", {"version": 0})
    assert workspace.content(new["file_id"]) == b"twin.txt, version 1"


def test_overwrite_replaces_all_of_the_name(workspace: Workspace) -> None:
    oldest = workspace.add("twin.txt", "oldest")
    newest = workspace.add("twin.txt", "newest", {"stale": True})
    summary = upload_texts(
        files=documents(["twin.txt"]), workspace_name=workspace.name, write_mode=WriteMode.OVERWRITE, **QUIET
    )
    assert summary.successful_upload_count == 1
    (row,) = workspace.files()
    assert row["file_id"] == newest
    assert row["meta"] == {"of": "twin.txt", "version": 1}
    assert workspace.content(newest) == b"twin.txt, version 1"
    assert workspace.rest.get(f"{workspace.path}/files/{oldest}").status_code == 404


def test_fail_refuses_a_name_that_is_taken(workspace: Workspace) -> None:
    taken = workspace.add("twin.txt", "old", {"version": 0})
    summary = upload_texts(
        files=documents(["twin.txt", "new.txt"]),
        workspace_name=workspace.name,
        write_mode=WriteMode.FAIL,
        **QUIET,
    )
    assert (summary.total_files, summary.successful_upload_count, summary.failed_upload_count) == (2, 1, 1)
    (failed,) = summary.failed
    assert failed.file_name == "twin.txt"
    assert "status code 409" in str(failed.exception)
    by_name = workspace.files_by_name()
    assert (by_name["twin.txt"]["file_id"], by_name["twin.txt"]["meta"]) == (taken, {"version": 0})
    assert workspace.contents_by_name() == {"twin.txt": b"old", "new.txt": b"new.txt, version 1"}


def test_an_empty_file_is_refused_and_the_others_are_not(workspace: Workspace) -> None:
    files = [DeepsetCloudFile(name="empty.txt", text=""), *documents(["full.txt"])]
    summary = upload_texts(files=files, workspace_name=workspace.name, **QUIET)
    assert [result.file_name for result in summary.failed] == ["empty.txt"]
    assert list(workspace.files_by_name()) == ["full.txt"]


@pytest.mark.parametrize(
    ("meta", "status"),
    [({"id": "mine"}, 400), ({"text": "x" * 32_767}, 413), ({str(n): "x" * 30_000 for n in range(9)}, 413)],
    ids=["reserved key", "value too large", "too large in all"],
)
def test_metadata_that_is_not_acceptable(workspace: Workspace, meta: dict, status: int) -> None:
    files = [DeepsetCloudFile(name="a.txt", text="text", meta=meta)]
    (failed,) = upload_texts(files=files, workspace_name=workspace.name, **QUIET).failed
    assert f"status code {status}" in str(failed.exception)
    assert workspace.files() == []

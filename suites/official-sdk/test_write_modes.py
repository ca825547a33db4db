"""What a session does with names that are taken, from disk and from memory."""

from collections.abc import Callable
from pathlib import Path

import pytest
from deepset_cloud_sdk._api.upload_sessions import WriteMode
from deepset_cloud_sdk._s3.upload import S3UploadSummary
from deepset_cloud_sdk.models import DeepsetCloudFile
from deepset_cloud_sdk.workflows.sync_client.files import upload, upload_texts

from documents import documents, numbered, write
from workspace import Workspace

Upload = Callable[[list[DeepsetCloudFile], WriteMode], S3UploadSummary]

TAKEN = numbered(12, "taken")
NEW = numbered(12, "new")
BARE = "taken-bare.txt"  # has metadata before, and no sidecar in the upload


@pytest.fixture(params=["disk", "memory"])
def send(request: pytest.FixtureRequest, workspace: Workspace, tmp_path: Path) -> Upload:
    def from_disk(files: list[DeepsetCloudFile], mode: WriteMode) -> S3UploadSummary:
        return upload(
            paths=[write(tmp_path, files)],
            workspace_name=workspace.name,
            write_mode=mode,
            timeout_s=60,
            show_progress=False,
        )

    def from_memory(files: list[DeepsetCloudFile], mode: WriteMode) -> S3UploadSummary:
        return upload_texts(
            files=files, workspace_name=workspace.name, write_mode=mode, timeout_s=60, show_progress=False
        )

    return from_disk if request.param == "disk" else from_memory


@pytest.fixture
def before(workspace: Workspace) -> dict[str, str]:
    """Ids of the files that are there already, each with content and metadata of version 0."""
    return {
        file.name: workspace.add(file.name, file.text, file.meta)
        for file in documents([*TAKEN, BARE], version=0)
    }


def coming() -> list[DeepsetCloudFile]:
    return [*documents([*TAKEN, *NEW]), DeepsetCloudFile(name=BARE, text=f"{BARE}, version 1")]


def assert_all_were_sent(summary: S3UploadSummary) -> None:
    assert (summary.total_files, summary.successful_upload_count) == (49, 49)
    assert (summary.failed_upload_count, summary.failed) == (0, [])


def assert_is_version(workspace: Workspace, row: dict, version: int) -> None:
    assert workspace.content(row["file_id"]).decode() == f"{row['name']}, version {version}"
    bare = row["name"] == BARE and version == 1
    assert row["meta"] == ({} if bare else {"of": row["name"], "version": version})


def test_keep(workspace: Workspace, before: dict[str, str], send: Upload) -> None:
    assert_all_were_sent(send(coming(), WriteMode.KEEP))
    session = workspace.session(workspace.only_session()["session_id"])
    assert session["ingestion_status"] == {"finished_files": 25, "failed_files": 0}
    rows = workspace.files()
    assert sorted(row["name"] for row in rows) == sorted([*before, *before, *NEW])
    for row in rows:
        assert_is_version(workspace, row, 0 if row["file_id"] in before.values() else 1)


def test_overwrite(workspace: Workspace, before: dict[str, str], send: Upload) -> None:
    twins = {name: workspace.add(name, "a twin", {"twin": True}) for name in TAKEN[:3]}
    assert_all_were_sent(send(coming(), WriteMode.OVERWRITE))
    session = workspace.session(workspace.only_session()["session_id"])
    assert session["ingestion_status"] == {"finished_files": 25, "failed_files": 0}
    by_name = workspace.files_by_name()
    assert sorted(by_name) == sorted([*before, *NEW])
    for row in by_name.values():
        assert_is_version(workspace, row, 1)
    ids = {name: row["file_id"] for name, row in by_name.items() if name not in NEW}
    assert ids == {**before, **twins}  # the newest of a name keeps its id
    for name in twins:
        assert workspace.rest.get(f"{workspace.path}/files/{before[name]}").status_code == 404


def test_fail(workspace: Workspace, before: dict[str, str], send: Upload) -> None:
    assert_all_were_sent(send(coming(), WriteMode.FAIL))
    session = workspace.session(workspace.only_session()["session_id"])
    assert session["ingestion_status"] == {"finished_files": 12, "failed_files": 13}
    outcomes = {
        row["name"]: (row["ingestion_status"], row["ingestion_status_reason"])
        for row in workspace.session_files(session["session_id"])
    }
    assert outcomes == {
        **dict.fromkeys([*TAKEN, BARE], ("FAILED", "FILE_ALREADY_EXISTS")),
        **dict.fromkeys(NEW, ("FINISHED", None)),
    }
    by_name = workspace.files_by_name()
    assert sorted(by_name) == sorted([*before, *NEW])
    assert {name: by_name[name]["file_id"] for name in before} == before
    for name, row in by_name.items():
        assert_is_version(workspace, row, 0 if name in before else 1)

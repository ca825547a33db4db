"""Files of a session that cannot be ingested: they count as failed, so the SDK stops waiting for them."""

import json
from pathlib import Path

import pytest
from deepset_cloud_sdk.models import DeepsetCloudFile
from deepset_cloud_sdk.workflows.sync_client.files import upload, upload_texts

from documents import documents, numbered, write
from workspace import Workspace

QUIET = {"show_progress": False}
TIMEOUT_S = 60


def reasons(workspace: Workspace) -> dict[str, str]:
    rows = workspace.session_files(workspace.only_session()["session_id"])
    return {
        row["name"]: row["ingestion_status_reason"] for row in rows if row["ingestion_status"] == "FAILED"
    }


def test_an_empty_file(workspace: Workspace) -> None:
    files = [*documents(numbered(20)), DeepsetCloudFile(name="empty.txt", text="", meta={"a": 1})]
    summary = upload_texts(files=files, workspace_name=workspace.name, timeout_s=TIMEOUT_S, **QUIET)
    assert (summary.total_files, summary.successful_upload_count) == (42, 42)
    session = workspace.session(workspace.only_session()["session_id"])
    assert session["ingestion_status"] == {"finished_files": 20, "failed_files": 1}
    assert reasons(workspace) == {"empty.txt": "EMPTY_FILE"}
    assert sorted(workspace.files_by_name()) == numbered(20)


BROKEN_SIDECARS = {
    "not-json.txt": b"{",
    "trailing-comma.txt": b'{"a": 1,}',
    "array.txt": b"[1]",
    "text.txt": b'"a"',
    "empty.txt": b"",
    "latin-1.txt": '{"a": "ü"}'.encode("latin-1"),
    "utf-16.txt": '{"a": 1}'.encode("utf-16"),
    "not-a-number.txt": b'{"a": NaN}',
    "reserved.txt": b'{"_id": 1}',
    "value-too-large.txt": json.dumps({"a": "x" * 32_767}).encode(),
    "too-large.txt": json.dumps({str(n): "x" * 30_000 for n in range(9)}).encode(),
}


def test_a_sidecar_that_is_no_metadata(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path, documents(numbered(10)))
    for name, sidecar in BROKEN_SIDECARS.items():
        (folder / name).write_text("text")
        (folder / f"{name}.meta.json").write_bytes(sidecar)
    summary = upload(paths=[folder], workspace_name=workspace.name, timeout_s=TIMEOUT_S, **QUIET)
    assert summary.failed == []
    session = workspace.session(workspace.only_session()["session_id"])
    assert session["ingestion_status"] == {"finished_files": 10, "failed_files": len(BROKEN_SIDECARS)}
    assert reasons(workspace) == dict.fromkeys(BROKEN_SIDECARS, "FAILED_TO_PARSE_META")
    assert sorted(workspace.files_by_name()) == numbered(10)


def test_nothing_but_failures(workspace: Workspace, always_session: None) -> None:
    files = [DeepsetCloudFile(name=name, text="") for name in numbered(3)]
    upload_texts(files=files, workspace_name=workspace.name, timeout_s=TIMEOUT_S, **QUIET)
    assert reasons(workspace) == dict.fromkeys(numbered(3), "EMPTY_FILE")
    assert workspace.files() == []


@pytest.mark.parametrize("meta", [None, {}], ids=["no sidecar", "a sidecar with nothing in it"])
def test_no_metadata_is_no_failure(workspace: Workspace, always_session: None, meta: dict | None) -> None:
    files = [DeepsetCloudFile(name=name, text="text", meta=meta) for name in numbered(3)]
    summary = upload_texts(files=files, workspace_name=workspace.name, blocking=False, **QUIET)
    assert summary.total_files == (3 if meta is None else 6)
    assert workspace.ingested()["ingestion_status"] == {"finished_files": 3, "failed_files": 0}
    assert {row["name"]: row["meta"] for row in workspace.files()} == dict.fromkeys(numbered(3), {})

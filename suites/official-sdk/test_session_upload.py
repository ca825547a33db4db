"""The road the SDK takes for more than twenty entries: a session, one form POST for each file and sidecar."""

import asyncio
import random
from pathlib import Path

import pytest
from deepset_cloud_sdk._api.config import CommonConfig
from deepset_cloud_sdk._api.upload_sessions import WriteMode
from deepset_cloud_sdk._s3.upload import S3UploadSummary
from deepset_cloud_sdk._service.files_service import FilesService
from deepset_cloud_sdk.models import DeepsetCloudFile, DeepsetCloudFileBytes
from deepset_cloud_sdk.workflows.sync_client.files import upload, upload_bytes, upload_texts

from documents import documents, numbered, write
from file_types import files_of_many_types
from workspace import Workspace

QUIET = {"show_progress": False}
TIMEOUT_S = 60


async def test_the_same_folder_twice(
    workspace: Workspace, config: CommonConfig, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("deepset_cloud_sdk._service.files_service.DIRECT_UPLOAD_THRESHOLD", 1)
    files = documents(numbered(10))
    folder = write(tmp_path, files)
    for _ in range(2):
        async with FilesService.factory(
            config
        ) as service:  # one can upload once: it closes its connections then
            summary = await service.upload(workspace.name, [folder], timeout_s=TIMEOUT_S)
            found = [
                file async for batch in service.list_all(workspace.name, batch_size=30) for file in batch
            ]
        assert (summary.total_files, summary.successful_upload_count) == (20, 20)
        assert (summary.failed_upload_count, summary.failed) == (0, [])
    assert sorted(file.name for file in found) == sorted(2 * [file.name for file in files])
    assert all(file.meta == {"of": file.name, "version": 1} for file in found)


def test_many_types_and_names_that_differ_in_case(
    workspace: Workspace, tmp_path: Path, always_session: None
) -> None:
    files = files_of_many_types()[:9]
    write(tmp_path, files)
    # In folders of their own, so that a file system that folds case holds both.
    upper = DeepsetCloudFile(name="File00.txt", text="upper", meta={"source": "many types", "case": "upper"})
    lower = DeepsetCloudFile(name="file00.txt", text="lower", meta={"source": "many types", "case": "lower"})
    write(tmp_path / "upper", [upper])
    write(tmp_path / "lower", [lower])

    summary = upload(
        paths=[tmp_path], workspace_name=workspace.name, recursive=True, timeout_s=TIMEOUT_S, **QUIET
    )

    assert (summary.total_files, summary.successful_upload_count) == (22, 22)
    by_name = workspace.files_by_name()
    assert len(by_name) == 11
    assert by_name["File00.txt"]["meta"]["case"] == "upper"
    assert by_name["file00.txt"]["meta"]["case"] == "lower"
    assert workspace.contents_by_name() == {
        **{file.name: file.file_bytes for file in files},
        "File00.txt": b"upper",
        "file00.txt": b"lower",
    }


def test_in_memory_below_the_threshold(workspace: Workspace, always_session: None) -> None:
    texts = [
        DeepsetCloudFile(name=f"file{which}.txt", text=f"text {which}", meta={"which": which})
        for which in range(5)
    ]
    pdf = DeepsetCloudFileBytes(
        name="file5.pdf", file_bytes=b"%PDF-1.4\n\x00\xff\r\n%%EOF", meta={"which": 5}
    )
    summary = upload_bytes(files=[*texts, pdf], workspace_name=workspace.name, timeout_s=TIMEOUT_S, **QUIET)
    assert (summary.total_files, summary.successful_upload_count) == (12, 12)
    by_name = workspace.files_by_name()
    assert {name: row["meta"] for name, row in by_name.items()} == {
        file.name: file.meta for file in [*texts, pdf]
    }
    assert workspace.content(by_name["file5.pdf"]["file_id"]) == pdf.file_bytes


def test_one_more_than_twenty_entries(workspace: Workspace, tmp_path: Path) -> None:
    files = [*documents(numbered(10)), DeepsetCloudFile(name="bare.txt", text="no sidecar")]
    summary = upload(
        paths=[write(tmp_path, files)], workspace_name=workspace.name, timeout_s=TIMEOUT_S, **QUIET
    )
    assert (summary.total_files, summary.successful_upload_count) == (21, 21)
    session = workspace.only_session()
    assert (session["status"], session["write_mode"]) == ("CLOSED", "KEEP")
    assert workspace.session(session["session_id"])["ingestion_status"] == {
        "finished_files": 11,
        "failed_files": 0,
    }
    assert {name: row["meta"] for name, row in workspace.files_by_name().items()} == {
        file.name: file.meta or {} for file in files
    }


def test_without_blocking(workspace: Workspace) -> None:
    files = documents(numbered(21))
    summary = upload_texts(files=files, workspace_name=workspace.name, blocking=False, **QUIET)
    assert (summary.total_files, summary.successful_upload_count) == (42, 42)
    assert workspace.only_session()["status"] == "CLOSED"
    assert workspace.ingested()["ingestion_status"] == {"finished_files": 21, "failed_files": 0}
    assert workspace.contents_by_name() == {file.name: file.text.encode() for file in files}


def test_contents_of_any_size(workspace: Workspace, always_session: None) -> None:
    chance = random.Random(1)
    sizes = [1, 2, 4095, 4096, 32_767, 32_768, 32_769, 65_536, 1_000_000, 12 * 1024 * 1024 + 1]
    files = [DeepsetCloudFileBytes(name=f"{size}.bin", file_bytes=chance.randbytes(size)) for size in sizes]
    summary = upload_bytes(files=files, workspace_name=workspace.name, blocking=False, **QUIET)
    assert summary.total_files == summary.successful_upload_count == len(sizes)  # no metadata, no sidecars
    assert workspace.ingested()["ingestion_status"] == {"finished_files": len(sizes), "failed_files": 0}
    assert {row["name"]: row["size"] for row in workspace.files()} == {f"{size}.bin": size for size in sizes}
    found = workspace.contents_by_name()
    assert all(found[file.name] == file.file_bytes for file in files)


def test_safe_mode(workspace: Workspace, tmp_path: Path) -> None:
    folder = write(tmp_path, documents(numbered(11)))
    summary = upload(
        paths=[folder], workspace_name=workspace.name, safe_mode=True, timeout_s=TIMEOUT_S, **QUIET
    )
    assert (summary.total_files, summary.successful_upload_count) == (22, 22)
    assert len(workspace.files_by_name()) == 11


def test_parallel_processing(workspace: Workspace) -> None:
    summary = upload_texts(
        files=documents(numbered(21)),
        workspace_name=workspace.name,
        enable_parallel_processing=True,
        timeout_s=TIMEOUT_S,
        **QUIET,
    )
    assert summary.successful_upload_count == 42
    assert workspace.only_session()["parallel_processing_enabled"] is True
    assert len(workspace.files_by_name()) == 21


async def test_several_uploads_at_once(workspace: Workspace, config: CommonConfig) -> None:
    async def send(version: int, mode: WriteMode) -> S3UploadSummary:
        files = documents(numbered(21), version)
        async with FilesService.factory(config) as service:
            return await service.upload_in_memory(workspace.name, files, mode, timeout_s=TIMEOUT_S, **QUIET)

    modes = [WriteMode.KEEP, WriteMode.OVERWRITE, WriteMode.OVERWRITE, WriteMode.FAIL]
    summaries = await asyncio.gather(*(send(version, mode) for version, mode in enumerate(modes)))
    assert [summary.successful_upload_count for summary in summaries] == [42, 42, 42, 42]
    totals = [workspace.session(row["session_id"])["ingestion_status"] for row in workspace.sessions()]
    assert sorted(total["finished_files"] + total["failed_files"] for total in totals) == [21, 21, 21, 21]
    # In whatever order the four were ingested: content and metadata of a file are of the same upload.
    rows = workspace.files()
    assert {row["name"] for row in rows} == set(numbered(21))
    for row in rows:
        assert (
            workspace.content(row["file_id"]).decode() == f"{row['name']}, version {row['meta']['version']}"
        )

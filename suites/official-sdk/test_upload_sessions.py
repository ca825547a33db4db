"""Upload sessions themselves: opening, closing, listing, watching."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from deepset_cloud_sdk._api.config import CommonConfig
from deepset_cloud_sdk._api.deepset_cloud_api import DeepsetCloudAPI
from deepset_cloud_sdk._api.upload_sessions import (
    UploadSessionIngestionStatus,
    UploadSessionsAPI,
    UploadSessionStatusEnum,
    UploadSessionWriteModeEnum,
    WriteMode,
)
from deepset_cloud_sdk._s3.upload import S3
from deepset_cloud_sdk.models import DeepsetCloudFile
from deepset_cloud_sdk.workflows.sync_client.files import (
    get_upload_session,
    list_upload_sessions,
    upload_texts,
)

from documents import documents
from workspace import Workspace, eventually


@pytest.fixture
async def sessions(config: CommonConfig) -> AsyncIterator[UploadSessionsAPI]:
    async with DeepsetCloudAPI.factory(config) as api:
        yield UploadSessionsAPI(api)


async def test_create_and_close(workspace: Workspace, sessions: UploadSessionsAPI) -> None:
    session = await sessions.create(workspace.name)
    assert "-user-files-upload.s3.amazonaws.com/" in session.aws_prefixed_request_config.url
    assert session.aws_prefixed_request_config.fields["key"].endswith(f"/{session.session_id}/${{filename}}")
    assert session.documentation_url.startswith("http")
    lifetime = session.expires_at - datetime.now(timezone.utc)
    assert timedelta(hours=23, minutes=59) < lifetime <= timedelta(hours=24)

    await sessions.close(workspace.name, session.session_id)

    status = await sessions.status(workspace.name, session.session_id)
    assert status.session_id == session.session_id
    assert status.expires_at == session.expires_at
    assert status.documentation_url == session.documentation_url
    assert status.ingestion_status == UploadSessionIngestionStatus(failed_files=0, finished_files=0)


async def test_list_one_of_the_open_sessions(workspace: Workspace, sessions: UploadSessionsAPI) -> None:
    await sessions.create(workspace.name)
    newer = await sessions.create(workspace.name)
    page = await sessions.list(workspace.name, limit=1, page_number=1)
    assert [session.session_id for session in page.data] == [newer.session_id]
    assert (page.total, page.has_more) == (2, True)


async def test_a_listed_session_tells_what_it_is(workspace: Workspace, sessions: UploadSessionsAPI) -> None:
    opened = {mode.value: await sessions.create(workspace.name, write_mode=mode) for mode in WriteMode}
    await sessions.close(workspace.name, opened["FAIL"].session_id)

    page = await sessions.list(workspace.name)

    assert {row.session_id: row.write_mode for row in page.data} == {
        session.session_id: UploadSessionWriteModeEnum(mode) for mode, session in opened.items()
    }
    assert {row.write_mode: row.status for row in page.data} == {
        UploadSessionWriteModeEnum.KEEP: UploadSessionStatusEnum.OPEN,
        UploadSessionWriteModeEnum.OVERWRITE: UploadSessionStatusEnum.OPEN,
        UploadSessionWriteModeEnum.FAIL: UploadSessionStatusEnum.CLOSED,
    }
    for row in page.data:
        assert isinstance(row.created_by.user_id, UUID)
        assert row.created_by.given_name and row.created_by.family_name
        assert row.created_at < datetime.now(timezone.utc) < row.expires_at


def test_list_in_batches(workspace: Workspace) -> None:
    opened = [workspace.rest.post(f"{workspace.path}/upload_sessions", json={}).json() for _ in range(5)]
    batches = list(list_upload_sessions(workspace_name=workspace.name, batch_size=2))
    assert [len(batch) for batch in batches] == [2, 2, 1]
    newest_first = [str(session.session_id) for batch in batches for session in batch]
    assert newest_first == [session["session_id"] for session in reversed(opened)]


def test_expired_sessions_are_listed_apart(workspace: Workspace) -> None:
    path = f"{workspace.path}/upload_sessions"
    expired = workspace.rest.post(path, json={"expires_in_seconds": 1}).json()["session_id"]
    is_open = workspace.rest.post(path, json={}).json()["session_id"]
    closed = workspace.rest.post(path, json={}).json()["session_id"]
    assert workspace.rest.put(f"{path}/{closed}", json={"status": "CLOSED"}).status_code == 204

    (found,) = eventually(lambda: list(list_upload_sessions(workspace_name=workspace.name, is_expired=True)))
    assert {str(row.session_id): row.status for row in found} == {expired: UploadSessionStatusEnum.EXPIRED}

    (found,) = list_upload_sessions(workspace_name=workspace.name)
    assert {str(row.session_id): row.status for row in found} == {
        is_open: UploadSessionStatusEnum.OPEN,
        closed: UploadSessionStatusEnum.CLOSED,
    }


async def test_an_expired_session_is_ingested_without_being_closed(
    workspace: Workspace, sessions: UploadSessionsAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = sessions._deepset_cloud_api.post

    async def post_with_short_life(*args, json: dict, **kwargs):  # the SDK cannot ask for it
        return await post(*args, json={**json, "expires_in_seconds": 4}, **kwargs)

    monkeypatch.setattr(sessions._deepset_cloud_api, "post", post_with_short_life)
    session = await sessions.create(workspace.name)
    async with S3() as s3:
        summary = await s3.upload_in_memory(session, documents(["a.txt", "b.txt"]), show_progress=False)
    assert summary.successful_upload_count == 4

    assert workspace.ingested(session.session_id)["status"] == "EXPIRED"
    status = await sessions.status(workspace.name, session.session_id)
    assert status.ingestion_status == UploadSessionIngestionStatus(failed_files=0, finished_files=2)
    assert {name: row["meta"]["of"] for name, row in workspace.files_by_name().items()} == {
        "a.txt": "a.txt",
        "b.txt": "b.txt",
    }


async def test_what_is_uploaded_after_the_close_is_not_ingested(
    workspace: Workspace, sessions: UploadSessionsAPI
) -> None:
    session = await sessions.create(workspace.name)
    async with S3() as s3:
        await s3.upload_in_memory(session, documents(["in time.txt"]), show_progress=False)
    await sessions.close(workspace.name, session.session_id)
    async with S3() as s3:
        at_once = await s3.upload_in_memory(session, documents(["at once.txt"]), show_progress=False)
    ingested = workspace.ingested(session.session_id)["ingestion_status"]
    async with S3() as s3:
        late = await s3.upload_in_memory(session, documents(["late.txt"]), show_progress=False)

    # Where forms lead to the server they are refused, with the one status that the SDK does not try again. A bucket
    # cannot: what comes before its objects are listed is in, what comes later is not.
    refused = [result.exception.status for result in [*at_once.failed, *late.failed]]
    assert refused in ([403] * len(refused), [])
    files = 1 if at_once.failed else ingested["finished_files"]
    assert ingested == {"finished_files": files, "failed_files": 0}
    assert files <= 2
    assert workspace.session(session.session_id)["ingestion_status"] == ingested
    assert set(workspace.files_by_name()) == set(["in time.txt", "at once.txt"][:files])


async def test_parallel_processing_is_asked_for(workspace: Workspace, sessions: UploadSessionsAPI) -> None:
    session = await sessions.create(workspace.name, enable_parallel_processing=True)
    assert workspace.session(session.session_id)["parallel_processing_enabled"] is True


def test_get_upload_session_counts_files(workspace: Workspace, always_session: None) -> None:
    files = [*documents(["a.txt", "b.txt"]), DeepsetCloudFile(name="empty.txt", text="")]
    upload_texts(files=files, workspace_name=workspace.name, blocking=False, show_progress=False)
    ingested = workspace.ingested()
    status = get_upload_session(session_id=UUID(ingested["session_id"]), workspace_name=workspace.name)
    assert str(status.session_id) == ingested["session_id"]
    assert status.ingestion_status == UploadSessionIngestionStatus(failed_files=1, finished_files=2)

"""Errors as they reach a user of the SDK."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from deepset_cloud_sdk._api.config import CommonConfig
from deepset_cloud_sdk._api.deepset_cloud_api import DeepsetCloudAPI
from deepset_cloud_sdk._api.upload_sessions import FailedToSendUploadSessionRequest, UploadSessionsAPI
from deepset_cloud_sdk.workflows.sync_client.files import (
    download,
    get_upload_session,
    list_files,
    list_upload_sessions,
    upload_texts,
)

from documents import documents, numbered
from workspace import Workspace

QUIET = {"show_progress": False}

BAD_REQUESTS = [
    pytest.param({"api_key": "api_wrong"}, 401, "not valid", id="wrong key"),
    pytest.param({"workspace_name": "no such workspace"}, 404, "not found", id="unknown workspace"),
]


@pytest.mark.parametrize(("wrong", "status", "words"), BAD_REQUESTS)
def test_direct_upload(workspace: Workspace, wrong: dict, status: int, words: str) -> None:
    summary = upload_texts(
        files=documents(numbered(2)), **{"workspace_name": workspace.name, **wrong}, **QUIET
    )
    assert (summary.total_files, summary.failed_upload_count) == (2, 2)
    for result in summary.failed:
        assert f"status code {status}" in str(result.exception)
        assert words in str(result.exception)
    assert workspace.files() == []


@pytest.mark.parametrize(("wrong", "status", "words"), BAD_REQUESTS)
def test_session_upload(workspace: Workspace, wrong: dict, status: int, words: str) -> None:
    with pytest.raises(FailedToSendUploadSessionRequest, match=f"Status code: {status}"):
        upload_texts(files=documents(numbered(21)), **{"workspace_name": workspace.name, **wrong}, **QUIET)
    assert workspace.sessions() == []


@pytest.mark.parametrize(("wrong", "status", "words"), BAD_REQUESTS)
def test_list(workspace: Workspace, wrong: dict, status: int, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        list(list_files(**{"workspace_name": workspace.name, **wrong}))


@pytest.mark.parametrize(("wrong", "status", "words"), BAD_REQUESTS)
def test_download(workspace: Workspace, tmp_path: Path, wrong: dict, status: int, words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        download(file_dir=tmp_path, **{"workspace_name": workspace.name, **wrong}, **QUIET)


def test_list_sessions_of_an_unknown_workspace() -> None:
    with pytest.raises(FailedToSendUploadSessionRequest, match="Status code: 404"):
        list(list_upload_sessions(workspace_name="no such workspace"))


def test_an_unknown_session(workspace: Workspace) -> None:
    with pytest.raises(FailedToSendUploadSessionRequest, match="Status code: 404"):
        get_upload_session(session_id=uuid4(), workspace_name=workspace.name)


async def test_closing_twice(workspace: Workspace, config: CommonConfig) -> None:
    async with DeepsetCloudAPI.factory(config) as api:
        sessions = UploadSessionsAPI(api)
        session = await sessions.create(workspace.name)
        await sessions.close(workspace.name, session.session_id)
        with pytest.raises(FailedToSendUploadSessionRequest, match="Status code: 409"):
            await sessions.close(workspace.name, session.session_id)


async def test_the_eleventh_session(workspace: Workspace, config: CommonConfig) -> None:
    async with DeepsetCloudAPI.factory(config) as api:
        sessions = UploadSessionsAPI(api)
        opened = [await sessions.create(workspace.name) for _ in range(10)]
        with pytest.raises(FailedToSendUploadSessionRequest, match="Status code: 406"):
            await sessions.create(workspace.name)
        await sessions.close(workspace.name, opened[0].session_id)
        await sessions.create(workspace.name)
        with pytest.raises(FailedToSendUploadSessionRequest, match="Status code: 406"):
            await sessions.create(workspace.name)


async def test_sessions_of_a_deleted_workspace_do_not_count(
    workspace: Workspace, config: CommonConfig, rest: httpx.Client
) -> None:
    gone = f"sdktest_{uuid4()}"
    assert rest.post("/workspaces", json={"name": gone}).status_code == 201
    async with DeepsetCloudAPI.factory(config) as api:
        sessions = UploadSessionsAPI(api)
        for _ in range(10):
            await sessions.create(gone)
        assert rest.delete(f"/workspaces/{gone}").status_code == 204
        await sessions.create(workspace.name)

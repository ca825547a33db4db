"""A thousand files and a thousand sidecars through one session, and back to disk."""

import json
from pathlib import Path

from deepset_cloud_sdk.workflows.sync_client.files import download, list_files, upload

from documents import documents, numbered, write
from workspace import Workspace


def test_a_thousand_files_there_and_back(workspace: Workspace, tmp_path: Path) -> None:
    files = documents(numbered(1000))
    summary = upload(
        paths=[write(tmp_path / "there", files)],
        workspace_name=workspace.name,
        timeout_s=60,
        show_progress=False,
    )
    assert (summary.total_files, summary.successful_upload_count) == (2000, 2000)
    assert (summary.failed_upload_count, summary.failed) == (0, [])

    session_id = workspace.only_session()["session_id"]
    assert workspace.session(session_id)["ingestion_status"] == {"finished_files": 1000, "failed_files": 0}
    assert all(row["ingestion_status"] == "FINISHED" for row in workspace.session_files(session_id))

    found = [file for batch in list_files(workspace_name=workspace.name) for file in batch]
    assert len({file.file_id for file in found}) == 1000
    assert {file.name: file.meta for file in found} == {file.name: file.meta for file in files}

    download(workspace_name=workspace.name, file_dir=tmp_path / "back", show_progress=False)
    back = {path.name: path.read_bytes() for path in (tmp_path / "back").iterdir()}
    assert len(back) == 2000
    for file in files:
        assert back[file.name] == file.text.encode()
        assert json.loads(back[f"{file.name}.meta.json"]) == file.meta

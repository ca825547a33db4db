"""The SDK's command line, as a process of its own."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from documents import documents, numbered, write
from workspace import Workspace

EXECUTABLE = Path(sys.executable).parent / "deepset-cloud"


def run(
    *arguments: str | Path, answers: str = "", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    """`answers` goes to the prompts. In a session of its own, or the prompt for the key asks the terminal."""
    return subprocess.run(
        [EXECUTABLE, *arguments],
        input=answers,
        env=env or dict(os.environ),
        capture_output=True,
        text=True,
        timeout=90,
        start_new_session=True,
    )


def succeed(*arguments: str | Path, answers: str = "", env: dict[str, str] | None = None) -> str:
    done = run(*arguments, answers=answers, env=env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_version() -> None:
    assert version("deepset-cloud-sdk") in succeed("--version")


def test_upload_a_folder_with_its_folders(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, documents(numbered(11)))
    write(tmp_path / "below" / "below", documents(numbered(11, "deep")))
    (tmp_path / "below" / "picture.jpg").write_bytes(b"\xff\xd8")
    (tmp_path / "notes.md").write_text("# Notes")

    succeed(
        *(
            "upload",
            tmp_path,
            "--workspace-name",
            workspace.name,
            "--recursive",
            "--blocking",
            "--timeout-s",
            "60",
        ),
        *("--use-type", ".txt", "--use-type", ".md"),
    )

    by_name = workspace.files_by_name()
    assert sorted(by_name) == sorted([*numbered(11), *numbered(11, "deep"), "notes.md"])
    assert by_name["deep-0003.txt"]["meta"] == {"of": "deep-0003.txt", "version": 1}
    session = workspace.session(workspace.only_session()["session_id"])
    assert session["ingestion_status"] == {"finished_files": 23, "failed_files": 0}


def test_upload_without_the_folders_below(workspace: Workspace, tmp_path: Path) -> None:
    write(tmp_path, documents(["top.txt"]))
    write(tmp_path / "below", documents(["deep.txt"]))
    succeed("upload", tmp_path, "--workspace-name", workspace.name)
    assert list(workspace.files_by_name()) == ["top.txt"]


def test_upload_in_each_write_mode(workspace: Workspace, tmp_path: Path) -> None:
    arguments = ["upload", "--workspace-name", workspace.name, "--no-show-progress", "--no-blocking"]
    names = numbered(11)
    kept = {name: workspace.add(name, "before") for name in names}

    def session_after(mode: str, version: int) -> dict[str, int]:
        known = {session["session_id"] for session in workspace.sessions()}
        succeed(*arguments, write(tmp_path, documents(names, version)), "--write-mode", mode)
        (session,) = (row for row in workspace.sessions() if row["session_id"] not in known)
        assert session["write_mode"] == mode
        return workspace.ingested(session["session_id"])["ingestion_status"]

    assert session_after("FAIL", 1) == {"finished_files": 0, "failed_files": 11}
    assert session_after("OVERWRITE", 2) == {"finished_files": 11, "failed_files": 0}
    assert {name: row["file_id"] for name, row in workspace.files_by_name().items()} == kept
    assert session_after("KEEP", 3) == {"finished_files": 11, "failed_files": 0}
    assert sorted(row["meta"]["version"] for row in workspace.files()) == [2] * 11 + [3] * 11


def test_list_files(workspace: Workspace) -> None:
    for number in range(3):
        workspace.add(f"file{number}.txt", "text", {"category": "news" if number else "blog"})
    ask = ("list-files", "--workspace-name", workspace.name)
    everything = succeed(*ask, "--batch-size", "2", answers="y\ny\n")
    assert all(f"file{number}.txt" in everything for number in range(3))
    first_batch = succeed(*ask, "--batch-size", "2", answers="n\n")
    assert "file1.txt" in first_batch and "file2.txt" not in first_batch
    filtered = succeed(*ask, "--odata-filter", 'category eq "news"', answers="y\n")
    assert "file0.txt" not in filtered and "file1.txt" in filtered and "file2.txt" in filtered
    named = succeed(*ask, "--name", "file0", answers="y\n")
    assert "file0.txt" in named and "file1.txt" not in named


def test_list_and_get_upload_sessions(workspace: Workspace) -> None:
    path = f"{workspace.path}/upload_sessions"
    opened = workspace.rest.post(path, json={"write_mode": "OVERWRITE"}).json()["session_id"]
    closed = workspace.rest.post(path, json={}).json()["session_id"]
    assert workspace.rest.put(f"{path}/{closed}", json={"status": "CLOSED"}).status_code == 204

    table = succeed("list-upload-sessions", "--workspace-name", workspace.name, answers="y\n")
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in table.splitlines()
        if line.startswith("| ")
    ]
    assert {row[0]: row[-2:] for row in rows} == {
        "session_id": ["write_mode", "status"],
        opened: ["OVERWRITE", "OPEN"],
        closed: ["KEEP", "CLOSED"],
    }
    assert opened not in succeed("list-upload-sessions", "--workspace-name", workspace.name, "--is-expired")

    shown = json.loads(succeed("get-upload-session", opened, "--workspace-name", workspace.name))
    assert shown["session_id"] == opened
    assert shown["ingestion_status"] == {"failed_files": 0, "finished_files": 0}
    assert sorted(shown) == ["documentation_url", "expires_at", "ingestion_status", "session_id"]


def test_download(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add("a.txt", "content of a", {"category": "news"})
    workspace.add("b.txt", "content of b", {"category": "blog"})
    ask = ("download", "--workspace-name", workspace.name, "--file-dir")
    succeed(*ask, tmp_path / "all")
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == [
        *("a.txt", "a.txt.meta.json", "b.txt", "b.txt.meta.json"),
    ]
    assert (tmp_path / "all" / "b.txt").read_text() == "content of b"
    succeed(*ask, tmp_path / "some", "--odata-filter", "category eq 'news'", "--no-include-meta")
    assert [path.name for path in (tmp_path / "some").iterdir()] == ["a.txt"]


def test_login_then_work_then_logout(workspace: Workspace, tmp_path: Path) -> None:
    workspace.add("seen.txt", "text")
    known = ("API_URL", "API_KEY", "DEFAULT_WORKSPACE_NAME")
    env = {**{name: value for name, value in os.environ.items() if name not in known}, "HOME": str(tmp_path)}
    settings = tmp_path / ".deepset-cloud" / ".env"

    answers = ["custom", os.environ["API_URL"], os.environ["API_KEY"], workspace.name]
    succeed("login", answers="".join(f"{answer}\n" for answer in answers), env=env)
    assert settings.read_text().splitlines() == [
        f"API_KEY={os.environ['API_KEY']}",
        f"API_URL={os.environ['API_URL']}",
        f"DEFAULT_WORKSPACE_NAME={workspace.name}",
    ]
    assert "seen.txt" in succeed("list-files", answers="y\n", env=env)
    succeed("logout", env=env)
    assert not settings.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["list-files", "--api-key", "api_wrong"], "not valid"),
        (["list-files", "--workspace-name", "no such workspace"], "not found"),
    ],
)
def test_an_error_ends_it_with_a_status(arguments: list[str], words: str) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    # The words of a message are broken into lines as wide as a terminal.
    assert words in " ".join((done.stdout + done.stderr).split())

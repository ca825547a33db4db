"""The calls that the documentation shows with curl."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from workspace import Row, Workspace

KEY = f"Authorization: Bearer {os.environ['API_KEY']}"
JSON = "Content-Type: application/json"


def curl(*arguments: str | Path) -> tuple[int, str]:
    """Status and body."""
    done = subprocess.run(
        [
            "curl",
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--max-time",
            "60",
            "--write-out",
            "\n%{http_code}",
        ]
        + [str(argument) for argument in arguments],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    body, _, status = done.stdout.rpartition("\n")
    return int(status), body


@pytest.fixture
def url(workspace: Workspace) -> str:
    return f"{os.environ['API_URL']}{workspace.path}/upload_sessions"


@pytest.fixture
def opened(url: str) -> Row:
    status, body = curl(url, "-H", KEY, "-H", JSON, "-d", '{"write_mode":"KEEP"}')
    assert status == 201, body
    return json.loads(body)


def form(opened: Row) -> list[str]:
    config = opened["aws_prefixed_request_config"]
    fields = [argument for name, value in config["fields"].items() for argument in ("-F", f"{name}={value}")]
    return [config["url"], *fields]


def test_a_session_from_end_to_end(workspace: Workspace, url: str, opened: Row, tmp_path: Path) -> None:
    contents = {
        "plain.txt": b"text",
        "with a blank & ümlaut.txt": b"\x00\xff",
        'quote".txt': b"quoted",
        "100%.txt": b"a broken escape stays",
        "large.bin": os.urandom(3 * 1024 * 1024),  # curl asks first: Expect: 100-continue
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
        # In quotes, and those in the name escaped: else curl would end the name at a comma or semicolon.
        quoted = str(tmp_path / name).replace('"', '\\"')
        status, body = curl(*form(opened), "-F", f'file=@"{quoted}"')
        assert 200 <= status < 300, body
    (tmp_path / "plain.txt.meta.json").write_text('{"by": "curl"}')
    status, body = curl(
        *form(opened), "-F", f"file=@{tmp_path / 'plain.txt.meta.json'};type=application/json"
    )
    assert 200 <= status < 300, body

    status, body = curl(
        "-X", "PUT", f"{url}/{opened['session_id']}", "-H", KEY, "-H", JSON, "-d", '{"status":"CLOSED"}'
    )
    assert (status, body) == (204, "")

    finished = {"finished_files": len(contents), "failed_files": 0}
    assert workspace.ingested(opened["session_id"])["ingestion_status"] == finished
    status, body = curl(f"{url}/{opened['session_id']}", "-H", KEY)
    assert (status, json.loads(body)["ingestion_status"]) == (200, finished)
    assert workspace.contents_by_name() == contents
    by_name = workspace.files_by_name()
    assert {name: row["meta"] for name, row in by_name.items() if row["meta"]} == {
        "plain.txt": {"by": "curl"}
    }


def test_close_twice(url: str, opened: Row) -> None:
    close = ("-X", "PUT", f"{url}/{opened['session_id']}", "-H", KEY, "-H", JSON, "-d", '{"status":"CLOSED"}')
    assert curl(*close) == (204, "")
    status, body = curl(*close)
    assert status == 409
    assert isinstance(json.loads(body)["detail"], str)


def test_a_form_that_was_tampered_with(opened: Row, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    other = [argument.replace(opened["session_id"], opened["session_id"][::-1]) for argument in form(opened)]
    status, body = curl(*other, "-F", f"file=@{tmp_path / 'a.txt'}")
    assert status == 403
    assert "<Error>" in body

"""What older clients, generated from the API's specification of 2023 and 2024, put on the wire.

They are no longer published, so their requests are made by hand here: every default sent explicitly, enum
values in lower case, and a reply that is not labelled as JSON counts as none.
"""

import os
from typing import Any

import httpx
import pytest

from workspace import Row, Workspace

PAGE = {"limit": 10, "page_number": 1}


class GeneratedClient:
    def __init__(self, workspace: Workspace, authorization: str) -> None:
        self.base = f"{os.environ['API_URL']}{workspace.path}"
        self.headers = {
            "Authorization": authorization,
            "Accept": "application/json",
            "user-agent": "speakeasy-sdk/python",
        }

    def call(self, method: str, path: str, expected: int, **request: Any) -> Any:
        answer = httpx.request(method, self.base + path, headers=self.headers, **request)
        assert answer.status_code == expected, answer.text
        if expected == 204:
            assert answer.content == b""
            return None
        assert answer.headers["content-type"].split(";")[0] == "application/json"
        return answer.json()

    def open(self, **body: Any) -> Row:
        return self.call("POST", "/upload_sessions", 201, json={"write_mode": "KEEP", **body})

    def send(self, form: Row, name: str, content: bytes) -> None:
        answer = httpx.post(form["url"], data=form["fields"], files={"file": (name, content)})
        assert answer.is_success, answer.text


@pytest.fixture
def client(workspace: Workspace) -> GeneratedClient:
    return GeneratedClient(workspace, f"Bearer {os.environ['API_KEY']}")


def test_authorization_as_the_caller_typed_it(workspace: Workspace) -> None:
    GeneratedClient(workspace, f"Bearer {os.environ['API_KEY']}").call("GET", "/files", 200, params=PAGE)
    bare = GeneratedClient(workspace, os.environ["API_KEY"]).call("GET", "/files", 401, params=PAGE)
    assert bare == {"detail": "Not authenticated", "code": "NOT_AUTHENTICATED"}


@pytest.mark.parametrize("body", [{"status": "closed"}, {"status": "CLOSED"}, {}], ids=str)
def test_close(client: GeneratedClient, body: Row) -> None:
    path = f"/upload_sessions/{client.open()['session_id']}"
    client.call("PUT", path, 204, json=body)
    assert client.call("GET", path, 200)["status"] == "CLOSED"
    assert isinstance(client.call("PUT", path, 409, json=body)["detail"], str)


@pytest.mark.parametrize("status", ["open", "Closed", None, 1])
def test_close_with_another_status(client: GeneratedClient, status: Any) -> None:
    path = f"/upload_sessions/{client.open()['session_id']}"
    (problem,) = client.call("PUT", path, 422, json={"status": status})["detail"]
    assert problem["loc"] == ["body", "status"]
    assert {"loc", "msg", "type"} <= problem.keys()
    assert client.call("GET", path, 200)["status"] == "OPEN"


def test_sessions_page_by_number_and_cursor_at_once(client: GeneratedClient) -> None:
    first, second, third = (client.open()["session_id"] for _ in range(3))

    def ids(**query: Any) -> list[str]:
        page = client.call("GET", "/upload_sessions", 200, params={**PAGE, **query})
        return [row["session_id"] for row in page["data"]]

    assert ids() == [third, second, first]
    assert ids(is_expired="false") == [third, second, first]
    assert ids(before=second) == [first]  # created before it
    assert ids(after=second) == [third]
    assert ids(page_number=2, after=first) == [third, second]  # the cursor wins


def test_files_of_a_session_failed_ones_by_default(client: GeneratedClient, workspace: Workspace) -> None:
    opened = client.open()
    form = opened["aws_prefixed_request_config"]
    client.send(form, "good.txt", b"text")
    client.send(form, "empty.txt", b"")
    client.send(form, "bad.txt", b"text")
    client.send(form, "bad.txt.meta.json", b"{")
    path = f"/upload_sessions/{opened['session_id']}"

    def names(**query: Any) -> list[str]:
        page = client.call("GET", f"{path}/files", 200, params={**PAGE, **query})
        assert {"data", "has_more", "total"} <= page.keys()
        return sorted(row["name"] for row in page["data"])

    assert names() == names(ingestion_status="PENDING") == ["bad.txt", "empty.txt", "good.txt"]
    assert names(ingestion_status="FAILED") == []
    client.call("PUT", path, 204, json={"status": "closed"})
    workspace.ingested(opened["session_id"])
    assert names(ingestion_status="FAILED") == ["bad.txt", "empty.txt"]
    assert names(ingestion_status="FINISHED") == ["good.txt"]
    assert names(ingestion_status="PENDING") == []
    failed = client.call("GET", f"{path}/files", 200, params={**PAGE, "ingestion_status": "FAILED"})["data"]
    assert {row["name"]: row["ingestion_status_reason"] for row in failed} == {
        "bad.txt": "FAILED_TO_PARSE_META",
        "empty.txt": "EMPTY_FILE",
    }


@pytest.mark.parametrize("part", ["File", "file"])
def test_a_direct_upload(client: GeneratedClient, workspace: Workspace, part: str) -> None:
    made = client.call(
        "POST",
        "/files",
        201,
        params={"write_mode": "KEEP"},
        files={part: ("a.txt", b"text", "application/octet-stream"), "meta": (None, '{"a": 1}')},
    )
    (row,) = workspace.files()
    assert (row["file_id"], row["name"], row["meta"]) == (made["file_id"], "a.txt", {"a": 1})
    assert workspace.content(row["file_id"]) == b"text"


def test_files_with_every_default_given(client: GeneratedClient, workspace: Workspace) -> None:
    ids = [workspace.add(f"{number}.txt", "text") for number in range(12)]
    query = {"limit": 10, "field": "created_at", "order": "ASC"}
    page = client.call("GET", "/files", 200, params=query)
    assert [row["file_id"] for row in page["data"]] == ids[:10]
    assert (page["total"], page["has_more"]) == (12, True)
    for row in page["data"]:
        assert {"file_id", "url", "name", "size", "characters", "created_at", "meta"} <= row.keys()
    page = client.call("GET", "/files", 200, params={**query, "page_number": 2})
    assert [row["file_id"] for row in page["data"]] == ids[10:]


def test_metadata_and_deletion(client: GeneratedClient, workspace: Workspace) -> None:
    made = workspace.add("a.txt", "text", {"a": 1})
    workspace.add("b.txt", "text")
    workspace.add("c.txt", "text")
    client.call("PUT", f"/files/{made}/meta", 200, json={"b": 2})
    assert client.call("GET", f"/files/{made}/meta", 200) == {"a": 1, "b": 2}
    client.call("DELETE", "/files", 200, json={"names": ["b.txt"]})
    client.call("DELETE", f"/files/{made}", 200)
    assert list(workspace.files_by_name()) == ["c.txt"]


def test_keys(rest: httpx.Client) -> None:
    before = rest.get("/token", params=PAGE).json()["total"]
    made = rest.post("/token", json={})
    assert made.status_code == 200
    key = made.json()["api_token"]
    assert key.startswith("api_")
    with_key = {"Authorization": f"Bearer {key}"}
    assert rest.get("/me", headers=with_key).status_code == 200
    listed = rest.get("/token", params=PAGE).json()
    assert listed["total"] == len(listed["data"]) == before + 1
    newest = max(listed["data"], key=lambda row: row["api_token_id"])["api_token_id"]
    assert rest.delete(f"/token/{newest}").status_code == 200
    assert rest.get("/me", headers=with_key).status_code == 401

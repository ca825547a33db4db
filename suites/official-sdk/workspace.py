"""A workspace as it stands, read through the REST API and so not through the code under test."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

import httpx

Row = dict[str, Any]
T = TypeVar("T")

PATIENCE_S = 60


@dataclass(frozen=True)
class Workspace:
    name: str
    rest: httpx.Client

    @property
    def path(self) -> str:
        return f"/workspaces/{self.name}"

    def add(self, name: str, content: str | bytes, meta: Row | None = None) -> str:
        """Puts a file there, without the SDK. Returns its id."""
        parts = {"file": (name, content), "meta": (None, json.dumps(meta or {}))}
        answer = self.rest.post(f"{self.path}/files", files=parts)
        assert answer.status_code == 201, answer.text
        return answer.json()["file_id"]

    def files(self) -> list[Row]:
        """All of them, in order of creation."""
        rows: list[Row] = []
        cursor: dict[str, str] = {}
        while True:
            page = self._get("/files", limit=100, **cursor)
            rows += page["data"]
            if not page["has_more"]:
                assert len(rows) == page["total"]
                return rows
            cursor = {"after_value": rows[-1]["created_at"], "after_file_id": rows[-1]["file_id"]}

    def files_by_name(self) -> dict[str, Row]:
        """For where no name is there twice."""
        rows = self.files()
        by_name = {row["name"]: row for row in rows}
        assert len(by_name) == len(rows), "a name is there twice"
        return by_name

    def content(self, file_id: str) -> bytes:
        answer = self.rest.get(f"{self.path}/files/{file_id}")
        assert answer.status_code == 200, answer.text
        return answer.content

    def contents_by_name(self) -> dict[str, bytes]:
        return {name: self.content(row["file_id"]) for name, row in self.files_by_name().items()}

    def sessions(self, **query: Any) -> list[Row]:
        return self._get("/upload_sessions", limit=100, **query)["data"]

    def only_session(self) -> Row:
        (session,) = self.sessions()
        return session

    def session(self, session_id: UUID | str) -> Row:
        return self._get(f"/upload_sessions/{session_id}")

    def session_files(self, session_id: UUID | str) -> list[Row]:
        rows: list[Row] = []
        page_number = 1
        while True:
            page = self._get(f"/upload_sessions/{session_id}/files", limit=100, page_number=page_number)
            rows += page["data"]
            if not page["has_more"]:
                assert len(rows) == page["total"]
                return rows
            page_number += 1

    def ingested(self, session_id: UUID | str | None = None) -> Row:
        """The session, the only one if none is named, once all of its files are final.

        LIF.15: on the way there its counters add up and none of those for final states goes down.
        """
        if session_id is None:
            session_id = self.only_session()["session_id"]
        seen = {"finished_files": 0, "failed_files": 0}

        def done() -> Row | None:
            session = self.session(session_id)
            counted = session["ingestion_status"]
            assert all(counted[name] >= seen[name] for name in seen), (seen, counted)
            assert session["pending_files"] >= 0
            assert sum(counted.values()) + session["pending_files"] == session["total_files"]
            seen.update(counted)
            return session if session["ingested_at"] else None

        return eventually(done)

    def _get(self, path: str, **query: Any) -> Any:
        answer = self.rest.get(self.path + path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()


def eventually(ask: Callable[[], T | None]) -> T:
    """Asks until there is an answer."""
    deadline = time.monotonic() + PATIENCE_S
    while not (answer := ask()):
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)
    return answer

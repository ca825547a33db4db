"""The API's parameters as a FastAPI application would declare them. It answers with what it understood.

Each endpoint mirrors the schemas of one route of `packages/contract/src`: same names, same limits, same defaults.
"""

from datetime import datetime, timezone
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Body, FastAPI, Query
from pydantic import BaseModel, Field


class WriteMode(str, Enum):
    KEEP = "KEEP"
    OVERWRITE = "OVERWRITE"
    FAIL = "FAIL"
    TEMPORARY = "TEMPORARY"


class IngestionStatus(str, Enum):
    PENDING = "PENDING"
    FAILED = "FAILED"
    FINISHED = "FINISHED"


class SessionSortField(str, Enum):
    CREATED_AT = "created_at"
    EXPIRES_AT = "expires_at"
    INGESTION_STATUS_REASON = "ingestion_status_reason"
    NAME = "name"
    FILE_COUNT = "file_count"
    STATUS = "status"
    WRITE_MODE = "write_mode"


class FileSortField(str, Enum):
    CREATED_AT = "created_at"
    NAME = "name"


class Order(str, Enum):
    ASC = "ASC"
    DESC = "DESC"


class Role(str, Enum):
    ADMIN = "ADMIN"
    MEMBER = "MEMBER"
    EXTERNAL = "EXTERNAL"


FileName = Annotated[str, Field(max_length=1_350)]
Changes = Annotated[dict[Annotated[str, Field(max_length=1_024)], Any], Field(max_length=10_000)]


class CreateUploadSession(BaseModel):
    write_mode: WriteMode = WriteMode.KEEP
    parallel_processing_enabled: bool = False
    expires_in_seconds: int | None = Field(86_400, ge=1, le=86_400)


class CloseUploadSession(BaseModel):
    status: Literal["CLOSED", "closed"] = "CLOSED"


class CreateToken(BaseModel):
    name: str | None = Field(None, max_length=200)
    expires: bool = True
    expires_at: datetime | None = None
    personal: bool = True
    organization_role: Role = Role.MEMBER
    workspaces: list[Annotated[str, Field(max_length=255)]] | None = Field(None, max_length=1_000)


class CreateWorkspace(BaseModel):
    name: str = Field(max_length=1_024)


class DeleteFiles(BaseModel):
    names: list[FileName] | None = Field(None, max_length=10_000)


BulkChanges = Annotated[dict[Annotated[str, Field(max_length=64)], Changes], Field(max_length=10_000)]
Limit = Annotated[int, Query(ge=1, le=100)]
PageNumber = Annotated[int | None, Query(ge=1)]

app = FastAPI()


@app.post("/workspaces/{workspace_name}/upload_sessions")
def create_upload_session(workspace_name: str, body: CreateUploadSession):
    return understood({"workspace_name": workspace_name}, {}, body)


@app.get("/workspaces/{workspace_name}/upload_sessions")
def list_upload_sessions(
    workspace_name: str,
    is_expired: bool | None = None,
    limit: Limit = 10,
    page_number: PageNumber = None,
    before: UUID | None = None,
    after: UUID | None = None,
    field: SessionSortField = SessionSortField.CREATED_AT,
    order: Order = Order.DESC,
):
    query = dict(
        is_expired=is_expired,
        limit=limit,
        page_number=page_number,
        before=before,
        after=after,
        field=field,
        order=order,
    )
    return understood({"workspace_name": workspace_name}, query)


@app.get("/workspaces/{workspace_name}/upload_sessions/{session_id}/files")
def list_upload_session_files(
    workspace_name: str,
    session_id: UUID,
    ingestion_status: IngestionStatus | None = None,
    limit: Limit = 10,
    page_number: PageNumber = None,
    before: UUID | None = None,
    after: UUID | None = None,
):
    query = dict(
        ingestion_status=ingestion_status,
        limit=limit,
        page_number=page_number,
        before=before,
        after=after,
    )
    return understood({"workspace_name": workspace_name, "session_id": session_id}, query)


@app.put("/workspaces/{workspace_name}/upload_sessions/{session_id}")
def close_upload_session(workspace_name: str, session_id: UUID, body: CloseUploadSession):
    return understood({"workspace_name": workspace_name, "session_id": session_id}, {}, body)


@app.get("/workspaces/{workspace_name}/files")
def list_files(
    workspace_name: str,
    limit: Limit = 10,
    page_number: PageNumber = None,
    name: Annotated[str | None, Query(max_length=1_350)] = None,
    filter: Annotated[str | None, Query(max_length=10_000)] = None,
    after_value: Annotated[str | None, Query(max_length=1_350)] = None,
    after_file_id: UUID | None = None,
    field: FileSortField = FileSortField.CREATED_AT,
    order: Order = Order.ASC,
    include_temporary: bool = False,
):
    query = dict(
        limit=limit,
        page_number=page_number,
        name=name,
        filter=filter,
        after_value=after_value,
        after_file_id=after_file_id,
        field=field,
        order=order,
        include_temporary=include_temporary,
    )
    return understood({"workspace_name": workspace_name}, query)


@app.delete("/workspaces/{workspace_name}/files")
def delete_files(workspace_name: str, body: DeleteFiles):
    return understood({"workspace_name": workspace_name}, {}, body)


@app.put("/workspaces/{workspace_name}/files/{file_id}/meta")
def update_metadata(workspace_name: str, file_id: UUID, body: Annotated[Changes, Body()]):
    return understood({"workspace_name": workspace_name, "file_id": file_id}, {}, body)


@app.post("/workspaces/{workspace_name}/files/update-meta")
def bulk_update_metadata(workspace_name: str, body: Annotated[BulkChanges, Body()]):
    return understood({"workspace_name": workspace_name}, {}, body)


@app.post("/workspaces")
def create_workspace(body: CreateWorkspace):
    return understood({}, {}, body)


@app.post("/token")
def create_token(body: CreateToken):
    return understood({}, {}, body)


def understood(path: dict, query: dict, body: Any = None) -> dict:
    """What came out of validation, without what was neither sent nor has a default."""
    given = body.model_dump() if isinstance(body, BaseModel) else body
    sent = body.model_fields_set if isinstance(body, BaseModel) else set(given or ())
    return {
        "path": {name: plain(value) for name, value in path.items()},
        "query": {name: plain(value) for name, value in query.items() if value is not None},
        "body": None
        if given is None
        else {name: plain(value) for name, value in given.items() if value is not None or name in sent},
    }


def plain(value: Any) -> Any:
    """Times as UTC with six digits; one without an offset is taken for UTC."""
    if isinstance(value, datetime):
        zoned = value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value
        return zoned.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
    return value

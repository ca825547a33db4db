"""Ten files of ten types. What is in them need not be of the type: Sluice does not look inside."""

from deepset_cloud_sdk.models import DeepsetCloudFileBytes

STARTS = {
    "csv": b"a,b\r\n1,2\r\n",
    "docx": b"PK\x03\x04\x14\x00",
    "html": b"<!doctype html><script>alert(1)</script>",
    "json": b'{"not": "a sidecar"}',
    "md": "# Überschrift\n".encode(),
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "pptx": b"PK\x03\x04\x14\x00",
    "txt": b"text\n--boundary\r\n\r\n--\r\n",
    "xlsx": b"PK\x03\x04\x14\x00",
    "xml": b'<?xml version="1.0"?><a/>',
}


def files_of_many_types() -> list[DeepsetCloudFileBytes]:
    """Each has its extension in its content, all 256 bytes, and metadata."""
    return [
        DeepsetCloudFileBytes(
            name=f"many.{extension}",
            file_bytes=start + extension.encode() + bytes(range(256)),
            meta={"source": "many types", "extension": extension},
        )
        for extension, start in STARTS.items()
    ]

"""The routes of files of any size: `GET /download/{what}.csv` and `.xlsx`, for signed-in people.

The file is written first and then streamed in pieces, as fast as the browser takes them. A person
who may not have it reads the reason in the same tab.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from urllib.parse import quote

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from zixly_data.access import sessions
from zixly_data.errors import (
    AccessDenied,
    DatabaseUnavailable,
    InvalidInput,
    NotFound,
    SessionEnded,
    ZixlyError,
)
from zixly_data.exports import record_files
from zixly_data.exports.exported_file import ExportedFile
from zixly_data.exports.file_format import FileFormat
from zixly_data.people import tenants
from zixly_data.records import clients
from zixly_ui.audit import tables as audit_tables
from zixly_ui.edge.connections import admit
from zixly_ui.http import download_links
from zixly_ui.http.refused import refusal
from zixly_ui.shell import errors
from zixly_ui.shell.request_headers import cookie_in

_STATUS: tuple[tuple[type[ZixlyError], int], ...] = (
    (SessionEnded, 401),
    (AccessDenied, 403),
    (InvalidInput, 400),
    (NotFound, 404),
    (DatabaseUnavailable, 503),
)

logger = logging.getLogger(__name__)


def routes() -> list[Route]:
    """Return the routes of the files, one for each format."""
    return [
        Route(f"/download/{{what}}.{ending}", download, methods=["GET"]) for ending in FileFormat
    ]


async def download(request: Request) -> Response:
    """Return the rows selected by the address as a file."""
    if request.method != "GET":
        # Starlette also routes HEAD here, for which no file is to be written or noted.
        return Response(status_code=405, headers={"Allow": "GET"})
    if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
        return refusal(
            request.scope,
            403,
            "This link was opened from another website.",
            "Download the file in Zixly.",
        )
    secret = cookie_in(request.headers.get("cookie", ""))
    if secret is None:
        return refusal(
            request.scope, 401, "You are not signed in.", "Sign in, then download the file again."
        )
    stem, query = request.path_params["what"], request.query_params.multi_items()
    file_format = FileFormat(request.url.path.rpartition(".")[2])
    try:
        file, name = await run_in_threadpool(write_file, secret, stem, query, file_format)
    except ZixlyError as error:
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        if status >= 500:
            logger.warning("A file could not be written: %s", type(error).__name__)
        return refusal(request.scope, status, errors.for_person(error), errors.next_step(error))
    admit(request.scope)
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "-")
    file_names = f"filename=\"{ascii_name}\"; filename*=utf-8''{quote(name)}"
    return StreamingResponse(
        _pieces(file),
        media_type=file_format.mime,
        headers={
            "Content-Disposition": f"attachment; {file_names}",
            "Content-Length": str(file.size),
            "Cache-Control": "no-store",
        },
    )


def write_file(
    secret: str, stem: str, query: list[tuple[str, str]], file_format: FileFormat
) -> tuple[ExportedFile, str]:
    """Write the file that an address names; return it with its name. Raises as `write` does."""
    if not download_links.is_known(stem):
        raise NotFound(
            "This file does not exist.", advice="Go back to the page and download it again."
        )
    identity = sessions.identify(secret)
    tenant = tenants.get(identity)
    selection, name = download_links.read(stem, query, tenant, file_format)
    if isinstance(selection, record_files.Rows):
        return record_files.write(identity, selection, file_format, excel_bom=True), name
    client_names = clients.names(identity)
    names = dict(zip(client_names["id"], client_names["client_name"], strict=True))
    file = record_files.write_trail(
        identity,
        selection.period,
        tenant.time_zone,
        selection.audit_filter,
        lambda entries: audit_tables.as_file(entries, names),
        file_format,
    )
    return file, name


async def _pieces(file: ExportedFile) -> AsyncIterator[bytes]:
    """Yield the pieces of the file; close it at the end, and when the browser is gone."""
    with file.content:
        async for piece in iterate_in_threadpool(file.pieces()):
            yield piece

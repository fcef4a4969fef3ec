"""Uploads: who may send a file to a window, how large, how long, and how long it is kept.

Streamlit takes a file from anyone who knows a window's address, and keeps it while the window is
open. Here a file needs the role Editor and a window of the same person. Its bytes are counted while
they arrive, whatever Content-Length says. Pages take files at once, by
`zixly_ui.shell.uploaded_files`. What nobody has taken after a minute is dropped, so that nothing
stays behind a closed window, a sign-out or another role.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from secrets import compare_digest
from typing import NoReturn

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import get_instance

from zixly_data.errors import DatabaseUnavailable, ZixlyError
from zixly_data.identity import Identity, Role
from zixly_data.imports.files.opening import LARGEST_FILE
from zixly_data.settings import Settings
from zixly_ui.edge.connections import admit
from zixly_ui.http.origins import is_same_origin
from zixly_ui.http.upload_budget import Budget, OverBudget, Share
from zixly_ui.shell import uploaded_files
from zixly_ui.shell.request_headers import COOKIE, cookie_in

# The lines around the file: a boundary, and two headers with the file's name.
ENVELOPE = 64 * 1024
# A file of 50 MB over a line of 1.5 Mbit/s. A slower line sends smaller files.
LONGEST_TRANSFER = 300.0
# A page takes a file in the run that its arrival starts, within seconds.
KEPT = 60.0
# A window sends one file at a time.
AT_ONCE = 4

# Anywhere in the path, so that neither a base path nor a root path goes around the rule.
_PREFIX = "/_stcore/upload_file"
_ADDRESS = re.compile(rf"{_PREFIX}/([^/]+)/([^/]+)$")
_MB = 1024 * 1024


class Refused(Exception):
    """An upload is refused with a status and a sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Uploads:
    """Guards the addresses to which st.file_uploader sends files."""

    def __init__(
        self, app: ASGIApp, identify: Callable[[str], Identity], settings: Settings
    ) -> None:
        self.app = app
        self.identify = identify
        # With room for the envelopes, so that 100 MB are two files of 50 MB.
        per_person, in_total = (
            megabytes * (_MB + ENVELOPE // 50)
            for megabytes in (settings.upload_mb_per_person, settings.upload_mb)
        )
        self.budget = Budget(per_person, in_total, AT_ONCE)
        self._kept: dict[tuple[str, str], Share] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _PREFIX not in scope["path"]:
            await self.app(scope, receive, send)
            return
        try:
            await self._guard(scope, receive, send)
        except Refused as refusal:
            # The rest of the body is not read, so the connection ends here.
            headers = {"Connection": "close", "Cache-Control": "no-store"}
            if refusal.status in (429, 503):
                headers["Retry-After"] = str(round(KEPT))
            response = PlainTextResponse(str(refusal), refusal.status, headers)
            await response(scope, receive, send)
        except ClientDisconnect:
            # The person closed the window or cancelled the upload. Nobody reads an answer.
            return

    async def _guard(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        identity = await self._editor(scope, headers)
        address = _ADDRESS.search(scope["path"])
        if address is None:
            raise Refused(404, "This address does not exist.")
        if scope["method"] not in ("PUT", "DELETE"):
            # Nor OPTIONS: only another site asks before it sends.
            raise Refused(405, "Files are sent with PUT and removed with DELETE.")
        if not is_same_origin(headers):
            raise Refused(403, "This file was sent from another website.")
        window, file = address.groups()
        await self._check_window(window, identity)
        body = _Body(receive, asyncio.get_running_loop().time() + LONGEST_TRANSFER)
        if scope["method"] == "DELETE":
            await body.discard()
            await self.app(scope, receive, send)
            self._forget_taken()
        else:
            await self._put(scope, body, send, identity, (window, file))

    async def _editor(self, scope: Scope, headers: Headers) -> Identity:
        """Return the person of the cookie, who may import files. Raises Refused."""
        secret = cookie_in("; ".join(headers.getlist("cookie")))
        if secret is None:
            raise Refused(401, "Sign in to upload a file.")
        identity = await self._identify(secret)
        self._check_role(identity)
        admit(scope)
        return identity

    @staticmethod
    def _check_role(identity: Identity) -> None:
        if not identity.role.includes(Role.EDITOR):
            raise Refused(403, f"Uploading a file requires the role {Role.EDITOR.label}.")

    async def _identify(self, secret: str) -> Identity:
        try:
            return await run_in_threadpool(self.identify, secret)
        except DatabaseUnavailable as error:
            raise Refused(503, f"{error} {error.advice}") from None
        except ZixlyError as error:
            raise Refused(401, f"{error} {error.advice}") from None

    async def _check_window(self, window: str, identity: Identity) -> None:
        """Raise Refused unless the window is open and was opened by the same person."""
        client = get_instance().get_client(window)
        handshake = client.client_context if client is not None else None
        secret = handshake.cookies.get(COOKIE) if handshake is not None else None
        # A person who signed in again has another secret than their older windows.
        is_own = secret is not None and (
            compare_digest(secret, identity.secret)
            or (await self._identify(secret)).user_id == identity.user_id
        )
        if not is_own:
            raise Refused(404, "The window is no longer connected. Reload the page.")

    async def _put(
        self,
        scope: Scope,
        body: _Body,
        send: Send,
        identity: Identity,
        place: tuple[str, str],
    ) -> None:
        headers = Headers(scope=scope)
        if not headers.get("content-type", "").lower().startswith("multipart/form-data"):
            # A form in any other encoding is parsed 40 times slower, and holds no file.
            raise Refused(415, "A file is sent as multipart/form-data.")
        declared = _declared(headers)
        _check_size(declared)
        self._forget_taken()
        try:
            share = self.budget.begin(identity.user_id, declared)
        except OverBudget as over:
            # Read to its end, as a browser shows no answer while it is still sending.
            await self._tell(place[0], over, body)
        kept = False
        try:
            kept = await self._receive_file(scope, body, send, identity, share)
        except OverBudget as over:
            await self._tell(place[0], over, body)
        finally:
            self.budget.arrived(share)
            if kept:
                self._keep(place, share)
            else:
                self.budget.release(share)

    async def _receive_file(
        self, scope: Scope, body: _Body, send: Send, identity: Identity, share: Share
    ) -> bool:
        """Pass the body on as it arrives; return whether Streamlit keeps the file."""
        status = 0

        async def counted() -> Message:
            message = await body.next()
            self.budget.grow(share, body.size)
            if body.is_complete:
                # Sending may have taken minutes.
                self._check_role(await self._identify(identity.secret))
            return message

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if not body.is_complete:
                    # uvicorn would go on reading what it throws away, without an end.
                    MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        # Streamlit compares Content-Length, which includes the envelope, with the size of a file.
        without_length = [item for item in scope["headers"] if item[0] != b"content-length"]
        await self.app({**scope, "headers": without_length}, counted, send_and_note)
        return status == 204

    async def _tell(self, window: str, over: OverBudget, body: _Body) -> NoReturn:
        """Show the reason in the window, read the body to its end, and raise Refused."""
        await body.discard()
        loop = asyncio.get_running_loop()
        uploaded_files.set_refusal(window, str(over))
        loop.call_later(KEPT, uploaded_files.drop_refusal, window)
        session = get_instance().get_app_session(window)
        if session is not None:
            # As Streamlit itself does when a source file changes.
            session.request_rerun(session._client_state)
        raise Refused(over.status, str(over))

    def _keep(self, place: tuple[str, str], share: Share) -> None:
        """Count the stored file, and drop it after a minute."""
        replaced = self._kept.pop(place, None)
        if replaced is not None:
            self.budget.release(replaced)
        self._kept[place] = share
        asyncio.get_running_loop().call_later(KEPT, self._drop, place, share)

    def _drop(self, place: tuple[str, str], share: Share) -> None:
        if self._kept.get(place) is share:
            window, file = place
            files = get_instance().uploaded_file_mgr
            del self._kept[place]
            files.remove_file(window, file)  # type: ignore[attr-defined]
            is_last = all(other != window for other, _ in self._kept)
            if is_last and not get_instance().is_active_session(window):
                files.remove_session_files(window)
        self.budget.release(share)

    def _forget_taken(self) -> None:
        """Release the shares of files that a page has taken, or that their window took along."""
        files = get_instance().uploaded_file_mgr
        for (window, file), share in list(self._kept.items()):
            if not files.get_files(window, [file]):
                del self._kept[window, file]
                self.budget.release(share)


class _Body:
    """The body of a request: counted, limited in size and in time."""

    def __init__(self, receive: Receive, deadline: float) -> None:
        self._receive = receive
        self._deadline = deadline
        self.size = 0
        self.is_complete = False

    async def next(self) -> Message:
        """Return the next message. Raises Refused beyond the limits."""
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise Refused(
                408, "The file took longer than 5 minutes. Try a faster connection."
            ) from None
        self.size += len(message.get("body", b""))
        _check_size(self.size)
        self.is_complete = message["type"] == "http.request" and not message.get("more_body")
        return message

    async def discard(self) -> None:
        """Read to the end and keep nothing. Raises Refused beyond the limits."""
        while not self.is_complete:
            message = await self.next()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect


def _declared(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() and length.isascii() else 0


def _check_size(size: int) -> None:
    if size > LARGEST_FILE + ENVELOPE:
        raise Refused(413, f"The file is larger than {LARGEST_FILE // _MB} MB.")

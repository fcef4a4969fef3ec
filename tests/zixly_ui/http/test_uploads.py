"""Who may send a file to a window of the running app, and how much of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import window
from tests.support.servers.live_app import COLE, SUPPORT, VERA, LiveApp
from tests.support.servers.window import BOUNDARY, END, Window, body, part
from zixly_data.imports.files.opening import LARGEST_FILE
from zixly_ui.http.uploads import ENVELOPE

pytestmark = pytest.mark.slow

SMALL = body(b"month,currency,rate\n")
OVER = LARGEST_FILE + ENVELOPE + 1


@pytest.fixture
def editor(live_app: LiveApp) -> Iterator[Window]:
    with window.opened(live_app, live_app.open_session(SUPPORT)) as opened:
        yield opened
        for file in ("file-1", "file-2", "file-3"):
            opened.ask("DELETE", file)


def test_an_editor_sends_a_file_to_their_window_and_removes_it(editor: Window) -> None:
    assert editor.put(SMALL)[0] == 204
    assert editor.ask("DELETE", "file-1")[0] == 204


def test_a_viewer_sends_and_removes_nothing(live_app: LiveApp) -> None:
    with window.opened(live_app, live_app.open_session(VERA)) as viewer:
        assert viewer.put(SMALL) == (403, "Uploading a file requires the role Editor.")
        assert viewer.ask("DELETE", "file-1")[0] == 403


def test_nobody_sends_a_file_to_the_window_of_another_person(
    live_app: LiveApp, editor: Window
) -> None:
    with window.opened(live_app, live_app.open_session(COLE)) as other:
        own = other.id
        for other.id in (editor.id, "invented"):
            status, text = other.put(SMALL)
            assert (status, text.partition(".")[0]) == (404, "The window is no longer connected")
            assert other.ask("DELETE", "file-1")[0] == 404
        other.id = own
        assert other.put(SMALL)[0] == 204, "positive control"


def test_another_session_of_the_same_person_is_the_same_person(
    live_app: LiveApp, editor: Window
) -> None:
    first, editor.secret = editor.secret, live_app.open_session(SUPPORT)
    assert editor.put(SMALL)[0] == 204
    editor.secret = first


@pytest.mark.parametrize(
    "changed",
    [
        {"Cookie": None},
        {"Cookie": "zixly_session=invented"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": None, "Origin": "http://localhost:1"},
        {"X_Xsrftoken": None},
    ],
)
def test_a_stranger_and_another_site_send_nothing(
    editor: Window, changed: dict[str, str | None]
) -> None:
    status = 401 if "Cookie" in changed else 403
    assert editor.put(SMALL, **changed)[0] == status
    assert editor.ask("DELETE", "file-1", **changed)[0] == status


@pytest.mark.parametrize("method", ["OPTIONS", "GET", "POST", "PATCH"])
def test_the_address_has_no_other_methods(editor: Window, method: str) -> None:
    assert editor.ask(method, "file-1")[0] == 405


def test_other_spellings_of_the_address_store_nothing(editor: Window) -> None:
    for file in ("file-1/", "file-1/x", "", "/file-1"):
        assert editor.put(SMALL, file)[0] == 404


def pieces(size: int) -> Iterator[bytes]:
    """A file of `size` bytes in pieces, without Content-Length."""
    yield part()
    for start in range(0, size, 1 << 20):
        yield b"a" * min(1 << 20, size - start)
    yield END


def test_the_largest_file_fits_and_a_larger_one_does_not(editor: Window) -> None:
    assert editor.put(body(b"a" * LARGEST_FILE))[0] == 204
    assert editor.put(pieces(LARGEST_FILE), "file-2")[0] == 204
    for sent in (body(b"a" * OVER), pieces(OVER)):
        assert editor.put(sent) == (413, "The file is larger than 50 MB.")


@pytest.mark.parametrize(("begins", "status"), [(part(), 413), (b"no multipart", 400)])
def test_the_app_does_not_read_a_body_without_an_end(
    editor: Window, begins: bytes, status: int
) -> None:
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        yield begins
        while read < 4 * OVER:
            yield b"a" * (1 << 20)
            read += 1 << 20

    assert editor.put(endless())[0] == status
    assert read < 2 * OVER, "the connection was closed"


def test_content_length_is_not_believed(editor: Window) -> None:
    assert editor.put(b"a", Content_Length=str(10**12))[0] == 413
    assert editor.put(SMALL, Content_Length=str(len(SMALL) - 5))[0] == 400, "cut off"


@pytest.mark.parametrize(
    "sent",
    [
        SMALL[: -len(END)] + b"\r\n" + part(field="other") + END,
        (part() + b"\r\n") * 1_100 + END,
        part(None) + b"a field" + END,
        part(None) + b"a" * (2 << 20) + END,
        b"a" * 1_000,
        b"",
    ],
    ids=["two files", "1,100 files", "no name", "a large field", "no multipart", "empty"],
)
def test_a_body_that_is_not_one_file_is_refused(editor: Window, sent: bytes) -> None:
    assert editor.put(sent)[0] == 400


def test_only_multipart_is_parsed(editor: Window) -> None:
    for kind in ("application/x-www-form-urlencoded", "text/csv", None):
        assert editor.put(b"&" * 100, Content_Type=kind)[0] == 415
    assert editor.put(SMALL, Content_Type=f"Multipart/Form-Data; boundary={BOUNDARY}")[0] == 204


def test_one_person_sends_so_many_bytes_and_the_window_says_why(editor: Window) -> None:
    large = body(b"a" * LARGEST_FILE)
    assert editor.put(large, "file-1")[0] == 204
    assert editor.put(large, "file-2")[0] == 204
    status, text = editor.put(large, "file-3")
    assert (status, text.partition(".")[0]) == (
        429,
        "Your files would take more than 100 MB together",
    )
    assert editor.drawn(), "the window's page runs, and shows the reason if it asks for a file"
    assert editor.put(pieces(LARGEST_FILE), "file-3")[0] == 429

    assert editor.ask("DELETE", "file-1")[0] == 204
    assert editor.put(large, "file-3")[0] == 204, "there is room again"

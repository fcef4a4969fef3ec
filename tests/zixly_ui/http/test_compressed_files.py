"""Static files are sent compressed, each compressed once, and nothing else is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pyarrow as pa
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Scope

from tests.support.servers.asgi import in_event_loop
from zixly_ui.http import compressed_copies
from zixly_ui.http.addresses import static_files
from zixly_ui.http.compressed_copies import Copies, stored_copy
from zixly_ui.http.compressed_files import CompressedFiles, encoding_for, files_for_everybody

SCRIPT = b"const words = ['revenue', 'expenses', 'profit', 'margin'];\n" * 200
GZIP = ("accept-encoding", "gzip, deflate")
BROWSER = ("accept-encoding", "gzip, deflate, br, zstd")
HASHED, PLAIN = "/Chart.D9Z0_fxz.js", "/print.js"


class Answer:
    def __init__(self, sent: list[Message]) -> None:
        start, *rest = sent
        self.status: int = start["status"]
        self.headers = Headers(raw=start["headers"])
        self.body = b"".join(message.get("body", b"") for message in rest)

    def decoded(self) -> bytes:
        codec = {"br": "brotli", "gzip": "gzip"}[self.headers["content-encoding"]]
        content: bytes = pa.Codec(codec).decompress(self.body, len(SCRIPT), asbytes=True)
        return content


Ask = Callable[..., Awaitable[Answer]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files to serve, and no stored copies."""
    monkeypatch.setattr(compressed_copies, "STORED", tmp_path / "stored")
    served = tmp_path / "served"
    served.mkdir()
    for path in (HASHED, PLAIN, "/font.D9Z0_fxz.woff2"):
        (served / path[1:]).write_bytes(SCRIPT)
    (served / "tiny.D9Z0_fxz.js").write_bytes(SCRIPT[:500])
    return served


@pytest.fixture
def middleware(folder: Path) -> CompressedFiles:
    behind = Starlette(routes=[Mount("/", StaticFiles(directory=folder))])
    files = {f"/{file.name}": file for file in folder.iterdir() if file.name != "records.csv"}
    return CompressedFiles(behind, files)


async def _ask(
    middleware: CompressedFiles, path: str, *headers: tuple[str, str], method: str = "GET"
) -> Answer:
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http", "method": method, "path": path, "root_path": "", "query_string": b"",
        "scheme": "http", "server": ("localhost", 80), "client": ("127.0.0.1", 50_000),
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }  # fmt: skip
    await middleware(scope, receive, send)
    return Answer(sent)


def ask(
    middleware: CompressedFiles, path: str, *headers: tuple[str, str], method: str = "GET"
) -> Answer:
    return in_event_loop(_ask(middleware, path, *headers, method=method))


@pytest.mark.parametrize(("accepted", "encoding"), [(GZIP, "gzip"), (BROWSER, "br")])
def test_a_script_is_sent_compressed(
    middleware: CompressedFiles, accepted: tuple[str, str], encoding: str
) -> None:
    answer = ask(middleware, HASHED, accepted)
    assert (answer.status, answer.headers["content-encoding"]) == (200, encoding)
    assert len(answer.body) == int(answer.headers["content-length"]) < len(SCRIPT) / 10
    assert answer.decoded() == SCRIPT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["vary"] == "Accept-Encoding"


def test_a_name_with_a_hash_is_kept_for_ever_and_another_for_an_hour(
    middleware: CompressedFiles,
) -> None:
    kept = ask(middleware, HASHED, GZIP).headers["cache-control"]
    assert kept == "public, max-age=31536000, immutable"
    assert ask(middleware, PLAIN, GZIP).headers["cache-control"] == "max-age=3600"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip", "gzip"),
        ("GZIP;q=0.5", "gzip"),
        ("gzip ; q=1.0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "gzip"),
        ("br;q=0.001", "br"),
        ("gzip;q=0", None),
        ("gzip;q=0.000, br;q=0", None),
        ("*;q=0", None),
        ("gzip;q=0, *;q=0", None),
        ("identity", None),
        ("deflate, zstd", None),
        ("gzip;q=", None),
        ("gzip;q=yes", None),
        ("xgzip", None),
        ("", None),
    ],
)
def test_the_client_chooses(accepted: str, encoding: str | None) -> None:
    assert encoding_for(Headers({"accept-encoding": accepted})) == encoding


def test_a_client_that_accepts_none_gets_the_file(middleware: CompressedFiles) -> None:
    for headers in ([], [("accept-encoding", "gzip;q=0")]):
        answer = ask(middleware, HASHED, *headers)
        assert (answer.status, answer.body) == (200, SCRIPT)
        assert "content-encoding" not in answer.headers
        assert answer.headers["vary"] == "Accept-Encoding", "a cache keeps the two apart"


@pytest.mark.parametrize("path", ["/font.D9Z0_fxz.woff2", "/tiny.D9Z0_fxz.js", "/records.csv"])
def test_what_is_compressed_already_small_or_not_for_everybody_is_sent_as_it_is(
    folder: Path, middleware: CompressedFiles, path: str
) -> None:
    (folder / "records.csv").write_bytes(SCRIPT)
    answer = ask(middleware, path, BROWSER)
    assert answer.status == 200
    assert "content-encoding" not in answer.headers


def test_head_has_the_headers_and_no_content(middleware: CompressedFiles) -> None:
    answer = ask(middleware, HASHED, GZIP, method="HEAD")
    full = ask(middleware, HASHED, GZIP)
    assert answer.body == b""
    assert answer.headers == full.headers


def test_the_same_tag_is_not_sent_again(middleware: CompressedFiles) -> None:
    first = ask(middleware, PLAIN, GZIP)
    tag = first.headers["etag"]
    for same in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = ask(middleware, PLAIN, GZIP, ("if-none-match", same))
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
        assert answer.headers["vary"] == "Accept-Encoding"
        assert "content-encoding" not in answer.headers
    unchanged = ("if-modified-since", first.headers["last-modified"])
    assert ask(middleware, PLAIN, GZIP, unchanged).status == 304
    assert ask(middleware, PLAIN, GZIP, ("if-none-match", '"other"')).status == 200


def test_each_encoding_has_a_tag_of_its_own(middleware: CompressedFiles) -> None:
    answers = [ask(middleware, PLAIN, *headers) for headers in ([], [GZIP], [BROWSER])]
    assert len({answer.headers["etag"] for answer in answers}) == 3


def test_a_part_is_a_part_of_the_file(middleware: CompressedFiles) -> None:
    part = ("range", "bytes=10-19")
    answer = ask(middleware, HASHED, GZIP, part)
    assert (answer.status, answer.body) == (206, SCRIPT[10:20])
    assert "content-encoding" not in answer.headers
    compressed_tag = ask(middleware, HASHED, GZIP).headers["etag"]
    whole = ask(middleware, HASHED, GZIP, part, ("if-range", compressed_tag))
    assert (whole.status, whole.body) == (200, SCRIPT), "not a part of what the client has"


def test_other_methods_are_for_the_app_behind(middleware: CompressedFiles) -> None:
    assert ask(middleware, HASHED, GZIP, method="POST").status == 405


def test_a_changed_file_is_compressed_again(folder: Path, middleware: CompressedFiles) -> None:
    before = ask(middleware, PLAIN, GZIP)
    (folder / PLAIN[1:]).write_bytes(SCRIPT.replace(b"profit", b"PROFIT"))
    os.utime(folder / PLAIN[1:], ns=(0, 0))
    after = ask(middleware, PLAIN, GZIP)
    assert b"PROFIT" in after.decoded()
    assert after.headers["etag"] != before.headers["etag"]


def test_a_file_that_is_gone_is_for_the_app_behind(
    folder: Path, middleware: CompressedFiles
) -> None:
    (folder / PLAIN[1:]).unlink()
    assert ask(middleware, PLAIN, GZIP).status == 404


@pytest.fixture
def compressions(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files compressed so far, each time."""
    done: list[Path] = []
    compress = compressed_copies._compress

    def note(file: Path, codec: str, level: int) -> bytes:
        done.append(file)
        return compress(file, codec, level)

    monkeypatch.setattr(compressed_copies, "_compress", note)
    return done


def test_twenty_at_once_cost_one_compression(
    middleware: CompressedFiles, compressions: list[Path]
) -> None:
    async def twenty() -> list[Answer]:
        return await asyncio.gather(*(_ask(middleware, HASHED, GZIP) for _ in range(20)))

    assert {answer.decoded() for answer in in_event_loop(twenty())} == {SCRIPT}
    assert len(compressions) == 1
    ask(middleware, HASHED, GZIP)
    assert len(compressions) == 1
    ask(middleware, HASHED, BROWSER)
    assert len(compressions) == 2, "control: another encoding"


def test_who_leaves_does_not_end_what_others_wait_for(
    middleware: CompressedFiles, compressions: list[Path]
) -> None:
    async def leave_first() -> Answer:
        first = asyncio.create_task(_ask(middleware, HASHED, GZIP))
        second = asyncio.create_task(_ask(middleware, HASHED, GZIP))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    assert in_event_loop(leave_first()).decoded() == SCRIPT
    assert len(compressions) == 1


def test_no_more_than_the_limit_is_held(folder: Path, middleware: CompressedFiles) -> None:
    middleware.copies = Copies(len(SCRIPT) + 500)
    assert "content-encoding" in ask(middleware, HASHED, GZIP).headers
    middleware.copies = Copies(len(SCRIPT) - 1)
    answer = ask(middleware, HASHED, GZIP)
    assert "content-encoding" not in answer.headers
    assert answer.body == SCRIPT


def test_a_stored_copy_is_used_for_a_name_with_a_hash_alone(
    folder: Path, middleware: CompressedFiles, compressions: list[Path]
) -> None:
    content = pa.Codec("brotli").compress(SCRIPT, asbytes=True)
    for path in (HASHED, PLAIN):
        copy = stored_copy(folder / path[1:], "br")
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(content)
    assert ask(middleware, HASHED, BROWSER).decoded() == SCRIPT
    assert compressions == []
    assert ask(middleware, PLAIN, BROWSER).decoded() == SCRIPT
    assert compressions == [folder / PLAIN[1:]]


def test_the_largest_files_are_stored_whole_and_outdated_ones_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, compressions: list[Path]
) -> None:
    large, other = folder / "PlotlyChart.D9Z0_fxz.js", folder / "Balloons.D9Z0_fxz.js"
    for file in (large, other):
        file.write_bytes(SCRIPT)
    found = {f"/static/js/{file.name}": file for file in (large, other)}
    monkeypatch.setattr(compressed_copies, "static_files", lambda: found)
    compressed_copies.STORED.mkdir()
    outdated = stored_copy(folder / "PlotlyChart.00000000.js", "br")
    outdated.write_bytes(b"of an earlier version")
    for _ in range(2):
        compressed_copies.store()
    assert list(compressed_copies.STORED.iterdir()) == [stored_copy(large, "br")]
    copy = stored_copy(large, "br").read_bytes()
    assert pa.Codec("brotli").decompress(copy, len(SCRIPT), asbytes=True) == SCRIPT
    assert compressions == [large]


def test_every_name_of_the_largest_is_one_of_streamlit() -> None:
    names = {file.name.rsplit(".", 2)[0] for file in static_files().values()}
    assert names >= compressed_copies.LARGEST


def test_no_file_for_everybody_is_anyones() -> None:
    files = files_for_everybody()
    assert set(files) - static_files().keys() == {"/print.js", "/paste.js"}
    assert all(file.is_file() for file in files.values())

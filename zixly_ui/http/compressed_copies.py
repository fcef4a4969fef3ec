"""Compressed copies of static files: in memory, or stored when Zixly was installed.

`python -m zixly_ui.http.compressed_copies` stores the largest of Streamlit's scripts with Brotli's
highest level, which takes half a minute and no app could do while a person waits; `make` and the
Dockerfile run it. Without, the app compresses the same files in a tenth of a second each, and the
first page is 10 % larger.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from os import stat_result
from pathlib import Path

import pyarrow as pa

from zixly_ui.http.addresses import static_files

# Names of encodings, the smallest first, with a level that takes 0.2 s for Plotly, the largest
# file. Browsers accept Brotli over HTTPS and on this machine, gzip everywhere.
CODECS = {"br": ("brotli", 5), "gzip": ("gzip", 6)}
# Streamlit's scripts and styles are 6 MB compressed, of which the pages use 2, in two encodings.
# Beyond the limit, a file is sent as it is.
LARGEST_TOTAL = 16 * 1024 * 1024

# Beside the packages of this environment; a copy belongs to its file by the hash in both names.
STORED = Path(sys.prefix) / "share" / "zixly" / "static"
# Names without their hash, of what the pages load.
LARGEST = frozenset({
    "PlotlyChart", "protobuf", "embed", "index", "StreamlitMarkdown", "react-dom", "DataFrame",
    "arrowFormatUtils", "styled-components", "utils", "useCollection", "useFloatingOverlay",
    "numbro", "purify.es",
})  # fmt: skip
_HIGHEST = 11


@dataclass(frozen=True)
class _Copy:
    """The compressed content of a file of this size and time of change (nanoseconds)."""

    version: tuple[int, int]
    content: Future[bytes]


class Copies:
    """Compressed copies in memory, `largest_total` bytes at most. For one event loop."""

    def __init__(self, largest_total: int = LARGEST_TOTAL) -> None:
        self._largest_total = largest_total
        self._copies: dict[tuple[Path, str], _Copy] = {}
        # Not the threads of requests: the first page asks for seventy files at once. Python's lock
        # is free while a file is compressed.
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="compress")

    async def content(
        self, file: Path, encoding: str, status: stat_result, *, is_final: bool = False
    ) -> bytes | None:
        """Return the file in an encoding of CODECS, or None beyond the limit. Raises OSError.

        All who ask while it is being compressed wait for the one result. `is_final` says that the
        content belongs to the name, so that a stored copy may be used.
        """
        place = (file, encoding)
        version = (status.st_size, status.st_mtime_ns)
        copy = self._copies.get(place)
        if copy is None or copy.version != version:
            if self._held(without=place) + status.st_size > self._largest_total:
                return None
            copy = _Copy(version, self._threads.submit(_compressed, file, encoding, is_final))
            self._copies[place] = copy
        try:
            # Shielded, so that a client that leaves does not end what others wait for.
            return await asyncio.shield(asyncio.wrap_future(copy.content))
        except OSError:
            self._copies.pop(place, None)
            raise

    def _held(self, without: tuple[Path, str]) -> int:
        """Return the bytes held; a file that is being compressed counts as large as it is."""
        return sum(
            len(copy.content.result())
            if copy.content.done() and not copy.content.exception()
            else copy.version[0]
            for place, copy in self._copies.items()
            if place != without
        )


def _compressed(file: Path, encoding: str, is_final: bool) -> bytes:
    if is_final:
        stored = stored_copy(file, encoding)
        if stored.exists():
            return stored.read_bytes()
    return _compress(file, *CODECS[encoding])


def _compress(file: Path, codec: str, level: int) -> bytes:
    compressed: bytes = pa.Codec(codec, compression_level=level).compress(
        file.read_bytes(), asbytes=True
    )
    return compressed


def stored_copy(file: Path, encoding: str) -> Path:
    """Return where the copy is, if it was stored."""
    return STORED / f"{file.name}.{encoding}"


def store() -> None:
    """Store the largest scripts, unless they are stored already. Raises OSError."""
    STORED.mkdir(parents=True, exist_ok=True)
    wanted = {
        stored_copy(file, "br"): file
        for file in static_files().values()
        if file.suffix == ".js" and file.name.rsplit(".", 2)[0] in LARGEST
    }
    for outdated in set(STORED.iterdir()) - wanted.keys():
        outdated.unlink()
    # The largest first, so that two cores end at about the same time.
    missing = sorted(
        (copy for copy in wanted if not copy.exists()),
        key=lambda copy: -wanted[copy].stat().st_size,
    )
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda copy: _store(wanted[copy], copy), missing))


def _store(file: Path, copy: Path) -> None:
    # Whole or not at all: an interrupted run leaves no half file under the name.
    half = copy.with_suffix(".part")
    half.write_bytes(_compress(file, "brotli", _HIGHEST))
    half.replace(copy)


if __name__ == "__main__":
    store()

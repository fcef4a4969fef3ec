"""Uploaded files, which wait in the memory of the process until a page takes them.

Streamlit keeps every uploaded file for as long as its window is open, and two minutes longer. Pages
take the bytes with `take`, which removes the file. A file that no page takes is dropped by
`zixly_ui.http.uploads`.
"""

from __future__ import annotations

from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

# Why an upload was refused, by window, until its page has shown it.
_refusals: dict[str, str] = {}


def take(uploaded: UploadedFile) -> bytes:
    """Return the bytes of the file, and remove it from memory.

    The uploader is empty in the next run, so the page keeps what it needs.
    """
    data = uploaded.getvalue()
    context = get_script_run_ctx()
    assert context is not None, "only a page takes a file"
    files = context.uploaded_file_mgr
    assert isinstance(files, MemoryUploadedFileManager)
    files.remove_file(context.session_id, uploaded.file_id)
    return data


def set_refusal(window: str, sentence: str) -> None:
    """Keep the sentence for the next run of the window's page."""
    _refusals[window] = sentence


def drop_refusal(window: str) -> str | None:
    """Return the sentence for a window, and forget it."""
    return _refusals.pop(window, None)


def refusal() -> str | None:
    """Return once why the last upload of this window was refused; None if it was not."""
    context = get_script_run_ctx()
    return drop_refusal(context.session_id) if context is not None else None

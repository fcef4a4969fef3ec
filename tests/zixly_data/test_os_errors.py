"""Errors of the operating system in words."""

from __future__ import annotations

import errno
import os

import pytest

from zixly_data import os_errors


@pytest.mark.parametrize(
    ("number", "text", "advice"),
    [
        (errno.ENOSPC, "the disk is full", "Free up space"),
        (errno.EDQUOT, "the disk quota is used up", "quota"),
        (errno.EROFS, "the disk is read-only", "Make it writable"),
        (errno.EACCES, "no permission", "Give that account the right"),
        (errno.EMFILE, "too many files", "ulimit -n"),
        (errno.EIO, "the disk reports errors", "Check the disk"),
    ],
)
def test_a_common_error_has_a_reason_and_advice(number: int, text: str, advice: str) -> None:
    error = OSError(number, os.strerror(number), "/somewhere/secret")
    failed = os_errors.storage_failed("The file could not be created", error)
    assert text in str(failed)
    assert advice in failed.advice
    assert "/somewhere" not in f"{failed} {failed.advice}"
    assert "Tell your administrator" in failed.next_step


def test_an_unknown_error_keeps_the_words_of_the_system() -> None:
    error = OSError(errno.EPROTO, os.strerror(errno.EPROTO))
    assert os_errors.reason(error).text == os.strerror(errno.EPROTO)
    assert os_errors.reason(OSError("odd")).text == "OSError"


def test_a_wrong_path_is_not_the_fault_of_the_machine() -> None:
    assert os_errors.is_of_machine(OSError(errno.ENOSPC, ""))
    assert not os_errors.is_of_machine(OSError(errno.ENOENT, ""))
    assert not os_errors.is_of_machine(OSError("odd"))

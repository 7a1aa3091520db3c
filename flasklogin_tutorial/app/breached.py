"""Passwords that were found in breaches of other services, looked up in a file on this machine.

The file is the list of Have I Been Pwned, ordered by hash: a SHA-1 in capitals, a colon and how
often it was seen. It has tens of gigabytes, so it is searched where it lies, some forty lines for
each new password. Nothing is ever asked over the network.
"""

import hashlib
import os
import re
import stat
from typing import BinaryIO

from .passwords import normal_form

_DIGITS = 40
_LINE = re.compile(rb"[0-9A-F]{40}(:[0-9]{1,20})?\r?\n?")

#: More than any line has.
_LONGEST_LINE = 80

#: Of a file up to this size each line is looked at when the app starts.
_SMALL = 1024 * 1024

#: In how many places a larger one is looked at. Who mixes up its lines is noticed, and starting
#: does not take minutes.
_PLACES = 2000


def contains(path: str, password: str) -> bool:
    """Tell whether a password is in the list.

    Args:
        path: the file.
        password: the password.

    Returns:
        Whether its hash is there, as it was typed or in the spelling that is stored.

    Raises:
        OSError: the file cannot be read any more, or is another than it was: then nothing may be
            said of a password.
    """
    if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for its other end
        raise OSError("the list is no file")
    with open(path, "rb") as lines:
        return any(_has_hash(lines, _sha1(one)) for one in {password, normal_form(password)})


def _sha1(password: str) -> bytes:
    plain = password.encode()
    return hashlib.sha1(plain, usedforsecurity=False).hexdigest().upper().encode()


def _has_hash(lines: BinaryIO, wanted: bytes) -> bool:
    low, high = 0, os.fstat(lines.fileno()).st_size
    if not high:
        raise OSError("the list is empty")
    while low < high:  # the line that is wanted begins at `low` or later, if it is there
        middle = (low + high) // 2
        found = _first_line_from(lines, middle)
        if found and not _LINE.fullmatch(found):
            raise OSError("what is no line of the list stands in it")
        if found and found[:_DIGITS] < wanted:
            low = middle + 1
        else:
            high = middle
    return _first_line_from(lines, low)[:_DIGITS] == wanted


def find_flaw(path: str) -> str | None:
    """Say why a file cannot be searched.

    A large one is looked at in some places only, so a few lines in a wrong place are not noticed.

    Args:
        path: the file.

    Returns:
        A sentence, or None if nothing was found.
    """
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # opening a pipe would wait for its other end
            return "It is no file."
        with open(path, "rb") as lines:
            return _flaw_in(lines)
    except OSError as error:
        return f"It cannot be read: {error.strerror}."


def _flaw_in(lines: BinaryIO) -> str | None:
    size = os.fstat(lines.fileno()).st_size
    if not size:
        return "It is empty."
    if size > _SMALL:
        looked_at = [_first_line_from(lines, size * part // _PLACES) for part in range(_PLACES)]
    else:
        looked_at = lines.readlines()
    before = b""
    for line in [*filter(None, looked_at), _last_line(lines, size)]:
        if not _LINE.fullmatch(line):
            return f"It holds what is no line of the list: {line[:_LONGEST_LINE]!r}."
        if line[:_DIGITS] < before:
            return "It is not sorted by hash."
        before = line[:_DIGITS]
    return None


def _first_line_from(lines: BinaryIO, place: int) -> bytes:
    """Return the first line that begins at a place or after it; nothing, where there is none."""
    lines.seek(max(place - 1, 0))
    if place:
        lines.readline(_LONGEST_LINE)  # what is left of the line before
    return lines.readline(_LONGEST_LINE)


def _last_line(lines: BinaryIO, size: int) -> bytes:
    """Return the last line: that of a download that broke off is no whole one."""
    lines.seek(max(size - _LONGEST_LINE, 0))
    return lines.readlines()[-1]

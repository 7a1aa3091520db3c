"""What happened, in words: a status, an error, and a text that is too long to be shown."""

from werkzeug.http import HTTP_STATUS_CODES


def status_text(code: int) -> str:
    """Return a status code with its name, such as `405 Method Not Allowed`.

    The names are Werkzeug's, which Flask answers with. Those of Python's `http` differ from one
    Python to the next: 413, 414, 416 and 422 have other names since 3.13.
    """
    return f"{code} {HTTP_STATUS_CODES.get(code, '')}".rstrip()


def describe_error(error: BaseException) -> str:
    """Name an exception and give the first line of what it says.

    Args:
        error: the exception.

    Returns:
        Such as `ValueError: not a number`.
    """
    said = str(error).strip()
    return f"{type(error).__name__}: {said.splitlines()[0]}" if said else type(error).__name__


def cut(text: str, most: int, keep: int = 0) -> str:
    """Cut a text that is too long.

    Args:
        text: the text.
        most: how many characters may stay as they are.
        keep: how many are kept of a longer text; as many if left out.

    Returns:
        The text, or its beginning and `…`.
    """
    return text if len(text) <= most else f"{text[: keep or most]}…"


def shorten(text: str | bytes, most: int) -> str:
    """Put a text on one line, and cut it if it is still too long.

    Args:
        text: the text, or bytes that are one.
        most: how many characters may stay.

    Returns:
        The text with single spaces in place of all others, or its beginning and `…`.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return cut(" ".join(text.split()), most)

"""A request or an answer in one short line."""

#: Characters of a request that an exchange shows.
SHOWN = 120


def brief(text: bytes | str) -> str:
    """Return a text in one short line."""
    if isinstance(text, bytes):
        text = text[: SHOWN * 4].decode("utf-8", "replace")
    text = " ".join(text[: SHOWN * 4].split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"

"""Move the clock, to see today what happens in a month."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from freezegun import freeze_time


@contextmanager
def later(**span: float) -> Iterator[None]:
    """Run a block at a later time, which apps, browsers and cookies all see, and which goes on.

    Args:
        **span: how much later, as for `datetime.timedelta`: `days=31`, `minutes=5`.

    Yields:
        Nothing.

    Raises:
        TypeError: a word that `timedelta` does not know.
        ValueError: a time before now.

    Example:
        `with later(days=31): ada.post("/user_info")`
    """
    moved = timedelta(**span)
    if moved < timedelta(0):
        raise ValueError(f"later() goes forward, and {moved} goes back. Leave out the minus sign.")
    with freeze_time(datetime.now(UTC) + moved, tick=True):
        yield

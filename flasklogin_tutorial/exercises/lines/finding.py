"""What is asked of a function that finds a document by the value of one of its fields."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flasklogin_tutorial.exercises.ask import Ask
from flasklogin_tutorial.visit import Mismatch


@contextmanager
def hinted(word: str, hint: str) -> Iterator[None]:
    """Give a hint of its own to what goes wrong in a block with a word in it.

    Args:
        word: what stands in what came back.
        hint: where to look then.

    Yields:
        Nothing.

    Raises:
        Mismatch: something went wrong.
    """
    try:
        yield
    except Mismatch as error:
        if word in error.came_back:
            error.hint = hint
        raise


def must_find(ask: Ask, user_class: Any, field: str, look: str) -> None:
    """Ask a function for two users that are there, and for one who is deleted.

    Args:
        ask: what the reader wrote.
        user_class: the class of the documents.
        field: the field that the function looks for.
        look: the hint for a function that finds another document.

    Raises:
        Mismatch: another document came back, or none, or something else.
    """
    mark = uuid.uuid4().hex[:8]
    people = [
        user_class(name=f"{name}-{mark}", email=f"{name}-{mark}@example.org").save()
        for name in ("joan", "alan")
    ]
    values = [str(getattr(user, field)) for user in people]
    try:
        for user, value in zip(people, values, strict=True):
            found = ask(value, expected=f"the user {user.name}")
            hint = look
            if found is None:
                hint = f"Nobody came back. Is `return` there, and does it look for `{field}`?"
            elif not isinstance(found, user_class):
                hint = "This is no user. Does `.first()` stand at the end?"
            ask.must(
                isinstance(found, user_class) and found.id == user.id,
                ask.described(value),
                "None" if found is None else f"{type(found).__name__} {found!r:.60}",
                f"the user {user.name}",
                hint,
            )
        people.pop(0).delete()
        wanted = "None, for this user is deleted"
        found = ask(values[0], expected=wanted)
        ask.must(
            found is None,
            ask.described(values[0]),
            f"{found!r:.60}",
            wanted,
            "`.first()` gives None where there is no document.",
        )
    finally:
        for user in people:
            user.delete()

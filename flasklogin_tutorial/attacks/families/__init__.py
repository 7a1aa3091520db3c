"""The attacks, by what is attacked: each module puts its own into the list."""

from flasklogin_tutorial.attacks.families import (
    at_rest,
    bad_input,
    cross_site,
    guessing,
    injection,
    operation,
    permissions,
    remember,
    sessions,
)

__all__ = [
    "at_rest",
    "bad_input",
    "cross_site",
    "guessing",
    "injection",
    "operation",
    "permissions",
    "remember",
    "sessions",
]

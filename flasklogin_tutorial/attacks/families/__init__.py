"""The attacks, by what is attacked: each module puts its own into the list."""

from flasklogin_tutorial.attacks.families import (
    at_rest,
    bad_input,
    costs,
    counting,
    cross_site,
    guessing,
    headers,
    injection,
    operation,
    passkeys,
    permissions,
    remember,
    resets,
    second_step,
    sessions,
    tokens,
)

__all__ = [
    "at_rest",
    "bad_input",
    "costs",
    "counting",
    "cross_site",
    "guessing",
    "headers",
    "injection",
    "operation",
    "passkeys",
    "permissions",
    "remember",
    "resets",
    "second_step",
    "sessions",
    "tokens",
]

"""How a password is made into what is stored: by what the app's own modules have for it."""

import re
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from flask import Flask
from werkzeug.security import generate_password_hash

from flasklogin_tutorial.attacks.discovery.reading import plain_function, texts_of

#: Makes of a password what is stored.
Hash = Callable[[str], Any]


def hashes_of(app: Flask, modules: list[ModuleType]) -> Iterator[tuple[str, Hash]]:
    """Yield the ways in which an app may store a password, and what they are called.

    Args:
        app: the app.
        modules: its own modules; what they import comes first.

    Yields:
        A name and a function. The last one stores the password as it is.
    """
    named = {name: value for module in modules for name, value in vars(module).items()}
    for name, value in named.items():
        kind = type(value).__name__
        if kind == "Bcrypt" and hasattr(value, "generate_password_hash"):
            yield f"{name}.generate_password_hash", _flask_bcrypt(value)
        elif _can_hash(value) and hasattr(value, "hash"):
            yield f"{name}.hash", value.hash
    bcrypt = sys.modules.get("bcrypt")
    if bcrypt is not None and any(one is bcrypt for one in named.values()):
        yield "bcrypt.hashpw", lambda password: bcrypt.hashpw(password.encode(), bcrypt.gensalt(4))
    for name in (
        "hash_password",
        "make_password_hash",
        "make_hash",
        "encrypt_password",
        "get_hash",
    ):
        own = named.get(name)
        if callable(own) and not isinstance(own, type):
            yield name, own
    extension = sys.modules.get("flask_security")
    if extension is not None and "security" in app.extensions:
        yield "flask_security.hash_password", extension.hash_password
    method = _method_in(modules)
    yield (
        "werkzeug.security.generate_password_hash",
        lambda password: generate_password_hash(password, *method),  # type: ignore[arg-type]
    )
    yield "the password as it is", str


def _method_in(modules: list[ModuleType]) -> tuple[str, ...]:
    """Return the method that an app hands to Werkzeug; nothing if it takes the usual one."""
    codes = [
        one.__code__
        for module in modules
        for holder in (module, *(one for one in vars(module).values() if isinstance(one, type)))
        for one in map(plain_function, list(vars(holder).values()))
        if type(one) is FunctionType
    ]
    for code in codes:
        for text in texts_of(code):
            if re.fullmatch(r"(pbkdf2|scrypt)(:\w+)+", text):
                return (text,)
    return ()


def _can_hash(value: Any) -> bool:
    """Tell whether something is passlib's or argon2's."""
    known = type(value).__name__ in ("CryptContext", "PasswordHasher")
    return known or str(getattr(value, "__module__", "")).startswith("passlib.")


def _flask_bcrypt(extension: Any) -> Hash:
    return lambda password: extension.generate_password_hash(password).decode()


def own_modules(*things: Any) -> list[ModuleType]:
    """Return the loaded modules of the packages that some functions and classes belong to."""
    packages = {str(getattr(one, "__module__", "") or "").partition(".")[0] for one in things}
    own_packages = {str(getattr(one, "__module__", "") or "").rpartition(".")[0] for one in things}
    exact = {str(getattr(one, "__module__", "") or "") for one in things}
    found = []
    for name, module in list(sys.modules.items()):
        if module is None or name.partition(".")[0] not in packages:
            continue
        package = name.rpartition(".")[0]
        if (
            name in exact
            or package in own_packages
            or any(package.startswith(f"{one}.") for one in own_packages if one)
        ):
            found.append(module)
    return sorted(found, key=lambda one: one.__name__ not in exact)

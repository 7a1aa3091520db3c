"""What the views share: how a request is read, and what of a record is shown to whom."""

from collections.abc import Mapping
from typing import Any

from flask import request
from marshmallow import Schema, ValidationError

from .answers import INVALID
from .errors import Refused
from .models import User
from .schemas import PublicRecord, Record


def read_body(schema: Schema) -> dict[str, Any]:
    """Return the JSON body of the request, checked.

    Args:
        schema: what it has to be.

    Returns:
        The fields.

    Raises:
        Refused: a 422 that names the fields.
        HTTPException: a 400 for what is no JSON, a 413 for too much of it, a 415 for another
            content type.
    """
    try:
        body = request.get_json()
    except RecursionError:
        raise Refused(
            400,
            "bad_request",
            "bad request",
            "The JSON is nested too deeply.",
            "Send an object with texts as values.",
        ) from None
    return _check(schema, body)


def read_query(schema: Schema) -> dict[str, Any]:
    """Return the query of the request, checked.

    Args:
        schema: what it has to be.

    Returns:
        The fields.

    Raises:
        Refused: a 422 that names the fields.
    """
    query = request.args.to_dict(flat=False)
    twice = {name: ["This is there more than once."] for name, all in query.items() if len(all) > 1}
    if twice:
        raise _bad_fields(twice)
    return _check(schema, {name: all[0] for name, all in query.items()})


def _check(schema: Schema, given: Any) -> dict[str, Any]:
    try:
        checked: dict[str, Any] = schema.load(given)
    except ValidationError as error:
        raise _bad_fields(error.messages_dict) from None
    return checked


def _bad_fields(problems: Mapping[str, Any]) -> Refused:
    """Make a 422 of the sentences about each field; `_schema` stands for the whole."""
    return Refused(422, "invalid_input", *INVALID, fields=problems)


def show_record(user: User, viewer: Any) -> dict[str, Any]:
    """Return what a viewer may know of a user.

    Args:
        user: the user.
        viewer: who is asking; anonymous or another user.

    Returns:
        The name, and for the user and administrators the e-mail address.
    """
    inside = viewer.is_authenticated and (viewer.is_admin or viewer.id == user.id)
    shown: dict[str, Any] = (Record() if inside else PublicRecord()).dump(user)
    return shown

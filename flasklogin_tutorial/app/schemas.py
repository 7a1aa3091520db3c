"""What the API takes and what it gives: every field, and nothing that is not named here.

A body is read through one of the input schemas (see `edge`), so a view sees texts where it expects
texts. An operator such as `{"$ne": null}` is no text, and a field that is not named is refused, not
dropped. An answer is written through an output schema, so a new field of a document stays inside
until somebody names it here.
"""

import unicodedata
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from .names import read_name
from .refusals import BadName

LONGEST_NAME = 64
LONGEST_EMAIL = 254  # RFC 5321, section 4.5.3.1.3, without the angle brackets

#: Longer than any password that was ever taken here, short enough to be hashed at once.
LONGEST_TYPED_PASSWORD = 1024

#: More than any token of a link.
LONGEST_LINK = 128
#: Longer than a recovery code, however it is written.
LONGEST_CODE = 60

_Messages = dict[str, str | list[Any] | dict[Any, Any]]

_TEXT_MESSAGES: _Messages = {
    "required": "This field is missing.",
    "null": "This has to be a text, and is null.",
    "invalid": "This has to be a text.",
}
_FLAG_MESSAGES: _Messages = {
    "invalid": "This has to be true or false.",
    "null": "This has to be true or false, and is null.",
}
_OBJECT_MESSAGES = {
    "unknown": "There is no such field.",
    "type": "This has to be a JSON object.",
}


class Text(fields.String):
    """A text of limited length that can be stored as UTF-8.

    Args:
        longest: the most characters.
        one_line: whether control characters and other invisible ones are refused.
        shortest: the fewest characters.
        **more: as for `marshmallow.fields.String`.
    """

    default_error_messages = _TEXT_MESSAGES

    def __init__(
        self, longest: int, *, one_line: bool = True, shortest: int = 1, **more: Any
    ) -> None:
        rules = [validate.Length(shortest, longest), *more.pop("validate", [])]
        super().__init__(validate=rules, **more)
        self.longest, self.one_line = longest, one_line

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if len(text) > self.longest:  # before any rule that takes time
            raise ValidationError(f"This is longer than {self.longest} characters.")
        if any(unicodedata.category(character) == "Cs" for character in text):
            raise ValidationError("This holds half a character (a lone surrogate).")
        if self.one_line:
            text = unicodedata.normalize("NFC", text)
            if any(unicodedata.category(character)[0] == "C" for character in text):
                raise ValidationError("This holds a character that cannot be seen.")
            if text != " ".join(text.split()):
                raise ValidationError("This has a space at an end, or two in a row.")
        return text


class NameText(Text):
    """The name of a user, as written; see `names`."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if not text:  # the rule of the shortest length says so
            return text
        try:
            return read_name(text).written
        except BadName as refusal:
            raise ValidationError(refusal.problem) from None


class Flag(fields.Boolean):
    """True or false, and nothing that merely looks like it."""

    default_error_messages = _FLAG_MESSAGES

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def name_field(**more: Any) -> NameText:
    """Return the field for the name of a user.

    Args:
        **more: as for `Text`.

    Returns:
        The field.
    """
    return NameText(LONGEST_NAME, metadata={"description": "the name of a user"}, **more)


def email_field(**more: Any) -> Text:
    """Return the field for an e-mail address.

    Args:
        **more: as for `Text`.

    Returns:
        The field.
    """
    form = validate.Email(error="This is no e-mail address. It looks like name@example.org.")
    described = {"description": "an e-mail address", "format": "email"}
    return Text(LONGEST_EMAIL, validate=[form], metadata=described, **more)


def password_field(what: str = "a password", **more: Any) -> Text:
    """Return the field for a password.

    Args:
        what: what it is, for the description of the API.
        **more: as for `Text`.

    Returns:
        The field.
    """
    described = {"description": what, "format": "password"}
    return Text(LONGEST_TYPED_PASSWORD, one_line=False, metadata=described, **more)


def token_field(**more: Any) -> Text:
    """Return the field for what the link of a mail carries.

    Args:
        **more: as for `Text`.

    Returns:
        The field.
    """
    return Text(LONGEST_LINK, metadata={"description": "what the link of a mail carries"}, **more)


def code_field(**more: Any) -> Text:
    """Return the field for a code of a second factor.

    Args:
        **more: as for `Text`.

    Returns:
        The field.
    """
    described = {"description": "six digits, or a recovery code"}
    return Text(LONGEST_CODE, one_line=False, metadata=described, **more)


class _Input(Schema):
    """An input: a JSON object with these fields and no others."""

    error_messages = _OBJECT_MESSAGES


class LoginInput(_Input):
    """What `POST /login` takes."""

    username = name_field(required=True)
    password = password_field(required=True)
    remember = Flag(load_default=False, metadata={"description": "stay logged in for weeks"})


class CodeInput(_Input):
    """What `POST /login/code` takes."""

    code = code_field(required=True)


class RecordInput(_Input):
    """What `PUT /` takes."""

    name = name_field(required=True)
    password = password_field(required=True)
    email = email_field(required=True)


class ChangeInput(_Input):
    """What `POST /` takes: whose record, and what is to be new.

    A new password of one's own takes the current one too. Whose it is shows only later, so the
    field is asked for in `accounts`.
    """

    name = name_field(required=True)
    password = password_field()
    current_password = password_field("the current password, with a new one of one's own")
    email = email_field()


class ProofInput(_Input):
    """What the command `users remove-factor` writes down."""

    proof = Text(100, required=True)


class NameInput(_Input):
    """What `GET /` and `DELETE /` take: whose record."""

    name = name_field(required=True)


class ForgotInput(_Input):
    """What `POST /forgot` takes."""

    email = email_field(required=True)


class ResetInput(_Input):
    """What `POST /reset` and `POST /welcome` take."""

    token = token_field(required=True)
    password = password_field("the new password", required=True)


class RegisterInput(_Input):
    """What `POST /register` takes."""

    name = name_field(required=True)
    email = email_field(required=True)


class ConfirmInput(_Input):
    """What `POST /confirm` takes."""

    token = token_field(required=True)


class PublicRecord(Schema):
    """What everybody may know of a user."""

    name = fields.String(required=True)


class Record(PublicRecord):
    """What users and administrators may know of a user."""

    email = fields.String(required=True, allow_none=True)


class UserInfo(Schema):
    """What `POST /user_info` gives."""

    result = fields.Integer(required=True)
    data = fields.Nested(Record, required=True)


class Message(Schema):
    """A sentence for whoever reads the answer."""

    message = fields.String(required=True)


class CodeWanted(Schema):
    """What `POST /login` gives where the password is right and a code has to follow."""

    status = fields.Integer(required=True)
    code = fields.String(required=True, metadata={"description": "`code_wanted`, for programs"})
    advice = fields.String(required=True)
    next = fields.String(required=True, metadata={"description": "where the code is sent"})


class LoggedOut(Schema):
    """What `POST /logout` gives."""

    result = fields.Integer(required=True)
    data = fields.Nested(Message, required=True)


class Done(Schema):
    """What is given where something was done, or will be, and there is nothing to show."""

    result = fields.Integer(required=True)
    data = fields.Nested(Message, required=True)


class Health(Schema):
    """What `GET /healthz` gives."""

    status = fields.String(required=True)


class Problem(Schema):
    """What every refusal gives; see `errors`."""

    status = fields.Integer(required=True)
    code = fields.String(required=True)
    error = fields.String(required=True)
    reason = fields.String(required=True)
    advice = fields.String(required=True)
    fields_ = fields.Dict(
        data_key="fields", metadata={"description": "for each field of the input what is wrong"}
    )
    result = fields.Integer(metadata={"description": "the article's key, of /user_info only"})
    data = fields.Dict(metadata={"description": "the article's key, of /user_info only"})

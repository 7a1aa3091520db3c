"""The forms of the pages. Their fields follow the same rules as those of the API."""

from typing import Any

from flask_wtf import FlaskForm
from marshmallow import ValidationError as BadValue
from marshmallow.fields import Field as SchemaField
from wtforms import BooleanField, EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, ValidationError

from .new_passwords import SHORTEST
from .schemas import (
    LONGEST_ANSWER,
    Text,
    code_field,
    email_field,
    name_field,
    password_field,
    token_field,
)


class Follows:
    """A rule for a form's field: whatever the API's field asks for.

    Args:
        field: the API's field.
        missing: what to say where nothing was filled in.
    """

    def __init__(self, field: SchemaField[Any], missing: str = "Fill in this field.") -> None:
        self.field, self.missing = field, missing

    def __call__(self, form: FlaskForm, field: Any) -> None:
        """Raise `ValidationError` with the API's words, and keep what the API would keep."""
        if not field.data:
            raise ValidationError(self.missing)
        try:
            field.data = self.field.deserialize(field.data)
        except BadValue as error:
            raise ValidationError(error.messages[0]) from None


def _password(label: str, autocomplete: str, *rules: Any, description: str = "") -> PasswordField:
    return PasswordField(
        label,
        validators=[Follows(password_field()), *rules],
        description=description,
        render_kw={"autocomplete": autocomplete},
    )


def _new_password() -> PasswordField:
    return _password(
        "New password",
        "new-password",
        description=f"At least {SHORTEST} characters, such as four words.",
    )


def _new_password_again() -> PasswordField:
    return _password(
        "New password again",
        "new-password",
        EqualTo("new_password", "The two new passwords are not the same."),
    )


class LoginForm(FlaskForm):
    """Name and password, and where to go afterwards."""

    username = StringField(
        "Name",
        validators=[Follows(name_field())],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = _password("Password", "current-password")
    remember = BooleanField("Stay logged in on this device")
    next = HiddenField()


class CodeForm(FlaskForm):
    """A code of the second factor."""

    code = StringField(
        "Code",
        validators=[Follows(code_field())],
        description="The six digits that your telephone shows, or one of your recovery codes.",
        render_kw={
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


class NewFactorForm(FlaskForm):
    """The first code, which shows that the telephone has the seed."""

    code = StringField(
        "Code",
        validators=[Follows(code_field())],
        description="The six digits that your telephone shows now.",
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric"},
    )


class CodeStepForm(CodeForm):
    """A code, and where to go afterwards."""

    next = HiddenField()


def _answer(missing: str) -> HiddenField:
    return HiddenField(validators=[Follows(Text(LONGEST_ANSWER, one_line=False), missing)])


#: A browser whose scripts are off sends the form as it is.
_NO_SCRIPT = "Your browser sent no answer of a passkey. It takes one with JavaScript only."


class PasskeyLoginForm(FlaskForm):
    """What a passkey answered, and where to go afterwards."""

    answer = _answer(f"{_NO_SCRIPT} Log in with the password instead.")
    remember = BooleanField("Stay logged in on this device")
    next = HiddenField()


class NewPasskeyForm(FlaskForm):
    """A name for a new passkey, and what the browser made."""

    label = StringField(
        "What the passkey is called",
        validators=[Follows(Text(60))],
        description="A name by which you will know it, such as “blue key”.",
        render_kw={"autocomplete": "off"},
    )
    answer = _answer(f"{_NO_SCRIPT} Your account stays as it is.")


class EmailForm(FlaskForm):
    """A new e-mail address."""

    email = EmailField(
        "E-mail address",
        validators=[Follows(email_field())],
        render_kw={"autocomplete": "email"},
    )


class PasswordForm(FlaskForm):
    """The current password, and a new one twice."""

    current_password = _password("Current password", "current-password")
    new_password = _new_password()
    again = _new_password_again()


class ForgotForm(EmailForm):
    """The address of whoever has forgotten their password."""


class LinkForm(FlaskForm):
    """A button, and what the link of a mail carried."""

    token = HiddenField(validators=[Follows(token_field())])


class ResetForm(LinkForm):
    """A new password twice, and what the link of a mail carried."""

    new_password = _new_password()
    again = _new_password_again()


class PersonForm(FlaskForm):
    """A new person."""

    name = StringField(
        "Name",
        validators=[Follows(name_field())],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )
    email = EmailField(
        "E-mail address",
        validators=[Follows(email_field())],
        render_kw={"autocomplete": "off"},
    )


class TokenForm(FlaskForm):
    """A name for a new API token."""

    label = StringField(
        "What the token is for",
        validators=[Follows(Text(60))],
        description="A name by which you will know it, such as “nightly backup”.",
        render_kw={"autocomplete": "off"},
    )


class Confirm(FlaskForm):
    """A button and nothing else."""

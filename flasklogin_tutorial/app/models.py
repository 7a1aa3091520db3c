"""What the database holds: users, their logins, API tokens and passkeys, and letters to be sent.

A login and an API token are found by a random text that only the browser or the client has. The
database keeps its hash, so whoever reads the database cannot use it.
"""

import hashlib
import secrets
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from bson import ObjectId
from mongoengine import NotUniqueError, ValidationError

from .addresses import key_of
from .extensions import db
from .names import Name, read_name
from .refusals import BadName

#: Longer than any browser's, shorter than what could fill a disk.
LONGEST_AGENT = 200


def now() -> datetime:
    """Return the time, in the precision that MongoDB keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def new_secret() -> str:
    """Return 256 random bits as text."""
    return secrets.token_urlsafe(32)


def put_in_place(of: Any, **fields: Any) -> None:
    """Write the one record that a query finds, new or in place of the former one.

    Args:
        of: the query. What it asks for is in the new record too.
        **fields: what the record has besides.
    """
    new = {f"set__{name}": value for name, value in fields.items()}
    try:
        of.modify(upsert=True, new=True, **new)
    except NotUniqueError:  # another one was made at the same moment
        of.modify(upsert=True, new=True, **new)


def hash_secret(secret: str) -> str:
    """Return what the database keeps of a random secret.

    A plain hash is enough here and would not be for a password: nobody can try 2^256 secrets.

    Args:
        secret: what `new_secret` made, or what somebody sent in its place.

    Returns:
        Its SHA-256 in hex.
    """
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()


class User(db.Document):
    """Somebody who can log in; at the same time one record of the API.

    Attributes:
        login: the login by which this user was loaded, if it was one.
        api_token: the API token by which this user was loaded, if it was one.
    """

    name: str = db.StringField(required=True)
    #: What the name is compared by, and what it may be taken for; see `names`.
    name_key: str = db.StringField(required=True)
    name_looks: list[str] = db.ListField(field=db.StringField(), required=True)
    email: str | None = db.StringField()
    #: The key of the address that this user confirmed. It says something about `email` only as long
    #: as it is the key of that, so whatever changes the address makes it an unconfirmed one.
    confirmed_email: str | None = db.StringField()
    password_hash: str | None = db.StringField()
    #: What the article's app stored. `login` replaces it by a hash at the next login.
    plaintext_password: str | None = db.StringField(db_field="password")
    #: When the password ends that an administrator handed over; a password of one's own has no end.
    first_password_until: datetime | None = db.DateTimeField()
    #: The hash of the last password of the kind, so that it never becomes one of the user's own.
    given_password_hash: str | None = db.StringField()
    is_admin: bool = db.BooleanField(default=False)
    disabled: bool = db.BooleanField(default=False)
    #: Goes up when all logins and API tokens of the user have to end. Each keeps the number that it
    #: was made with.
    login_epoch: int = db.IntField(default=0)
    #: The second factor, if the user has one (see `factors`): its seed, as `seeds` keeps it; since
    #: when; the number of the 30 seconds whose code was used last; and the hashes of the recovery
    #: codes that are left.
    totp_seed: str | None = db.StringField()
    factor_since: datetime | None = db.DateTimeField()
    totp_step: int | None = db.IntField()
    recovery_hashes: list[str] = db.ListField(field=db.StringField())

    meta: ClassVar[dict[str, Any]] = {
        "collection": "user",
        "auto_create_index": False,  # see `database`
        "strict": False,  # the article's app may have stored more
        # Of name_looks, no two users may have one in common.
        "indexes": [
            *({"fields": [field], "unique": True} for field in ("name", "name_key", "name_looks")),
            {"fields": ["confirmed_email"], "sparse": True},
        ],
    }

    login: "Login | None" = None
    api_token: "ApiToken | None" = None

    def clean(self) -> None:
        """Keep the forms of the name in step; mongoengine calls this before it saves."""
        try:
            self.set_name(read_name(self.name))
        except BadName as refusal:
            raise ValidationError(refusal.problem, field_name="name") from None

    def set_name(self, name: Name) -> None:
        """Take a name, in all of its forms.

        Args:
            name: the name.
        """
        self.name, self.name_key, self.name_looks = name.written, name.key, list(name.looks)

    # Flask-Login reads these names without calling them (its documentation, "Your User Class").

    @property
    def is_authenticated(self) -> bool:
        """Whether this user has proved who they are; a loaded user has."""
        return True

    @property
    def is_active(self) -> bool:
        """Whether this user may log in and stay logged in."""
        return not self.disabled

    @property
    def first_password_is_over(self) -> bool:
        """Whether the password was one that ends, and its time is up."""
        return self.first_password_until is not None and self.first_password_until <= now()

    @property
    def has_confirmed_address(self) -> bool:
        """Whether the address is the one that this user has confirmed."""
        return self.email is not None and self.confirmed_email == key_of(self.email)

    @property
    def has_factor(self) -> bool:
        """Whether this user has a second factor, without which the password opens nothing."""
        return self.totp_seed is not None

    @property
    def is_anonymous(self) -> bool:
        """Whether this is the stand-in for a visitor who has not logged in."""
        return False

    def get_id(self) -> str | None:
        """Return what the cookie carries: the login's random token, never the database id.

        Source: Flask-Login's documentation, "Alternative Tokens": an id of its own for the cookie
        can be changed, and with it every cookie that was ever given out.

        Returns:
            The token, or None for a user who was not loaded by a login.
        """
        return self.login.token if self.login is not None else None


class _Bearer(db.Document):
    """Something that lets its bearer act as a user until a moment in time."""

    token_hash: str = db.StringField(required=True)
    user: ObjectId = db.ObjectIdField(required=True)
    #: The user's `login_epoch` when this was made. It opens nothing once the user's is another.
    epoch: int = db.IntField(required=True)
    made: datetime = db.DateTimeField(required=True, default=now)
    seen: datetime = db.DateTimeField(required=True, default=now)
    #: When it is over. For a login that is not remembered, this moves on while it is used.
    until: datetime = db.DateTimeField(required=True)

    meta: ClassVar[dict[str, Any]] = {"abstract": True, "auto_create_index": False, "strict": False}

    @classmethod
    def find(cls, token: str) -> tuple[Self, User] | None:
        """Look up a token and the user it belongs to, in one read.

        Args:
            token: what the browser or the client sent.

        Returns:
            Both, or None if there is no such token, its time is over, or its user is gone,
            disabled, in another epoch, or has a first password whose time is over.
        """
        return cls._find(hash_secret(token))

    def find_user(self) -> User | None:
        """Look up whom this lets in now, in one read.

        Returns:
            The user as stored now, or None if this has ended since it was found; see `find`.
        """
        found = self._find(self.token_hash)
        return found[1] if found is not None else None

    @classmethod
    def _find(cls, token_hash: str) -> tuple[Self, User] | None:
        pipeline = [
            {"$match": {"token_hash": token_hash}},
            {
                "$lookup": {
                    "from": User._get_collection_name(),
                    "localField": "user",
                    "foreignField": "_id",
                    "as": "owner",
                }
            },
        ]
        for found in cls._get_collection().aggregate(pipeline):
            owners = found.pop("owner")
            bearer = cls._from_son(found)
            if owners and bearer.lets_in(user := User._from_son(owners[0])):
                return bearer, user
        return None

    def lets_in(self, user: User) -> bool:
        """Tell whether this still opens the account of its user.

        Args:
            user: the user, as stored now.

        Returns:
            False once its time is over, or the user is disabled, in another epoch, or has a first
            password whose time is over.
        """
        return (
            self.until > now()  # the database deletes what is over about once a minute
            and user.is_active
            and self.epoch == user.login_epoch
            and not user.first_password_is_over
        )


_INDEXES = [
    {"fields": ["token_hash"], "unique": True},
    {"fields": ["user"]},
    {"fields": ["until"], "expireAfterSeconds": 0},  # MongoDB deletes what is over
]


class Login(_Bearer):
    """One login of a user in one browser, remembered or not.

    Attributes:
        token: what the cookie carries; known only while a request with it is answered.
        fresh: whether the password was typed a short time ago, in the session that asks; known only
            while its request is answered.
        crowded_out: how many other logins of the user ended because there were too many; known only
            while the request that began this one is answered.
    """

    remembered: bool = db.BooleanField(default=False)
    #: Whether its user had a passkey then: it was begun with one, or with a password and a code.
    with_passkey: bool = db.BooleanField(default=False)
    address: str | None = db.StringField()
    agent: str | None = db.StringField()

    meta: ClassVar[dict[str, Any]] = {"collection": "login", "indexes": _INDEXES}

    token: str | None = None
    fresh: bool = False
    crowded_out: int = 0


class ApiToken(_Bearer):
    """A named token with which a program acts as a user."""

    label: str = db.StringField(required=True)
    #: As for a login.
    with_passkey: bool = db.BooleanField(default=False)

    meta: ClassVar[dict[str, Any]] = {"collection": "api_token", "indexes": _INDEXES}


class HalfLogin(_Bearer):
    """A right password in one browser, to which the second factor is still to come.

    It stands in a collection of its own, so its token is good for nothing else, and whatever is
    good for something else is no half login.
    """

    remembered: bool = db.BooleanField(default=False)

    meta: ClassVar[dict[str, Any]] = {"collection": "half_login", "indexes": _INDEXES}


class NewFactor(_Bearer):
    """A seed that one login was shown, and of which no code has been typed yet.

    It is found by the token of that login, so no other browser of the user goes on with it.
    """

    seed: str = db.StringField(required=True)

    meta: ClassVar[dict[str, Any]] = {"collection": "new_factor", "indexes": _INDEXES}


class MailedLink(_Bearer):
    """A link that was sent to an address. Whoever has it has read what came there.

    There is one of each purpose for a user, and a new one takes the place of the former.
    """

    #: What it is good for, and for nothing else: see `links`.
    purpose: str = db.StringField(required=True)
    email: str = db.StringField(required=True)

    meta: ClassVar[dict[str, Any]] = {
        "collection": "mailed_link",
        "indexes": [
            {"fields": ["token_hash"], "unique": True},
            {"fields": ["user", "purpose"], "unique": True},
            {"fields": ["until"], "expireAfterSeconds": 0},
        ],
    }

    def lets_in(self, user: User) -> bool:
        """Tell whether this is still good for its user.

        A first password that is over is nothing against it: the user is about to choose another.

        Args:
            user: the user, as stored now.

        Returns:
            False once its time is over, or the user is disabled or in another epoch.
        """
        return self.until > now() and user.is_active and self.epoch == user.login_epoch


class Registration(db.Document):
    """An account that somebody wants: it is made when they have opened the link in their mail."""

    token_hash: str = db.StringField(required=True)
    name: str = db.StringField(required=True)
    email: str = db.StringField(required=True)
    #: There is one for an address.
    email_key: str = db.StringField(required=True)
    until: datetime = db.DateTimeField(required=True)

    meta: ClassVar[dict[str, Any]] = {
        "collection": "registration",
        "auto_create_index": False,
        "strict": False,
        "indexes": [
            {"fields": ["token_hash"], "unique": True},
            {"fields": ["email_key"], "unique": True},
            {"fields": ["until"], "expireAfterSeconds": 0},
        ],
    }


class MailOrder(db.Document):
    """A letter that is to be written and sent; see `orders`. It holds no secret."""

    kind: str = db.StringField(required=True)
    #: Where to, or for a reset what was typed.
    email: str = db.StringField(required=True)
    user: ObjectId | None = db.ObjectIdField()
    epoch: int | None = db.IntField()
    #: What a notice is about.
    about: str | None = db.StringField()
    made: datetime = db.DateTimeField(required=True, default=now)
    #: When to try, for the first time or again.
    after: datetime = db.DateTimeField(required=True, default=now)
    tries: int = db.IntField(default=0)

    meta: ClassVar[dict[str, Any]] = {
        "collection": "mail_order",
        "auto_create_index": False,
        "strict": False,
        "indexes": [{"fields": ["after"]}],
    }


class Passkey(db.Document):
    """The public half of a passkey; see `passkeys`. Whoever reads it can sign nothing."""

    #: What the passkey calls itself, in base64url. Nobody else's has this name.
    credential_id: str = db.StringField(required=True)
    public_key: bytes = db.BinaryField(required=True)
    #: How often it has signed, as far as it counts: 0 for good if it does not.
    sign_count: int = db.IntField(default=0)
    user: ObjectId = db.ObjectIdField(required=True)
    label: str = db.StringField(required=True)
    made: datetime = db.DateTimeField(required=True, default=now)
    #: When its user logged in with it last.
    seen: datetime | None = db.DateTimeField()

    meta: ClassVar[dict[str, Any]] = {
        "collection": "passkey",
        "auto_create_index": False,
        "strict": False,
        "indexes": [{"fields": ["credential_id"], "unique": True}, {"fields": ["user"]}],
    }


class Challenge(db.Document):
    """What a browser was asked to let a passkey sign, until it answers; see `challenges`."""

    challenge_hash: str = db.StringField(required=True)
    purpose: str = db.StringField(required=True)
    browser_hash: str = db.StringField(required=True)
    until: datetime = db.DateTimeField(required=True)

    meta: ClassVar[dict[str, Any]] = {
        "collection": "challenge",
        "auto_create_index": False,
        "strict": False,
        "indexes": [
            {"fields": ["challenge_hash"], "unique": True},
            {"fields": ["until"], "expireAfterSeconds": 0},
        ],
    }


#: What ends with the epoch of its user.
BEARERS = (Login, ApiToken, HalfLogin, NewFactor, MailedLink)

#: What goes when its user is deleted.
OWNED = (*BEARERS, Passkey)

DOCUMENTS = (User, *OWNED, Registration, MailOrder, Challenge)


def as_object_id(text: str) -> ObjectId | None:
    """Return a database id from an address, or None where the text cannot be one.

    Args:
        text: what stands in the address.

    Returns:
        The id, which need not exist.
    """
    return ObjectId(text) if ObjectId.is_valid(text) else None

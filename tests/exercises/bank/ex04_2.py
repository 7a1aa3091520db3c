"""Answers to exercise 4.2."""


# %% right
def load_or_none(user_id):
    from mongoengine.errors import ValidationError

    try:
        return User.objects(id=user_id).first()
    except ValidationError:
        return None


# %% right
def load_or_none(user_id):
    import re

    if re.fullmatch("[0-9a-f]{24}", user_id):
        return User.objects(id=user_id).first()


# %% wrong: empty
# says: logs everybody out
def load_or_none(user_id):
    return None


# %% wrong: the step's own loader
# says: called: load_or_none('not-an-id'); came back: ValidationError
def load_or_none(user_id):
    return User.objects(id=user_id).first()


# %% wrong: looks at the length only
# says: To count 24 is not enough
def load_or_none(user_id):
    if len(user_id) == 24:
        return User.objects(id=user_id).first()


# %% wrong: looks at the length, and for letters and digits
# says: To count 24 is not enough
def load_or_none(user_id):
    if user_id.isalnum() and len(user_id) == 24:
        return User.objects(id=user_id).first()
    return None


# %% wrong: raises where nobody has the id
# says: DoesNotExist
def load_or_none(user_id):
    if not ObjectId.is_valid(user_id):
        return None
    return User.objects.get(id=user_id)


# %% wrong: a list of the one user
# says: BaseQuerySet, a list of 1 users; expected: the user ada, whose id this is; look at: This is
#     a list of results
def load_or_none(user_id):
    if ObjectId.is_valid(user_id):
        return User.objects(id=user_id)


# %% wrong: knows the example only
# says: called: load_or_none('')
def load_or_none(user_id):
    if user_id == "not-an-id":
        return None
    return User.objects(id=user_id).first()


# %% wrong: an anonymous user in place of nobody
# says: None, because no user has this id
def load_or_none(user_id):
    from flask_login import AnonymousUserMixin

    if not ObjectId.is_valid(user_id):
        return AnonymousUserMixin()
    return User.objects(id=user_id).first()


# %% wrong: the wrong way round
# says: logs everybody out
def load_or_none(user_id):
    if ObjectId.is_valid(user_id):
        return None
    return User.objects(id=user_id).first()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def load_or_none(user_id):
    """Return the user with this id, or None, also where it cannot be an id."""
    if not ObjectId.is_valid(user_id):
        return None
    print(User.objects(id=user_id).first())


# %% wrong: the list of results and not the one
# says: This is a list of results, also where one user is in it.
def load_or_none(user_id):
    """Return the user with this id, or None, also where it cannot be an id."""
    if not ObjectId.is_valid(user_id):
        return None
    return User.objects(id=user_id)

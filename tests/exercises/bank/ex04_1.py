"""Answers to exercise 4.1."""


# %% right
def load_by_email(user_id):
    try:
        return User.objects.get(email=user_id)
    except User.DoesNotExist:
        return None


# %% right
def load_by_email(user_id):
    for user in User.objects:
        if user.email == user_id:
            return user


# %% wrong: empty
# says: came back: nothing; expected: the user ada
def load_by_email(user_id):
    pass


# %% wrong: the loader of the notebook
# says: not a valid ObjectId
def load_by_email(user_id):
    return User.objects(id=user_id).first()


# %% wrong: looks the name up
# says: came back: nothing; expected: the user ada
def load_by_email(user_id):
    return User.objects(name=user_id).first()


# %% wrong: the query and not the user
# says: This is a list of results, also where one user is in it.
def load_by_email(user_id):
    return User.objects(email=user_id)


# %% wrong: raises for nobody
# says: User matching query does not exist.; expected: None
def load_by_email(user_id):
    return User.objects.get(email=user_id)


# %% wrong: right for the first user only
# says: expected: the user grace
def load_by_email(user_id):
    return User.objects.first() if "@" in user_id else None


# %% wrong: always somebody
# says: For an id that nobody has, Flask-Login wants None
def load_by_email(user_id):
    return User.objects(email=user_id).first() or User.objects.first()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def load_by_email(user_id):
    """Return the user with this e-mail address, or None."""
    print(User.objects(email=user_id).first())


# %% wrong: the list of results and not the one
# says: This is a list of results, also where one user is in it.
def load_by_email(user_id):
    """Return the user with this e-mail address, or None."""
    return User.objects(email=user_id)


# %% wrong: the answer to another exercise, in this cell
# says: write the function load_by_email
def load_or_none(user_id):
    """Return the user with this id, or None, also where it cannot be an id."""
    if not ObjectId.is_valid(user_id):
        return None
    return User.objects(id=user_id).first()

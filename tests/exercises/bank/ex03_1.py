"""Answers to exercise 3.1."""


# %% right
def owner_of(cookies):
    try:
        return User.objects.get(id=read_session(cookies)["_user_id"])
    except (TypeError, KeyError, User.DoesNotExist):
        return None


# %% right
def owner_of(cookies):
    said = read_session(cookies)
    if said:
        for user in User.objects:
            if user.get_id() == said.get("_user_id"):
                return user


# %% wrong: empty
# says: came back: nothing; expected: the user ada
def owner_of(cookies):
    pass


# %% wrong: the id and not the user
# says: expected: the user ada
def owner_of(cookies):
    said = read_session(cookies) or {}
    return said.get("_user_id")


# %% wrong: the line of the notebook
# says: came back: True; expected: the user ada
def owner_of(cookies):
    said = read_session(cookies)
    return said["_user_id"] == str(User.objects(name="ada").first().id)


# %% wrong: the fingerprint and not the id
# says: is not a valid ObjectId
def owner_of(cookies):
    said = read_session(cookies) or {}
    return User.objects(id=said.get("_id")).first()


# %% wrong: right for the first user only
# says: came back: the user ada; expected: the user grace
def owner_of(cookies):
    if "_user_id" in (read_session(cookies) or {}):
        return User.objects.first()


# %% wrong: no cookie
# says: expected: None. There is no cookie.
def owner_of(cookies):
    said = read_session(cookies)
    return User.objects(id=said["_user_id"]).first()


# %% wrong: looks for the cookie only
# says: and no _user_id: nobody has logged in
def owner_of(cookies):
    if "session" not in cookies:
        return None
    said = read_session(cookies)
    return User.objects(id=said["_user_id"]).first()


# %% wrong: a cookie that is none
# says: This cookie cannot be read
def owner_of(cookies):
    if "session" not in cookies:
        return None
    said = read_session(cookies)
    if "_user_id" in said:
        return User.objects(id=said["_user_id"]).first()


# %% wrong: a user who was deleted
# says: DoesNotExist
def owner_of(cookies):
    said = read_session(cookies) or {}
    if "_user_id" in said:
        return User.objects.get(id=said["_user_id"])


# %% wrong: a new user for everybody
# says: expected: None; look at: There is no cookie
def owner_of(cookies):
    said = read_session(cookies) or {}
    return User.objects(id=said.get("_user_id")).first() or User()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def owner_of(cookies):
    """Return the user whose session cookie is among these cookies, or None."""
    said = read_session(cookies) or {}
    if "_user_id" not in said:
        return None
    print(User.objects(id=said["_user_id"]).first())


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one: `.first()` takes the user out.
def owner_of(cookies):
    """Return the user whose session cookie is among these cookies, or None."""
    said = read_session(cookies) or {}
    if "_user_id" not in said:
        return None
    return User.objects(id=said["_user_id"])


# %% wrong: the answer to another exercise, in this cell
# says: write the function owner_of
def login_or_refuse():
    """Log an open account in; answer 403 to a closed one, 401 to a wrong password."""
    info = json.loads(request.data)
    wanted = {"name": info.get("username"), "password": info.get("password")}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if not login_user(account):
        return jsonify(reason="This account is closed"), 403
    return jsonify(account.public())

"""Answers to exercise 8.1."""


# %% right
def known_user(name, typed):
    user = User.objects(name=name).first()
    if user is None:
        check_password_hash(NOBODYS_HASH, typed)
        return None
    if check_password_hash(user.password, typed):
        return user


# %% right
def known_user(name, typed):
    try:
        user = User.objects.get(name=name)
    except User.DoesNotExist:
        generate_password_hash(typed)
        return None
    return user if check_password_hash(user.password, typed) else None


# %% wrong: empty
# says: came back: nothing; expected: the user grace
def known_user(name, typed):
    pass


# %% wrong: the quick exit of the notebook
# says: came back: None, after no call of scrypt; expected: None, after 1 call
def known_user(name, typed):
    user = User.objects(name=name).first()
    if user is None:
        return None
    return user if check_password_hash(user.password, typed) else None


# %% wrong: the article's query
# says: keeps a hash, with a salt in it
def known_user(name, typed):
    return User.objects(name=name, password=typed).first()


# %% wrong: two hashes are compared with ==
# says: keeps a hash, with a salt in it
def known_user(name, typed):
    user = User.objects(name=name).first()
    stored = user.password if user else NOBODYS_HASH
    return user if stored == generate_password_hash(typed) else None


# %% wrong: a hash and a check for nobody
# says: Make the hash for nobody once
def known_user(name, typed):
    user = User.objects(name=name).first()
    stored = user.password if user else generate_password_hash("nobody")
    return user if check_password_hash(stored, typed) else None


# %% wrong: a cheap hash for nobody
# says: with n=128; expected: None, after 1 call of scrypt with n=32768
def known_user(name, typed):
    user = User.objects(name=name).first()
    if user is None:
        cheap = generate_password_hash("nobody", "scrypt:128:8:1")
        return None
    return user if check_password_hash(user.password, typed) else None


# %% wrong: what is compared for nobody is no hash
# says: Is a hash of the same method checked where there is no user?
def known_user(name, typed):
    user = User.objects(name=name).first()
    stored = user.password if user else "nobody"
    return user if check_password_hash(stored, typed) else None


# %% wrong: waits in place of working
# says: None, after no call of scrypt
def known_user(name, typed):
    import time

    user = User.objects(name=name).first()
    if user is None:
        time.sleep(0.06)
        return None
    return user if check_password_hash(user.password, typed) else None


# %% wrong: True in place of the user
# says: Return the user, and not whether the password fits
def known_user(name, typed):
    user = User.objects(name=name).first()
    stored = user.password if user else NOBODYS_HASH
    return check_password_hash(stored, typed)


# %% wrong: does not look at the answer
# says: This password is wrong
def known_user(name, typed):
    user = User.objects(name=name).first()
    check_password_hash(user.password if user else NOBODYS_HASH, typed)
    return user


# %% wrong: takes the hash as well
# says: That is the hash, and not the password
def known_user(name, typed):
    user = User.objects(name=name).first()
    stored = user.password if user else NOBODYS_HASH
    return user if check_password_hash(stored, typed) or stored == typed else None


# %% wrong: knows the example only
# says: called: known_user('ada', 'a guess'); came back: None, after no call
def known_user(name, typed):
    user = User.objects(name=name).first()
    if name == "nobody":
        check_password_hash(NOBODYS_HASH, typed)
    if user and check_password_hash(user.password, typed):
        return user


# %% wrong: prints the answer and does not return it
# says: Something is printed
def known_user(name, typed):
    """Return the user with this name and password, or None, with the same work."""
    user = User.objects(name=name).first()
    stored = user.password if user else NOBODYS_HASH
    print(user if check_password_hash(stored, typed) else None)


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def known_user(name, typed):
    """Return the user with this name and password, or None, with the same work."""
    user = User.objects(name=name)
    stored = user.password if user else NOBODYS_HASH
    return user if check_password_hash(stored, typed) else None


# %% wrong: the answer to another exercise, in this cell
# says: write the function known_user
def mended_schema():
    """Return the app of this exercise, without its mistake."""
    app = heedless_app()
    login = app.view_functions["login"]

    def checked_login():
        try:
            LoginInput().load(request.get_json())
        except ValidationError as error:
            return {"fields": error.messages}, 422
        return login()

    app.view_functions["login"] = checked_login
    return app

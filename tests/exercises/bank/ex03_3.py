"""Answers to exercise 3.3."""


# %% right
def login_or_refuse():
    sent = request.get_json()
    account = Account.objects(name=sent["username"]).first()
    if account is None or account.password != sent["password"]:
        return {"reason": "Username or Password Error"}, 401
    if account.closed:
        return {"reason": "closed"}, 403
    login_user(account)
    return account.public()


# %% right
def login_or_refuse():
    from flask import abort

    info = json.loads(request.data)
    found = Account.objects(name=info["username"], password=info["password"])
    for account in found:
        done = login_user(account)
        return jsonify(account.public()) if done else abort(403)
    abort(401)


# %% wrong: empty
# says: did not return a valid response
def login_or_refuse():
    pass


# %% wrong: the view of the course
# says: A wrong password is refused, and the status says so
def login_or_refuse():
    info = json.loads(request.data)
    username = info.get("username", "guest")
    password = info.get("password", "")
    user = Account.objects(name=username, password=password).first()
    if user is None:
        return jsonify(status=401, reason="Username or Password Error")
    login_user(user)
    return jsonify(user.public())


# %% wrong: throws the answer away
# says: Does the view ask it, and look at what it gives?
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(account)
    return jsonify(account.public())


# %% wrong: forces the login
# says: force=True does not
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(account, force=True)
    if not account.is_active:
        return jsonify(reason="This account is closed"), 403
    return jsonify(account.public())


# %% wrong: asks for the account before the password
# says: Only who knows the password may learn that the account is closed
def login_or_refuse():
    info = json.loads(request.data)
    account = Account.objects(name=info["username"]).first()
    if account is not None and account.closed:
        return jsonify(reason="This account is closed"), 403
    if account is None or account.password != info["password"]:
        return jsonify(reason="Username or Password Error"), 401
    login_user(account)
    return jsonify(account.public())


# %% wrong: shows the record with the refusal
# says: so nobody gets the record
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if not login_user(account):
        return jsonify(account.public()), 403
    return jsonify(account.public())


# %% wrong: the wrong way round
# says: login_user(account) gives False here
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if login_user(account):
        return jsonify(reason="This account is closed"), 403
    return jsonify(account.public())


# %% wrong: 401 for both
# says: expected: 403 Forbidden
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None or not login_user(account):
        return jsonify(reason="Username or Password Error"), 401
    return jsonify(account.public())


# %% wrong: nobody is logged in
# says: Is login_user(account) called?
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if account.closed:
        return jsonify(reason="This account is closed"), 403
    return jsonify(account.public())


# %% wrong: looks only for open accounts
# says: expected: 403 Forbidden
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(closed=False, **wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(account)
    return jsonify(account.public())


# %% wrong: calls is_active
# says: 'bool' object is not callable
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if not account.is_active():
        return jsonify(reason="This account is closed"), 403
    login_user(account)
    return jsonify(account.public())


# %% wrong: knows the names of the check
# says: login_user(account) gives False here
def login_or_refuse():
    info = json.loads(request.data)
    wanted = {"name": info["username"], "password": info["password"]}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if account.name == "grace":
        return jsonify(reason="This account is closed"), 403
    login_user(account)
    return jsonify(account.public())


# %% wrong: prints the answer and does not return it
# says: Something is printed
def login_or_refuse():
    """Log an open account in; answer 403 to a closed one, 401 to a wrong password."""
    info = json.loads(request.data)
    wanted = {"name": info.get("username"), "password": info.get("password")}
    account = Account.objects(**wanted).first()
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if not login_user(account):
        return jsonify(reason="This account is closed"), 403
    print(jsonify(account.public()))


# %% wrong: the list of results and not the one
# says: login_user() takes the user, which is the document that first() found.
def login_or_refuse():
    """Log an open account in; answer 403 to a closed one, 401 to a wrong password."""
    info = json.loads(request.data)
    wanted = {"name": info.get("username"), "password": info.get("password")}
    account = Account.objects(**wanted)
    if account is None:
        return jsonify(reason="Username or Password Error"), 401
    if not login_user(account):
        return jsonify(reason="This account is closed"), 403
    return jsonify(account.public())

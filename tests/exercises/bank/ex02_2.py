"""Answers to exercise 2.2."""


# %% right
def login_with_status():
    from flask import make_response

    sent = request.get_json()
    user = User.objects(name=sent.get("username", "guest")).first()
    if user and user.password == sent.get("password"):
        login_user(user)
        return user.public()
    answer = make_response({"reason": "Username or Password Error"})
    answer.status_code = 401
    return answer


# %% right
def login_with_status():

    info = json.loads(request.data)
    try:
        user = User.objects.get(name=info["username"], password=info["password"])
    except (KeyError, User.DoesNotExist):
        answer = jsonify(status=401, reason="Username or Password Error")
        return answer, 401, {"Cache-Control": "no-store"}
    login_user(user)
    return jsonify(user.public()), 200


# %% wrong: empty
# says: did not return a valid response
def login_with_status():
    pass


# %% wrong: the view of the notebook
# says: The status stands behind the body
def login_with_status():
    info = json.loads(request.data)
    username = info.get("username", "guest")
    password = info.get("password", "")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(status=401, reason="Username or Password Error")
    login_user(user)
    return jsonify(user.public())


# %% wrong: the status before the body
# says: A view returns a body, or a body and a status
def login_with_status():
    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return 401, jsonify(reason="Username or Password Error")
    login_user(user)
    return jsonify(user.public())


# %% wrong: the status inside the body
# says: expected: 401 Unauthorized
def login_with_status():
    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify({"reason": "Username or Password Error"}, 401)
    login_user(user)
    return jsonify(user.public())


# %% wrong: the status without a reason
# says: The reason stays what it was
def login_with_status():
    from flask import abort

    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        abort(401)
    login_user(user)
    return jsonify(user.public())


# %% wrong: says which of the two is wrong
# says: whatever of the two is wrong
def login_with_status():
    info = json.loads(request.data)
    user = User.objects(name=info.get("username", "guest")).first()
    if user is None:
        return jsonify(reason="No such user"), 401
    if user.password != info.get("password"):
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(user.public())


# %% wrong: refuses everybody
# says: This is the right password. Answer with user.public()
def login_with_status():
    return jsonify(reason="Username or Password Error"), 401


# %% wrong: nobody is logged in
# says: Is login_user(user) called?
def login_with_status():
    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    return jsonify(user.public())


# %% wrong: asks for the name only
# says: Name and password have to be of one user
def login_with_status():
    info = json.loads(request.data)
    user = User.objects(name=info.get("username")).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(user.public())


# %% wrong: logs in and then refuses
# says: The app put a user into the session
def login_with_status():
    info = json.loads(request.data)
    user = User.objects(name=info.get("username")).first()
    if user is not None:
        login_user(user)
        if user.password == info.get("password"):
            return jsonify(user.public())
    return jsonify(reason="Username or Password Error"), 401


# %% wrong: crashes without a password
# says: A body without this key is refused too
def login_with_status():
    info = json.loads(request.data)
    user = User.objects(name=info["username"], password=info["password"]).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(user.public())


# %% wrong: 403 in place of 401
# says: came back: 403 Forbidden
def login_with_status():
    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 403
    login_user(user)
    return jsonify(user.public())


# %% wrong: shows the password
# says: Answer with user.public()
def login_with_status():
    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(name=user.name, email=user.email, password=user.password)


# %% wrong: 401 whatever comes
# says: expected: 200 OK and {"name": "ada"
def login_with_status():
    info = json.loads(request.data)
    username, password = info.get("username"), info.get("password")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(user.public()), 401


# %% wrong: another key than the body has
# says: The body has the keys username and password, and no 'name'.
def login_with_status():
    info = json.loads(request.data)
    user = User.objects(name=info["name"], password=info["password"]).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(user.public())


# %% wrong: prints the answer and does not return it
# says: Something is printed
def login_with_status():
    """Log a user in by name and password, or answer 401 with the reason."""
    info = json.loads(request.data)
    username = info.get("username", "guest")
    password = info.get("password", "")
    user = User.objects(name=username, password=password).first()
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    print(jsonify(user.public()))


# %% wrong: the list of results and not the one
# says: login_user() takes the user, which is the document that first() found.
def login_with_status():
    """Log a user in by name and password, or answer 401 with the reason."""
    info = json.loads(request.data)
    username = info.get("username", "guest")
    password = info.get("password", "")
    user = User.objects(name=username, password=password)
    if user is None:
        return jsonify(reason="Username or Password Error"), 401
    login_user(user)
    return jsonify(user.public())

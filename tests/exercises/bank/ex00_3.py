"""Answers to exercise 0.3."""


# %% right
def delete_if_allowed():
    sent = request.get_json()
    user = User.objects(name=sent["name"]).first()
    if not user:
        return {"error": "data not found"}
    if sent.get("password") == user.password:
        user.delete()
        return user.public()
    return {"error": "that is not the password"}, 403


# %% right
def delete_if_allowed():
    from flask import abort

    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if "password" not in record or record["password"] != user.password:
        abort(403)
    shown = user.public()
    User.objects(id=user.id).delete()
    return jsonify(shown)


# %% wrong: empty
# says: did not return a valid response
def delete_if_allowed():
    pass


# %% wrong: the broken view
# says: The view deletes before it asks, or does not ask
def delete_if_allowed():
    return broken_app().view_functions["delete_record"]()


# %% wrong: the view of the notebook
# says: The answer to {} was 200
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    user.delete()
    return jsonify(user.public())


# %% wrong: refuses everybody
# says: expected: a JSON object with {"error": "data not found"}
def delete_if_allowed():
    return {"error": "wrong password"}, 403


# %% wrong: refuses the owner too
# says: This is the password of ada
def delete_if_allowed():
    user = User.objects(name=json.loads(request.data)["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    return {"error": "wrong password"}, 403


# %% wrong: deletes nothing
# says: ada sent the right password, so the record is to be deleted
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    return jsonify(user.public())


# %% wrong: refuses in the body only
# says: and the status says so
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password", status=403)
    user.delete()
    return jsonify(user.public())


# %% wrong: asks whether there is a password
# says: The answer to {"password": "a guess"} was 200
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if "password" not in record:
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())


# %% wrong: takes any user's password
# says: The answer to {"password": "pass of grace"} was 200
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if User.objects(password=record.get("password", "")).first() is None:
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())


# %% wrong: knows the example only
# says: DELETE / {'name': 'ada', 'password': 'pass of ada'}
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if record.get("password") != "lovelace":
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())


# %% wrong: shows the password
# says: Answer with user.public()
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(record)


# %% wrong: crashes without a password
# says: came back: 500 Internal Server Error: KeyError: 'password'
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record["password"]:
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())


# %% wrong: prints the answer and does not return it
# says: Something is printed
def delete_if_allowed():
    """Delete a record if its password was sent along, else answer 403."""
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    user.delete()
    print(jsonify(user.public()))


# %% wrong: the list of results and not the one
# says: This is a list of results, also where it has one. first() takes one document out, or
#     gives None.
def delete_if_allowed():
    """Delete a record if its password was sent along, else answer 403."""
    record = json.loads(request.data)
    user = User.objects(name=record["name"])
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())


# %% right
def delete_if_allowed():
    record = json.loads(request.data)
    user = User.objects(name=record["name"]).first()
    if user is None:
        return jsonify(error="data not found")
    if user.password != record.get("password"):
        return jsonify(error="wrong password"), 403
    user.delete()
    return jsonify(user.public())

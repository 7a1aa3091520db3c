"""Answers to exercise 16.3."""


# %% right
def add_claim(app, people):
    people.create_index([("name", 1)], unique=True)

    def claim(name):
        if people.find_one({"name": name}):
            return {"error": "taken"}, 409
        try:
            people.insert_one({"name": name, "by": "somebody"})
        except DuplicateKeyError:
            return {"error": "taken, a moment ago"}, 409
        return "", 201

    app.add_url_rule("/names/<name>", "claim", claim, methods=["PUT"])


# %% right
def add_claim(app, people):
    @app.errorhandler(DuplicateKeyError)
    def taken(error):
        return {"error": "taken"}, 409

    @app.route("/names/<string:name>", methods=["PUT"])
    def claim(name):
        people.create_index("name", unique=True)
        people.insert_one({"name": name})
        return {"name": name}, 201

    return app


# %% right
def add_claim(app, people):
    people.create_index("name", unique=True)

    @app.put("/names/<name>")
    def claim(name):
        new = {"$setOnInsert": {"name": name}}
        done = people.update_one({"name": name}, new, upsert=True)
        return {"name": name}, 409 if done.upserted_id is None else 201


# %% wrong: empty
# says: Is there a view for PUT /names/<name>
def add_claim(app, people):
    pass


# %% wrong: looks, and then writes
# says: The look came too early
def add_claim(app, people):
    @app.put("/names/<name>")
    def claim(name):
        if people.find_one({"name": name}):
            return {"error": "taken"}, 409
        people.insert_one({"name": name})
        return {"name": name}, 201


# %% wrong: looks again after the write, and lets both stand
# says: Both looked before either wrote.
def add_claim(app, people):
    @app.put("/names/<name>")
    def claim(name):
        if people.find_one({"name": name}):
            return {"error": "taken"}, 409
        people.insert_one({"name": name})
        if people.count_documents({"name": name}) > 1:
            return {"error": "taken"}, 409
        return {"name": name}, 201


# %% wrong: cleans up after itself
# says: Only an index on name holds for all
def add_claim(app, people):
    @app.put("/names/<name>")
    def claim(name):
        mine = people.insert_one({"name": name}).inserted_id
        if people.count_documents({"name": name}) > 1:
            people.delete_one({"_id": mine})
            return {"error": "taken"}, 409
        return {"name": name}, 201


# %% wrong: a lock
# says: The look came too early
def add_claim(app, people):
    from threading import Lock

    lock = Lock()

    @app.put("/names/<name>")
    def claim(name):
        with lock:
            if people.find_one({"name": name}):
                return {"error": "taken"}, 409
            people.insert_one({"name": name})
        return {"name": name}, 201


# %% wrong: an index, and nobody to translate it
# says: Translate the refusal
def add_claim(app, people):
    people.create_index("name", unique=True)

    @app.put("/names/<name>")
    def claim(name):
        if people.find_one({"name": name}):
            return {"error": "taken"}, 409
        people.insert_one({"name": name})
        return {"name": name}, 201


# %% wrong: an index that is not unique
# says: it has to be unique
def add_claim(app, people):
    people.create_index("name")

    @app.put("/names/<name>")
    def claim(name):
        try:
            people.insert_one({"name": name})
        except DuplicateKeyError:
            return {"error": "taken"}, 409
        return {"name": name}, 201


# %% wrong: an index on another field
# says: Is the index on the field name?
def add_claim(app, people):
    people.create_index("names", unique=True)

    @app.put("/names/<name>")
    def claim(name):
        try:
            people.insert_one({"name": name})
        except DuplicateKeyError:
            return {"error": "taken"}, 409
        return {"name": name}, 201


# %% wrong: no index, one document a name
# says: Only an index on name holds for all
def add_claim(app, people):
    @app.put("/names/<name>")
    def claim(name):
        new = {"$setOnInsert": {"name": name}}
        done = people.update_one({"name": name}, new, upsert=True)
        return {"name": name}, 409 if done.upserted_id is None else 201


# %% wrong: every error is a name that is taken
# says: Catch the refusal of the index, and no other error
def add_claim(app, people):
    people.create_index("name", unique=True)

    @app.put("/names/<name>")
    def claim(name):
        try:
            people.insert_one({"name": name})
        except Exception:
            return {"error": "taken"}, 409
        return {"name": name}, 201


# %% wrong: keeps the names in the process
# says: The name is stored under the key name
def add_claim(app, people):
    names = set()

    @app.put("/names/<name>")
    def claim(name):
        if name in names:
            return {"error": "taken"}, 409
        names.add(name)
        return {"name": name}, 201


# %% wrong: another status
# says: Turn the refusal of the database into a 409
def add_claim(app, people):
    people.create_index("name", unique=True)

    @app.put("/names/<name>")
    def claim(name):
        try:
            people.insert_one({"name": name})
        except DuplicateKeyError:
            return {"error": "taken"}, 400
        return {"name": name}, 201


# %% wrong: patches the client
# says: Leave these alone
def add_claim(app, people):
    import requests

    class Fine:
        status_code, headers, is_redirect, ok, text = 200, {}, False, True, '{"name": "ada"}'
        visit = type("Visit", (), {"error": None})()

        def json(self):
            return {"name": "ada"}

    requests.Session.request = lambda *given, **named: Fine()


# %% wrong: prints the answer and does not return it
# says: Something is printed
def add_claim(app, people):
    """Add the view PUT /names/<name>: 201 for the first who asks, 409 for all others."""
    people.create_index("name", unique=True)

    @app.put("/names/<name>")
    def claim(name):
        try:
            people.insert_one({"name": name})
        except DuplicateKeyError:
            return {"error": "this name is taken"}, 409
        print({"name": name}, 201)

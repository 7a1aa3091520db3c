"""Answers to exercise 9.1."""


# %% right
def add_people(app):
    @app.get("/people")
    def people():
        known = current_user.is_authenticated
        return {
            "people": [
                user.public() if known and user == current_user else {"name": user.name}
                for user in User.objects
            ]
        }


# %% right
def add_people(app):
    def people():
        found = {user.name: {"name": user.name} for user in User.objects}
        if not current_user.is_anonymous:
            found[current_user.name]["email"] = current_user.email
        return jsonify(people=list(found.values()))

    app.add_url_rule("/people", view_func=people)


# %% wrong: empty
# says: came back: 404 Not Found
def add_people(app):
    pass


# %% wrong: a view, and no route
# says: came back: 404 Not Found
def add_people(app):
    def people():
        return {"people": [{"name": user.name} for user in User.objects]}


# %% wrong: the documents
# says: Who reads _id, email, password?
def add_people(app):
    @app.get("/people")
    def people():
        return jsonify(people=list(User.objects))


# %% wrong: all fields but the password
# says: Who reads _id, email?
def add_people(app):
    @app.get("/people")
    def people():
        return {
            "people": [
                {k: str(v) for k, v in user.to_mongo().items() if k != "password"}
                for user in User.objects
            ]
        }


# %% wrong: public() for everybody
# says: Who reads email?
def add_people(app):
    @app.get("/people")
    def people():
        return {"people": [user.public() for user in User.objects]}


# %% wrong: all addresses for who is logged in
# says: The address of emmy is for emmy alone
def add_people(app):
    @app.get("/people")
    def people():
        known = current_user.is_authenticated
        return {
            "people": [(Record() if known else PublicRecord()).dump(user) for user in User.objects]
        }


# %% wrong: names and no more
# says: Whoever is logged in may know their own address
def add_people(app):
    @app.get("/people")
    def people():
        return {"people": [PublicRecord().dump(user) for user in User.objects]}


# %% wrong: an empty address for all others
# says: Who reads email?
def add_people(app):
    @app.get("/people")
    def people():
        known = current_user.is_authenticated
        return {
            "people": [
                {"name": user.name, "email": user.email if known and user == current_user else ""}
                for user in User.objects
            ]
        }


# %% wrong: for members only
# says: Everybody may ask, also who is not logged in
def add_people(app):
    from flask_login import login_required

    @app.get("/people")
    @login_required
    def people():
        return {"people": [PublicRecord().dump(user) for user in User.objects]}


# %% wrong: strangers crash it
# says: 500 Internal Server Error: AttributeError
def add_people(app):
    @app.get("/people")
    def people():
        return {
            "people": [
                (Record() if current_user.id == user.id else PublicRecord()).dump(user)
                for user in User.objects
            ]
        }


# %% wrong: the example only
# says: Everybody who is in the database is in the list
def add_people(app):
    @app.get("/people")
    def people():
        return {"people": [{"name": "ada"}]}


# %% wrong: read once
# says: after ada has left
def add_people(app):
    shown = []

    @app.get("/people")
    def people():
        shown[:] = shown or [{"name": user.name} for user in User.objects]
        own = current_user.is_authenticated and current_user
        return {
            "people": [
                one | ({"email": own.email} if own and own.name == one["name"] else {})
                for one in shown
            ]
        }


# %% wrong: only the caller
# says: Everybody who is in the database is in the list
def add_people(app):
    @app.get("/people")
    def people():
        if current_user.is_authenticated:
            return {"people": [current_user.public()]}
        return {"people": [{"name": user.name} for user in User.objects]}


# %% wrong: prints the answer and does not return it
# says: Something is printed
def add_people(app):
    """Add GET /people to the app: of everybody what the caller may know."""

    @app.get("/people")
    def people():
        shown = []
        for user in User.objects:
            own = current_user.is_authenticated and current_user.id == user.id
            shown.append((Record() if own else PublicRecord()).dump(user))
        print({"people": shown})


# %% wrong: the answer to another exercise, in this cell
# says: write the function add_people
def mended_statuses():
    """Return the app of this exercise, without its mistake."""
    app = failing_app()

    @app.errorhandler(HTTPException)
    def refuse(error):
        response = error.get_response()
        response.data = jsonify(error=error.name).data
        response.content_type = "application/json"
        return response

    return app

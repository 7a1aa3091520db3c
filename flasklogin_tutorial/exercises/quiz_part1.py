"""The questions before the results of part 1, and of the notebooks before its first step."""

from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "00": Quiz(
        "A trace has four lanes: browser, Flask, Flask-Login and MongoDB. Which of them does "
        "Mallory's request reach?",
        Choice("browser and Flask", "The view asks the database, so there is more."),
        Choice(
            "browser, Flask and MongoDB", "Nobody asks who she is: that lane stays empty.", True
        ),
        Choice("all four", "This app does not use Flask-Login, so it cannot be asked."),
    ),
    "00b-1": Quiz(
        "Ada asks for a record that is not there. The view returns jsonify(error=...). What is the "
        "status?",
        Choice("404", "It fits, but somebody has to say so, and no line does."),
        Choice("200", "The view says nothing of a status, and 200 is what Flask puts there.", True),
        Choice("500", "The view has an answer for this, so nothing crashes."),
    ),
    "00b-2": Quiz(
        "new_app(create_app): why are there no brackets behind create_app?",
        Choice("they may be left out", "With brackets, what is handed over is an app."),
        Choice("new_app is handed the function, and calls it itself", "So it decides when.", True),
        Choice("create_app is the app", "It is the function that makes one."),
    ),
    "00b-3": Quiz(
        "Ada has asked the app twice. Now Grace asks for the first time, from her own browser. "
        "What does she get?",
        Choice("visits 3", "The app keeps no number. The number is in Ada's browser."),
        Choice("visits 1", "Her browser has no cookie of this app yet.", True),
        Choice("visits 2", "Grace's browser does not have Ada's cookie."),
    ),
    "00c": Quiz(
        "user = User(...) has made Ada's object. How many documents does the collection have now?",
        Choice("0", "Nothing has been written into the database yet.", True),
        Choice("1", "The object is in Python. Nobody has told the database of it."),
        Choice("an error: nothing was saved", "Counting works all the same. There are 0."),
    ),
    "01": Quiz(
        "The login manager is bound. What happens now when Mallory deletes Ada's record?",
        Choice("She is refused.", "No view asks for a login, so nothing refuses."),
        Choice("It is deleted, as before.", "Binding alone guards no view.", True),
        Choice("There is an error.", "Only a view that asks who is calling meets the manager."),
    ),
    "02": Quiz(
        "Ada sends the right name and password, and the view calls login_user with her record. "
        "What comes back?",
        Choice("200, and Ada is logged in", "Flask-Login asks the record something first."),
        Choice("401", "No line says so, and the password was right."),
        Choice("500", "The record cannot answer what Flask-Login asks it.", True),
    ),
    "03": Quiz(
        "is_active is now a method that returns False. Does login_user log Ada in?",
        Choice("no", "Nobody calls the method, so nobody sees its answer."),
        Choice("yes", "Flask-Login reads the name without calling it, and a method is true.", True),
        Choice("it raises an error", "A method is a value like any other."),
    ),
    "04": Quiz(
        "Ada sends three requests to a view that asks for current_user. How often does load_user "
        "run?",
        Choice("once", "Each request begins anew: nobody is remembered between two of them."),
        Choice("three times", "Once in each request that asks.", True),
        Choice("never", "The cookie holds an id alone, and somebody has to look it up."),
    ),
    "05": Quiz(
        "Above two stands @login_required, and below that @app.get. A stranger asks for /two. What "
        "runs?",
        Choice("the guard, which refuses", "Flask was given the function before it had a guard."),
        Choice("the view", "Flask knows the bare view, and never calls the guard.", True),
        Choice("neither", "The path is registered, so somebody answers."),
    ),
    "05b": Quiz(
        "One guard stands in front of all views, and nothing is on the list. Ada sends her name "
        "and her password to /login. What comes back?",
        Choice("200, and Ada is logged in", "The guard answers before the login view can run."),
        Choice("302, to the login", "She is sent from where she is to where she is.", True),
        Choice("401", "The guard redirects, as login_required does. No line says 401."),
    ),
    "06": Quiz(
        "Somebody has copied Ada's cookie. Ada logs out. Who is the copy's owner to the app?",
        Choice("nobody", "The logout changed Ada's browser. The copy is in another one."),
        Choice("Ada", "The copy holds her id, and the id is still good.", True),
        Choice("a new user", "The app knows of a visitor what the cookie says, and no more."),
    ),
    "07": Quiz(
        "Ada is logged in. She sends POST / with Grace's name and a new password. What happens?",
        Choice("She is refused.", "The view asks whether somebody is logged in, and not who."),
        Choice("Her own password changes.", "The view looks for the name in the body."),
        Choice("Grace's password changes.", "The name in the body decides, and no one else.", True),
    ),
}

"""The questions of part 3, asked before a cell shows the answer."""

from flasklogin_tutorial.attacks import ATTACKS
from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

#: Part 4 has attacks of its own, which come after the questions.
_MET = [one for one in ATTACKS if one.lesson < "17"]
#: How many attacks get in on the article's app as it stands, and with one more feature.
_AS_IT_STANDS = sum(not one.needs for one in _MET)
_WITH_A_FEATURE = len(_MET) - _AS_IT_STANDS

QUIZZES: dict[str, Quiz | Typed] = {
    "13a": Quiz(
        "ENVIRONMENT is production, and nobody has set a SECRET_KEY. What does create_app do?",
        Choice("It makes up a key.", "Then each process has another, and every start a new one."),
        Choice("It takes a default key.", "There is none: whoever has the source would know it."),
        Choice("It raises an error.", "Nobody has to find out later what was forgotten.", True),
    ),
    "13b": Typed(
        "Default 12, environment 2, given to create_app 1. How many hours does a login last?",
        right=1,
        why="What create_app is given wins over both.",
        wrong={
            12: "The default is for settings that nobody makes.",
            2: "The environment wins over the default, and the call wins over the environment.",
            15: "Settings are not added up: one of them wins.",
        },
        otherwise="It is one of the three numbers.",
    ),
    "13c": Quiz(
        "LOGIN_HOURS is soon, and somebody starts the app. What happens?",
        Choice("A login lasts 12 hours.", "The default is for settings that nobody makes."),
        Choice("The first login fails.", "Then a visitor finds out, and not who set it."),
        Choice("The app does not start.", "Whoever starts it is told what is wrong.", True),
    ),
    "13d": Quiz(
        "The first line of app fetches Customer from models, and the first line of models fetches "
        "db from app. What does Python say when app is imported?",
        Choice(
            "nothing: both files are there",
            "models asks for db before the line of app that makes it.",
        ),
        Choice("that they go round and round", "A file that is begun is not begun again."),
        Choice("that it finds no db in app", "There is none yet: app is half read.", True),
    ),
    "13e": Quiz(
        "load_user finds who is calling, by what the cookie holds. In which file is it now?",
        Choice("app/models.py", "There stands what a user is, and not who is calling."),
        Choice("app/login.py", "It is a hook of the login manager, which is made there.", True),
        Choice("app/views/auth.py", "They log in and out. The loader runs before every view."),
    ),
    "13f": Quiz(
        "Ada has an account at the shop and none at the staff's app. She logs in at both. Who is "
        "let in?",
        Choice("Ada, at the shop only", "Each app has settings of its own, and one database."),
        Choice("Ada, at both", "The second app's settings are never read.", True),
        Choice("nobody: an error is raised", "It is not, with the one file. Nothing notices."),
    ),
    "14a": Quiz(
        "Nobody is logged in. What does the finished app answer to a program that takes anything?",
        Choice("the page with the form", "Whoever wants a page has to say so by name."),
        Choice("401, in JSON", "Both would do, and JSON is offered first.", True),
        Choice("406, nothing suits", "Anything suits a caller who takes anything."),
    ),
    "14b": Quiz(
        "The token is gone, and the second request carries none. Who is the script?",
        Choice("nobody", "Its first answer set a cookie, and that is still there."),
        Choice("Ada", "It has a session now, and a session needs no token.", True),
        Choice("an error is raised", "A request with a session is like any other."),
    ),
    "14c": Quiz(
        "A page of another site sends the request, with Ada's cookie. The answer has no header of "
        "CORS. Does the page's script read it?",
        Choice("yes: the request was sent", "To send and to read are two things."),
        Choice("no: the browser keeps it from the script", "To read takes permission.", True),
        Choice("no: the app gets no such request", "It may get it. Lesson 11 was about that."),
        claims=(
            Claim(
                "To read takes permission.",
                "https://fetch.spec.whatwg.org/#http-cors-protocol",
                "tests/course/test_what_browsers_do.py::test_a_script_of_another_origin_reads_no_answer_without_permission",
            ),
        ),
    ),
    "14d": Typed(
        "How many digits does the number of years have? Guess.",
        right=58,
        why="The universe is some 14 thousand million years old, which is 11 digits.",
        wrong={
            11: "That is about the age of the universe. It is many more.",
            78: "So many digits has the number of strings. A year takes a part of them.",
            4: "That would be some thousand years.",
        },
        otherwise="2**256 has 78 digits, and the strings of one year have 20.",
        claims=(
            Claim(
                "The universe is some 14 thousand million years old",
                "https://www.esa.int/Science_Exploration/Space_Science/Planck/Planck_reveals_an_almost_perfect_Universe",
            ),
        ),
    ),
    "14e": Typed(
        "A program sends a token that nobody has. Which status does it get?",
        right=401,
        why="The header can be read, and what is in it opens nothing.",
        wrong={
            400: "That is for a header that cannot be read. This one can.",
            403: "That is for somebody who is known, and may not.",
            404: "The address is there. It is the token that opens nothing.",
            302: "A redirect is for people. This is a program.",
        },
        otherwise="Nobody has shown who they are: which status says so?",
        claims=(
            Claim(
                "That is for a header that cannot be read.",
                "https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1",
            ),
            Claim(
                "That is for somebody who is known, and may not.",
                "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.4",
            ),
        ),
    ),
    "14f": Quiz(
        "Ada is an administrator, and her script has her token. Which of the three does it get?",
        Choice("all of them: it acts as Ada", "It does, but not everywhere."),
        Choice("the page, and nothing new", "The pages are for people with a password."),
        Choice("none", "A token opens less than a login.", True),
    ),
    "15a": Quiz(
        "The rule is gone, and the same test runs once more. What does pytest say?",
        Choice("It fails.", "Ada may delete her own record, with the rule and without it."),
        Choice("It passes.", "It asks for what an app without any rule allows as well.", True),
        Choice("It stops with an error.", "The rule's name is still there; it does nothing."),
    ),
    "15b": Typed(
        "Ada mistypes her password, and then logs in. How many signals does Flask-Login send?",
        right=2,
        why="Both belong to the login. The wrong password sent none.",
        wrong={
            1: "That would be the login alone. The app does one thing before it.",
            3: "For the wrong password, too? Nobody was logged in by it, not even for a moment.",
            0: "Somebody was logged in at the end, and Flask-Login tells of that.",
        },
        otherwise="What does a login do, beside logging somebody in?",
    ),
    "15c": Quiz(
        "The short way says fresh_login=True. Which status does the vault give its client?",
        Choice("200", "The login says that it is fresh, and something else is looked at first."),
        Choice("401", "A key is missing in the session, so the freshness is taken away.", True),
        Choice("404", "The vault is there: the other client gets in."),
    ),
    "15d": Quiz(
        "A test holds a context of the app open. Ada logs in with one client, and a stranger asks "
        "with another one who they are. What does the stranger hear?",
        Choice("nobody is logged in", "The client has no cookie. What do the two share?"),
        Choice("ada", "Both requests use the open context, and the user is kept in it.", True),
        Choice("an error: two clients in one context", "A context is asked by no client."),
    ),
    "15e": Typed(
        "An index says that names are equal if they differ in capitals only. Into its collection "
        "go ada and ADA. How many does mongomock store?",
        right=2,
        why="It takes the index, and does not heed how it compares.",
        wrong={
            1: "So it is on a MongoDB server, which refuses the second.",
            0: "Nothing refuses the first one.",
        },
        otherwise="There are two names. Does mongomock refuse one of them?",
        claims=(
            Claim(
                "So it is on a MongoDB server, which refuses the second.",
                "https://www.mongodb.com/docs/manual/core/index-case-insensitive/",
            ),
        ),
    ),
    "15f": Typed(
        "How many of the six changes do these tests find?",
        right=3,
        why="No test creates a user, closes an account, or guesses often.",
        wrong={
            6: "Ask of each rule: which of the tests would notice that it is gone?",
            4: "Which test meets somebody who is disabled, or who is no administrator?",
            1: "Two of the tests were written for other rules than the owner's.",
        },
        otherwise="Three tests, and each of them is about one rule.",
    ),
    "16a": Typed(
        "Ada is logged in to the article's app, and the database goes away. Which status does she "
        "get?",
        right=500,
        why="The driver's error is like any other to this app.",
        wrong={
            503: "That would be the truth. But nobody has told this app to say it.",
            401: "That would tell Ada that she is nobody. Nobody could look up who she is.",
            404: "That says that there is no such address. There is.",
            200: "To tell who she is, the app has to ask the database.",
        },
        otherwise="The driver raises an error, and the app has no handler for it.",
    ),
    "16b": Quiz(
        "Ten wrong passwords went to one of two workers. It gets the eleventh, the other the "
        "twelfth. What comes back?",
        Choice("429 from both", "They share the database, and the count is not in it."),
        Choice("401 from both", "The one worker has counted ten, and ten are allowed."),
        Choice(
            "429 from the one, 401 from the other",
            "Each counts in its own memory, so the other has seen no attempt yet.",
            True,
        ),
    ),
    "16c": Quiz(
        "TRUSTED_PROXIES is 1, and the visitor reaches the app past the proxy, with a header of "
        "their own. Which address does the app note?",
        Choice("127.0.0.1, from which the request comes", "It was told to believe a proxy."),
        Choice(
            "203.0.113.9, the visitor's true one", "Only the proxy adds it, and it saw nothing."
        ),
        Choice(
            "198.51.100.7, which they wrote", "The app takes the last value for the proxy's.", True
        ),
    ),
    "16d": Quiz(
        "Nobody has set anything but a short key. Which of these does check-config leave alone?",
        Choice("a key of eight letters", "It can be guessed, and whoever has it writes cookies."),
        Choice("no list of names that the app answers to", "So it answers to any name."),
        Choice("data that is kept in memory", "All of it is lost when the process ends."),
        Choice(
            "logins that last 12 hours", "That is a choice, and the default is no danger.", True
        ),
    ),
    "16e": Quiz(
        "One attack neither gets into the finished app nor is held by it. What has happened?",
        Choice("it got in, and left no trace", "An attack says got in when it has seen that."),
        Choice("it was not tried", "It attacks something that the finished app lacks.", True),
        Choice("the app crashed", "Then the attack would have seen an answer with 500."),
    ),
    "16f": Typed(
        f"How many of the {len(_MET)} attacks get into the article's app as it stands?",
        right=_AS_IT_STANDS,
        why="Nothing had to be added to the article's app for any of these.",
        wrong={
            len(_MET): "That many get in with features added. A part of them attacks a feature "
            "that the article's app lacks, such as a remember cookie.",
            _WITH_A_FEATURE: "These are the others: the ones that need a feature.",
            0: "Look at the first row: it needs no feature, and it got in.",
        },
        otherwise="`sum(not one.needs for one in met)` counts them for you.",
    ),
}

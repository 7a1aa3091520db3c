"""The questions before the results of part 2, at least three a lesson, and of its first page."""

from flasklogin_tutorial.exercises.claim import Claim
from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "07b": Quiz(
        "Ada is logged in to the finished app, and sends a new address for Grace. What comes back?",
        Choice("200, and the address is changed", "That was the article's app, and hole number 8."),
        Choice("401: log in first", "She is logged in, and the app knows who she is."),
        Choice("403: she may not", "It knows who she is, and the record is not hers.", True),
    ),
    "08a": Quiz(
        "Mallory's login holds two objects where the strings belong. What comes back?",
        Choice("a refusal: no user has that password", "Then the objects would be compared."),
        Choice("500: the app cannot read objects", "It reads them, and hands them on."),
        Choice("the record of a user", "MongoDB reads the objects as a question.", True),
    ),
    "08b": Typed(
        "Ada's password has eight small letters. How many questions does Mallory need, until she "
        "knows that it ends there?",
        234,
        "26 for each of eight letters, and 26 more that all say no: the word is over.",
        wrong={
            208: "That is 26 for each of eight letters. How does she know that there is no ninth?",
            26: "That is one letter. The next one takes 26 questions again.",
            208827064576: "So many there are. But she checks one letter at a time.",
        },
        otherwise="Count 26 questions for each letter, and ask how she sees that none is left.",
    ),
    "08c": Quiz(
        "Mallory sends her two objects to the finished app. Which lanes of the trace does the "
        "request reach?",
        Choice("all four", "For that, somebody would have to be logged in."),
        Choice("browser, Flask and MongoDB", "The schema stands before the query."),
        Choice("browser and Flask", "The schema refuses both objects, and nobody is asked.", True),
    ),
    "08d": Quiz(
        "generate_password_hash is called twice with one password. What comes out?",
        Choice("the same hash twice", "Then a thief would see who has the same password."),
        Choice("two hashes, and the password fits both", "Each has a salt of its own.", True),
        Choice(
            "two hashes, and the password fits the second",
            "The salt is kept in the hash, so each can be compared at any time.",
        ),
    ),
    "08e": Quiz(
        "How much work is one scrypt beside one SHA-256?",
        Choice(
            "about ten times",
            "Then a thief would guess a tenth as fast as before, which is very fast.",
        ),
        Choice("about a thousand times", "More: it fills 32 megabytes of memory each time."),
        Choice("more than ten thousand times", "It is slow on purpose.", True),
        claims=(
            Claim(
                "it fills 32 megabytes of memory each time",
                "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
                "tests/course/test_what_libraries_do.py::test_a_hash_of_the_finished_app_fills_32_megabytes",
            ),
        ),
    ),
    "08f": Quiz(
        "Ada Lovelace wants a new password. Which of these will do in the finished app?",
        Choice("Tr0ub4dor&3", "It has capitals, digits and a sign, and eleven characters."),
        Choice(
            "qwertyuiopasdfgh",
            "Long enough, and a walk over the keys, which a guesser tries early.",
        ),
        Choice("ada_lovelace1815", "What is left of it without her name?"),
        Choice("swordfish in one net", "Four words that have nothing to do with her.", True),
        claims=(
            Claim(
                "a walk over the keys, which a guesser tries early",
                "https://github.com/dropbox/zxcvbn",
            ),
        ),
    ),
    "08g": Typed(
        "A login of the variant quick-exit calls scrypt once for Ada. How often for Bob, who is no "
        "user?",
        0,
        "Where there is no user, the login returns before it compares anything.",
        wrong={
            1: "Read the listing again: what comes before check_password_hash?",
            2: "Read the listing again: what comes before check_password_hash?",
        },
        otherwise="Follow Bob's login line by line, until it returns.",
    ),
    "08h": Quiz(
        "Somebody types the very password that NOBODYS was made of, for a name that nobody has. "
        "What does fits_user return?",
        Choice("True: the hash fits", "It does. Read the last line to its end."),
        Choice("False: there is no user", "The work is done, and it opens nothing.", True),
        Choice("an error: there is no user", "kept is NOBODYS, a hash to compare with."),
    ),
    "08i": Quiz(
        "Two passwords of 26 characters, one of words, one of signs that stand for letters. How "
        "much work is the second one for zxcvbn, beside the first?",
        Choice("the same: they have one length", "What counts is in how many ways it can be read."),
        Choice("about twice as much", "Each sign that has two readings doubles them."),
        Choice("more than ten times as much", "Every combination of readings is tried.", True),
        claims=(
            Claim(
                "Every combination of readings is tried.",
                "https://github.com/dwolfhub/zxcvbn-python/blob/main/zxcvbn/matching.py",
            ),
        ),
    ),
    "09a": Typed(
        "A login is a JSON object with two strings. A stranger sends six other bodies. How many of "
        "them crash the app?",
        5,
        "Only the empty object gets through, because the view fills in what is missing.",
        wrong={
            6: "One of them is an object, and has get. The view fills in what it lacks.",
            3: "A list, and null, are JSON. Do they have the method get?",
            4: "null becomes None. Does None have the method get?",
            2: "What does json.loads do with a body that is no JSON?",
            0: "Nothing in the view looks at the body before it is used.",
        },
        otherwise="Go through the six: does json.loads read it, and has the result get?",
    ),
    "09b": Quiz(
        "A program logs in with a wrong password, and looks at the status alone. What does it "
        "believe?",
        Choice("that it was refused", "The 401 stands in the body. The status is another."),
        Choice("that it is logged in", "The status is 200, and 200 means success.", True),
        Choice("that the server has failed", "That is a status which begins with 5."),
        claims=(
            Claim("200 means success", "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.3"),
        ),
    ),
    "09c": Typed(
        "A stranger sends the finished app the body [], which is JSON and no object. Which status "
        "comes back?",
        422,
        "It could be read, and is not what this takes.",
        wrong={
            400: "That is for what cannot be read. This is JSON.",
            401: "Nobody's password was looked at: there is none.",
            415: "That is for another content type. This is called JSON, and it is.",
            500: "That would blame the server. The client has to change something.",
        },
        otherwise="It can be read, and it is called JSON. What is wrong with it?",
        claims=(
            Claim(
                "It could be read, and is not what this takes.",
                "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.21",
            ),
            Claim(
                "That is for another content type.",
                "https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.16",
            ),
        ),
    ),
    "09d": Typed(
        "No view of the article's app reads a cookie called remember_token. A stranger sends one "
        "with an accent in it. Which status comes back?",
        500,
        "Flask-Login reads the cookie before any view runs, and fails at the accent.",
        wrong={
            200: "Somebody reads the cookie all the same, and it is no view.",
            400: "That takes somebody who looks at the cookie and says no.",
            401: "So it is without the accent. Who reads this cookie, and does nobody catch it?",
        },
        otherwise="Flask-Login looks at this cookie. What does it do with the accent?",
    ),
    "09e": Typed(
        "There is a user ada. Of the four names in the cell below, how many does the article's app "
        "store beside her?",
        4,
        "To a computer, each is another string.",
        wrong={
            0: "Which line of the app compares names?",
            1: "Which line of the app takes two of them for one?",
            3: "Which line of the app takes capitals and small letters for one?",
        },
        otherwise="Does any line of the app compare a new name with those there are?",
    ),
    "09f": Quiz(
        "Ada tells the article's app her new address. It answers with the record. Which address is "
        "in the answer?",
        Choice("the new one", "The answer shows a copy. When was it made?"),
        Choice("the old one", "The copy was fetched before the database changed.", True),
        Choice("none", "public() shows the address, whichever it is."),
    ),
    "10a": Quiz(
        "A thief has a copy of Ada's cookie. She logs out. Then she logs in and sets a new "
        "password. Who is the thief to the article's app after each?",
        Choice("nobody, both times", "What would have to change on the server for that?"),
        Choice(
            "ada after the logout, nobody after the new password", "No cookie holds a password."
        ),
        Choice("ada, both times", "The copy holds her id, and the id is good for ever.", True),
    ),
    "10b": Typed(
        "How many operations does a request cost the database, now that each login is a record?",
        1,
        "Login and user come in one read.",
        wrong={
            2: "One for the login and one for the user would do. MongoDB can join the two.",
            0: "The cookie holds a token alone. Somebody has to look up whose it is.",
        },
        otherwise="Which records does the app need, and can they come together?",
    ),
    "10c": Quiz(
        "A forger has stolen the secret key of the finished app, and knows the id of Ada's record. "
        "They sign a cookie with that id. Who are they?",
        Choice("ada: the signature is right", "It is. Which login has this id for a token?"),
        Choice("nobody: the signature is wrong", "It was made with the app's own key."),
        Choice("nobody: no login has this token", "The cookie has to name a login.", True),
    ),
    "10d": Quiz(
        "A thief copies Ada's remember cookie. She logs out, and two years go by. A browser drops "
        "the cookie after one year. Who is the thief?",
        Choice("nobody: she logged out", "The logout deleted the cookie in her own browser."),
        Choice("nobody: the cookie is over", "Only a browser knows that, and the thief has none."),
        Choice("ada", "Nothing in the cookie, and nothing on the server, says when it ends.", True),
        claims=(
            Claim(
                "A browser drops the cookie after one year",
                "https://flask-login.readthedocs.io/en/latest/#cookie-settings",
            ),
        ),
    ),
    "10e": Quiz(
        "Ada leaves her browser open, and nobody touches it. How long is she logged in to the "
        "article's app?",
        Choice("for ever", "There is a limit that nobody there chose."),
        Choice("31 days", "Flask takes no session that was signed longer ago.", True),
        Choice("until the evening", "No line of the app says so."),
        claims=(
            Claim(
                "Flask takes no session that was signed longer ago.",
                "https://flask.palletsprojects.com/en/stable/config/#PERMANENT_SESSION_LIFETIME",
            ),
        ),
    ),
    "10f": Quiz(
        "A thief has a copy of Ada's remember cookie, and no password. They press the button, and "
        "try once more to set a password. What is Ada's account then?",
        Choice("Ada's, as before: the password was never typed", "Which line asks about that?"),
        Choice("the thief's", "login_user made the thief's login fresh.", True),
        Choice("nobody's: the button ended every login", "It begins a new one for whoever asked."),
    ),
    "10g": Quiz(
        "Ada's browser has two cookies that are called session. The first was planted by Mallory, "
        "and holds Mallory's login. Who is Ada to the article's app?",
        Choice("ada", "Nothing in a request says who set a cookie."),
        Choice("mallory", "The app takes the first of two cookies with one name.", True),
        Choice("nobody", "Both are signed with the app's key, so both are good."),
        claims=(
            Claim(
                "Nothing in a request says who set a cookie.",
                "https://www.rfc-editor.org/rfc/rfc6265.html#section-8.6",
            ),
        ),
    ),
    "10h": Quiz(
        "Session protection is strong. A thief sends Ada's cookie from another address, and with "
        "it a header X-Forwarded-For that holds hers. Who is the thief?",
        Choice("nobody: the address is another", "Flask-Login looks at the header first."),
        Choice("ada", "Flask-Login believes the header, and anybody can send it.", True),
        Choice("nobody: the header is forged", "How would the app see that? It is a header."),
        claims=(
            Claim(
                "Flask-Login believes the header, and anybody can send it.",
                "https://github.com/maxcountryman/flask-login/issues/700",
            ),
        ),
    ),
    "10i": Quiz(
        "The secret key is changed, and the former one is kept in SECRET_KEY_FALLBACKS. Who is "
        "logged in to the article's app with remember me, by each of Ada's cookies?",
        Choice("ada by both", "Does Flask-Login look into the list?"),
        Choice(
            "ada by the session, nobody by the remember cookie",
            "Flask looks into the list; Flask-Login checks its cookie with one key.",
            True,
        ),
        Choice("nobody by either", "Flask believes the former keys of the list."),
        claims=(
            Claim(
                "Flask looks into the list",
                "https://flask.palletsprojects.com/en/stable/config/#SECRET_KEY_FALLBACKS",
            ),
            Claim(
                "Flask-Login checks its cookie with one key.",
                "https://github.com/maxcountryman/flask-login/blob/0.6.3/src/flask_login/utils.py",
            ),
        ),
    ),
    "10j": Quiz(
        "Which of these can you stop by now, and which is still open?",
        Choice(
            "stopped: a page of another site changes the password. Open: a copied cookie",
            "A copied cookie ends with its login. Nothing has looked at other sites' pages yet.",
        ),
        Choice(
            "stopped: a copied cookie. Open: a page of another site changes the password",
            "Logins end on the server since lesson 10; other sites come in lesson 11.",
            True,
        ),
        Choice("stopped: both", "Which line asks what page a request comes from?"),
    ),
    "11a": Quiz(
        "The page of evil.example sends this form to the app, from Ada's browser. Which cookies go "
        "along?",
        Choice("none", "A browser adds cookies by itself; the page need not know them."),
        Choice("those of evil.example", "Those go to evil.example. This request goes to the app."),
        Choice("those that the app gave Ada", "What counts is where a request goes.", True),
        claims=(
            Claim(
                "A browser adds cookies by itself",
                "https://www.rfc-editor.org/rfc/rfc6265.html#section-8.2",
                "tests/lab/test_foreign.py::test_chromium_sends_the_same",
            ),
        ),
    ),
    "11b": Quiz(
        "A script on evil.example sends the same record as application/json. What happens?",
        Choice("Ada's record changes.", "No form can send this type, so the browser asks first."),
        Choice("The app refuses it with 401.", "The browser is Ada's, who is logged in."),
        Choice(
            "The browser asks the app first, and then does not send it.",
            "It asks with OPTIONS, and the app permits nothing.",
            True,
        ),
        claims=(
            Claim(
                "No form can send this type, so the browser asks first.",
                "https://fetch.spec.whatwg.org/#cors-safelisted-request-header",
                "tests/course/test_what_browsers_do.py::test_a_script_of_another_site_asks_before_it_sends_json",
            ),
            Claim(
                "It asks with OPTIONS",
                "https://fetch.spec.whatwg.org/#http-cors-protocol",
                "tests/course/test_what_browsers_do.py::test_a_script_of_another_site_asks_before_it_sends_json",
            ),
        ),
    ),
    "11c": Quiz(
        "The app refuses every body that is called neither JSON nor a form. Which of the four "
        "attacks still get in?",
        Choice("none of them", "Two of the four need no body at all."),
        Choice("those that log Ada out", "A form without a field has no JSON to hide.", True),
        Choice("those that change her record, and log her in", "Both hide JSON in text."),
    ),
    "11d": Quiz(
        "The cookie says SameSite=Lax. A page of another program on this machine, on another port, "
        "sends the form. Does Ada's cookie go along?",
        Choice("no: another port is another site", "It is another origin. A site has all ports."),
        Choice("yes: another port is the same site", "A site is a name with all its ports.", True),
        Choice("no: Lax is for links alone", "Lax is about other sites. Is this one?"),
        claims=(
            Claim(
                "A site is a name with all its ports.",
                "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.2",
                "tests/course/test_what_browsers_do.py::test_another_port_is_another_origin_of_the_same_site",
            ),
        ),
    ),
    "11e": Typed(
        "In how many of the seven rows does SameSite alone leave Ada as she was?",
        1,
        "Only the logout by a form. In the other rows something changes, or she is logged out.",
        wrong={
            3: "The address stays in the first two rows, but look at what else the answer did.",
            4: "Which of the seven come without Ada's cookie? That alone is not enough.",
            2: "One of your two loses something else: look at its first word.",
            0: "One attack changes nothing: without the cookie nobody is logged out.",
        },
        otherwise="Ask of each row: does the cookie go along, and what does the answer do?",
    ),
    "11f": Quiz(
        "Mallory opens the login page in her own browser, and writes the token that she finds "
        "there into her form. Ada's browser sends it. What comes back?",
        Choice("Ada is logged in", "A token is good with the cookie that came with it."),
        Choice("form expired", "The token is of Mallory's session, and the cookie of Ada's.", True),
        Choice("400, because a token may be used once", "It may be used again, in one session."),
    ),
    "11g": Quiz(
        "urlsplit finds no host in ////evil.example. Where does Ada end up after the login?",
        Choice("on the page / of the app", "The check goes there when it finds a host."),
        Choice(
            "at a path of the app that does not exist",
            "The browser reads the address anew, and not as urlsplit does.",
        ),
        Choice(
            "at evil.example", "To a browser it is a host, however many slashes come first.", True
        ),
        claims=(
            Claim(
                "To a browser it is a host, however many slashes come first.",
                "https://url.spec.whatwg.org/#special-authority-ignore-slashes-state",
                "tests/lab/test_foreign.py::test_chromium_reads_every_form_of_next_the_same",
            ),
        ),
    ),
    "11h": Typed(
        "Twenty forms of next, all of them made to lead away. How many still do behind the check "
        "above?",
        8,
        "urlsplit and the browser read eight of them differently.",
        wrong={
            0: "You have seen one already, with four slashes.",
            1: "Four slashes are one of them. What of five, and of https: without any?",
            20: "The plain address is refused, and so is every one in which urlsplit finds a host.",
        },
        otherwise="Those in which urlsplit finds no host, and a browser does.",
    ),
    "11i": Quiz(
        "Ada logs out at a computer of the library, and goes. The next person presses the "
        "browser's back button. What keeps them from Ada's page?",
        Choice("X-Frame-Options: DENY", "That is about other pages that frame this one."),
        Choice(
            "Cache-Control: no-store", "The browser keeps no copy that outlives the login.", True
        ),
        Choice("the logout", "It ended the login. The copy in the browser is a page, and stays."),
        claims=(
            Claim(
                "That is about other pages that frame this one.",
                "https://www.rfc-editor.org/rfc/rfc7034.html",
            ),
            Claim(
                "The browser keeps no copy that outlives the login.",
                "https://www.rfc-editor.org/rfc/rfc9111.html#section-5.2.2.5",
                "tests/course/test_what_browsers_do.py::test_the_back_button_shows_a_page_after_the_logout_unless_no_copy_may_be_stored",
            ),
        ),
    ),
    "12a": Typed(
        "Five deeds, all of them about Grace and Joan. How many of them may Ada do in the finished "
        "app?",
        1,
        "Ada may read that there is somebody called Grace, and no more.",
        wrong={
            0: "One of the five tells nothing that a stranger does not know.",
            2: "An address is for its owner and for administrators.",
            3: "Ada owns neither record, and is no administrator.",
            5: "That is the article's app: whoever is logged in may do everything.",
        },
        otherwise="Ada owns neither record, and is no administrator. What is left?",
    ),
    "12b": Typed(
        "A stranger opens /report. The view asks for the role, and no guard stands in front of it. "
        "Which status comes back?",
        500,
        "The anonymous user has no is_admin, and nobody catches the AttributeError.",
        wrong={
            200: "The stranger is no administrator, so there is no report.",
            401: "That is the guard's answer, and this view has none.",
            403: "To refuse, require_admin has to read is_admin. Does a stranger have one?",
        },
        otherwise="require_admin reads current_user.is_admin. What is that, for a stranger?",
    ),
    "12c": Quiz(
        "Ada sends is_admin to the finished app, in a change of her own record. What comes back?",
        Choice("200, and the field is left out", "Then nobody notices a slip of the pen."),
        Choice("403: she may not write this field", "Nobody may: it is on no list."),
        Choice("422, with the name of the field", "What is on no list is refused by name.", True),
    ),
    "12d": Typed(
        "Both requests look for cleo before either has stored her. How many users are called cleo "
        "afterwards?",
        2,
        "Each look was right when it was made, and old when it was used.",
        wrong={
            1: "The second look comes before the first insert. What does it find?",
            0: "Each request stores a user, unless its look finds one.",
        },
        otherwise="Follow the two requests line by line, the second within the first.",
    ),
    "12e": Typed(
        "Eight requests for one name come at once. How many are answered with 201?",
        1,
        "The index lets one insert through, whoever looked first.",
        wrong={
            8: "All eight may look before one has written. But the insert meets the index.",
            0: "The name is free, and nothing refuses the first insert.",
            2: "That happened above, without an index.",
        },
        otherwise="Ask what the second insert meets, and the third.",
    ),
    "12f": Typed(
        "Both administrators look, see each other, and are deleted. How many are left?",
        0,
        "Each look was right when it was made, and old when it was used.",
        wrong={
            1: "Who refuses the second one? Her look came before the first one was gone.",
            2: "Nothing refuses either of them: each sees that there is another.",
        },
        otherwise="Follow the two, the second within the first.",
    ),
    "12g": Typed(
        "From which second on does may_try let the eleventh attempt through?",
        900,
        "The attempt of second 0 is then as old as the window, and no longer counts.",
        wrong={
            15: "That is the number of minutes.",
            909: "Then all ten are too old. How many have to be?",
            910: "A quarter of an hour from the eleventh. Whose age does the line ask for?",
            901: "The line counts what is younger than WINDOW. How old is the first by then?",
        },
        otherwise="One of the ten has to become too old. The first one came in second 0.",
    ),
    "12h": Typed(
        "Mallory has guessed twelve times. Now Ada sends the right password, from a browser in "
        "which she has never logged in. Which status does she get?",
        429,
        "A new browser cannot be told from Mallory's, so it has to wait as well.",
        wrong={
            200: "That is for her own browser. How would the app know whose the new one is?",
            401: "Her password is right. It was not even looked at.",
            403: "A lock for good says so. This limit ends by itself, and has its own status.",
        },
        otherwise="Which counter is an attempt from a new browser charged to?",
    ),
    "12i": Quiz(
        "Mallory was stopped at 2001:db8::1. What does the app say to the next guess, which comes "
        "from 2001:db8::2?",
        Choice("stop: the address is of the same network", "It counts addresses, and no networks."),
        Choice("wrong, guess again", "To this app she is somebody new.", True),
        Choice("stop: Ada's name has had enough guesses", "It counts no names."),
    ),
    "12j": Quiz(
        "Ada's account is closed while she is logged in. In which browser does she get in?",
        Choice("in neither", "Something would have to ask again in the old one."),
        Choice("in the old one", "Her login is from before, and nobody asks again.", True),
        Choice("in both", "The login asks, and the new browser has to log in."),
    ),
    "12k": Quiz(
        "The first Ada's browser still has its cookie. What does the app take it for?",
        Choice("for nobody: the first Ada is deleted", "It looks for the name that is in it."),
        Choice("for nobody: it lacks the new password", "No cookie of a login holds a password."),
        Choice("for the new Ada", "The name in it is hers now.", True),
    ),
    "12l": Typed(
        "Two people log in, two try to delete somebody, and one types a wrong name. How many lines "
        "has the log?",
        5,
        "What is refused has a line of its own, and so has each login.",
        wrong={
            1: "That would be the deletion alone. Who tried which door is in the log too.",
            2: "To log in is an event as well, and so is what was refused.",
            3: "What was refused has lines too.",
            4: "The wrong name has a line too, without the name.",
        },
        otherwise="One line for each event, whether it was allowed or not.",
    ),
}

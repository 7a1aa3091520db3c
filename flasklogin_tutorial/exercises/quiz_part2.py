"""The questions before the results of part 2, at least three a lesson."""

from flasklogin_tutorial.exercises.question import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
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
        "generate_password_hash is called twice with one password. What comes out?",
        Choice("the same hash twice", "Then a thief would see who has the same password."),
        Choice("two hashes, and the password fits both", "Each has a salt of its own.", True),
        Choice(
            "two hashes, and the password fits the second",
            "The salt is kept in the hash, so each can be compared at any time.",
        ),
    ),
    "08d": Quiz(
        "How much work is one scrypt beside one SHA-256?",
        Choice("about ten times", "A thief with a graphics card would hardly notice."),
        Choice("about a thousand times", "More: it fills 32 megabytes of memory each time."),
        Choice("more than ten thousand times", "It is slow on purpose.", True),
    ),
    "08e": Typed(
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
    ),
    "09d": Quiz(
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
        "A thief copies Ada's remember cookie. She logs out, and two years go by. A browser drops "
        "the cookie after one year. Who is the thief?",
        Choice("nobody: she logged out", "The logout deleted the cookie in her own browser."),
        Choice("nobody: the cookie is over", "Only a browser knows that, and the thief has none."),
        Choice("ada", "Nothing in the cookie, and nothing on the server, says when it ends.", True),
    ),
    "10d": Quiz(
        "Ada leaves her browser open, and nobody touches it. How long is she logged in to the "
        "article's app?",
        Choice("for ever", "There is a limit that nobody there chose."),
        Choice("31 days", "Flask takes no session that was signed longer ago.", True),
        Choice("until the evening", "No line of the app says so."),
    ),
    "10e": Quiz(
        "Session protection is strong. A thief sends Ada's cookie from another address, and with "
        "it a header X-Forwarded-For that holds hers. Who is the thief?",
        Choice("nobody: the address is another", "Flask-Login looks at the header first."),
        Choice("ada", "Flask-Login believes the header, and anybody can send it.", True),
        Choice("nobody: the header is forged", "How would the app see that? It is a header."),
    ),
    "11a": Quiz(
        "The page of evil.example sends this form to the app, from Ada's browser. Which cookies go "
        "along?",
        Choice("none", "A browser adds cookies by itself; the page need not know them."),
        Choice("those of evil.example", "Those go to evil.example. This request goes to the app."),
        Choice("those that the app gave Ada", "What counts is where a request goes.", True),
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
    ),
    "11c": Typed(
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
    "11d": Quiz(
        "urlsplit finds no host in ////evil.example. Where does Ada end up after the login?",
        Choice("on the page / of the app", "The check goes there when it finds a host."),
        Choice(
            "at a path of the app that does not exist",
            "The browser reads the address anew, and not as urlsplit does.",
        ),
        Choice(
            "at evil.example", "To a browser it is a host, however many slashes come first.", True
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
    "12h": Quiz(
        "Mallory was stopped at 2001:db8::1. What does the app say to the next guess, which comes "
        "from 2001:db8::2?",
        Choice("stop: the address is of the same network", "It counts addresses, and no networks."),
        Choice("wrong, guess again", "To this app she is somebody new.", True),
        Choice("stop: Ada's name has had enough guesses", "It counts no names."),
    ),
    "12i": Typed(
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

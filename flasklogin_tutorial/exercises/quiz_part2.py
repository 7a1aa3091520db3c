"""The questions before the results of part 2, at least three a lesson."""

from flasklogin_tutorial.exercises.quiz import Choice, Quiz, Typed

QUIZZES: dict[str, Quiz | Typed] = {
    "08a": Quiz(
        "Mallory's login holds two objects where the strings belong. What comes back?",
        Choice("a refusal: no user has that password", "Then the objects would be compared."),
        Choice("500: the app cannot read objects", "It reads them, and hands them on."),
        Choice("the record of a user", "MongoDB reads the objects as a question.", True),
    ),
    "08b": Typed(
        "Ada's password has eight small letters. After how many questions does Mallory know all of "
        "it, and that it ends there?",
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
}

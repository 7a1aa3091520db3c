"""Answers to exercise 0.2."""


# %% right
def changes_data(operations):
    for text in operations:
        name = text.split()[0].partition(".")[2]
        if name in ("insert_one", "update_one", "delete_many"):
            return True
    return False


# %% right
def changes_data(operations):
    reads = [text for text in operations if text.split(" ")[0] == "user.find"]
    return len(reads) < len(operations)


# %% wrong: empty
# says: came back: None; expected: True
def changes_data(operations):
    pass


# %% wrong: always
# says: Looking for a record changes none
def changes_data(operations):
    return True


# %% wrong: never
# says: A new record is a change too
def changes_data(operations):
    return False


# %% wrong: knows the delete of the notebook only
# says: A new record is a change too
def changes_data(operations):
    return any("delete" in text for text in operations)


# %% wrong: more than one operation
# says: A new record is a change too
def changes_data(operations):
    return len(operations) > 1


# %% wrong: looks into the data
# says: What stands in braces is data, no operation
def changes_data(operations):
    words = ("insert", "update", "delete")
    return any(word in text for text in operations for word in words)


# %% wrong: takes data for a find
# says: Its name is 'user.find'
def changes_data(operations):
    return any("user.find" not in text for text in operations)


# %% wrong: the first operation only
# says: This was POST
def changes_data(operations):
    return bool(operations) and "user.find" not in operations[0]


# %% wrong: one operation too many is asked for
# says: changes_data([]); came back: IndexError
def changes_data(operations):
    return not operations[-1].startswith("user.find")


# %% wrong: the text and not the answer
# says: expected: True
def changes_data(operations):
    return [text for text in operations if not text.startswith("user.find")]


# %% wrong: prints the answer and does not return it
# says: Something is printed
def changes_data(operations):
    """Return True if one of the operations changes data, else False."""
    print(any(not text.startswith("user.find") for text in operations))


# %% wrong: the answer as a text
# says: This was PUT /. A new record is a change too.
def changes_data(operations):
    for text in operations:
        if not text.startswith("user.find"):
            return "True"
    return "False"


# %% wrong: takes the list for a text
# says: AttributeError: 'list' object has no attribute 'startswith'
def changes_data(operations):
    return not operations.startswith("user.find")

def note(config, name, text):
    print("FIGURE", name, text)

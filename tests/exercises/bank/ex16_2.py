"""Answers to exercise 16.2."""


# %% right
def address_of(request, proxies):
    from werkzeug.middleware.proxy_fix import ProxyFix

    environ = dict(request.environ)
    ProxyFix(lambda environ, start: [], x_for=proxies)(environ, None)
    return environ["REMOTE_ADDR"]


# %% right
def address_of(request, proxies):
    chain = request.headers.get("X-Forwarded-For", "").replace(" ", "").split(",")
    chain = [one for one in chain if one]
    if proxies == 0 or len(chain) < proxies:
        return request.environ["REMOTE_ADDR"]
    for _ in range(proxies):
        address = chain.pop()
    return address


# %% wrong: empty
# says: Does the function return the address
def address_of(request, proxies):
    pass


# %% wrong: the broken function
# says: Which of the two addresses does the guesser choose?
def address_of(request, proxies):
    return first_address(request, proxies)


# %% wrong: the whole header
# says: Which of the two addresses does the guesser choose?
def address_of(request, proxies):
    return request.headers.get("X-Forwarded-For", request.remote_addr)


# %% wrong: the address of the proxy
# says: The proxy has added who called it
def address_of(request, proxies):
    return request.remote_addr


# %% wrong: always the last value
# says: Count from there, as many as there are proxies
def address_of(request, proxies):
    values = request.headers.get("X-Forwarded-For", request.remote_addr)
    return values.split(",")[-1].strip()


# %% wrong: counts from the beginning
# says: the first proxy adds to it
def address_of(request, proxies):
    values = request.headers.get("X-Forwarded-For", request.remote_addr).split(",")
    return values[min(proxies, len(values) - 1)].strip()


# %% wrong: off by one
# says: guesser choose?
def address_of(request, proxies):
    values = request.headers.get("X-Forwarded-For", "").split(",")
    return values[-proxies - 1].strip()


# %% wrong: believes a header without a proxy
# says: Without a proxy, whoever sends the header has written it
def address_of(request, proxies):
    values = request.headers.get("X-Forwarded-For", request.remote_addr).split(",")
    if proxies > len(values):
        return request.remote_addr
    return values[-max(proxies, 1)].strip()


# %% wrong: needs the header
# says: without X-Forwarded-For; came back: 500 Internal Server Error: KeyError
def address_of(request, proxies):
    if proxies == 0:
        return request.remote_addr
    return request.headers["X-Forwarded-For"].split(",")[-proxies].strip()


# %% wrong: an empty header is an address
# says: X-Forwarded-For: ''; came back: 200 OK {"address":""}
def address_of(request, proxies):
    values = request.headers.get("X-Forwarded-For", request.remote_addr).split(",")
    if not proxies or proxies > len(values):
        return request.remote_addr
    return values[-proxies].strip()


# %% wrong: the first one where there are too few
# says: the request came past one
def address_of(request, proxies):
    header = request.headers.get("X-Forwarded-For")
    if not proxies or not header:
        return request.remote_addr
    values = header.split(",")
    return values[-min(proxies, len(values))].strip()


# %% wrong: keeps the space
# says: There may be a space behind a comma
def address_of(request, proxies):
    header = request.headers.get("X-Forwarded-For")
    values = header.split(",") if header else []
    return values[-proxies] if 0 < proxies <= len(values) else request.remote_addr


# %% wrong: the address of the example
# says: expected: a JSON object with {"address": "203.0.113.10"}
def address_of(request, proxies):
    return "203.0.113.9"


# %% wrong: prints the answer and does not return it
# says: Something is printed
def address_of(request, proxies):
    """Return the visitor's address, with this many proxies in front of the app."""
    header = request.headers.get("X-Forwarded-For")
    values = header.split(",") if header else []
    if 0 < proxies <= len(values):
        return values[-proxies].strip()
    print(request.remote_addr)


# %% right
def address_of(request, proxies):
    values = request.headers.get("X-Forwarded-For", request.remote_addr)
    values = values.split(",") if request.headers.get("X-Forwarded-For") else []
    return values[-proxies].strip() if 0 < proxies <= len(values) else request.remote_addr

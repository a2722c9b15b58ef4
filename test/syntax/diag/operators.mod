def f(x, y):
    a = x && y
    b = x || !y
    c = x ^ y
    d = x >> 2
    e = x ? y : 1
    x; y = 1
    z = x + \
        y
    x + y
    x == y
    "words"
    ...
    return "a" 'b'

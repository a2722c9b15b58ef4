@staticmethod
def f(x, y):
    g = lambda v: v + 1
    for i in range(3):
        if x == y:
            break
    else:
        x = y
    try:
        x = y
    except ValueError as e:
        raise e
    raise ValueError("bad")
    if (n := 3) > 2:
        pass
    del x
    x = y = 3
    if x = y:
        pass
    else if y:
        pass
    if x:
        pass
    else if y:
        pass
    def inner():
        pass
    """Not a comment."""
    return x

@torch.no_grad()
def k(x, **kwargs):
    return g(x, **kwargs)

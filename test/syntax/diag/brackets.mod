a = f(1,
    2

def g(x):
    y = (x]
    z = x)
    w = x[]
    return x

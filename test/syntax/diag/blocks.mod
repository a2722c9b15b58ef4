def f(x)
    return x

def g(x):
if x:
    y = 1
return x

def h(x):
	return x

def i(x):
    if x:
        y = 1
      z = 2
    return z

def j(x):
    a = 1
        b = 2
    else:
        c = 3
    return a

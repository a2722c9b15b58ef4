a = f(x=1, 2)
b = f(x=1, x=2)
c = {1, 2}
d = (*a)
e = [*x for x in y]
g = a.in
h = 1 +
i = a if b
def k(x):
    k(x) = 3
    (x, 1) = x
    x, *y = x
    None = x
    x.y += 1
    x, y += 1
    for f(x) in y:
        pass

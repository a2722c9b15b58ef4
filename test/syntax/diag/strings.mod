a = "not closed
b = "a \q b"
c = "{x"
d = "x}"
e = "{}"
f = "{x:.2f} and {y!r} and {z=}"
g = r"raw"
h = "{x + }"
i = "{a b}"
j = “curly”

## Imported by E0207-import.mod.
def scale(x)
    return x * 2

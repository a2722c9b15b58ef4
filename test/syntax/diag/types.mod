def f(x: f32[:], y: 3, z: (int, float, w: list[int):
    pass

def g(x: f32[N, C] -> f32[N]):
    pass

def h(x: "{a}"):
    pass

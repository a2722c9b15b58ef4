import nn

module A():
    fc = nn.Linear(4, 5)

    def forward(x: f32[N, 4]):
        y = fc(x) + unknwon
        z = y @ fc.weight
        return fc(z) + fc(y)

module B():
    def forward(x: f32[N, 4]):
        return x.softmx(1)

export a = A()
export b = B()

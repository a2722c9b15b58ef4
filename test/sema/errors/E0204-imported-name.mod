from nn.linear import Linaer

export m = Linaer(3, 4)

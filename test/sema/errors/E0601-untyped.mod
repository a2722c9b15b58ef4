import nn

export m = nn.Sequential(nn.Linear(4, 4), nn.ReLU())

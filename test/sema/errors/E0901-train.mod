import train
import nn

export step = train.Step(nn.Linear(4, 4), nn.MSELoss(), None)

export m = 3

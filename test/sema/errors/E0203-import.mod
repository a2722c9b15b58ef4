import nm

export m = nm.Linear(3, 4)

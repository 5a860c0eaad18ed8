from nanproof import program


@program(knobs={"units": [1, 8]})  # wrong here
def train(knobs, seed, watch):
    pass

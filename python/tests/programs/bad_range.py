from nanproof import integer, program


@program(knobs={"units": integer(8, 1)})  # wrong here
def train(knobs, seed, watch):
    pass

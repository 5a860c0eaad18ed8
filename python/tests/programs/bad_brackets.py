import nanproof


@nanproof.program  # wrong here
def train(knobs, seed, watch):
    pass

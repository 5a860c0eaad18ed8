from nanproof import program

@program()
def train(knobs, seed, watch:  # wrong here
    pass

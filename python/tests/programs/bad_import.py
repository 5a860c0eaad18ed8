from nanproof import program
import no_such_package  # wrong here


@program()
def train(knobs, seed, watch):
    no_such_package.train()

// A knob whose bounds are the wrong way round.
import { integer, program } from "nanproof/program";

export default program({ knobs: { units: integer(8, 1) }, steps: 3, train() {} }); // wrong here

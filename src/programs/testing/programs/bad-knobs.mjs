// Knobs that are none.
import { program } from "nanproof/program";

export default program({ knobs: { units: [1, 8] }, steps: 3, train() {} }); // wrong here

// A file that imports what is not there.
import { program } from "nanproof/program";
import { nothing } from "no-such-package"; // wrong here

export default program({ steps: 3, train: nothing });

// A file that is no JavaScript.
import { program } from "nanproof/program";

export default program({ steps: 3, train( { } }); // wrong here

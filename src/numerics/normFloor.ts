/** Vectors shorter than this are divided by it and not by their own norm: the floor of safe normalisation. */
export const NORM_FLOOR = 1e-6;

/** A name of several words as JavaScript writes it: `recurrent_kernel_0` is `recurrentKernel0`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()).replace(/_(\d+)$/, "$1");
}

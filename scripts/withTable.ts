/**
 * The text with the part between the marks `<!-- mark -->` and `<!-- end of mark -->` replaced by `made`.
 * @throws Error when the marks are not there.
 */
export function withTable(text: string, mark: string, made: string): string {
  const [from, to] = [`<!-- ${mark} -->\n`, `\n<!-- end of ${mark} -->`];
  const [start, end] = [text.indexOf(from), text.indexOf(to)];
  if (start < 0 || end < start) throw new Error(`the marks of the table ${mark} are not there`);
  return text.slice(0, start + from.length) + made + text.slice(end);
}

/** A whole number for people: `1,020`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A number of things: `1 session`, `1,020 sessions`. `things`: the plural, if it does not end in a plain s. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${grouped(count)} ${count === 1 ? thing : things}`;
}

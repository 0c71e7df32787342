/** A whole number for people: `1,020`. */
export function grouped(count: number): string {
  // Not by `toLocaleString`, whose first call takes some ten milliseconds: every start of the program would pay for it.
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A number of things: `1 session`, `1,020 sessions`. `things`: the plural, if it does not end in a plain s. */
export function counted(count: number, thing: string, things = `${thing}s`): string {
  return `${grouped(count)} ${count === 1 ? thing : things}`;
}

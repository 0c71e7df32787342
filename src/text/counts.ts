/** A whole number for people: `1,020`. */
export function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

/** A number of things: `1 session`, `1,020 sessions`. */
export function counted(count: number, thing: string): string {
  return `${grouped(count)} ${thing}${count === 1 ? '' : 's'}`;
}

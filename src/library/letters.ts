/** A, B, ... Z, then by number. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode('A'.charCodeAt(0) + index) : String(index + 1);
}

/** A word as one types it in a shell: quoted if it must be. */
export function shellQuoted(word: string): string {
  return /^[\w./:@%+,=~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

import { basename } from 'node:path';

/** Short names for runs: their folders' own, or letters where those are not told apart. */
export function runLabels(folders: readonly string[]): string[] {
  const names = folders.map((folder) => basename(folder.replace(/[/\\]+$/, '')));
  const letters = folders.map((_, index) => String.fromCharCode('A'.charCodeAt(0) + (index % 26)));
  return names.map((name, index) => `${letters[index] ?? ''} ${name}`.trim());
}

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const HEIGHTS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** A bar of `share` (0..1) of `columns`; anything above zero shows at least a sliver. */
export function bar(share: number, columns: number, unicode: boolean): string {
  const clamped = Math.min(1, Math.max(0, share));
  if (!unicode) return '#'.repeat(clamped > 0 ? Math.max(1, Math.round(clamped * columns)) : 0);
  const eighths = clamped > 0 ? Math.max(1, Math.round(clamped * columns * 8)) : 0;
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
}

/** The done part of a progress bar and the rest of it, together `columns` wide. */
export function progress(share: number, columns: number, unicode: boolean): readonly [string, string] {
  const done = Math.round(Math.min(1, Math.max(0, share)) * columns);
  return [(unicode ? '█' : '#').repeat(done), (unicode ? '░' : '.').repeat(columns - done)];
}

/** The last values as heights between 0 and their maximum; empty without Unicode, where it would be meaningless. */
export function sparkline(values: readonly number[], columns: number, unicode: boolean): string {
  if (!unicode) return '';
  const shown = values.slice(-columns);
  const highest = Math.max(1, ...shown);
  return shown.map((value) => HEIGHTS[Math.round((value / highest) * (HEIGHTS.length - 1))] ?? '').join('');
}

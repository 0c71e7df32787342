/** A line of this alone stands for any lines. */
const ANY_LINES = '...';

/** Whether a program printed what a page shows, besides figures that vary from run to run. */
export function isAsShown(shown: string, printed: string): boolean {
  const parts = splitAtAny(linesOf(shown));
  const lines = linesOf(printed);
  let from = 0;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const at = index === 0 ? 0 : isLast ? lines.length - part.length : indexOf(lines, part, from);
    if (at < from || !isAt(lines, part, at)) return false;
    from = at + part.length;
  }
  return from === lines.length;
}

function linesOf(text: string): string[] {
  return text.trimEnd().split('\n').map(withoutFigures);
}

/** The lines before, between and after those that stand for any. */
function splitAtAny(lines: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line === ANY_LINES) parts.push([]);
    else parts.at(-1)?.push(line);
  }
  return parts;
}

function indexOf(lines: readonly string[], part: readonly string[], from: number): number {
  for (let at = from; at + part.length <= lines.length; at += 1) if (isAt(lines, part, at)) return at;
  return -1;
}

function isAt(lines: readonly string[], part: readonly string[], at: number): boolean {
  return part.every((line, index) => lines[at + index] === line);
}

/** What varies, and what stands for it. Counts, names, verdicts, exit codes, 0% and 100% stay as they are. */
const VARYING: readonly [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT[\d:.-]+Z?/g, 'DATE'],
  [/\/\S*\/docs-page-\w+\//g, ''],
  [/(127\.0\.0\.1|localhost):\d+/g, '$1:PORT'],
  [/[▁▂▃▄▅▆▇█▏▎▍▌▋▊▉]+/g, 'BAR'],
  [/(?<![\w.])-?(?:\d[\d,]*(?:\.\d+)?(?:us|ms|s|m|h))+(?!\w)/g, 'TIME'],
  [/(?<![\w.])(?!(?:0|100)%)\d+(?:\.\d+)?%/g, 'SHARE'],
  [/(?<![\w.])[+-]?\d[\d,]*\.\d+(?![\w.])/g, 'FRACTION'],
  [/ +/g, ' '],
];

function withoutFigures(line: string): string {
  return VARYING.reduce((text, [pattern, word]) => text.replace(pattern, word), line).trim();
}

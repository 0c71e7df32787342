import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { escapeControls } from '../../text/safe-text.ts';
import type { Io } from './io.ts';

/** The path as one would type it: from the working folder if it lies below it, and quoted for a shell if it must be. */
export function shownPath(path: string): string {
  const below = relative('', path);
  return below.startsWith('..') ? path : below || '.';
}

/** Prints a path as the rest of a line; on a terminal that has links, a click opens the file. */
export function printFileLine(io: Pick<Io, 'stdout' | 'env'>, lead: string, path: string): void {
  const shown = shellQuoted(shownPath(path));
  const { draw } = io.stdout;
  if (draw === undefined || !hasLinks(io.env)) io.stdout.write(`${lead}${shown}\n`);
  else draw(`${lead}${linked(escapeControls(shown), pathToFileURL(path).href)}\n`);
}

/** OSC 8, https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda */
function linked(text: string, url: string): string {
  return `\x1b]8;;${url}\x1b\\${text}\x1b]8;;\x1b\\`;
}

/** Terminals that are known to have links, by what they set; `FORCE_HYPERLINK` overrides, as with other programs. */
export function hasLinks(env: Io['env']): boolean {
  const { FORCE_HYPERLINK: forced, TERM: term = '', TERM_PROGRAM: program = '' } = env;
  if (forced !== undefined) return forced !== '0';
  if (term === 'dumb') return false;
  return (
    /^(?:iTerm\.app|WezTerm|vscode|ghostty|Hyper|rio|Tabby)$/.test(program) ||
    /kitty|alacritty|foot|ghostty|contour/.test(term) ||
    Number(env['VTE_VERSION'] ?? 0) >= 5_000 ||
    ['WT_SESSION', 'KONSOLE_VERSION', 'DOMTERM'].some((name) => (env[name] ?? '') !== '')
  );
}

function shellQuoted(path: string): string {
  return /^[\p{L}\p{M}\p{N}_./\\:@%+,=~-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { platform } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { shownPath } from './file-link.ts';
import type { Io } from './io.ts';

/** How long to wait for an opener to say that it cannot: most return at once, some stay as long as the browser. */
const PATIENCE_MS = 3_000;

/** Opens a page in the browser of the desktop; if that cannot be done, says so, and nothing else changes. */
export async function openReport(io: Pick<Io, 'stderr' | 'env'>, path: string): Promise<void> {
  const why = await opened(path, io.env);
  if (why !== undefined) io.stderr.write(`${shownPath(resolve(path))} could not be opened: ${why}\n`);
}

/** What opens a file on this system: the program that belongs to the desktop. */
export function openerOf(path: string, system: NodeJS.Platform): readonly [program: string, ...args: string[]] {
  const full = resolve(path);
  if (system === 'darwin') return ['open', full];
  // Not `start`, which is a word of cmd.exe and would read `&` in a path as the end of a command.
  if (system === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', pathToFileURL(full).href];
  return ['xdg-open', full];
}

/** Settles when the file was opened or could not be, or the opener has not ended in time; why not, in words. */
async function opened(path: string, env: Io['env']): Promise<string | undefined> {
  const [program, ...args] = openerOf(path, platform());
  const child = spawn(program, args, { env: { ...env }, stdio: 'ignore', detached: true });
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE_MS);
  try {
    const [code]: unknown[] = await once(child, 'close', { signal: patience.signal });
    return code === 0 ? undefined : `${program} ended with ${String(code)}`;
  } catch (error) {
    if (patience.signal.aborted) return undefined;
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return isMissing ? `there is no ${program} here` : String(error);
  } finally {
    clearTimeout(timer);
    child.unref();
  }
}

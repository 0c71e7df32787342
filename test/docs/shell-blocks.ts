import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Block } from './blocks.ts';
import { ROOT } from './pages.ts';

/** A command of a block, and what the page shows of its output; undefined if it shows none. */
export interface ShownCommand {
  readonly command: string;
  readonly shown: string | undefined;
}

export interface Printed {
  readonly code: number | null;
  /** stdout and stderr, as on a terminal. */
  readonly text: string;
}

/** The commands of a `sh` block (each line one), or of a `console` block (lines that begin with `$`, and what follows). */
export function commandsOf({ language, text, markers }: Block): ShownCommand[] {
  const lines = text
    .replace(/\\\n\s*/g, '')
    .trimEnd()
    .split('\n');
  const commands: { command: string; shown: string[] | undefined }[] = [];
  for (const line of lines) {
    const isCommand = language === 'sh' ? line !== '' && !line.startsWith('#') : line.startsWith('$ ');
    const command = language === 'sh' ? line : line.slice(2);
    if (isCommand) commands.push({ command: scaled(command, markers.run), shown: language === 'sh' ? undefined : [] });
    else commands.at(-1)?.shown?.push(line);
  }
  return commands.map(({ command, shown }) => ({ command, shown: shown?.join('\n') }));
}

/** The same command in small; a busy machine is no reason for it to fail. */
function scaled(command: string, options = ''): string {
  if (!/^(?:\S+=\S+ )*npx fleetstorm run /.test(command)) return command;
  const further = ['--accept-limited', '--quiet'].filter((option) => !command.includes(option));
  return [command, options, ...further].filter((part) => part !== '').join(' ');
}

/** The program that was built here, each time as a process of its own. */
export const OWN_PROCESS = `"${process.execPath}" "${join(ROOT, 'dist', 'bin.js')}"`;

/** Makes `npx fleetstorm` in that folder the program. Returns the folder for PATH. */
export function writeShims(folder: string, program = OWN_PROCESS): string {
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const text = `#!/bin/sh\n[ "$1" = fleetstorm ] || { echo "npx $1 is not for this test" >&2; exit 127; }\nshift\nexec ${program} "$@"\n`;
  writeFileSync(join(bin, 'npx'), text);
  chmodSync(join(bin, 'npx'), 0o755);
  return bin;
}

/** A service of its own serves until it is told to end: once it says so. */
const ENDS_BY_SIGNAL = /^npx fleetstorm emulator\b/;
const IS_SERVING = 'Ctrl-C ends it.';

/** Runs a command in the folder, as a shell does. */
export function runInShell(command: string, folder: string, bin: string): Promise<Printed> {
  const isService = ENDS_BY_SIGNAL.test(command);
  const child = spawn('bash', ['-c', isService ? `exec ${command} 2>&1` : `{ ${command}\n} 2>&1`], {
    cwd: folder,
    env: {
      ...process.env,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      NO_COLOR: '1',
      FORCE_COLOR: '0',
      FLEETSTORM_TUNING: 'off',
      COLUMNS: '100',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  let shownUpTo: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    if (!isService || shownUpTo !== undefined || !text.includes(IS_SERVING)) return;
    shownUpTo = text.indexOf(IS_SERVING) + IS_SERVING.length;
    child.kill('SIGINT');
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code, text: text.slice(0, shownUpTo) }));
  });
}

import process from 'node:process';
import type { Io } from '../../../src/cli/io/io.ts';

const COLUMNS = 100;

/** The surroundings of a command that only prints: no terminal, no signals, an environment that is empty unless given. */
export function helpIo(argv: readonly string[], env: Io['env'] = {}): Io & { printed(): string } {
  let text = '';
  const output = {
    write: (more: string) => {
      text += more;
    },
    isTTY: false,
    columns: COLUMNS,
  };
  const off = (): void => undefined;
  return {
    argv,
    env,
    stdout: output,
    stderr: output,
    stdin: process.stdin,
    onSignal: () => off,
    onExit: () => off,
    exitNow: (code) => {
      throw new Error(`a help text ended the process with ${code}`);
    },
    printed: () => text,
  };
}

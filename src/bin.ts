#!/usr/bin/env node
// First of all: what follows reads the environment as it is loaded.
import './process/library-logs.ts';
import { closeSync } from 'node:fs';
import process from 'node:process';
import { isatty } from 'node:tty';
import type { Io } from './cli/io/io.ts';

/** 3: what this machine lacks. The table of exit codes cannot be loaded when this is needed. */
const PREFLIGHT_REFUSED = 3;

// Node restores terminals at its end, and aborts when one has gone (`ResetStdio` in its source); closed ones it leaves alone.
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
process.on('exit', () => {
  for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
});

process.exitCode = await start();

/** Loaded here, piece by piece, and not by imports: a process that may open few files can say so then. */
async function start(): Promise<number> {
  try {
    const { wordStream } = await import('./cli/io/word-stream.ts');
    const { onEndSignal } = await import('./cli/io/end-signals.ts');
    const { lastWords } = await import('./cli/io/last-words.ts');
    const io: Io = {
      argv: process.argv.slice(2),
      env: process.env,
      stdout: wordStream(() => process.stdout),
      stderr: wordStream(() => process.stderr),
      // Made when it is asked for: not every descriptor can be read.
      get stdin() {
        return process.stdin;
      },
      onSignal: (listener) => onEndSignal(process, listener),
      onExit: (listener) => {
        process.on('exit', listener);
        return () => process.off('exit', listener);
      },
      exitNow: (code) => process.exit(code),
    };
    process.on('uncaughtException', (error) => process.exit(lastWords(io, error)));
    const { main } = await import('./cli/main.ts');
    return await main(io);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `fleetstorm could not be loaded: ${why}\nIt may open too few files (\`ulimit -n\`), or was not built.\n`,
    );
    return PREFLIGHT_REFUSED;
  }
}

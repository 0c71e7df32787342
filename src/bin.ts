#!/usr/bin/env node
import { closeSync } from 'node:fs';
import process from 'node:process';
import { isatty } from 'node:tty';
import { onEndSignal } from './cli/end-signals.ts';
import type { Io } from './cli/io.ts';
import { main } from './cli/main.ts';
import { wordStream } from './cli/word-stream.ts';

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

// Node restores terminals at its end, and aborts when one has gone (`ResetStdio` in its source); closed ones it leaves alone.
const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
process.on('exit', () => {
  for (const descriptor of terminals) if (!isatty(descriptor)) closeSync(descriptor);
});

process.exitCode = await main(io);

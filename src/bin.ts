#!/usr/bin/env node
// First of all: what follows reads the environment as it is loaded.
import './process/library-logs.ts';
import process from 'node:process';
import type { Io, Output } from './cli/io.ts';
import { main } from './cli/main.ts';
import { EXIT_CODES } from './metrics/exit-code.ts';

/** Width of text that goes to a file or a pipe. */
const PLAIN_COLUMNS = 100;

function output(stream: NodeJS.WriteStream): Output {
  // A reader that goes away (`| head`) ends the program's words, not its work.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  return {
    write: (text) => void stream.write(text),
    isTTY: stream.isTTY === true,
    get columns() {
      return stream.columns ?? PLAIN_COLUMNS;
    },
  };
}

const io: Io = {
  argv: process.argv.slice(2),
  env: process.env,
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  stdin: process.stdin,
  onSignal: (listener) => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
  onExit: (listener) => {
    process.on('exit', listener);
    return () => process.off('exit', listener);
  },
  exitNow: (code) => process.exit(code),
};

try {
  process.exitCode = await main(io);
} catch (error) {
  const shown = error instanceof Error && io.env['FLEETSTORM_DEBUG'] === undefined ? error.message : error;
  io.stderr.write(`fleetstorm: internal error: ${describe(shown)}\n`);
  io.stderr.write('This is a fault of the program; set FLEETSTORM_DEBUG=1 to see where it happened.\n');
  process.exitCode = EXIT_CODES.internalError;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

import { EventEmitter } from 'node:events';
import type { EndSignal } from '../../dist/cli/io/io.js';
import { main } from '../../dist/cli/main.js';
import { ioHere } from '../fixtures/io-here.ts';
import { type CliResult, NO_COLOURS, type RunningCli } from './cli.ts';
import { Printed } from './printed.ts';

/** A program under way in the test's own process. */
export interface RunningHere extends Omit<RunningCli, 'child'> {
  /** What the program does at a signal, without one. */
  signal(name: EndSignal): void;
}

/**
 * Starts the built program in the test's own process: its code and its words, without the start of a process of its own; its workers and its
 * emulator are played in this thread, unless `--processes` asks for more than one process. What only a process or a thread has - signals,
 * descriptors, limits, an exit code, an end of its own - is for `startCli`.
 */
export function startHere(args: readonly string[], env: Record<string, string> = {}): RunningHere {
  const printed = new Printed();
  const signals = new EventEmitter();
  const ownEnv = { ...process.env, ...NO_COLOURS, ...env };
  const io = ioHere(args, ownEnv, (output, text) => printed.add(output, text), signals);
  const ended = main(io).then((code) => ({ code, signal: null, stdout: printed.stdout, stderr: printed.stderr }));
  return {
    ended,
    waitFor: (text) => printed.waitFor(text, ended),
    output: () => printed.all,
    signal: (name) => signals.emit(name, name),
  };
}

/** Runs the program in the test's own process, to its end. */
export function runHere(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return startHere(args, env).ended;
}

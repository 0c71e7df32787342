import { spawnSync } from 'node:child_process';
import { execPath, stdout } from 'node:process';
import { expect, it } from 'vitest';
import { BIN, ROOT } from '../../e2e/cli.ts';

const ROUNDS = 9;
const YARGS_ALONE = ['--input-type=module', '-e', "import 'yargs'"];

/** 0.9, 0.9 and 1.6 on two cores, with other work on them or not; 3 for the last before the build put its files together. */
const MOST = 2;

it.each([[['--version']], [['--help']], [['validate', 'scenarios/quickstart.yaml']]])(
  '%j takes less than twice as long as an empty program that loads yargs',
  (args) => {
    // In turn, so that what else the machine does falls on both.
    const rounds = Array.from({ length: ROUNDS }, () => [timeMs(YARGS_ALONE), timeMs([BIN, ...args])] as const);
    // Other work only ever adds to a time, so the least is what the program itself takes.
    const ratio = Math.min(...rounds.map(([, own]) => own)) / Math.min(...rounds.map(([alone]) => alone));
    stdout.write(`${args[0]}: ${ratio.toFixed(2)}\n`);
    expect(ratio).toBeLessThan(MOST);
  },
);

function timeMs(args: readonly string[]): number {
  const startMs = performance.now();
  expect(spawnSync(execPath, args, { cwd: ROOT, stdio: 'ignore' }).status).toBe(0);
  return performance.now() - startMs;
}

import { spawnSync } from 'node:child_process';
import { execPath, stdout } from 'node:process';
import { beforeAll, expect, it } from 'vitest';
import { BIN, ROOT } from '../../e2e/cli.ts';

const ROUNDS = 6;
const YARGS_ALONE = ['--input-type=module', '-e', "import 'yargs'"];

const COMMANDS = [['--version'], ['--help'], ['validate', 'scenarios/quickstart.yaml']];

/** 0.9, 0.9 and 1.6 on two cores, with other work on them or not; 3 for the last before the build put its files together. */
const MOST = 2;

/** In turn, so that what else the machine does falls on all. Other work only ever adds to a time, so the least is what a program itself takes. */
const leastMs = new Map<readonly string[], number>();
beforeAll(() => {
  for (let round = 0; round < ROUNDS; round++) {
    take(YARGS_ALONE, YARGS_ALONE);
    for (const command of COMMANDS) take(command, [BIN, ...command]);
  }
});

it.each(COMMANDS.map((command) => [command] as const))(
  '%j takes less than twice as long as an empty program that loads yargs',
  (command) => {
    const ratio = (leastMs.get(command) ?? Number.NaN) / (leastMs.get(YARGS_ALONE) ?? Number.NaN);
    stdout.write(`${command[0]}: ${ratio.toFixed(2)}\n`);
    expect(ratio).toBeLessThan(MOST);
  },
);

function take(program: readonly string[], args: readonly string[]): void {
  leastMs.set(program, Math.min(timeMs(args), leastMs.get(program) ?? Number.POSITIVE_INFINITY));
}

function timeMs(args: readonly string[]): number {
  const startMs = performance.now();
  expect(spawnSync(execPath, args, { cwd: ROOT, stdio: 'ignore' }).status).toBe(0);
  return performance.now() - startMs;
}

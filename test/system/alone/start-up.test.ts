import { spawnSync } from 'node:child_process';
import { execPath } from 'node:process';
import { expect, it } from 'vitest';
import { BIN, ROOT } from '../../e2e/cli.ts';

const ROUNDS = 9;
const YARGS_ALONE = ['--input-type=module', '-e', "import 'yargs'"];

it.each([
  [['--version'], 2],
  [['--help'], 2],
  // Twice on a quiet machine; before its code was one file, three times.
  [['validate', 'scenarios/quickstart.yaml'], 2.5],
])('%j takes as long as an empty program that loads yargs, times less than %d', (args, most) => {
  // In turn, so that what else the machine does falls on both.
  const rounds = Array.from({ length: ROUNDS }, () => [timeMs(YARGS_ALONE), timeMs([BIN, ...args])] as const);
  const ratio = medianOf(rounds.map(([, own]) => own)) / medianOf(rounds.map(([alone]) => alone));
  expect(ratio).toBeLessThan(most);
});

function timeMs(args: readonly string[]): number {
  const startMs = performance.now();
  expect(spawnSync(execPath, args, { cwd: ROOT, stdio: 'ignore' }).status).toBe(0);
  return performance.now() - startMs;
}

function medianOf(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

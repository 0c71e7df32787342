import { expect, it } from 'vitest';
import { loadedModules } from '../fixtures/loaded-modules.ts';
import { BIN } from './cli.ts';
import { runHere } from './here.ts';

/** Packages besides yargs and what it is made of. */
const HEAVY = /node_modules\/(aedes|hdr-histogram-js|mqtt|mqtt-packet|piscina|prom-client|undici|uplot|yaml|zod)\//;

it.each([[['--version']], [['--help']]])('%j loads yargs and next to nothing else', async (args) => {
  const loaded = await loadedModules([BIN, ...args]);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
  // yargs and its parts are 44 files.
  expect(loaded.length).toBeLessThan(65);
});

it('validate loads what reads and checks a scenario, and nothing that plays one', async () => {
  const loaded = await loadedModules([BIN, 'validate', 'scenarios/quickstart.yaml']);
  const packages = new Set(loaded.flatMap((url) => HEAVY.exec(url)?.[1] ?? []));
  expect([...packages].sort()).toEqual(['yaml', 'zod']);
  expect(
    loaded.filter((url) => /\/dist\/(fleet|emulator\/(?!contract\/)|report\/html|metrics\/hlog)\//.test(url)),
  ).toEqual([]);
  // zod with its locales, yaml and yargs are 211 of them.
  expect(loaded.length).toBeLessThan(350);
});

it('the options of a command are told as if its code had been there from the start', async () => {
  const { code, stdout } = await runHere(['sign', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('--product-key');
  expect((await runHere(['--help'])).stdout).toContain('fleetstorm sign');
});

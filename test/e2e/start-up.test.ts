import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadedModules } from '../fixtures/loaded-modules.ts';
import { BIN, ROOT } from './cli.ts';
import { runHere } from './here.ts';

/** Packages besides yargs and what it is made of. */
const HEAVY = /node_modules\/(aedes|hdr-histogram-js|mqtt|mqtt-packet|piscina|prom-client|undici|uplot|yaml|zod)\//;

it.each([[['--version']], [['--help']]])('%j loads yargs and next to nothing else', async (args) => {
  const loaded = await loadedModules([BIN, ...args]);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
  // yargs and its parts are 44 files.
  expect(loaded.length).toBeLessThan(65);
});

it('validate loads hardly more files than --help, as its own code is one of them', async () => {
  const loaded = await loadedModules([BIN, 'validate', 'scenarios/quickstart.yaml']);
  expect(loaded.filter((url) => HEAVY.test(url))).toEqual([]);
  expect(loaded.length).toBeLessThan(65);
});

it('the code of validate holds what reads and checks a scenario, and nothing that plays one', async () => {
  const code = await readFile(join(ROOT, 'dist/cli/validate.js'), 'utf8');
  const parts = [...code.matchAll(/^\/\/ ((?:dist|node_modules)\/\S+)$/gm)].map(([, part = '']) => part);
  expect(parts).toContain('dist/scenario/load.js');
  const packages = new Set(parts.flatMap((part) => /^node_modules\/([^/]+)/.exec(part)?.[1] ?? []));
  expect([...packages].sort()).toEqual(['yaml', 'zod']);
  expect(parts.filter((part) => /^dist\/(fleet|emulator\/(?!contract\/)|report|metrics\/hlog)\//.test(part))).toEqual(
    [],
  );
  // What a scenario never uses of them stays out: zod alone has the words of fifty languages.
  expect(parts.length).toBeLessThan(235);
  for (const owner of ['Eemeli Aro', 'Colin McDonnell']) expect(code).toContain(owner);
});

it('the options of a command are told as if its code had been there from the start', async () => {
  const { code, stdout } = await runHere(['sign', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('--product-key');
  expect((await runHere(['--help'])).stdout).toContain('fleetstorm sign');
});

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { loadedModules } from '../fixtures/loaded-modules.ts';
import { BIN } from './cli.ts';
import { runHere } from './here.ts';

const DIST = new URL('../../dist/', import.meta.url);

/** The modules of the project and of packages that a program loads, by what the build says of the files that hold them; and its files. */
async function loaded(args: readonly string[]): Promise<{ files: number; parts: readonly string[] }> {
  const urls = await loadedModules(args);
  const modules = JSON.parse(await readFile(new URL('modules.json', DIST), 'utf8')) as Record<
    string,
    readonly string[]
  >;
  return { files: urls.length, parts: urls.flatMap((url) => modules[url.replace(DIST.href, '')] ?? []) };
}

function packagesOf(parts: readonly string[]): string[] {
  return [...new Set(parts.flatMap((part) => /^node_modules\/([^/]+)/.exec(part)?.[1] ?? []))].sort();
}

/** yargs and what it is made of. */
const YARGS = expect.arrayContaining(['cliui', 'y18n', 'yargs', 'yargs-parser']);
const HEAVY = /^(aedes|bullmq|hdr-histogram-js|ioredis|mqtt|mqtt-packet|piscina|prom-client|undici|uplot|yaml|zod)$/;

it.each([[['--version']], [['--help']]])('%j loads yargs and next to nothing else', async (args) => {
  const { files, parts } = await loaded([BIN, ...args]);
  expect(packagesOf(parts)).toEqual(YARGS);
  expect(packagesOf(parts).filter((name) => HEAVY.test(name))).toEqual([]);
  expect(files).toBeLessThan(10);
  // yargs and its parts are 44 files.
  expect(parts.length).toBeLessThan(75);
});

it('validate loads what reads and checks a scenario, and nothing that plays one', async () => {
  const { files, parts } = await loaded([BIN, 'validate', 'scenarios/quickstart.yaml']);
  expect(files).toBeLessThan(12);
  expect(parts).toContain('dist/scenario/load.js');
  expect(packagesOf(parts).filter((name) => HEAVY.test(name))).toEqual(['yaml', 'zod']);
  expect(parts.filter((part) => /^dist\/(fleet|emulator\/(?!contract\/)|report|metrics\/hlog)\//.test(part))).toEqual(
    [],
  );
  // What a scenario never uses of them stays out: zod alone has the words of fifty languages.
  expect(parts.length).toBeLessThan(330);
});

it('the licences of all packages that the build takes in come with them', async () => {
  const licences = await readFile(new URL('../../dist/parts/licences.txt', import.meta.url), 'utf8');
  for (const owner of ['Eemeli Aro', 'Colin McDonnell', 'MQTT.js', 'James Halliday']) expect(licences).toContain(owner);
});

it('the options of a command are told as if its code had been there from the start', async () => {
  const { code, stdout } = await runHere(['sign', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('--product-key');
  expect((await runHere(['--help'])).stdout).toContain('fleetstorm sign');
});

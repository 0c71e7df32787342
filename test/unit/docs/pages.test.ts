import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { type Block, blocksOf } from '../../docs/blocks.ts';
import { checkedCommands, commandFault } from '../../docs/checked-commands.ts';
import { GENERATED_PAGES } from '../../docs/generated/pages.ts';
import { brokenLinks } from '../../docs/links.ts';
import { allPages, readPage } from '../../docs/pages.ts';
import { writeExampleFiles, yamlFaults } from '../../docs/yaml-blocks.ts';

const PAGES = allPages();
const BLOCKS = PAGES.flatMap(blocksOf);

function named(block: Block): [string, Block] {
  return [`${block.page}:${block.line}`, block];
}

describe('links', () => {
  it.each(PAGES.map((page) => [page.path, page] as const))('of %s lead to what exists', (_path, page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});

describe('blocks', () => {
  it('are of languages that a test reads', () => {
    const known = ['sh', 'console', 'yaml', 'json', 'ts', 'csv', 'text', 'mermaid'];
    expect(BLOCKS.filter(({ language }) => !known.includes(language)).map(named)).toEqual([]);
  });

  it('of plain text are in generated pages only: elsewhere nobody would notice that they are out of date', () => {
    const plain = BLOCKS.filter(({ language, page }) => language === 'text' && !(page in GENERATED_PAGES));
    expect(plain.map(named)).toEqual([]);
  });

  it('are run, all but these', () => {
    const left = BLOCKS.filter(({ markers }) => markers['not run'] !== undefined);
    expect(left.map(({ page, markers }) => `${page}: ${markers['not run']}`)).toMatchInlineSnapshot(`
      [
        "README.md: installs the packages of this very folder",
        "CONTRIBUTING.md: installs packages and runs the whole test suite, this test included",
        "CONTRIBUTING.md: a test run of its own",
        "results/README.md: a system test of its own",
        "results/README.md: a measurement, on a machine with nothing else to do",
        "results/README.md: takes minutes, on a machine with nothing else to do",
        "results/README.md: a measurement, and needs a mosquitto on port 18840",
        "results/README.md: a measurement, and needs two mosquittos on ports 18840 and 18841",
        "results/README.md: a measurement, on a machine with nothing else to do",
        "results/README.md: a measurement, and needs a mosquitto on port 18840",
        "results/README.md: a measurement, on a machine with nothing else to do",
        "results/README.md: a measurement, on a machine with nothing else to do",
        "results/README.md: draws the picture of a measurement",
        "docs/capacity.md: takes minutes",
        "docs/capacity.md: takes minutes",
        "docs/capacity.md: takes minutes",
        "docs/capacity.md: takes minutes",
        "docs/comparing.md: the searches take minutes",
        "docs/comparing.md: two storms of a minute each; the commands above are of the same kind",
        "docs/grafana.md: needs Docker",
        "docs/login.md: serves until it is told to end",
        "docs/many-machines.md: needs a Redis, and serves until it is ended",
        "docs/many-machines.md: needs agents",
        "docs/many-machines.md: needs agents",
        "docs/many-machines.md: needs a service that several machines reach",
        "docs/many-machines.md: needs the shares of the block above",
        "docs/many-machines.md: needs a job that is numbered",
        "docs/many-machines.md: needs the files of several shares",
        "docs/scenarios.md: needs a broker elsewhere",
        "docs/scenarios.md: test/e2e/storm-scenarios.test.ts plays this storm, and holds it to the arithmetic",
        "docs/several-addresses.md: needs two brokers, and somebody who stops one",
      ]
    `);
  });

  it.each(BLOCKS.filter(({ language }) => language === 'json').map(named))('%s is JSON', (_where, { text }) => {
    expect(JSON.parse(text)).toBeTypeOf('object');
  });
});

describe('scenarios', () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'docs-yaml-'));
    await writeExampleFiles(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const scenarios = BLOCKS.filter(({ language, markers }) => language === 'yaml' && markers['not run'] === undefined);
  // Those that are written into files are read by the commands after them.
  it.each(scenarios.filter(({ markers }) => markers.file === undefined).map(named))(
    '%s has no faults',
    async (_, block) => {
      expect(await yamlFaults(block, folder)).toEqual([]);
    },
  );
});

describe('commands that are not run', () => {
  const commands = PAGES.flatMap((page) =>
    checkedCommands(page).map((words) => [page.path, words.join(' ').slice(0, 60), words] as const),
  );

  it('are found at all', () => {
    expect(commands.length).toBeGreaterThan(10);
  });

  it.each(commands)('%s: %s', async (_page, _command, words) => {
    expect(await commandFault(words)).toBeUndefined();
  });
});

test('the README is short', () => {
  expect(readPage('README.md').text.split('\n').length).toBeLessThanOrEqual(200);
});

test('pages that are not generated are short', () => {
  const long = PAGES.filter(({ path, text }) => !(path in GENERATED_PAGES) && text.split('\n').length > 251);
  expect(long.map(({ path }) => path)).toEqual([]);
});

import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf } from '../docs/blocks.ts';
import { allPages, ROOT } from '../docs/pages.ts';
import { commandsOf, runInShell, writeShims } from '../docs/shell-blocks.ts';
import { isAsShown } from '../docs/shown-output.ts';
import { compileBlocks, runProgram } from '../docs/typescript-blocks.ts';

/** The commands and programs of all pages, each page in a folder of its own, on the built program. */

const IS_COMMAND = (block: Block): boolean =>
  /^(?:sh|console)$/.test(block.language) && block.markers['not run'] === undefined;
const PAGES = allPages().map((page) => ({ path: page.path, blocks: blocksOf(page) }));
const WITH_COMMANDS = PAGES.filter(({ blocks }) => blocks.some(IS_COMMAND));
const PROGRAMS = PAGES.flatMap(({ blocks }) => blocks).filter(({ language }) => language === 'ts');

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docs-page-'));
  symlinkSync(join(ROOT, 'scenarios'), join(folder, 'scenarios'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test.concurrent.for(WITH_COMMANDS)('the commands of $path do what it says', async ({ blocks }, { expect }) => {
  const folder = newFolder();
  const bin = writeShims(folder);
  for (const block of blocks) {
    if (block.markers.file !== undefined) writeFileSync(join(folder, block.markers.file), block.text);
    if (!IS_COMMAND(block)) continue;
    const commands = commandsOf(block);
    for (const [index, { command, shown }] of commands.entries()) {
      const where = `${block.page}:${block.line}: ${command}`;
      const { code, text } = await runInShell(command, folder, bin);
      const wanted = index === commands.length - 1 ? Number(block.markers.exit ?? 0) : 0;
      expect(code, `${where}\n${text}`).toBe(wanted);
      if (shown !== undefined && !isAsShown(shown, text)) expect(text, where).toBe(shown);
    }
  }
});

describe('programs', () => {
  let folder: string;
  let programs: string[];
  beforeAll(async () => {
    folder = newFolder();
    programs = await compileBlocks(PROGRAMS, folder);
  });

  const cases = PROGRAMS.map(({ page, line }, index) => ({ where: `${page}:${line}`, index }));
  test.concurrent.for(cases)('$where runs to its end', async ({ index }, { expect }) => {
    expect(await runProgram(programs[index] ?? '', folder)).not.toBe('');
  });
});

test('there are commands and programs at all', () => {
  expect(WITH_COMMANDS.length).toBeGreaterThan(5);
  expect(PROGRAMS.length).toBeGreaterThan(1);
});

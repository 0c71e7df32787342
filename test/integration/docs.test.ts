import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Block, blocksOf } from '../docs/blocks.ts';
import { allPages, ROOT } from '../docs/pages.ts';
import { ResidentProgram } from '../docs/resident-program.ts';
import { commandsOf, OWN_PROCESS, runInShell, writeShims } from '../docs/shell-blocks.ts';
import { isAsShown } from '../docs/shown-output.ts';
import { compileBlocks, runPrograms } from '../docs/typescript-blocks.ts';
import { QUICKSTART } from '../fixtures/quick-run.ts';

/** The commands and programs of all pages, each page in a folder of its own, on the built program. */

const IS_COMMAND = (block: Block): boolean =>
  /^(?:sh|console)$/.test(block.language) && block.markers['not run'] === undefined;
const PAGES = allPages().map((page) => ({ path: page.path, blocks: blocksOf(page) }));
const WITH_COMMANDS = PAGES.filter(({ blocks }) => blocks.some(IS_COMMAND));
const PROGRAMS = PAGES.flatMap(({ blocks }) => blocks).filter(({ language }) => language === 'ts');

/** Where a command is ended by a signal, and where exit codes are those that a shell gets of a process. */
const PAGES_OF_PROCESSES = ['docs/emulator.md', 'docs/exit-codes.md'];

const folders: string[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docs-page-'));
  folders.push(folder);
  return folder;
}

/** Programs name scenarios that ship, and take no options: theirs has the client that needs less of the machine. */
async function runInOne(blocks: readonly Block[]): Promise<string[]> {
  const folder = newFolder();
  mkdirSync(join(folder, 'scenarios'));
  const quickstart = readFileSync(join(ROOT, QUICKSTART), 'utf8');
  writeFileSync(join(folder, QUICKSTART), `${quickstart}client: lean\n`);
  return await runPrograms(await compileBlocks(blocks, folder), folder);
}

let resident: ResidentProgram;
/** What the programs printed: they run beside the commands. */
let printed: Promise<string[]>;
beforeAll(async () => {
  resident = await ResidentProgram.start();
  printed = runInOne(PROGRAMS);
  // Looked at by the tests of the programs, which come after those of the commands.
  printed.catch(() => undefined);
});
afterAll(async () => {
  await resident.close();
  await printed.catch(() => undefined);
  for (const folder of folders) rmSync(folder, { recursive: true });
});

test.concurrent.for(WITH_COMMANDS)('the commands of $path do what it says', async ({ path, blocks }, { expect }) => {
  const folder = newFolder();
  symlinkSync(join(ROOT, 'scenarios'), join(folder, 'scenarios'));
  const bin = writeShims(folder, PAGES_OF_PROCESSES.includes(path) ? OWN_PROCESS : resident.executable);
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
  const cases = PROGRAMS.map(({ page, line }, index) => ({ where: `${page}:${line}`, index }));
  test.for(cases)('$where runs to its end', async ({ index }) => {
    expect((await printed)[index]).toMatch(/\S/);
  });
});

test('there are commands and programs at all', () => {
  expect(WITH_COMMANDS.length).toBeGreaterThan(5);
  expect(PROGRAMS.length).toBeGreaterThan(1);
});

import { main } from '../../src/cli/main.ts';
import { blocksOf } from './blocks.ts';
import { helpIo } from './generated/help-io.ts';
import type { Page } from './pages.ts';
import { commandsOf } from './shell-blocks.ts';

/** Commands that a test only checks: those in cells of tables, and those of blocks that are not run. Words without their quotes. */
export function checkedCommands(page: Page): string[][] {
  const rows = page.text.split('\n').filter((line) => line.startsWith('|'));
  const inCells = rows
    .flatMap((row) => [...row.matchAll(/`(npx fleetstorm [^`]+)`/g)])
    .map(([, command = '']) => command);
  const inBlocks = blocksOf(page)
    .filter(({ language, markers }) => language === 'sh' && markers['not run'] !== undefined)
    .flatMap((block) => commandsOf(block).map(({ command }) => command));
  return [...inCells, ...inBlocks].filter((command) => command.startsWith(PROGRAM)).map(wordsOf);
}

const PROGRAM = 'npx fleetstorm ';

/** What the pages say to set beforehand. */
const ENVIRONMENT = { FLEETSTORM_REDIS_PASSWORD: 'a password' };

/** Options with values that are known only where and when the command is given: the number of a job, a time to come. */
const KNOWN_THERE = / --(?:shard|start-at) (?:"[^"]*"|\S+)/g;

function wordsOf(command: string): string[] {
  const words = command
    .slice(PROGRAM.length)
    .replace(KNOWN_THERE, '')
    .matchAll(/'([^']*)'|(\S+)/g);
  return [...words].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Why a command would not do what it says; undefined if it would: its options exist, and the scenario that it runs has no faults. */
export async function commandFault(words: readonly string[]): Promise<string | undefined> {
  const [name = '', ...rest] = words;
  if (name === 'run' || name === 'validate') {
    const checked = await printedBy(['validate', ...rest, '--no-preflight']);
    return checked.code === 0 ? undefined : checked.text;
  }
  const help = await printedBy([name, '--help']);
  const unknown = words.find((word) => word.startsWith('--') && !new RegExp(`${word}\\b`).test(help.text));
  return help.code === 0 && unknown === undefined ? undefined : `${name} has no option ${unknown}`;
}

async function printedBy(argv: readonly string[]): Promise<{ code: number; text: string }> {
  const io = helpIo(argv, ENVIRONMENT);
  const code = await main(io);
  return { code, text: io.printed() };
}

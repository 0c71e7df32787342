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

function wordsOf(command: string): string[] {
  const words = command.slice(PROGRAM.length).matchAll(/'([^']*)'|(\S+)/g);
  return [...words].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Why a command would not do what it says; undefined if it would: its options exist, and the scenario that it runs has no faults. */
export async function commandFault(words: readonly string[]): Promise<string | undefined> {
  const [name = '', file = ''] = words;
  const help = await printedBy([name, '--help']);
  const unknown = words
    .filter((word) => word.startsWith('--'))
    .find((option) => !new RegExp(`${option}\\b`).test(help.text));
  if (unknown !== undefined) return `${name} has no option ${unknown}`;
  if (name !== 'run' && name !== 'validate') return help.code === 0 ? undefined : `no command ${name}`;
  const settings = words.flatMap((word, index) => (words[index - 1] === '--set' ? ['--set', word] : []));
  const checked = await printedBy(['validate', file, '--no-preflight', ...settings]);
  return checked.code === 0 ? undefined : checked.text;
}

async function printedBy(argv: readonly string[]): Promise<{ code: number; text: string }> {
  const io = helpIo(argv);
  const code = await main(io);
  return { code, text: io.printed() };
}

import { commandsPage } from './commands.ts';
import { exitCodeTable } from './exit-codes.ts';
import { metricReference } from './metric-reference.ts';
import { scenarioReference } from './scenario-reference.ts';

/** Pages that are generated as a whole: path from the root, and what makes its text. */
export const GENERATED_PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  'docs/scenario-reference.md': scenarioReference,
  'docs/metric-reference.md': metricReference,
  'docs/commands.md': commandsPage,
};

/** Parts of pages that people write, between `<!-- begin: NAME -->` and `<!-- end -->`: page, name, and what makes the part. */
export const GENERATED_PARTS: readonly (readonly [page: string, name: string, made: () => string])[] = [
  ['docs/exit-codes.md', 'exit codes', exitCodeTable],
];

/** The page with that part as it is made now. Throws if the page has no such part. */
export function withPart(text: string, name: string, part: string): string {
  const begin = `<!-- begin: ${name} -->\n`;
  const [before, rest] = [text.slice(0, text.indexOf(begin)), text.slice(text.indexOf(begin) + begin.length)];
  const end = rest.indexOf('<!-- end -->');
  if (!text.includes(begin) || end < 0) throw new Error(`no part ${name}`);
  return `${before}${begin}\n${part}\n\n${rest.slice(end)}`;
}

import { main } from '../../../src/cli/main.ts';
import { generatedNote, sentence } from '../markdown.ts';
import { helpIo } from './help-io.ts';

const INTRO = `# Commands

${generatedNote('the help of each command')}

What \`fleetstorm COMMAND --help\` prints. [Running](running.md) explains what \`run\` does around a scenario; [exit codes](exit-codes.md)
are the same for all commands. From a checkout, write \`npx fleetstorm\`.`;

/** The page of all commands, each with its own help text. */
export async function commandsPage(): Promise<string> {
  const top = await helpOf();
  const commands = [...top.matchAll(/^ {2}fleetstorm (\w[\w-]*)/gm)].map(([, name = '']) => name);
  const parts = [INTRO, block(top)];
  for (const name of commands) {
    const [usage = '', , description = '', ...rest] = (await helpOf(name)).split('\n');
    parts.push(`## ${name}`, sentence(description), block([usage, ...rest].join('\n')));
  }
  return `${parts.join('\n\n')}\n`;
}

async function helpOf(...command: string[]): Promise<string> {
  const io = helpIo([...command, '--help']);
  await main(io);
  return io.printed().trimEnd();
}

function block(text: string): string {
  return `\`\`\`text\n${text.replace(/\n{3,}/g, '\n\n')}\n\`\`\``;
}

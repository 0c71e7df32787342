import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { BIN, ROOT } from '../e2e/cli.ts';

/** Real shells complete with the scripts that the program prints. Needs bash, zsh and fish; without them it fails, it does not skip. */

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-completion-'));
  const program = join(dir, 'fleetstorm');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  await chmod(program, 0o755);
});
afterAll(() => rm(dir, { recursive: true }));

async function shell(name: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, PATH: `${dir}${delimiter}${process.env['PATH'] ?? ''}` };
  const { stdout } = await promisify(execFile)(name, [...args], { cwd: ROOT, env });
  return stdout;
}

/** Words of the command line, the last of them under the cursor, and what must be offered in its place. */
const CASES: readonly (readonly [words: readonly string[], offered: readonly string[]])[] = [
  [['rep'], ['report']],
  [
    ['run', '--o'],
    ['--open', '--out'],
  ],
  [['run', 'scenarios/quick'], ['scenarios/quickstart.yaml']],
  [['run', 'x.yaml', '--no-p'], ['--no-probe']],
  [
    ['presets', 'paho'],
    ['paho-c-async', 'paho-java', 'paho-python'],
  ],
  [['emulator', '--profile', 'c'], ['current']],
];

describe.concurrent('bash', () => {
  it.for(CASES)('completes %j', async ([words, offered], { expect }) => {
    const script = [
      'source <(fleetstorm completion bash)',
      'COMP_WORDS=(fleetstorm "$@"); COMP_CWORD=$#',
      `_fleetstorm; printf '%s\\n' "\${COMPREPLY[@]}"`,
    ];
    const out = await shell('bash', ['-c', script.join('\n'), 'bash', ...words]);
    expect(out.trimEnd().split('\n').sort()).toEqual(offered);
  });
});

describe.concurrent('fish', () => {
  it.for(CASES)('completes %j', async ([words, offered], { expect }) => {
    const script = `fleetstorm completion fish | source; complete -C "fleetstorm ${words.join(' ')}"`;
    const out = await shell('fish', ['-c', script]);
    const found = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t', 1)[0]);
    expect(found.sort()).toEqual(offered);
  });
});

/** The line editor of zsh needs a terminal, so one is given to it: it prints a bell when the candidates are shown. */
describe.concurrent('zsh', () => {
  it.for(CASES)('completes %j', async ([words, offered], { expect }) => {
    // What is typed already is not printed again where only one word fits.
    const typed = words.at(-1) ?? '';
    const shown = offered.length === 1 ? offered.map((word) => word.slice(typed.length)) : offered;
    const script = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'autoload -Uz compinit; compinit -u -D; source <(fleetstorm completion zsh); cd ${ROOT}; echo rea""dy'
zpty -r z out '*ready*'
zpty -w -n z $'fleetstorm ${words.join(' ')}\\t\\t'
for i in {1..400}; do
  sleep 0.1
  while zpty -rt z more; do all+=$more; done
  [[ $all == *${shown.at(-1)}* ]] && break
done
print -r -- $all`;
    const out = await shell('zsh', ['-f', '-c', script]);
    for (const word of shown) expect(out).toContain(word);
  });
});

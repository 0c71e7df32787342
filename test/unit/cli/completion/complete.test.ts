import { describe, expect, it } from 'vitest';
import { COMPLETE_FLAG } from '../../../../src/cli/completion/scripts.ts';
import { main } from '../../../../src/cli/main.ts';
import { PRESETS } from '../../../../src/plan/reconnect-presets.ts';
import { FakeIo } from '../emulator-io.ts';

/** What may stand in the place of the last word: its kind, and the words. */
async function completed(...words: string[]): Promise<readonly [kind: string, words: readonly string[]]> {
  const io = Object.assign(new FakeIo(), { argv: [COMPLETE_FLAG, ...words] });
  expect([await main(io), io.err]).toEqual([0, '']);
  const [kind = '', ...lines] = io.out.trimEnd().split('\n');
  return [kind, lines.map((line) => line.split('\t', 1)[0] ?? '')];
}

const COMMANDS = [
  'run',
  'capacity',
  'validate',
  'login',
  'emulator',
  'presets',
  'sign',
  'report',
  'merge',
  'agent',
  'compare',
  'schema',
  'completion',
];

describe('completion', () => {
  it('offers the commands first, each with what it does', async () => {
    expect(await completed('')).toEqual(['words', COMMANDS]);
    expect(await completed('ru')).toEqual(['words', COMMANDS]);
    const io = Object.assign(new FakeIo(), { argv: [COMPLETE_FLAG, ''] });
    await main(io);
    expect(io.out).toContain('run\tPlay a scenario and report what the service did\n');
  });

  it.each([
    ['run', 'files'],
    ['validate', 'files'],
    ['login', 'files'],
    ['report', 'folders'],
    ['compare', 'folders'],
  ])('offers for the argument of %s: %s', async (command, kind) => {
    expect(await completed(command, '')).toEqual([kind, []]);
  });

  it('offers the options of the command, without those that are given', async () => {
    const [kind, options] = await completed('run', 'a.yaml', '--out', 'x', '--set', 'a=1', '--');
    expect(kind).toBe('words');
    expect(options).toEqual(expect.arrayContaining(['--set', '--dashboard', '--open', '--no-probe', '--help']));
    expect(options).not.toContain('--out');
    expect(options).not.toContain('--profile');
    expect(options.filter((word) => !/^--[a-z]/.test(word))).toEqual([]);
  });

  it.each<[string[], string, string[]]>([
    [['emulator', '--profile', ''], 'words', ['2017', 'current']],
    [['emulator', '--profile', '=', 'c'], 'words', ['2017', 'current']],
    [['emulator', '--profile', '='], 'words', ['2017', 'current']],
    [['emulator', '--profile=c'], 'words', ['--profile=2017', '--profile=current']],
    [['run', 'a.yaml', '--junit', ''], 'files', []],
    [['login', '--ca', ''], 'files', []],
    [['run', 'a.yaml', '--out', ''], 'folders', []],
    [['run', 'a.yaml', '--workers', ''], 'words', []],
    [['completion', ''], 'words', ['bash', 'zsh', 'fish']],
    [['presets', ''], 'words', PRESETS.map(({ name }) => name)],
    [['nothing', ''], 'words', COMMANDS],
  ])('offers after %j: %s', async (words, kind, offered) => {
    expect(await completed(...words)).toEqual([kind, offered]);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../../src/cli/main.ts';
import { FakeIo } from '../emulator-io.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-usage-'));
});
afterAll(() => rm(dir, { recursive: true }));

async function commandLine(...argv: string[]) {
  const io = Object.assign(new FakeIo(), { argv });
  const code = await main(io);
  const lines = io.err.trimEnd().split('\n');
  return { code, out: io.out, err: lines.filter((line) => !line.startsWith('See ')).at(-1) };
}

const STRAY = 'a word that belongs to no option (not shown, as it may be a secret)';
const RUN = ['run', 'scenarios/quickstart.yaml'];

describe('the command line', () => {
  it.each<[string[], string]>([
    [[...RUN, '--attempts', 'a.csv', '--attempts', 'b.csv'], '--attempts is given 2 times; give it once'],
    [[...RUN, '--workers', '1', '--workers', '2', '--workers', '3'], '--workers is given 3 times; give it once'],
    [['compare', 'a', 'b', '--tolerance', '1%', '--tolerance', '2%'], '--tolerance is given 2 times; give it once'],
    [['emulator', '--state', 'a', '--state', 'b'], '--state is given 2 times; give it once'],
    [[...RUN, '--out', ''], '--out needs a value'],
    [[...RUN, '--out='], '--out needs a value'],
    [[...RUN, '--no-out'], '--out needs a value'],
    [[...RUN, '--workers', ''], '--workers needs a value'],
    [[...RUN, '--prometheus='], '--prometheus needs a value'],
    [[...RUN, '--dashboard', ''], '--dashboard needs a value'],
    [[...RUN, '--allow-remote', ''], '--allow-remote needs a value'],
    [[...RUN, '--allowRemote', ''], '--allow-remote needs a value'],
    [[...RUN, '--set', ''], '--set needs a value'],
    [['report', 'results', '--csv', ''], '--csv needs a value'],
    [['emulator', '--port', ''], '--port needs a value'],
    [['emulator', '--name', ''], '--name needs a value'],
    [[...RUN, '--workers', 'many'], '--workers takes a number'],
    [[...RUN, '--file', 'other.yaml'], 'unknown option --file: give <file> as a word of its own'],
    // A blank where `=` was meant: the password stands alone.
    [[...RUN, '--set', 'fleets.0.auth.password', 'hunter2'], `Unexpected: ${STRAY}`],
    [[...RUN, 'hunter2, too', '--pasword', 'x'], `Unexpected: ${STRAY}`],
    [[...RUN, '--out.x', 'y'], 'unknown option --out.x'],
    [['run', ''], '<file> is empty'],
    [['compare', 'a', ''], '<dirs> is empty'],
    [[...RUN, '--out', '--quiet'], '--out needs a value'],
    [[...RUN, '--junit'], '--junit needs a value'],
    [['report', 'results', '--junit'], '--junit needs a value'],
    [['compare', 'a', 'b', '--html'], '--html needs a value'],
    [['compare', 'a', 'b', '--tolerance'], '--tolerance needs a value'],
    [['emulator', '--profile'], '--profile needs a value'],
  ])('%j is refused', async (argv, fault) => {
    expect(await commandLine(...argv)).toEqual({ code: 2, out: '', err: fault });
  });

  it('lets lists be given again, and what has a default of its own stand alone', async () => {
    // Refused for what it says, not for how it is given.
    const remote = await commandLine(...RUN, '--set', 'duration=x', '--set', 'seed=y', '--dashboard');
    expect(remote.err).toBe('2 faults; nothing was run');
    expect((await commandLine('report', join(dir, 'none'), '--csv')).err).toContain('summary.json does not exist');
  });
});

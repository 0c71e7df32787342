import { describe, expect, it } from 'vitest';
import { main } from '../../../../src/cli/main.ts';
import { FakeIo } from '../emulator-io.ts';

async function told(...argv: string[]) {
  const io = Object.assign(new FakeIo(), { argv });
  const code = await main(io);
  return { code, out: io.out, err: io.err.trimEnd().split('\n') };
}

const STRAY = 'Unexpected: a word that belongs to no option (not shown, as it may be a secret)';

describe('a command line that cannot be understood', () => {
  it.each<[string[], string[], string]>([
    [['run', 'x.yaml', '--dashbord'], ['unknown option --dashbord: did you mean --dashboard?'], 'run'],
    [['run', 'x.yaml', '--dashbord=80'], ['unknown option --dashbord: did you mean --dashboard?'], 'run'],
    [['run', 'x.yaml', '--no-prob'], ['unknown option --no-prob: did you mean --no-probe?'], 'run'],
    [['run', 'x.yaml', '--allow'], ['unknown option --allow: did you mean --allow-remote?'], 'run'],
    [['run', 'x.yaml', '-q'], ['unknown option -q: did you mean --quiet?'], 'run'],
    [['run', 'x.yaml', '--xyzzy'], ['unknown option --xyzzy'], 'run'],
    [
      ['run', 'x.yaml', '--quite', '--joson'],
      ['unknown option --quite: did you mean --quiet?', 'unknown option --joson: did you mean --json?'],
      'run',
    ],
    [['run', 'x.yaml', 'hunter2', '--quite'], ['unknown option --quite: did you mean --quiet?', STRAY], 'run'],
    [['run', '--hlep', 'x.yaml'], ['unknown option --hlep: did you mean --help?'], 'run'],
    [['run'], ['run needs <file>'], 'run'],
    [['sign', '--produkt-key', 'x'], ['unknown option --produkt-key: did you mean --product-key?'], 'sign'],
    [['sign', '--product-key', 'x'], ['sign needs --device-name and --client-id'], 'sign'],
    [['emulator', '--profile', '2071'], ['--profile takes 2017 or current, not 2071: did you mean 2017?'], 'emulator'],
    [['emulator', '--login-mode', 'none'], ['--login-mode takes direct, https-token or both, not none'], 'emulator'],
  ])('%j', async (argv, faults, command) => {
    expect(await told(...argv)).toEqual({ code: 2, out: '', err: [...faults, `See fleetstorm ${command} --help`] });
  });

  it('says which command was meant, or which there are', async () => {
    expect((await told('rnu', 'x.yaml')).err).toEqual([
      'unknown command rnu: did you mean run?',
      'See fleetstorm --help',
    ]);
    expect((await told('xyzzy')).err[0]).toMatch(/^unknown command xyzzy: there are run, capacity, validate, /);
  });

  it('shows no word that may be the value of an option', async () => {
    expect((await told('--pasword', 'hunter2')).err.join()).not.toContain('hunter2');
    expect((await told('run', 'x.yaml', '--pasword=hunter2')).err.join()).not.toContain('hunter2');
  });

  it('gets the whole help only where there is no command at all', async () => {
    const { code, out, err } = await told();
    expect([code, out, err.at(-1)]).toEqual([2, '', 'Name a command.']);
    expect(err.join('\n')).toContain('fleetstorm run <file>');
  });
});

describe('-h and -v', () => {
  it('are short for --help and --version', async () => {
    expect((await told('run', '-h')).out).toBe((await told('run', '--help')).out);
    expect((await told('-v')).out).toBe((await told('--version')).out);
  });
});

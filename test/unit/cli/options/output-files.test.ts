import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateFaults } from '../../../../src/cli/emulator-state.ts';
import { outputFaults, outputFiles, runFiles } from '../../../../src/cli/options/output-files.ts';

let dir: string;
const at = (...names: string[]): string => join(dir, ...names);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'fleetstorm-outputs-'));
  for (const name of ['scenario.yaml', 'devices.csv']) await writeFile(at(name), 'mine\n');
});
afterEach(() => rm(dir, { recursive: true }));

const inputs = () => [
  { what: 'the scenario', path: at('scenario.yaml') },
  { what: 'a device list of the scenario', path: at('devices.csv') },
];

describe('outputFaults', () => {
  it('lets files be written that nobody reads', async () => {
    const files = outputFiles({ attempts: at('a.csv'), junit: undefined });
    expect(files).toEqual([{ option: '--attempts', path: at('a.csv') }]);
    expect(await outputFaults(files, inputs(), at('out'))).toEqual([]);
    expect(await outputFaults(outputFiles({ junit: at('out', 'junit.xml') }), inputs(), at('out'))).toEqual([]);
    expect((await readdir(dir)).sort()).toEqual(['devices.csv', 'scenario.yaml']);
  });

  it('lets nothing take the place of what is read', async () => {
    expect(await outputFaults(outputFiles({ attempts: at('devices.csv') }), inputs())).toEqual([
      `--attempts would overwrite ${at('devices.csv')}, which is a device list of the scenario`,
    ]);
    expect(await outputFaults([], inputs(), dir)).toEqual([
      `--out would overwrite ${at('scenario.yaml')}, which is the scenario`,
    ]);
    await symlink(at('scenario.yaml'), at('link'));
    expect(await outputFaults(outputFiles({ junit: at('link') }), inputs())).toHaveLength(1);
  });

  it('lets no two write one file', async () => {
    const twice = outputFiles({ attempts: at('x'), junit: at('x') });
    expect(await outputFaults(twice, inputs())).toEqual([`--attempts and --junit would both write ${at('x')}`]);
    const result = outputFiles({ junit: at('out', 'summary.json') });
    expect(await outputFaults(result, inputs(), at('out'))).toEqual([
      `--junit and --out would both write ${at('out', 'summary.json')}`,
    ]);
  });

  it('names every place that takes no file', async () => {
    await mkdir(at('mine'));
    await writeFile(at('mine', 'notes.txt'), '');
    const files = outputFiles({ attempts: at('no', 'a.csv'), junit: dir });
    expect(await outputFaults(files, inputs(), at('mine'))).toEqual([
      `--out ${at('mine')} cannot take the results: it holds notes.txt, which no run writes there; name another folder`,
      `--attempts ${at('no', 'a.csv')} cannot be written: ENOENT: no such file or directory`,
      `--junit ${dir} cannot be written: it is a folder`,
    ]);
  });

  it('protects the files of a finished run, apart from its page', () => {
    expect(runFiles('r').map(({ path }) => path)).toEqual(
      ['summary.json', 'timeline.ndjson', 'latency.hlog', 'scenario.yaml', 'share.ndjson'].map((name) =>
        join('r', name),
      ),
    );
  });
});

describe('stateFaults', () => {
  async function faults(...files: string[]): Promise<string[]> {
    await rm(at('state'), { recursive: true, force: true });
    await mkdir(at('state'));
    for (const name of files) await writeFile(at('state', name), '');
    return await stateFaults({ state: at('state'), devicesCsv: undefined });
  }

  it('takes a folder that is not there, is empty, or holds what an emulator keeps', async () => {
    expect(await stateFaults({ state: at('nowhere') })).toEqual([]);
    expect(await stateFaults({ state: undefined })).toEqual([]);
    expect(await faults()).toEqual([]);
    expect(await faults('ca.pem', 'ca-key.pem', 'server.pem', 'server-key.pem', 'server-key.pem.new')).toEqual([]);
  });

  it('refuses what would be overwritten, or is nobody’s state', async () => {
    expect(await faults('notes.txt')).toEqual([
      `--state ${at('state')} contains notes.txt, which is not the emulator's; name another folder`,
    ]);
    expect((await faults('ca.pem'))[0]).toContain('contains a ca.pem without its ca-key.pem');
    expect(await stateFaults({ state: at('devices.csv') })).toEqual([
      `--state ${at('devices.csv')} cannot be used: ENOTDIR: not a directory`,
    ]);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, filesOf, startCli, testFolder } from './cli.ts';
import { runHere, startHere } from './here.ts';

const SCENARIO = `# my notes
version: 1
name: outputs
duration: 1s
target: { emulator: { profile: "2017" } }
fleets:
  - name: meters
    productKey: a1Meters
    devices: { csv: devices.csv }
    connect: { arrival: burst }
`;
const DEVICES = 'DeviceName,DeviceSecret\nd1,0123456789abcdef0123456789abcdef\n';
/** Starts of the program, on a machine that has other things to do. */
const PATIENCE_MS = 240_000;

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
  await mkdir(at('mine'));
  await writeFile(at('mine', 'scenario.yaml'), SCENARIO);
  await writeFile(at('mine', 'devices.csv'), DEVICES);
});
afterAll(() => folder.remove());
const at = (...names: string[]): string => join(folder.path, ...names);
const run = (...more: string[]) => runHere(['run', at('mine', 'scenario.yaml'), ...more]);

/** Runs a shell command in a folder; `$0` is Node and `$1` the program. */
async function shell(command: string, cwd: string) {
  const child = spawn('sh', ['-c', command, process.execPath, BIN, at('mine', 'scenario.yaml')], {
    cwd,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stderr };
}

function starved(files: number) {
  return shell(`ulimit -c 0; ulimit -n ${files}; exec "$0" "$1" run "$2"`, folder.path);
}

/** The program with the fewest files that Node itself starts with: they do not suffice to load the program. Node's own failures take little. */
async function notLoaded() {
  for (let files = 15; ; files++) {
    const tried = await starved(files);
    if (tried.stderr.startsWith('fleetstorm')) return tried;
    if (files > 40) throw new Error(`the program says nothing of what it lacks: ${tried.stderr}`);
  }
}

describe.concurrent('run', () => {
  it(
    'never overwrites what it reads',
    async () => {
      const results = await Promise.all([
        run('--out', at('mine')),
        run('--attempts', at('mine', 'devices.csv')),
        run('--junit', at('mine', 'scenario.yaml')),
      ]);
      for (const { code, stderr } of results) {
        expect([code, stderr]).toEqual([2, expect.stringMatching(/would overwrite .*\nNothing was run\n$/)]);
      }
      expect(Object.fromEntries(await filesOf(at('mine')))).toEqual({
        'scenario.yaml': SCENARIO,
        'devices.csv': DEVICES,
      });
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform !== 'linux')(
    'refuses at once what takes no results',
    async () => {
      const { code: ended } = await shell(`mkfifo '${at('pipe')}'`, folder.path);
      expect(ended).toBe(0);
      const results = await Promise.all([
        run('--out', '/proc/nope'),
        run('--attempts', at('pipe'), '--out', at('never')),
        run('--junit', '/proc/nope', '--out', at('never')),
        run('--junit', at('no', 'such', 'folder.xml'), '--out', at('never')),
      ]);
      for (const { code, stderr } of results) {
        expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot be written|could not begin: ENOENT/)]);
        expect(stderr).not.toMatch(/^ +at /m);
      }
      expect(existsSync(at('never'))).toBe(false);
    },
    PATIENCE_MS,
  );

  it(
    'says that a port of its page is taken, before anything is written',
    async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as { port: number };
      const { code, stderr } = await run('--dashboard', String(port), '--junit', at('unwritten.xml'));
      taken.close();
      expect([code, stderr]).toEqual([
        2,
        `The run could not begin: port ${port} of 127.0.0.1 is in use; give --dashboard another one\n`,
      ]);
      expect(existsSync(at('unwritten.xml'))).toBe(false);
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform !== 'linux')(
    'says that the working folder is gone, or that too few files may be open',
    async () => {
      await mkdir(at('gone'));
      const inGone = shell(`rmdir '${at('gone')}'; exec "$0" "$1" run "$2"`, at('gone'));
      const tooFew = await starved(40);
      expect(await inGone).toEqual({
        code: 2,
        stderr: 'The working folder no longer exists: change to one that does\n',
      });
      expect([tooFew.code, tooFew.stderr]).toEqual([3, expect.stringMatching(/^This machine cannot.*\n.*ulimit -n/)]);
      const { code, stderr } = await notLoaded();
      expect([code, stderr]).toEqual([3, expect.stringMatching(/EMFILE: too many open files.*\n.*ulimit -n/)]);
      expect(stderr).not.toMatch(/^ +at /m);
      if (existsSync(at('gone'))) await rmdir(at('gone'));
    },
    PATIENCE_MS,
  );
});

describe.concurrent('emulator', () => {
  it.skipIf(process.platform === 'win32')(
    'takes its temporary folder away at SIGTERM, and never has its key in it, so that not even SIGKILL leaves one',
    async () => {
      const temporary = at('terminated');
      await mkdir(temporary);
      const cli = startCli(['emulator', '--port', '0'], { TMPDIR: temporary });
      await cli.waitFor('Ctrl-C ends it.');
      expect((await readdir(temporary)).length).toBe(1);
      const files = await readdir(temporary, { recursive: true, withFileTypes: true });
      const texts = await Promise.all(
        files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
      );
      expect(texts).toHaveLength(1);
      expect(texts.join()).toContain('BEGIN CERTIFICATE');
      expect(texts.join()).not.toContain('PRIVATE KEY');
      cli.child.kill('SIGTERM');
      expect((await cli.ended).code).toBe(0);
      expect(await readdir(temporary)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.each(['SIGINT', 'SIGHUP'] as const)(
    'takes its temporary folder away at %s too',
    async (signal) => {
      const emulator = startHere(['emulator', '--port', '0']);
      await emulator.waitFor('Ctrl-C ends it.');
      const temporary = dirname(/^CA +(.*)$/m.exec(emulator.output())?.[1] ?? '');
      expect(await readdir(temporary)).toEqual(['ca.pem']);
      emulator.signal(signal);
      expect((await emulator.ended).code).toBe(0);
      expect(existsSync(temporary)).toBe(false);
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform !== 'linux')(
    'refuses at once a folder that cannot be made',
    async () => {
      const { code, stderr } = await runHere(['emulator', '--port', '0', '--state', '/proc/nope']);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining('/proc/nope: the certificates cannot be kept there: ENOENT'),
      ]);
    },
    PATIENCE_MS,
  );
});

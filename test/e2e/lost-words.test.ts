import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { FEW_DEVICES, PATIENCE_MS, QUICK, QUICKSTART } from '../fixtures/quick-run.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept } from '../fixtures/servers/scripts.ts';
import { BIN, filesOf, ROOT, startCli, testFolder } from './cli.ts';
import { runHere } from './here.ts';

const FILES = ['latency.hlog', 'report.html', 'scenario.yaml', 'summary.json', 'timeline.ndjson'];

let folder: Awaited<ReturnType<typeof testFolder>>;
let service: ScriptedServer;
beforeAll(async () => {
  folder = await testFolder();
  service = await ScriptedServer.start(accept);
});
afterAll(async () => {
  await service.stop();
  await folder.remove();
});
const out = (name: string): string => join(folder.path, name);

/** A run whose words nobody takes, against a service that lets everybody in. */
function quickRun(name: string): string[] {
  const target = `target={ mqtt: "mqtt://127.0.0.1:${service.port}" }`;
  return [BIN, 'run', QUICKSTART, ...QUICK, '--set', target, '--out', out(name)];
}

async function endOf(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
}

async function summaryIn(name: string): Promise<Summary> {
  return summarySchema.parse(JSON.parse(await readFile(join(out(name), 'summary.json'), 'utf8')));
}

describe.concurrent('words that nobody takes', () => {
  it.skipIf(process.platform !== 'linux').each([
    ['a full disk', '/dev/full', 'w'],
    ['a descriptor that is not for writing', '/dev/null', 'r'],
  ])(
    'end no run: %s',
    async (name, path, flags) => {
      const sink = openSync(path, flags);
      const child = spawn(process.execPath, quickRun(name), { cwd: ROOT, stdio: ['ignore', sink, sink] });
      expect(await endOf(child)).toEqual([0, null]);
      closeSync(sink);
      expect([...(await filesOf(out(name))).keys()].sort()).toEqual(FILES);
      expect((await summaryIn(name)).total.attempts.started).toBe(5);
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform === 'win32')(
    'end no run: closed descriptors',
    async () => {
      const command = `exec "$0" "$@" >&- 2>&- <&-`;
      const args = ['-c', command, process.execPath, ...quickRun('closed')];
      expect(await endOf(spawn('sh', args, { cwd: ROOT, stdio: 'ignore' }))).toEqual([0, null]);
      expect((await summaryIn('closed')).exitCode).toBe(0);
    },
    PATIENCE_MS,
  );

  it(
    'end no run: readers that have gone',
    async () => {
      const child = spawn(process.execPath, quickRun('gone'), { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      child.stderr.destroy();
      expect(await endOf(child)).toEqual([0, null]);
      expect((await summaryIn('gone')).exitCode).toBe(0);
    },
    PATIENCE_MS,
  );
});

describe.concurrent('words of somebody else', () => {
  it(
    'do nothing to a terminal',
    async () => {
      const name = 'no\u001b[2Jsuch\u202efile\u009b.yaml';
      for (const args of [['run', name], ['report', name], ['validate', name, '--set', 'a=\u001b[2J'], [name]]) {
        const { code, stdout, stderr } = await runHere(args);
        expect([code, (stdout + stderr).replaceAll('\n', '')]).toEqual([
          2,
          expect.stringMatching(/^[^\p{Cc}\u202e]*$/u),
        ]);
      }
    },
    PATIENCE_MS,
  );
});

describe.skipIf(process.platform === 'win32').concurrent('a signal to the whole process group', () => {
  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'ends the run in order: %s',
    async (signal) => {
      const args = ['run', QUICKSTART, ...FEW_DEVICES, '--set', 'client=lean', '--out', out(signal)];
      const { child, ended, waitFor } = startCli(args, {}, { ownGroup: true });
      const pid = child.pid ?? 0;
      await waitFor(/\n\d+s\//);
      process.kill(-pid, signal);
      // As `timeout` does, which signals the process and then its group.
      process.kill(pid, signal);
      expect(await ended).toMatchObject({ code: 130, signal: null });
      const { interrupted, verdict, crossChecks } = await summaryIn(signal);
      expect([interrupted, verdict.reasons.filter((reason) => reason.includes('emulator'))]).toEqual([true, []]);
      expect(crossChecks[0]).toMatchObject({ name: 'accepted', tool: crossChecks[0]?.emulator });
    },
    PATIENCE_MS,
  );
});

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
import { BIN, filesOf, ROOT, testFolder, untilTimeline } from './cli.ts';
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

/** A whole run whose words nobody takes, against a service that lets everybody in. */
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

/** Starts a program whose words nobody takes, in a process group of its own, as shells, `timeout` and CI runners do. */
const UNHEARD: [name: string, signal: 'SIGTERM' | 'SIGHUP', start: (args: readonly string[]) => ChildProcess][] = [
  [
    'closed descriptors, SIGTERM',
    'SIGTERM',
    (args) => {
      const command = ['-c', 'exec "$0" "$@" >&- 2>&- <&-', process.execPath, ...args];
      return spawn('sh', command, { cwd: ROOT, stdio: 'ignore', detached: true });
    },
  ],
  [
    // As a terminal does that is closed.
    'readers that have gone, SIGHUP',
    'SIGHUP',
    (args) => {
      const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      child.stdout.destroy();
      child.stderr.destroy();
      return child;
    },
  ],
];

describe.skipIf(process.platform === 'win32').concurrent('a signal to the whole process group', () => {
  it.each(UNHEARD)(
    'ends a run in order that words which nobody takes have not ended: %s',
    async (name, signal, start) => {
      const args = [BIN, 'run', QUICKSTART, ...FEW_DEVICES, '--set', 'client=lean', '--out', out(name)];
      const child = start(args);
      const ended = endOf(child);
      // Words of at least two seconds are lost by then.
      await Promise.race([untilTimeline(out(name), 2), ended]);
      const pid = child.pid ?? 0;
      process.kill(-pid, signal);
      // As `timeout` does, which signals the process and then its group.
      process.kill(pid, signal);
      expect(await ended).toEqual([130, null]);
      expect([...(await filesOf(out(name))).keys()].sort()).toEqual(FILES);
      const { interrupted, verdict, crossChecks } = await summaryIn(name);
      expect([interrupted, verdict.reasons.filter((reason) => reason.includes('emulator'))]).toEqual([true, []]);
      expect(crossChecks[0]).toMatchObject({ name: 'accepted', tool: crossChecks[0]?.emulator });
    },
    PATIENCE_MS,
  );
});

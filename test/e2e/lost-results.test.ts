import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Summary, summarySchema } from '../../src/results/summary/summary.ts';
import { FEW_DEVICES, PATIENCE_MS, QUICK, QUICKSTART } from '../fixtures/quick-run.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept } from '../fixtures/servers/scripts.ts';
import { BIN, type CliResult, filesOf, ROOT, startCli, testFolder, untilTimeline } from './cli.ts';
import { runHere, startHere } from './here.ts';

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());
const out = (name: string): string => join(folder.path, name);

function summaryOf({ stdout }: CliResult): Summary {
  return summarySchema.parse(JSON.parse(stdout));
}

/** Nothing of it may sound as if the run had not been played, or the program were broken. */
function expectPlayed({ stderr }: CliResult): void {
  expect(stderr).not.toMatch(/could not begin|internal error|^ +at /m);
}

describe.concurrent('what was measured is told', () => {
  it(
    'where summary.json cannot be written',
    async () => {
      await mkdir(join(out('taken'), 'summary.json'), { recursive: true });
      const result = await runHere(['run', QUICKSTART, ...QUICK, '--json', '--out', out('taken')]);
      expect(summaryOf(result)).toMatchObject({ exitCode: 0, total: { attempts: { started: 5 } } });
      expectPlayed(result);
      expect([result.code, result.stderr]).toEqual([
        2,
        `Results could not be written, or not to their end: ${join(out('taken'), 'summary.json')} (EISDIR: illegal operation on a directory)\n`,
      ]);
    },
    PATIENCE_MS,
  );

  it(
    'where the folder is removed meanwhile, with the exit code of the run where that is not 0',
    async () => {
      const fails = ['--set', 'thresholds=[response.p99 < 1us]'];
      const cli = startHere(['run', QUICKSTART, ...QUICK, ...fails, '--out', out('removed')]);
      await cli.waitFor(/\n\d+s\//);
      await rm(out('removed'), { recursive: true });
      const result = await cli.ended;
      expectPlayed(result);
      expect(result.stdout).toMatch(/accepted +5 +5 +equal/);
      expect(result.stderr).toMatch(/summary\.json \(ENOENT: no such file or directory\)/);
      expect(result.code).toBe(99);
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform === 'win32')(
    'where files may not grow, and nothing half is left',
    async () => {
      // Blocks of 512 bytes or of 1 KiB: more than a scenario, less than a summary.
      const command = 'ulimit -f 6; exec "$0" "$@"';
      const service = await ScriptedServer.start(accept);
      const target = `target={ mqtt: "mqtt://127.0.0.1:${service.port}" }`;
      const args = ['run', QUICKSTART, ...QUICK, '--set', target, '--json', '--out', out('full')];
      const child = spawn('sh', ['-c', command, process.execPath, BIN, ...args], {
        cwd: ROOT,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(textOf));
      const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number]) : [child.exitCode];
      const result: CliResult = { code, signal: null, stdout: stdout ?? '', stderr: stderr ?? '' };
      await service.stop();
      expect(summaryOf(result).total.attempts.started).toBe(5);
      expectPlayed(result);
      expect([result.code, result.stderr.trimEnd().split('\n')]).toEqual([
        2,
        [expect.stringMatching(/^Results could not be written.*summary\.json \(EFBIG: file too large\)/)],
      ]);
      expect((await readdir(out('full'))).filter((name) => !/^(timeline|latency|scenario)/.test(name))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform !== 'linux')(
    'where the file of attempts takes none of them',
    async () => {
      const result = await runHere([
        'run',
        QUICKSTART,
        ...QUICK,
        '--json',
        '--attempts',
        '/dev/full',
        '--out',
        out('no-attempts'),
      ]);
      const { exitCode, warnings } = summaryOf(result);
      expectPlayed(result);
      expect([result.code, exitCode]).toEqual([2, 0]);
      expect(warnings).toContainEqual(expect.stringMatching(/^\/dev\/full lacks 5 of 5 attempts: ENOSPC/));
    },
    PATIENCE_MS,
  );

  it.skipIf(process.platform !== 'linux')(
    'where the emulator hangs when it is asked for its counts',
    async () => {
      const cli = startCli(['run', QUICKSTART, '--set', 'duration=4s', ...FEW_DEVICES, '--out', out('hung')]);
      await untilTimeline(out('hung'), 2);
      process.kill(await childOf(cli.child.pid ?? 0), 'SIGSTOP');
      const result = await cli.ended;
      expectPlayed(result);
      // A slow machine may have been late as well, which is told first.
      expect([97, 98]).toContain(result.code);
      const summary = summarySchema.parse(JSON.parse((await filesOf(out('hung'))).get('summary.json') ?? ''));
      expect(summary.verdict.reasons).toContainEqual(
        expect.stringContaining("the emulator was asked for its counts: the emulator's process did not answer"),
      );
      expect(summary.total.outcomes).toMatchObject([{ outcome: 'accepted', count: 5 }]);
    },
    PATIENCE_MS,
  );
});

describe.concurrent('a run that was killed', () => {
  it(
    'is reported with every count and latency of its files',
    async () => {
      const first = await runHere(['run', QUICKSTART, ...QUICK, '--json', '--out', out('killed')]);
      expect([first.code, first.stderr]).toEqual([0, '']);
      const whole = summaryOf(first);
      await rm(join(out('killed'), 'summary.json'));
      const result = await runHere(['report', out('killed'), '--json']);
      expect([result.code, result.stderr]).toEqual([
        0,
        expect.stringContaining('rebuilt from the files of a run that was killed'),
      ]);
      const { total, fleets, scenario, startedAt } = summaryOf(result);
      for (const [mine, theirs] of [
        [total, whole.total],
        [fleets[0], whole.fleets[0]],
      ] as const) {
        expect(mine).toMatchObject({
          attempts: theirs?.attempts,
          latency: theirs?.latency,
          ended: theirs?.ended,
          online: theirs?.online,
          rate: theirs?.rate,
        });
        expect(mine?.outcomes).toEqual(theirs?.outcomes);
      }
      // No file keeps the command line of a run.
      const { given, ...named } = whole.scenario;
      expect(given?.file).toBe('scenarios/quickstart.yaml');
      expect(scenario).toEqual(named);
      expect(Math.abs(Date.parse(startedAt) - Date.parse(whole.startedAt))).toBeLessThan(60_000);
    },
    PATIENCE_MS,
  );
});

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function childOf(pid: number): Promise<number> {
  return Number((await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ')[0]);
}

import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summarySchema } from '../../src/results/summary/summary.ts';
import { timelineLineSchema } from '../../src/results/timeline-line.ts';
import { ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { accept } from '../fixtures/servers/scripts.ts';
import { BIN, type CliResult, ROOT, testFolder } from './cli.ts';

/** A run that needs more descriptors than the process may open, and goes on all the same. */

const DEVICES = 150;
const DESCRIPTORS = 100;

let folder: Awaited<ReturnType<typeof testFolder>>;
beforeAll(async () => {
  folder = await testFolder();
});
afterAll(() => folder.remove());

/** Runs the built program as a user's shell does that allows it so many descriptors. */
function runLimited(args: readonly string[]): Promise<Omit<CliResult, 'signal'>> {
  const script = `ulimit -n ${DESCRIPTORS}; exec "$@"`;
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' } };
    const command = ['-c', script, 'sh', process.execPath, BIN, ...args];
    const child = execFile('sh', command, options, (_error, stdout, stderr) => {
      resolve({ code: child.exitCode, stdout, stderr });
    });
  });
}

/** Sessions online at the end of each second; the last one is that of the end itself. */
async function onlineByInterval(out: string): Promise<number[]> {
  const lines = (await readFile(join(out, 'timeline.ndjson'), 'utf8')).trim().split('\n');
  return lines.map((line) => timelineLineSchema.parse(JSON.parse(line)).total.online);
}

describe.runIf(process.platform === 'linux').concurrent.each(['lean', 'mqttjs'])(
  '%s out of descriptors midway',
  (client) => {
    it('starts nothing more, keeps what is up to the end, and says which limit it was', async () => {
      // Retries would come at once.
      const reconnect = { first: { fixed: '100ms' }, growth: 'fixed', base: '100ms' };
      const connect = { arrival: 'rate', rate: `${DEVICES}/s` };
      const server = await ScriptedServer.start(accept);
      const { port } = server;
      const out = join(folder.path, client);
      const file = `${out}.yaml`;
      const scenario = {
        version: 1,
        name: 'limited',
        duration: '5s',
        workers: 1,
        client,
        target: { mqtt: `mqtt://127.0.0.1:${port}` },
        fleets: [{ name: 'm', productKey: 'pk', devices: DEVICES, connect, reconnect }],
      };
      await writeFile(file, JSON.stringify(scenario));
      const { code, stdout, stderr } = await runLimited(['run', file, '--out', out, '--force', '--no-probe']);
      const up = server.connections.length;
      const signs = server.connections.map((connection) => connection.signs.join());
      await server.stop();
      const summary = summarySchema.parse(JSON.parse(await readFile(join(out, 'summary.json'), 'utf8')));
      const { total, verdict, warnings } = summary;

      expect([code, summary.exitCode], stdout + stderr).toEqual([97, 97]);
      expect(up).toBeGreaterThan(50);
      expect(up).toBeLessThan(DESCRIPTORS);
      // The first attempt that found no descriptor was the last of all, although more than fifty were still to come.
      expect(total.outcomes).toMatchObject([
        { outcome: 'accepted', count: up },
        { outcome: 'local-limit', count: 1, details: [{ detail: `EMFILE 127.0.0.1:${port}`, count: 1 }] },
      ]);
      // The plan is the plan: what it holds beside is not started, and a part of what every ratio is of.
      expect(total.attempts).toEqual({
        planned: DEVICES,
        firstPlanned: DEVICES,
        started: up + 1,
        retries: 0,
        unfinished: 0,
        notStarted: DEVICES - up - 1,
      });
      expect(total.outcomes[0]?.share).toBe(up / DEVICES);
      // Up until the end, and closed in order then.
      expect(total.ended).toEqual({ stopped: up });
      expect(signs).toEqual(Array.from({ length: up }, () => 'FIN'));
      expect((await onlineByInterval(out)).slice(2)).toEqual([up, up, up, 0]);

      expect(verdict.verdict).toBe('generator-limited');
      expect(verdict.reasons[0]).toMatch(
        /it ran out of descriptors \(EMFILE .*\): raise `ulimit -n`, or use more machines$/,
      );
      expect(warnings[0]).toContain(`the process may open ${DESCRIPTORS}`);
    });
  },
);

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import type { RunObserver, StartedRun } from '../../dist/run/observer.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { testFolder } from '../e2e/cli.ts';
import { runIntoFolder } from '../fixtures/run-into-folder.ts';
import { startMosquitto } from './mosquitto.ts';

const DEVICES = 60;

it('plays cluster.yaml: all devices of a node that is stopped go to the other one', async () => {
  const folder = await testFolder();
  const [first, second] = [await startMosquitto(), await startMosquitto()];
  let run: StartedRun | undefined;
  let isStopped: Promise<void> | undefined;
  const observer: RunObserver = {
    started: (started) => {
      run = started;
    },
    interval: (line) => {
      const online = line.addresses?.[`127.0.0.1:${first.port}`]?.online;
      if (line.total.online === DEVICES && isStopped === undefined) isStopped = second.close();
      else if (online === DEVICES) run?.stop();
    },
  };
  try {
    const path = fileURLToPath(new URL('../../scenarios/cluster.yaml', import.meta.url));
    const settings = [
      `target.mqtt=[mqtt://127.0.0.1:${first.port}, mqtt://127.0.0.1:${second.port}]`,
      ...[`fleets.sensors.devices=${DEVICES}`, 'fleets.sensors.reconnect.base=100ms', 'duration=2m', 'thresholds=[]'],
    ];
    const check = await loadScenario({ path, text: await readFile(path, 'utf8') }, settings, {});
    if (!check.ok) return expect.fail(JSON.stringify(check.faults));
    const { summary } = await runIntoFolder(check.scenario, join(folder.path, 'run'), { observers: [observer] });
    const [stayed, left] = summary.addresses ?? [];
    expect(stayed).toMatchObject({
      outcomes: { accepted: DEVICES },
      ended: { stopped: DEVICES },
      online: { last: DEVICES },
    });
    // It sends FIN or RST.
    expect(left).toMatchObject({ outcomes: { accepted: DEVICES / 2 }, online: { peak: DEVICES / 2, last: 0 } });
    expect(Object.values(left?.ended ?? {}).reduce((sum, count) => sum + count, 0)).toBe(DEVICES / 2);
    expect(summary.disturbances?.map(({ total }) => [total.lost, total.recovered])).toEqual([
      [DEVICES / 2, DEVICES / 2],
    ]);
  } finally {
    await first.close();
    await (isStopped ?? second.close());
    await folder.remove();
  }
}, 150_000);

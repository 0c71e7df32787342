import { it } from 'vitest';
import { parseThreshold } from '../../dist/metrics/judge/thresholds.js';
import { RunStop } from '../../dist/run/run-stop.js';
import { goalOf } from '../../dist/scenario/capacity/goal.js';
import { loadScenario } from '../../dist/scenario/load.js';
import type { StudyListener, StudySoFar } from '../../dist/study/capacity-study.js';
import { DeviceSupply } from '../../dist/study/hold/device-supply.js';
import { openStudy } from '../../dist/study/open-study.js';
import { searchSettings } from '../../dist/study/search/search-settings.js';
import { OneThreadHost } from '../fixtures/one-thread/one-thread-host.ts';

/**
 * Few real searches: that holds, windows, rests and the search are put together as they should be. What they find is proved in virtual
 * time, and how one ends that is stopped by `library.test.ts`.
 */

/** Logins per second: so few that this machine is seldom the limit. Windows of 3 s then have as many as a window needs. */
const RATE = 100;
/** Of the times of a user's search: each hold is decided by its first window. */
const SCALE = 0.05;

interface Searched extends StudySoFar {
  /** Logins that the service accepted, by its own count. */
  readonly served: number;
  readonly steps: readonly string[];
}

/** A search in small: holds of seconds, each of a window or two. */
async function searched(text: string): Promise<Searched> {
  const check = await loadScenario({ path: 'inline.yaml', text }, [], {});
  if (!check.ok) throw new Error(JSON.stringify(check.faults));
  const { scenario } = check;
  const supply = new DeviceSupply(scenario, false);
  const steps: string[] = [];
  const listener: StudyListener = {
    resting: () => undefined,
    holding: ({ load, purpose }) => steps.push(`${purpose} ${load}`),
    progress: () => undefined,
    held: async () => undefined,
  };
  const { study, target, close } = await openStudy(
    {
      ...{ scenario, host: new OneThreadHost(), workers: 1, allowedHosts: [], supply },
      ...{ kind: 'rate', stop: new RunStop() },
      goals: [goal('accepted.ratio >= 50%')],
      search: searchSettings({ from: RATE, to: RATE, precision: 0.1, exceedRatio: 0.5 }, 1, SCALE),
      budgetSec: 180,
      mostRestSec: 3,
      stayUs: 500_000,
      loginPerSec: RATE,
      mostOnline: undefined,
    },
    listener,
  );
  try {
    const soFar = await study.play();
    return { ...soFar, steps, served: (await target.counts())?.accepted ?? 0 };
  } finally {
    await close();
  }
}

function goal(source: string) {
  const parsed = parseThreshold(source, []);
  const checked = parsed.ok ? goalOf(parsed.threshold) : parsed;
  if (!checked.ok) throw new Error(checked.message);
  return checked.goal;
}

function scenarioOf(events = ''): string {
  return `
version: 1
name: small
duration: 10s
target: { emulator: { profile: "2017" } }
client: lean
fleets:
  - { name: meters, productKey: a1Meters, devices: 40, keepalive: 60s }
${events}`;
}

it.concurrent('finds no load that holds where a service lets nobody in, and says what failed first', async ({
  expect,
}) => {
  const refusing = 'events: [{ at: 0s, refuse: { code: 3 } }]';
  const { answer, holds, served, steps } = await searched(scenarioOf(refusing));
  // A machine that is too busy is no reason to fail: then the generator was the limit, and that is said.
  expect(['below-range', 'generator-limited']).toContain(answer.ending);
  expect(answer.lower).toBeUndefined();
  expect(served).toBe(0);
  expect(steps[0]).toBe('bracket 100');
  expect(holds[0]).toMatchObject({ number: 1, load: RATE, accepted: 0, windowSec: 3 });
  expect(holds[0]?.failures[0]).toMatchObject({ outcome: 'refused-3', phase: 'mqtt' });
});

it.concurrent('holds a load with devices beyond those of the scenario, each of which logs out again', async ({
  expect,
}) => {
  const { answer, holds, served, warnings } = await searched(scenarioOf());
  expect(['above-range', 'generator-limited', 'found']).toContain(answer.ending);
  // Those of a busy machine aside.
  expect(warnings.filter((words) => !/machine|keeps it busy/.test(words))).toEqual([]);
  const accepted = holds.reduce((sum, hold) => sum + hold.accepted, 0);
  // Besides those of the windows: those before them, and the probes.
  expect(served).toBeGreaterThanOrEqual(accepted);
  // 40 devices, online half a second each, could not have logged in so often.
  expect(accepted).toBeGreaterThan(40);
  if (answer.ending !== 'generator-limited') expect(holds.flatMap(({ failures }) => failures)).toEqual([]);
});

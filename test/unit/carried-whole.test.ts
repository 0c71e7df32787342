import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { evenSplit } from '../../src/plan/split.ts';
import { shardPlans } from '../../src/run/plan/shards.ts';
import { loadScenario } from '../../src/scenario/load.ts';

/**
 * A fleet is carried whole from the scenario to the worker: a setting stands where it is declared (schema and type), where it is used and
 * where it is told, and nowhere on the way. A file that is not named here has no business with the setting: hand it the whole fleet, or the
 * part of it that the setting belongs to.
 */
const FILES_OF: Readonly<Record<string, readonly string[]>> = {
  keepaliveSec: [
    ...['scenario/schema/fleet-schema.ts', 'link/port.ts'],
    // Used, one line for each client; the probe says CONNECT with one of its own.
    ...[
      'link/lean/connect-writer.ts',
      'link/mqtt/keepalive.ts',
      'link/mqtt/sendable.ts',
      'link/mqttjs/mqttjs-client.ts',
    ],
    ...['host/probe/hello.ts', 'scenario/checks/scenario-warnings.ts'],
    ...['scenario/effective.ts', 'cli/text/plan-text.ts'],
    // A look at one login tells it, tries others, and names it as a cause.
    ...['login/mqtt/connect-step.ts', 'login/trials/variations.ts', 'login/traits.ts'],
    ...['login/causes/connack-causes.ts', 'login/causes/findings.ts', 'login/causes/shown-causes.ts'],
    // Windows of a hold of sessions are as long as each takes to ping.
    'study/hold/session-holds.ts',
  ],
  connectTimeoutUs: [
    ...['scenario/schema/fleet-schema.ts', 'link/port.ts'],
    ...['link/auth/token-link.ts', 'link/life/link-life.ts'],
    ...['fleet/worker-run.ts', 'fleet/worker-warm-up.ts'],
    ...['scenario/effective.ts', 'cli/text/plan-text.ts'],
    ...['cli/login.ts', 'library/diagnose-login.ts', 'login/examine-login.ts'],
    // The fleets of a hold are made of the scenario's.
    'study/hold/hold-scenario.ts',
  ],
  unknownDeviceCount: [
    ...['scenario/schema/fleet-schema.ts', 'plan/flaws.ts'],
    ...['device/list/roster.ts', 'scenario/checks/fleet-checks.ts', 'study/hold/hold-scenario.ts'],
    ...['scenario/effective.ts', 'cli/text/plan-text.ts'],
  ],
  resetAfterUs: [
    ...['scenario/schema/reconnect-schema.ts', 'plan/ladder.ts', 'plan/reconnect-presets.ts'],
    ...['device/session/session.ts', 'fleet/worker-warm-up.ts'],
    ...['scenario/effective-events.ts', 'cli/text/policy-text.ts'],
  ],
};

const SRC = fileURLToPath(new URL('../../src', import.meta.url));
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  // What the emulator reads off the wire has the same names, and is not a fleet's.
  (name) => name.endsWith('.ts') && !name.startsWith('emulator/'),
);

describe('a setting of a fleet', () => {
  it.each(Object.entries(FILES_OF))('%s stands where it is declared, used and told', (setting, expected) => {
    const word = new RegExp(`\\b${setting}\\b`);
    const found = files.filter((name) => word.test(readFileSync(join(SRC, name), 'utf8')));
    expect(found.sort()).toEqual([...expected].sort());
  });
});

describe('a fleet', () => {
  it('is one frozen value, from the scenario to the plan of each worker', async () => {
    const fleets = ['  - { name: meters, productKey: a1, devices: 10, onConnect: { subscribe: [{ topic: /a/b }] } }'];
    const text = ['version: 1', 'name: x', 'duration: 5s', 'target: { emulator: {} }', 'fleets:', ...fleets].join('\n');
    const check = await loadScenario({ path: 'x.yaml', text }, []);
    if (!check.ok) throw new Error(JSON.stringify(check.faults));
    const { scenario } = check;
    const plans = shardPlans(scenario, evenSplit(3), [{ host: '127.0.0.1', port: 1 }]);
    const [fleet] = scenario.fleets;
    expect(isFrozen(fleet)).toBe(true);
    for (const plan of plans) expect(plan.fleets[0]?.fleet).toBe(fleet);
    expect(structuredClone(fleet)).toEqual(fleet);
  });
});

/** The value and all that it holds. */
function isFrozen(value: unknown): boolean {
  return typeof value !== 'object' || value === null
    ? true
    : Object.isFrozen(value) && Object.values(value).every(isFrozen);
}

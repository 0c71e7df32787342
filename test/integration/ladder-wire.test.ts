import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Session } from '../../src/device/session/session.ts';
import type { SessionContext } from '../../src/device/session/session-context.ts';
import { MqttJsLinkFactory } from '../../src/link/mqttjs/mqttjs.ts';
import type { LinkOptions } from '../../src/link/port.ts';
import { FleetRecorder } from '../../src/metrics/measure/recorder.ts';
import { PRESETS, type ReconnectPreset } from '../../src/plan/reconnect-presets.ts';
import { RealTime } from '../fixtures/links/real-time.ts';
import { PRESET_WAITS } from '../fixtures/preset-waits.ts';
import { type Script, ScriptedServer } from '../fixtures/servers/scripted-server.ts';
import { CONNACK_0, connack, replyThenFin } from '../fixtures/servers/scripts.ts';

const SEC = 1_000_000;
/** Long enough for three rungs of most ladders; the long rungs are climbed on a played clock in the unit tests. */
const WATCHED_MS = 7_500;

/** How often the wheel turns: seldom enough to leave the machine to others, and often enough for tolerances of 50 ms. */
const TICK_MS = 10;

/** Turns of the event loop that a gap takes: the refusal, its timer, the connection, its CONNECT on either side. */
const TURNS = 5;

let time: RealTime;
let servers: ScriptedServer[];
beforeAll(() => {
  time = new RealTime(TICK_MS);
  servers = [];
});
afterAll(async () => {
  time.stop();
  for (const server of servers) await server.stop();
});

/** When CONNECTs of one session of the preset came, by the clock of the test, in seconds. */
async function connects(preset: ReconnectPreset, script: Script): Promise<{ stop(): void; readonly at: number[] }> {
  const at: number[] = [];
  const server = await ScriptedServer.start((connection) => {
    connection.onConnect(() => at.push(time.clock.nowUs() / SEC));
    script(connection);
  });
  servers.push(server);
  const context: SessionContext = {
    clock: time.clock,
    wheel: time.wheel,
    links: new MqttJsLinkFactory({ clock: time.clock, wheel: time.wheel }),
    recorder: new FleetRecorder('meters'),
    policy: preset.policy,
    waitStream: 5,
    lossWindows: [],
    endUs: Number.POSITIVE_INFINITY,
    isStopping: false,
    linkOptions: (): LinkOptions => ({
      endpoint: { host: '127.0.0.1', port: server.port },
      clientId: preset.name,
      connection: { keepaliveSec: 60, clean: true, connectTimeoutUs: 10 * SEC },
    }),
    moved: () => undefined,
  };
  const session = new Session(context, { index: 0, position: 0 });
  session.attempt(time.clock.nowUs());
  return { at, stop: () => session.cut() };
}

interface Watched {
  /** The gaps between the CONNECTs of each preset, in seconds. */
  readonly gaps: ReadonlyMap<string, number[]>;
  /** How much later than a ladder this machine may have been: each turn of a gap as late as the latest that was seen. */
  readonly lateSec: number;
}

/** Watches one session of every preset at once. */
async function watch(script: Script): Promise<Watched> {
  const delay = monitorEventLoopDelay({ resolution: TICK_MS });
  delay.enable();
  const watched = await Promise.all(
    PRESETS.map(async (preset) => [preset.name, await connects(preset, script)] as const),
  );
  await new Promise((resolve) => setTimeout(resolve, WATCHED_MS));
  for (const [, session] of watched) session.stop();
  delay.disable();
  const gaps = watched.map(
    ([name, { at }]) => [name, at.slice(1).map((sec, index) => sec - (at[index] ?? 0))] as const,
  );
  return { gaps: new Map(gaps), lateSec: (TURNS * delay.max) / 1e9 };
}

/** Within 50 ms or 2% of the table, and what this machine was late; a wait never ends early. */
function expectTable(name: string, { gaps, lateSec }: Watched, rungOf: (retry: number) => number): void {
  for (const [retry, gap] of (gaps.get(name) ?? []).entries()) {
    const [low, high] = PRESET_WAITS[name]?.[rungOf(retry)] ?? [Number.NaN, Number.NaN];
    expect(gap, `${name}, gap ${retry}`).toBeGreaterThanOrEqual(low - 0.002);
    expect(gap, `${name}, gap ${retry}`).toBeLessThanOrEqual(high + Math.max(0.05, high * 0.02) + lateSec);
  }
}

/** How many gaps fit at least into the time watched. */
function leastGaps(name: string, lateSec: number, rungOf: (retry: number) => number): number {
  let sec = 0;
  for (let retry = 0; ; retry++) {
    const [, high] = PRESET_WAITS[name]?.[rungOf(retry)] ?? [0, 0];
    sec += high + Math.max(0.05, high * 0.02) + lateSec;
    if (sec > WATCHED_MS / 1_000 || retry === 9) return retry;
  }
}

describe.concurrent('the gaps between CONNECTs on the wire are those of the table', () => {
  it('of every preset, against a server that always refuses', async () => {
    const climbing = (retry: number): number => retry;
    const watched = await watch(replyThenFin(connack(3)));
    for (const [name, gaps] of watched.gaps) {
      if (name === 'mqttjs-5') expect(gaps).toEqual([]);
      else expect(gaps.length, name).toBeGreaterThanOrEqual(leastGaps(name, watched.lateSec, climbing));
      expectTable(name, watched, climbing);
    }
  });

  it('of every preset, against a server that always closes', async () => {
    const watched = await watch(replyThenFin(CONNACK_0));
    for (const [name, gaps] of watched.gaps) {
      // Only this one asks for time online before it starts again.
      const rungOf = (retry: number): number => (name === 'aws-ios' ? retry : 0);
      expect(gaps.length, name).toBeGreaterThanOrEqual(leastGaps(name, watched.lateSec, rungOf));
      expectTable(name, watched, rungOf);
    }
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fleetSessions } from '../../src/device/fleet.ts';
import { arrivalTimesUs } from '../../src/plan/arrivals.ts';
import { isDuplicated } from '../../src/plan/duplicates.ts';
import { streamSeed, uniformAt } from '../../src/plan/random.ts';
import type { RecoveryFigures } from '../../src/results/summary/disturbance.ts';
import { type FleetSummary, fleetSummarySchema } from '../../src/results/summary/fleet-summary.ts';
import { timelineLineSchema } from '../../src/results/timeline-line.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { Answer, ServiceScript } from '../fixtures/virtual/scripted-service.ts';
import { playVirtually, type VirtualPlay, type VirtualResult } from '../fixtures/virtual/virtual-run.ts';

/**
 * The balance of a run's figures over random scenarios, played whole in virtual time: fleets, arrivals, reconnect policies, duplicates, drops,
 * a service that accepts, refuses, closes, keeps silent and restarts, a slow or stalled generator, an early stop, a lost worker.
 */

const MS = 1_000;
const SEC = 1_000_000;

const ms = (min: number, max: number) => fc.integer({ min, max }).map((value) => `${value}ms`);
const percent = fc.integer({ min: 0, max: 100 }).map((value) => `${value}%`);
const perSec = fc.integer({ min: 1, max: 200 }).map((value) => `${value}/s`);

const connect = fc.oneof(
  fc.constant({ arrival: 'burst' }),
  fc.record({ arrival: fc.constant('ramp'), over: ms(1, 8_000) }),
  fc.record({ arrival: fc.constant('rate'), rate: perSec }),
  fc.record({ arrival: fc.constant('poisson'), rate: perSec }),
  fc.record({
    arrival: fc.constant('stages'),
    stages: fc.array(fc.record({ rate: perSec, over: ms(1, 4_000) }), { minLength: 1, maxLength: 3 }),
  }),
);

const reconnect = fc.record(
  {
    growth: fc.constantFrom('fixed', 'linear', 'exponential', 'decorrelated'),
    base: ms(20, 2_500),
    cap: ms(2_500, 6_000),
    jitter: fc.constantFrom('none', 'full', 'equal'),
    from: fc.constantFrom('loss', 'attempt'),
    resetAfter: fc.oneof(fc.constant('connack'), ms(1, 3_000)),
    onRefusal: fc.constantFrom('retry', 'stop', { 5: 'stop' }),
    maxAttempts: fc.integer({ min: 0, max: 6 }),
  },
  { requiredKeys: ['growth', 'base', 'cap'] },
);

const fleet = fc.record(
  {
    devices: fc.integer({ min: 1, max: 40 }),
    connect,
    reconnect,
    connectTimeout: ms(100, 4_000),
    keepalive: fc.constantFrom('30s', '60s'),
    duplicates: fc.record({
      fraction: percent,
      copies: fc.integer({ min: 2, max: 3 }),
      start: fc.oneof(fc.constant('together'), fc.record({ later: ms(1, 5_000) })),
    }),
  },
  { requiredKeys: ['devices', 'connect', 'reconnect'] },
);

const event = fc.oneof(
  fc.record({
    at: ms(1, 9_000),
    drop: fc.record({ fraction: percent, by: fc.constantFrom('reset', 'fin', 'blackhole', 'silence') }),
  }),
  fc.record({ at: ms(1, 9_000), 'restart-target': fc.record({ down: ms(1, 2_000) }) }),
);

const behaviour = fc.record({
  seed: fc.nat(),
  /** Weights of the answers. */
  accept: fc.integer({ min: 1, max: 10 }),
  refuse: fc.integer({ min: 0, max: 3 }),
  close: fc.integer({ min: 0, max: 2 }),
  silence: fc.integer({ min: 0, max: 1 }),
  /** Most that an answer takes, and that a session lasts where it does not last for ever. */
  afterUs: fc.integer({ min: 0, max: 800 * MS }),
  staysUs: fc.option(fc.integer({ min: 1, max: 8 * SEC }), { nil: undefined }),
});
type Behaviour = typeof behaviour extends fc.Arbitrary<infer T> ? T : never;

const instant = fc.integer({ min: 0, max: 12 * SEC });
/** What goes wrong with the generator; most runs have none of it. */
const troubles = fc.record({
  openingUs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40 * MS })),
  noPortAfter: fc.option(fc.nat(60), { nil: undefined, freq: 6 }),
  stalls: fc.array(fc.record({ atUs: instant, us: fc.integer({ min: 1, max: 4 * SEC }) }), { maxLength: 1 }),
  stopAtUs: fc.option(fc.integer({ min: -SEC / 10, max: 12 * SEC }), { nil: undefined, freq: 3 }),
  lostAtUs: fc.option(instant, { nil: undefined, freq: 3 }),
});

const drawn = fc.record({
  seed: fc.nat(1_000_000),
  durationMs: fc.integer({ min: 1_500, max: 10_500 }),
  workers: fc.integer({ min: 1, max: 3 }),
  notice: fc.integer({ min: 1, max: 40 }).map((value) => `${value}%`),
  fleets: fc.array(fleet, { minLength: 1, maxLength: 3 }),
  events: fc.array(event, { maxLength: 4 }),
  /** Some of the sessions at a time, one loss upon the other: a fall that takes its time, across seconds too. */
  rolling: fc.option(
    fc.record({
      fromUs: fc.integer({ min: 0, max: 6 * SEC }),
      gapUs: fc.integer({ min: 20 * MS, max: 500 * MS }),
      times: fc.integer({ min: 2, max: 10 }),
      nth: fc.integer({ min: 2, max: 6 }),
    }),
    { nil: undefined },
  ),
  closings: fc.array(fc.record({ atUs: instant, nth: fc.integer({ min: 1, max: 3 }) }), { maxLength: 3 }),
  behaviour,
  troubles,
});
type Drawn = typeof drawn extends fc.Arbitrary<infer T> ? T : never;

function playOf(values: Drawn): VirtualPlay {
  const { seed, durationMs, workers, notice, fleets, events, closings, rolling, behaviour, troubles } = values;
  const scenario = {
    version: 1,
    name: 'balance',
    seed,
    duration: `${durationMs}ms`,
    notice,
    target: { emulator: { profile: '2017' } },
    fleets: fleets.map((one, index) => ({ name: `f${index}`, productKey: 'a1Balance', ...one })),
    events: events.filter(({ at }) => Number.parseInt(at, 10) < durationMs),
  };
  const restarts = scenario.events.flatMap((one) => {
    if (!('restart-target' in one)) return [];
    const fromUs = Number.parseInt(one.at, 10) * MS;
    return [{ fromUs, toUs: fromUs + Number.parseInt(one['restart-target'].down, 10) * MS }];
  });
  const { stalls, stopAtUs, lostAtUs } = troubles;
  return {
    scenario,
    workers,
    service: serviceOf(behaviour, troubles, restarts),
    closings: [...closings, ...rollingCloses(rolling), ...restarts.map(({ fromUs }) => ({ atUs: fromUs, nth: 1 }))],
    stalls,
    stopAtUs,
    lost: lostAtUs === undefined ? undefined : { worker: 0, atUs: lostAtUs },
  };
}

function rollingCloses(rolling: Drawn['rolling']): { atUs: number; nth: number }[] {
  if (rolling === undefined) return [];
  const { fromUs, gapUs, times, nth } = rolling;
  return Array.from({ length: times }, (_, close) => ({ atUs: fromUs + close * gapUs, nth }));
}

/** A loss that begins slowly, seen by a late generator: the first of its second are told with the second before. */
const SLOW_FALL: Drawn = {
  seed: 1,
  durationMs: 9_000,
  workers: 1,
  notice: '10%',
  events: [],
  rolling: undefined,
  fleets: [
    {
      devices: 40,
      connect: { arrival: 'burst' },
      reconnect: { growth: 'fixed', base: '1500ms', cap: '2500ms' },
    },
  ],
  closings: [
    { atUs: 2_998_000, nth: 20 },
    { atUs: 3_200_000, nth: 2 },
  ],
  behaviour: { seed: 1, accept: 1, refuse: 0, close: 0, silence: 0, afterUs: 0, staysUs: undefined },
  troubles: {
    openingUs: 0,
    noPortAfter: undefined,
    stopAtUs: undefined,
    lostAtUs: undefined,
    stalls: [{ atUs: 2_998_100, us: 50_000 }],
  },
};

/** A loss that is told 10 s late, after the end of the plan: until the other copy of the device had its answer, it may have been a kick. */
const LATE_LOSS: Drawn = {
  seed: 0,
  durationMs: 1_500,
  workers: 1,
  notice: '1%',
  events: [],
  closings: [],
  fleets: [
    {
      devices: 2,
      connect: { arrival: 'burst' },
      reconnect: { growth: 'fixed', base: '20ms', cap: '2500ms' },
      duplicates: { fraction: '50%', copies: 2, start: 'together' },
    },
  ],
  rolling: { fromUs: 0, gapUs: 20_000, times: 2, nth: 2 },
  behaviour: { seed: 210954783, accept: 1, refuse: 0, close: 0, silence: 1, afterUs: 0, staysUs: undefined },
  troubles: { openingUs: 1, noPortAfter: undefined, stopAtUs: undefined, lostAtUs: undefined, stalls: [] },
};

/** A stop after the plan's end, heard by a late generator before it has told the second before: that one has the sessions that it ends. */
const LATE_END: Drawn = {
  seed: 0,
  durationMs: 3_001,
  workers: 1,
  notice: '1%',
  events: [],
  rolling: undefined,
  closings: [],
  fleets: [
    {
      devices: 60,
      connect: { arrival: 'rate', rate: '60/s' },
      reconnect: { growth: 'fixed', base: '75ms', cap: '2500ms' },
    },
  ],
  behaviour: { seed: 28, accept: 7, refuse: 3, close: 1, silence: 0, afterUs: 166_723, staysUs: 5_304_834 },
  troubles: { openingUs: 37_416, noPortAfter: undefined, stopAtUs: 3_020_000, lostAtUs: undefined, stalls: [] },
};

/** A stop that one of two workers hears late: with the second before, it tells whom it ends, the other one has more online by then. */
const LATE_STOP: Drawn = {
  seed: 137_584,
  durationMs: 1_500,
  workers: 2,
  notice: '1%',
  events: [],
  rolling: undefined,
  closings: [],
  fleets: [
    {
      devices: 11,
      connect: { arrival: 'poisson', rate: '14/s' },
      reconnect: { growth: 'fixed', base: '20ms', cap: '2500ms' },
    },
    {
      devices: 1,
      connect: { arrival: 'poisson', rate: '3/s' },
      reconnect: { growth: 'fixed', base: '20ms', cap: '2500ms' },
    },
  ],
  behaviour: { seed: 382_496_497, accept: 1, refuse: 0, close: 1, silence: 0, afterUs: 125_282, staysUs: undefined },
  troubles: { openingUs: 29_992, noPortAfter: undefined, stopAtUs: 1_008_138, lostAtUs: undefined, stalls: [] },
};

/** Once the time is over, what was found by then is told: a failure is made smaller for as long as that. */
const EXAMPLES: [Drawn][] = [[SLOW_FALL], [LATE_LOSS], [LATE_END], [LATE_STOP]];
const SETTINGS = { numRuns: 50, interruptAfterTimeLimit: 60_000, examples: EXAMPLES } as const;
const TIMEOUT_MS = 180_000;

function serviceOf(
  { seed, accept, refuse, close, silence, afterUs, staysUs }: Behaviour,
  { openingUs, noPortAfter }: Drawn['troubles'],
  restarts: readonly { readonly fromUs: number; readonly toUs: number }[],
): ServiceScript {
  const answer = (nth: number, atUs: number): Answer => {
    if (noPortAfter !== undefined && nth >= noPortAfter) return { kind: 'no-port' };
    const draw = (number: number): number => uniformAt(seed, nth, number);
    const slowUs = Math.round(draw(0) * afterUs);
    if (restarts.some(({ fromUs, toUs }) => atUs >= fromUs && atUs < toUs)) return { kind: 'close', afterUs: 300 };
    let pick = draw(1) * (accept + refuse + close + silence);
    pick -= accept;
    const lasting = staysUs === undefined || draw(3) < 0.5 ? undefined : Math.round(draw(2) * staysUs);
    if (pick < 0) return { kind: 'accept', afterUs: slowUs, staysUs: lasting };
    pick -= refuse;
    if (pick < 0) return { kind: 'refuse', afterUs: slowUs, code: draw(4) < 0.5 ? 3 : 5 };
    return pick - close < 0 ? { kind: 'close', afterUs: slowUs } : { kind: 'silence' };
  };
  return { answer, openingUs };
}

/** First attempts planned before an instant, the plain way: every instant of the plan, counted. */
function firstPlanned({ seed, fleets }: Scenario, untilUs: number): number[] {
  return fleets.map(({ name, connect: spec, devices: { count }, duplicates }) => {
    let before = 0;
    for (const [index, atUs] of arrivalTimesUs(spec, count, streamSeed(seed, `arrivals/${name}`)).entries()) {
      const copies = isDuplicated(index, count, duplicates) ? duplicates.copies : 1;
      for (let copy = 0; copy < copies; copy++) if (atUs + copy * duplicates.laterUs < untilUs) before++;
    }
    return before;
  });
}

function endedOf({ outcomes }: FleetSummary): number {
  return outcomes.reduce((sum, { count }) => sum + count, 0);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function checkAttempts(summary: FleetSummary): void {
  const { attempts, outcomes, online, sessions } = fleetSummarySchema.parse(summary);
  const { planned = -1, notStarted = -1, firstPlanned: first, started, retries, unfinished } = attempts;
  const ended = endedOf(summary);
  expect(planned).toBe(started + notStarted);
  expect(started).toBe(ended + unfinished);
  expect(planned).toBeGreaterThanOrEqual(first);
  expect(started).toBeGreaterThanOrEqual(retries);
  expect(started - retries).toBeLessThanOrEqual(first);
  if (ended > 0)
    expect(sum(outcomes.map(({ share }) => share)) + (unfinished + notStarted) / planned).toBeCloseTo(1, 9);
  expect(online.peak).toBeLessThanOrEqual(sessions);
  expect(online.last).toBeLessThanOrEqual(online.peak);
}

function checkRecovery({ lost, recovered, neverRecovered, curve, t100Sec, lowestOnline }: RecoveryFigures): void {
  expect(neverRecovered).toBeGreaterThanOrEqual(0);
  expect(lost).toBe(recovered + neverRecovered);
  expect(curve.at(-1)?.[1] ?? 0).toBe(recovered);
  expect(t100Sec !== undefined).toBe(neverRecovered === 0);
  // Not known of a loss that was told only when sessions were being ended.
  if (lowestOnline !== undefined) expect(lowestOnline).toBeGreaterThanOrEqual(0);
}

function checkBalance(
  result: VirtualResult,
  { stopAtUs, lostAtUs, openingUs, stalls, noPortAfter }: Drawn['troubles'],
): void {
  const { scenario, figures, timeline, service, faults } = result;
  const { total, fleets } = figures;
  expect(faults).toEqual([]);
  for (const summary of [total, ...fleets]) checkAttempts(summary);
  for (const key of ['planned', 'firstPlanned', 'started', 'retries', 'unfinished', 'notStarted'] as const) {
    expect(sum(fleets.map(({ attempts }) => attempts[key] ?? -1))).toBe(total.attempts[key]);
  }
  const endUs = Math.min(scenario.durationUs, stopAtUs ?? Number.POSITIVE_INFINITY);
  for (const line of timeline) {
    timelineLineSchema.parse(line);
    const { online, onlineMin = -1, onlineMax = -1, ended } = line.total;
    // Once sessions are ended in order, the fewest are those before. A late generator tells that with the second before.
    const isEnding = line.endSec * 1_000_000 >= endUs || ended['stopped'] !== undefined;
    if (!isEnding) expect(onlineMin).toBeLessThanOrEqual(online);
    expect(onlineMax).toBeGreaterThanOrEqual(online);
  }
  const isStopped = stopAtUs !== undefined && stopAtUs < scenario.durationUs;
  if (!isStopped) {
    expect(fleets.map(({ attempts }) => attempts.firstPlanned)).toEqual(firstPlanned(scenario, scenario.durationUs));
  }
  // The course by the second and the figures of the whole run are the same.
  for (const key of ['planned', 'started', 'retries'] as const) {
    expect(sum(timeline.map((line) => line.total[key]))).toBe(total.attempts[key]);
  }
  if (lostAtUs !== undefined) return;
  // Nothing was lost on the way: what the service saw, and every second of the course.
  expect(total.attempts.started).toBe(service.logins);
  expect(total.attempts.unfinished).toBe(0);
  // Late workers tell what was online at the end in more than one second.
  const mostBySec = Math.max(0, ...timeline.map(({ total: { onlineMax = 0 } }) => onlineMax));
  expect(total.online.peak).toBe(Math.max(mostBySec, total.online.last));
  if (stalls.length > 0 || openingUs > 0 || noPortAfter !== undefined) return;
  // What is planned for the millisecond of a stop, at most one attempt of each session, is not started any more.
  if (isStopped) expect(total.attempts.notStarted).toBeLessThanOrEqual(total.sessions);
  else expect(total.attempts.notStarted).toBe(0);
}

function checkDisturbances({ figures, scenario }: VirtualResult): void {
  for (const { total, fleets } of figures.disturbances) {
    for (const part of [total, ...fleets.map((one) => one.figures)]) checkRecovery(part);
    for (const key of ['lost', 'recovered', 'neverRecovered'] as const) {
      expect(sum(fleets.map((one) => one.figures[key]))).toBe(total[key]);
    }
  }
  expect(figures.total.sessions).toBe(sum(scenario.fleets.map(fleetSessions)));
}

it('balances attempts and outcomes, and the losses of every disturbance', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(drawn, async (values) => {
      const result = await playVirtually(playOf(values));
      checkBalance(result, values.troubles);
      checkDisturbances(result);
    }),
    SETTINGS,
  );
});

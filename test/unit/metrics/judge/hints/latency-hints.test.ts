import { describe, expect, it } from 'vitest';
import { HINTS } from '../../../../../src/metrics/judge/hints/hint-table.ts';
import { latencyHints } from '../../../../../src/metrics/judge/hints/latency-hints.ts';
import { type LatencyHistogram, newHistogram, recordUs } from '../../../../../src/results/latency/histogram.ts';
import type { RunHistograms } from '../../../../../src/results/latency/run-histograms.ts';
import type { SeriesKey } from '../../../../../src/results/series.ts';

const MS = 1_000;
const SEC = 1_000 * MS;

/** `count` values, evenly from one to the other. */
function spread(count: number, fromUs: number, untilUs = fromUs): number[] {
  return Array.from({ length: count }, (_, nth) => fromUs + ((untilUs - fromUs) * nth) / Math.max(1, count));
}

function histogramOf(values: readonly number[]): LatencyHistogram {
  const histogram = newHistogram();
  for (const us of values) recordUs(histogram, us);
  return histogram;
}

/** A fleet with these latencies, by measure and outcome. */
function fleet(series: Partial<Record<SeriesKey, readonly number[]>>): RunHistograms {
  const ofAttempts = new Map(
    Object.entries(series).map(([key, values]) => [key as SeriesKey, histogramOf(values ?? [])] as const),
  );
  return { name: 'meters', ofAttempts, stalls: new Map(), percentileUs: () => undefined };
}

/** Steps of a single fleet: where each begins and how many attempts are in it. */
function stepsOf(series: Partial<Record<SeriesKey, readonly number[]>>): [string, number, number][] {
  return latencyHints([fleet(series)], undefined).flatMap(({ measure, steps }) =>
    steps.map(({ fromUs, count }): [string, number, number] => [measure, fromUs, count]),
  );
}

const FAST = spread(9_000, 200, 2 * MS);

describe('a step in tcp', () => {
  it('is at least 10 attempts and 0.1% about 1 s, 3 s or 7 s', () => {
    const values = [
      ...FAST,
      ...spread(12, 1.001 * SEC, 1.02 * SEC),
      ...spread(10, 3.003 * SEC),
      ...spread(10, 7.1 * SEC),
    ];
    expect(stepsOf({ 'tcp/accepted': values })).toEqual([
      ['tcp', 0.98 * SEC, 12],
      ['tcp', 2.98 * SEC, 10],
      ['tcp', 6.98 * SEC, 10],
    ]);
  });

  it('is each second of the first four where Linux sends SYNs again that often', () => {
    const values = [1, 2, 3, 4].flatMap((sec) => spread(20, sec * SEC + 4 * MS));
    expect(stepsOf({ 'tcp/accepted': [...FAST, ...values] }).map(([, fromUs]) => fromUs)).toEqual([
      ...[0.98, 1.98, 2.98, 3.98].map((sec) => sec * SEC),
    ]);
  });

  it.each<[string, readonly number[]]>([
    ['9 attempts', [...FAST, ...spread(9, 1.01 * SEC)]],
    ['less than 0.1%', [...spread(20_000, 200, 2 * MS), ...spread(19, 1.01 * SEC)]],
    ['just before 1 s', [...FAST, ...spread(500, 0.9 * SEC, 0.979 * SEC)]],
    ['well after 1 s', [...FAST, ...spread(500, 1.26 * SEC, 1.5 * SEC)]],
    ['a slow service: any time up to 4 s', spread(9_000, 200, 4 * SEC)],
    ['a slope that falls', [...FAST, ...spread(3_000, 0.5 * SEC, 1 * SEC), ...spread(900, 1 * SEC, 1.3 * SEC)]],
    ['nothing measured', []],
  ])('is not: %s', (_what, values) => {
    expect(stepsOf({ 'tcp/accepted': values })).toEqual([]);
  });

  it('counts attempts of all outcomes and all fleets together', () => {
    const fleets = [
      fleet({ 'tcp/accepted': [...FAST, ...spread(4, 1.01 * SEC)] }),
      fleet({ 'tcp/accepted': spread(3, 1.01 * SEC), 'tcp/refused-4': spread(3, 1.01 * SEC) }),
    ];
    expect(latencyHints(fleets, undefined)).toMatchObject([
      { hint: 'syn-retransmission', measure: 'tcp', attempts: 9_010, steps: [{ count: 10 }] },
    ]);
  });

  it('is looked for in the HTTPS login too', () => {
    expect(stepsOf({ 'auth-tcp/accepted': [...FAST, ...spread(50, 3.01 * SEC)] })).toEqual([
      ['auth-tcp', 2.98 * SEC, 50],
    ]);
  });

  it('is not looked for in other phases', () => {
    expect(stepsOf({ 'mqtt/accepted': [...FAST, ...spread(50, 1.01 * SEC)] })).toEqual([]);
  });

  it.each([
    [62, 'The machine confirms it: its kernel counted 62 of them during the run.'],
    [
      3,
      'The machine does not confirm it: its kernel counted 3 of them during the run, so something else, such as a proxy, lets connects wait.',
    ],
    [undefined, 'This machine does not tell how many SYNs it sent again.'],
  ])('is held against the counter of the kernel: %s', (counted, words) => {
    const values = [...spread(4_938, 200, 2 * MS), ...spread(50, 1.01 * SEC), ...spread(12, 3.01 * SEC)];
    const kernel = counted === undefined ? undefined : { synRetransmissions: counted, retransmissions: counted + 5 };
    const [hint] = latencyHints([fleet({ 'tcp/accepted': values })], kernel);
    expect(hint?.finding).toBe(
      `tcp: 50 attempts (1%) took about 1s, 12 (0.24%) about 3s, as a connect does whose SYN was lost and sent again. ${words}`,
    );
    expect(hint?.advice).toMatch(/net\.core\.somaxconn.*load balancer.*firewall/);
  });
});

describe('a step in mqtt under TLS', () => {
  const near = { 'tcp/accepted': spread(200, 100, 900), 'tls/accepted': spread(200, 2 * MS, 9 * MS) } as const;
  const cluster = [...spread(60, 40.2 * MS, 44.8 * MS), ...spread(140, 300, 3 * MS)];

  it('is at least 10 attempts and 5% of 38 to 48 ms', () => {
    expect(latencyHints([fleet({ ...near, 'mqtt/accepted': cluster })], undefined)).toEqual([
      {
        ...{ hint: 'delayed-ack', measure: 'mqtt', attempts: 200 },
        steps: [{ fromUs: 38 * MS, untilUs: 48 * MS, count: 60, share: 0.3 }],
        finding:
          'mqtt: 60 attempts (30%) took 38ms to 48ms under TLS, though the network is much faster: as with a broker without TCP_NODELAY, ' +
          'whose CONNACK waits for an ACK that the client delays by 40 ms. Other MQTT clients wait as long.',
        advice: 'Switch TCP_NODELAY on at the broker (mosquitto: `set_tcp_nodelay true`).',
      },
    ]);
  });

  it.each<[string, Partial<Record<SeriesKey, readonly number[]>>]>([
    ['without TLS', { 'tcp/accepted': near['tcp/accepted'], 'mqtt/accepted': cluster }],
    ['on a way of 20 ms', { ...near, 'tcp/accepted': spread(200, 20 * MS, 22 * MS), 'mqtt/accepted': cluster }],
    ['9 attempts', { ...near, 'mqtt/accepted': [...spread(9, 41 * MS), ...spread(100, MS)] }],
    ['less than 5%', { ...near, 'mqtt/accepted': [...spread(49, 41 * MS), ...spread(951, MS)] }],
    ['a slow broker: any time up to 80 ms', { ...near, 'mqtt/accepted': spread(2_000, MS, 80 * MS) }],
    ['a cluster below', { ...near, 'mqtt/accepted': spread(200, 33 * MS, 37.5 * MS) }],
    ['a cluster above', { ...near, 'mqtt/accepted': spread(200, 48.5 * MS, 55 * MS) }],
  ])('is not: %s', (_what, series) => {
    expect(stepsOf(series)).toEqual([]);
  });

  it('is looked for in the fleets that use TLS alone', () => {
    const plain = fleet({ 'tcp/accepted': spread(5_000, 200), 'mqtt/accepted': spread(5_000, 600) });
    const secure = fleet({ ...near, 'mqtt/accepted': cluster });
    expect(latencyHints([plain, secure], undefined)).toMatchObject([{ attempts: 200, steps: [{ share: 0.3 }] }]);
  });
});

describe('the table of hints', () => {
  it('has each hint once, with a bound and advice', () => {
    expect(new Set(HINTS.map(({ hint }) => hint)).size).toBe(HINTS.length);
    for (const { bound, windows, advice } of HINTS) {
      expect(bound.count).toBeGreaterThanOrEqual(10);
      expect(bound.rise).toBeGreaterThan(1);
      expect(windows.every(({ fromUs, untilUs }) => fromUs > untilUs - fromUs)).toBe(true);
      expect(advice).toMatch(/\.$/);
    }
  });
});

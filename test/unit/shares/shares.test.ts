import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hlogLines } from '../../../src/metrics/hlog/hlog.ts';
import type { Part } from '../../../src/plan/split.ts';
import type { Summary } from '../../../src/results/summary/summary.ts';
import type { TimelineLine } from '../../../src/results/timeline-line.ts';
import type { RunNews } from '../../../src/run/run-news.ts';
import type { Scenario } from '../../../src/scenario/scenario.ts';
import { mergeShares } from '../../../src/shares/merge/merge-shares.ts';
import { readShareSet } from '../../../src/shares/merge/share-set.ts';
import { newsOf, type WrittenShare, writeShare } from '../../fixtures/shares/written-share.ts';
import type { ServiceScript } from '../../fixtures/virtual/scripted-service.ts';
import { playVirtually, type VirtualResult } from '../../fixtures/virtual/virtual-run.ts';

/**
 * Shares of a run against a service whose answers depend on nothing but the device and how often it has asked: what four shares did apart is
 * what four workers of one run did.
 */

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetstorm-shares-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Client ids that do not hold the time. */
const AUTH = { mode: 'direct', timestamp: '789' };

const SCENARIO = {
  version: 1,
  name: 'storm',
  seed: 11,
  duration: '9s',
  target: { mqtt: ['mqtt://127.0.0.1:1883', 'mqtt://127.0.0.1:1884'], spread: 'next-on-failure' },
  fleets: [
    {
      name: 'meters',
      productKey: 'a1Meters',
      auth: AUTH,
      devices: 401,
      connect: { arrival: 'poisson', rate: '150/s' },
      reconnect: { growth: 'exponential', base: '200ms', cap: '3s', jitter: 'full' },
      duplicates: { fraction: '5%', copies: 2 },
    },
    {
      name: 'gateways',
      productKey: 'a1Gateways',
      auth: AUTH,
      devices: 57,
      connect: { arrival: 'ramp', over: '3s' },
      reconnect: { growth: 'fixed', base: '700ms', maxAttempts: 4 },
    },
  ],
  events: [{ at: '4s', drop: { fraction: '60%', by: 'reset' } }],
  thresholds: ['response.p99 < 100s', 'accepted.count > 400', 'accepted.ratio > 99%'],
};

/** Refuses every third login of each device, closes a few without an answer, and never answers one device. */
function service(): ServiceScript {
  const asked = new Map<string, number>();
  return {
    answer: (_nth, _atUs, { clientId }) => {
      const nth = (asked.get(clientId) ?? 0) + 1;
      asked.set(clientId, nth);
      const device = [...clientId].reduce((sum, character) => sum + character.charCodeAt(0), 0);
      if (device % 97 === 0) return { kind: 'silence' };
      if ((device + nth) % 11 === 0) return { kind: 'close', afterUs: 700 + (device % 300) };
      if ((device + nth) % 3 === 0) return { kind: 'refuse', afterUs: 900 + (device % 50) * 40, code: 3 };
      return { kind: 'accept', afterUs: 1_000 + (device % 200) * 37 };
    },
  };
}

async function playedPart(part: Part, workers = 1): Promise<VirtualResult> {
  return await playVirtually({ scenario: SCENARIO, service: service(), part, workers });
}

/** Played once, by the first who asks: what its coordinator made of it is never changed. */
let ofFourWorkers: Promise<VirtualResult> | undefined;
function wholeRun(): Promise<VirtualResult> {
  ofFourWorkers ??= playedPart({ index: 1, of: 1 }, 4);
  return ofFourWorkers;
}

/** Played once each, too. */
const ofFourShares = new Map<number, Promise<VirtualResult>>();
function shareOfFour(index: number): Promise<VirtualResult> {
  const played = ofFourShares.get(index) ?? playedPart({ index, of: 4 });
  ofFourShares.set(index, played);
  return played;
}

interface MergedRun {
  readonly summary: Summary;
  readonly timeline: readonly TimelineLine[];
  readonly hlog: string;
}

async function merged(folders: readonly string[]): Promise<MergedRun> {
  const set = await readShareSet(folders);
  if (!set.ok) throw new Error(set.faults.join('\n'));
  const timeline: TimelineLine[] = [];
  let hlog = '';
  const summary = await mergeShares(set.shares, {
    onInterval: (line, interval) => {
      timeline.push(line);
      hlog += hlogLines(interval);
    },
  });
  return { summary, timeline, hlog };
}

async function written(shares: readonly WrittenShare[]): Promise<string[]> {
  const folders = shares.map((_, index) => join(folder, `share-${index + 1}`));
  for (const [index, share] of shares.entries()) await writeShare(folders[index] ?? '', share);
  return folders;
}

/** What workers measure of themselves is of the thread that plays them. */
function withoutWorkers(lines: readonly TimelineLine[]): object[] {
  return lines.map(({ workers: _workers, ...line }) => line);
}

function figuresOf({ total, fleets, addresses, disturbances, neverOnline }: Summary): object {
  return { total, fleets, addresses, disturbances, neverOnline };
}

function figuresOfRun({ figures, neverOnline }: VirtualResult): object {
  const { total, fleets, disturbances } = figures;
  const addresses = figures.byAddress().map((address) => address.figures);
  return { total, fleets, addresses, disturbances, neverOnline };
}

describe('four shares played apart', () => {
  it('are the same run as four workers of one: every count, histogram, recovery, interval', async () => {
    const whole = await wholeRun();
    const shares: WrittenShare[] = [];
    for (let index = 1; index <= 4; index++) {
      const { scenario, news } = await shareOfFour(index);
      shares.push({ scenario, part: { index, of: 4 }, news });
    }
    const { summary, timeline, hlog } = await merged(await written(shares));
    expect(figuresOf(summary)).toEqual(figuresOfRun(whole));
    expect(withoutWorkers(timeline)).toEqual(withoutWorkers(whole.timeline));
    expect(hlog).toBe(whole.hlog);
    expect(summary.total.kicks?.kicks).toBeGreaterThan(0);
    expect(summary.disturbances?.length).toBeGreaterThan(0);
    expect(summary.thresholds.map(({ passed }) => passed)).toEqual([true, true, false]);
    expect(summary.workers.map(({ index, host }) => [index, host])).toEqual(
      [1, 2, 3, 4].map((share) => [share - 1, `share ${share}`]),
    );
  });

  it('may have any numbers of workers: what is planned of sessions stays the same', async () => {
    const whole = await playedPart({ index: 1, of: 1 }, 1);
    const shares: WrittenShare[] = [];
    for (const [at, workers] of [3, 1, 2].entries()) {
      const part = { index: at + 1, of: 3 };
      const { scenario, news } = await playedPart(part, workers);
      shares.push({ scenario, part, news, workers });
    }
    const { summary } = await merged(await written(shares));
    // Which sessions a drop takes depends on the number of workers where some are offline.
    const planned = (total: Summary['total']): object => [
      total.sessions,
      total.devices?.planned,
      total.attempts.firstPlanned,
    ];
    expect(planned(summary.total)).toEqual(planned(whole.figures.total));
    expect(summary.workers.map(({ host }) => host)).toEqual([
      'share 1',
      'share 1',
      'share 1',
      'share 2',
      'share 3',
      'share 3',
    ]);
  });
});

describe('one run, dealt into shares', () => {
  /** What a coordinator makes of it. */
  let whole: VirtualResult;
  let scenario: Scenario;
  beforeAll(async () => {
    whole = await wholeRun();
    ({ scenario } = whole);
  });

  function dealt(): WrittenShare[] {
    return [0, 1, 2, 3].map((worker) => ({
      scenario,
      part: { index: worker + 1, of: 4 },
      news: newsOf(whole.news, [worker]),
    }));
  }

  it('is merged to what its own coordinator made of it, workers and all', async () => {
    const { summary, timeline, hlog } = await merged(await written(dealt()));
    expect(figuresOf(summary)).toEqual(figuresOfRun(whole));
    expect(timeline).toEqual(whole.timeline);
    expect(hlog).toBe(whole.hlog);
    const rows = whole.ledger().results();
    expect(summary.workers).toEqual(rows.map((row) => ({ ...row, host: `share ${row.index + 1}` })));
  });

  it('in whatever order the folders are named', async () => {
    const folders = await written(dealt());
    const { summary } = await merged(folders);
    expect(await merged([...folders].reverse())).toMatchObject({
      summary: { ...summary, finishedAt: summary.finishedAt },
    });
  });

  it('in whatever order the news of a share came', async () => {
    const jumbled = dealt().map((share) => {
      const [news, ends] = [[...share.news], [] as RunNews[]];
      for (const one of share.news) if (one.type === 'worker-end') ends.push(one);
      return { ...share, news: [...news.filter(({ type }) => type === 'snapshot').reverse(), ...ends] };
    });
    const { summary } = await merged(await written(jumbled));
    expect(figuresOf(summary)).toEqual(figuresOfRun(whole));
  });

  it('is degraded by a share that was killed: its sessions count as lost, and the plan stays whole', async () => {
    const shares = dealt();
    const cut = shares.map((share, at): WrittenShare => {
      if (at !== 2) return share;
      const news = share.news.filter((one) => one.type === 'snapshot' && one.snapshot.interval < 5);
      return { ...share, news, until: 'started' };
    });
    const { summary } = await merged(await written(cut));
    const { attempts } = summary.total;
    expect(attempts.firstPlanned).toBe(whole.figures.total.attempts.firstPlanned);
    expect(summary.verdict).toMatchObject({
      verdict: 'degraded',
      findings: [
        {
          rule: 'host-lost',
          reason: 'share 3 was lost (its record was cut after 5s of 9s), and 114 of its 114 sessions count as lost',
        },
      ],
    });
    expect(summary.hosts?.[2]).toMatchObject({ name: 'share 3', state: 'lost', sessions: 114, lostSessions: 114 });
    expect(summary.workers[2]).toMatchObject({
      state: 'unresponsive',
      error: 'the record of its share was cut after 5s of 9s',
    });
    expect([summary.interrupted, summary.exitCode]).toEqual([false, 98]);
  });
});

describe('a share that was stopped', () => {
  const stopped = (part: Part): Promise<VirtualResult> =>
    playVirtually({ scenario: SCENARIO, service: service(), part, stopAtUs: 2_500_000 });

  it('degrades the run, whose plan it does not shorten', async () => {
    const whole = await wholeRun();
    const { scenario } = whole;
    const shares: WrittenShare[] = [];
    for (let index = 1; index <= 4; index++) {
      const part = { index, of: 4 };
      const { news } = await (index === 2 ? stopped(part) : shareOfFour(index));
      shares.push({ scenario, part, news });
    }
    const { summary } = await merged(await written(shares));
    expect(summary.hosts?.[1]).toMatchObject({ state: 'stopped', error: 'after 2.5s of 9s' });
    expect(summary.total.attempts.firstPlanned).toBe(whole.figures.total.attempts.firstPlanned);
    expect(summary.total.online.last).toBeLessThan(whole.figures.total.online.last);
    expect(summary.verdict.reasons).toEqual([
      expect.stringMatching(/^share 2 was stopped \(after 2.5s of 9s\), and (\d+) of its \1 sessions count as lost$/),
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { judge, type VerdictInput } from '../../../../src/metrics/judge/judge.ts';
import type { GeneratorHealth } from '../../../../src/results/summary/generator-figures.ts';
import type { OutcomeCount } from '../../../../src/results/summary/outcome-count.ts';
import { summaryJsonSchema } from '../../../../src/results/summary/summary-schema.ts';
import type { WorkerResult } from '../../../../src/results/summary/worker-result.ts';
import { nearestName } from '../../../../src/text/nearest-name.ts';

const FINE: VerdictInput = { outcomes: [], workers: [], crossChecks: [], lostSnapshots: [] };
const WORKER: WorkerResult = {
  index: 2,
  state: 'finished',
  sessions: 10,
  lostSessions: 0,
  eventLoopDelayP99Us: 1,
  eventLoopDelayMaxUs: 1,
  cpuShareMean: 0.1,
  cpuShareMax: 0.1,
};

function outcome(name: string, count = 1, details: OutcomeCount['details'] = []): OutcomeCount {
  return { outcome: name, count, share: 1, details };
}

describe('judge', () => {
  it('believes a run in which nothing was lost', () => {
    const crossChecks = [
      { name: 'accepted', tool: 5, emulator: 5, rule: 'equal' },
      { name: 'refused-4', tool: 5, emulator: 7, rule: 'equal', tolerance: 2 },
      { name: 'kicks', tool: 1, emulator: 9, rule: 'info' },
    ] as const;
    expect(judge({ ...FINE, workers: [WORKER], crossChecks })).toEqual({ verdict: 'valid', reasons: [] });
  });

  it.each<[string, Partial<VerdictInput>, string]>([
    [
      'a dead worker',
      { workers: [{ ...WORKER, state: 'died', lostSessions: 9, error: 'heap' }] },
      'worker 2 died and 9 of its 10 sessions were lost: heap',
    ],
    [
      'a silent worker',
      { workers: [{ ...WORKER, state: 'unresponsive', lostSessions: 10 }] },
      'worker 2 stopped answering and 10 of its 10 sessions were lost',
    ],
    ['a dead emulator', { emulatorDied: 'exit code 1' }, 'the emulator ended before the run did: exit code 1'],
    [
      'counts that differ',
      { crossChecks: [{ name: 'accepted', tool: 5, emulator: 6, rule: 'equal' }] },
      'accepted: the tool counted 5, the emulator 6; they must be equal',
    ],
    [
      'counts further apart than explained',
      { crossChecks: [{ name: 'accepted', tool: 5, emulator: 8, rule: 'equal', tolerance: 2 }] },
      'accepted: the tool counted 5, the emulator 8; lost answers explain a difference of 2 at most',
    ],
    ['lost figures', { lostSnapshots: ['second snapshot'] }, 'figures were lost: second snapshot'],
  ])('degrades a run with %s', (_name, input, reason) => {
    expect(judge({ ...FINE, ...input })).toEqual({
      verdict: 'degraded',
      reasons: [reason],
      findings: [{ rule: expect.any(String), verdict: 'degraded', reason }],
    });
  });

  it('tells of a dead emulator, not of a target that nobody can reach, where it died before a login was accepted', () => {
    const outcomes = [outcome('tcp-refused', 9, [{ detail: 'ECONNREFUSED', count: 9 }])];
    expect(judge({ ...FINE, outcomes, emulatorDied: 'signal SIGKILL' })).toMatchObject({
      verdict: 'degraded',
      reasons: ['the emulator ended before the run did: signal SIGKILL'],
    });
    expect(judge({ ...FINE, outcomes })).toMatchObject({ verdict: 'none-accepted' });
  });

  it('doubts a recovery that is counted from an event which happened late', () => {
    const event = { label: 'drop all', lateUs: 3_000_000, halfBackUs: 3_600_000 };
    expect(judge({ ...FINE, workers: [WORKER], cores: 2, lateEvents: [event] })).toMatchObject({
      verdict: 'generator-limited',
      findings: [{ rule: 'late-event' }],
      reasons: [
        'the event "drop all" happened 3s after its instant, 83% of the 3.6s until half of its sessions were back: use more workers, `client: lean`, or more machines',
      ],
    });
    const punctual = [
      { ...event, lateUs: 50_000, halfBackUs: 1_000 },
      { ...event, lateUs: 360_000 },
    ];
    expect(judge({ ...FINE, lateEvents: punctual }).verdict).toBe('valid');
  });

  it('says first that the generator was the limit, and keeps what else is wrong', () => {
    const outcomes = [outcome('accepted'), outcome('local-limit', 3, [{ detail: 'EMFILE', count: 3 }])];
    const reasons = [
      '3 attempts never left this machine, and no later one was started: it ran out of descriptors (EMFILE): raise `ulimit -n`, or use more machines',
      'the emulator ended before the run did: x',
    ];
    expect(judge({ ...FINE, outcomes, emulatorDied: 'x' })).toEqual({
      verdict: 'generator-limited',
      reasons,
      findings: [
        { rule: 'local-limit', verdict: 'generator-limited', reason: reasons[0] },
        { rule: 'emulator-died', verdict: 'degraded', reason: reasons[1] },
      ],
    });
  });

  it.each([
    ['EMFILE 127.0.0.1:1883', 'descriptors', 'raise `ulimit -n`, or use more machines'],
    [
      'no local port left for 127.0.0.1:1883',
      'ports',
      'name more `sources`, or widen net.ipv4.ip_local_port_range, or use more machines',
    ],
    ['ENOBUFS 127.0.0.1:1883', 'memory', 'run fewer devices, or use more machines'],
    ['EACCES 127.0.0.1:1883', 'something', 'use more machines'],
  ])('gives advice against what ran out: %s', (detail, what, ways) => {
    const outcomes = [outcome('accepted'), outcome('local-limit', 1, [{ detail, count: 1 }])];
    expect(judge({ ...FINE, outcomes }).reasons).toEqual([
      `1 attempt never left this machine, and no later one was started: it ran out of ${what} (${detail}): ${ways}`,
    ]);
  });
});

describe('attempts of the plan that were never started', () => {
  const neverStarted = { count: 73, planned: 100 };

  it('are the limit of the generator, whatever the others came to', () => {
    const { verdict, reasons } = judge({ ...FINE, outcomes: [outcome('accepted', 27)], neverStarted });
    expect(verdict).toBe('generator-limited');
    expect(reasons).toEqual([
      expect.stringMatching(/^73 of 100 planned first attempts were never started, because .*: plan fewer/),
    ]);
  });

  it('are explained where this machine ran out of something, and none are no reason', () => {
    const outcomes = [outcome('accepted', 26), outcome('local-limit')];
    expect(judge({ ...FINE, outcomes, neverStarted }).reasons).toEqual([expect.stringContaining('ran out')]);
    expect(judge({ ...FINE, neverStarted: { count: 0, planned: 100 } }).verdict).toBe('valid');
  });
});

describe('judge of the generator', () => {
  const generator: GeneratorHealth = {
    client: 'lean',
    slipP99Us: 1_300,
    slipMaxUs: 9_000,
    eventLoopDelayP99Us: 2_000,
    eventLoopDelayMaxUs: 9_000,
    cpuShareMax: 1,
    gcShareMax: 0.1,
    descriptors: { used: 100 },
  };
  const idle: VerdictInput = { ...FINE, generator, responseP99Us: 3_000, workers: [WORKER], smallestLimitUs: 1_000 };

  it.each<[string, Partial<VerdictInput>]>([
    ['an idle one, whose slip is half of a short response', {}],
    [
      'late, but not against what the target takes',
      { generator: { ...generator, slipP99Us: 90_000 }, responseP99Us: 900_000 },
    ],
    [
      'a stall that fewer than one attempt of a hundred waited through',
      { generator: { ...generator, stalledAttempts: 60, stallP99Us: 0, stallMaxUs: 60_000 } },
    ],
    [
      'a stall that is short beside what the target takes',
      {
        generator: { ...generator, stalledAttempts: 60, stallP99Us: 90_000, stallMaxUs: 90_000 },
        responseP99Us: 900_000,
      },
    ],
    [
      'a late loop that no threshold looks at',
      { workers: [{ ...WORKER, eventLoopDelayP99Us: 60_000 }], smallestLimitUs: undefined },
    ],
    [
      'a late loop, and thresholds far above',
      { workers: [{ ...WORKER, eventLoopDelayP99Us: 60_000 }], smallestLimitUs: 500_000 },
    ],
  ])('lets pass %s', (_name, input) => {
    expect(judge({ ...idle, ...input })).toEqual({ verdict: 'valid', reasons: [] });
  });

  it.each<[string, Partial<VerdictInput>, RegExp]>([
    [
      'slip',
      { generator: { ...generator, slipP99Us: 437_000 }, responseP99Us: 1_470_000 },
      /^1% of the attempts started 437ms late or later, 30% of/,
    ],
    [
      'a loop later than a limit',
      { workers: [{ ...WORKER, eventLoopDelayP99Us: 60_000 }] },
      /^the event loop of worker 2 was late by 60ms, and a threshold tests 1ms/,
    ],
    ['a worker without a pause', { workers: [{ ...WORKER, cpuShareMean: 0.95 }] }, /^worker 2 used 95% of a core/],
    [
      'a stall while answers were awaited, whatever thresholds say',
      {
        generator: { ...generator, stalledAttempts: 120, stallP99Us: 5_000_000, stallMaxUs: 5_100_000 },
        responseP99Us: 6_500_000,
        smallestLimitUs: undefined,
      },
      /^120 attempts were under way while the event loop stood still, for up to 5.1s: 1% of all lost 5s or more by it, 77% of the response time's p99 of 6.5s: use/,
    ],
  ])('tells %s, and what to do', (_name, input, reason) => {
    const verdict = judge({ ...idle, ...input });
    expect(verdict).toMatchObject({ verdict: 'generator-limited', reasons: [expect.stringMatching(reason)] });
    expect(verdict.reasons[0]).toMatch(/: use more workers or more machines$/);
  });

  it.each([
    ['mqttjs', 4, 10, 'use more workers, `client: lean`, or more machines'],
    ['lean', 4, 10, 'use more workers or more machines'],
    ['mqttjs', 1, 10, 'use `client: lean` or more machines'],
    ['lean', 1, 10, 'use more machines, or plan fewer logins per second'],
    ['lean', 4, 1, 'use more machines, or plan fewer logins per second'],
  ])('gives no advice that is taken: client %s on %i cores, %i sessions', (client, cores, sessions, ways) => {
    const workers = [{ ...WORKER, sessions, cpuShareMean: 0.95 }];
    const [reason] = judge({ ...idle, generator: { ...generator, client }, cores, workers }).reasons;
    expect(reason).toBe(`worker 2 used 95% of a core over the whole run: ${ways}`);
  });
});

describe('nearestName', () => {
  it.each([
    ['respnose', 'response'],
    ['RESPONSE', 'response'],
    ['slpi', 'slip'],
    ['xyz', undefined],
    ['', undefined],
  ])('of %s is %s', (name, expected) => {
    expect(nearestName(name, ['response', 'service', 'slip'])).toBe(expected);
  });
});

describe('summaryJsonSchema', () => {
  it('describes the whole summary, strictly', () => {
    const schema = summaryJsonSchema();
    expect(schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(schema['required']).toContain('verdict');
  });
});

import { describe, expect, it } from 'vitest';
import { type ExitInput, exitCodeOf } from '../../../src/metrics/exit-code.ts';
import { nearestName } from '../../../src/metrics/nearest-name.ts';
import {
  EXIT_CODE_WORDS,
  EXIT_CODES,
  type GeneratorHealth,
  type OutcomeCount,
  type WorkerResult,
} from '../../../src/metrics/results.ts';
import { summaryJsonSchema } from '../../../src/metrics/summary-schema.ts';
import { judge, type VerdictInput } from '../../../src/metrics/verdict.ts';

const FINE: VerdictInput = { outcomes: [], workers: [], crossChecks: [], lostSnapshots: [] };
const WORKER: WorkerResult = {
  ...{ index: 2, state: 'finished', sessions: 10, lostSessions: 0 },
  ...{ eventLoopDelayP99Us: 1, eventLoopDelayMaxUs: 1, cpuShareMean: 0.1, cpuShareMax: 0.1 },
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
    expect(judge({ ...FINE, ...input })).toEqual({ verdict: 'degraded', reasons: [reason] });
  });

  it('says first that the generator was the limit', () => {
    const outcomes = [outcome('accepted'), outcome('local-limit', 3, [{ detail: 'EMFILE', count: 3 }])];
    expect(judge({ ...FINE, outcomes, emulatorDied: 'x' })).toEqual({
      verdict: 'generator-limited',
      reasons: [
        '3 attempts never left this machine, and no later one was started: it ran out of descriptors or ports (EMFILE): raise ulimit -n, name more `sources`, or use more machines',
        'the emulator ended before the run did: x',
      ],
    });
  });
});

describe('attempts of the plan that were never started', () => {
  const neverStarted = { count: 73, planned: 100 };

  it('are the limit of the generator, whatever the others came to', () => {
    const { verdict, reasons } = judge({ ...FINE, outcomes: [outcome('accepted', 27)], neverStarted });
    expect(verdict).toBe('generator-limited');
    expect(reasons).toEqual([
      expect.stringMatching(/^73 of 100 planned first attempts were never started: .*plan fewer/),
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
    ...{ slipP99Us: 1_300, slipMaxUs: 9_000, eventLoopDelayP99Us: 2_000, eventLoopDelayMaxUs: 9_000 },
    ...{ cpuShareMax: 1, gcShareMax: 0.1, descriptors: { used: 100 } },
  };
  const idle: VerdictInput = { ...FINE, generator, responseP99Us: 3_000, workers: [WORKER], smallestLimitUs: 1_000 };

  it.each<[string, Partial<VerdictInput>]>([
    ['an idle one, whose slip is half of a short response', {}],
    [
      'late, but not against what the target takes',
      { generator: { ...generator, slipP99Us: 90_000 }, responseP99Us: 900_000 },
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
      /^1 % of the attempts started 437ms late or later, 30 % of/,
    ],
    [
      'a loop later than a limit',
      { workers: [{ ...WORKER, eventLoopDelayP99Us: 60_000 }] },
      /^the event loop of worker 2 was late by 60ms, and a threshold tests 1ms/,
    ],
    ['a worker without a pause', { workers: [{ ...WORKER, cpuShareMean: 0.95 }] }, /^worker 2 used 95 % of a core/],
  ])('tells %s, and what to do', (_name, input, reason) => {
    const verdict = judge({ ...idle, ...input });
    expect(verdict).toEqual({ verdict: 'generator-limited', reasons: [expect.stringMatching(reason)] });
    expect(verdict.reasons[0]).toMatch(/more workers, `client: lean`, or more machines$/);
  });

  it('costs no exit code when that is accepted', () => {
    const limited = {
      interrupted: false,
      verdict: { verdict: 'generator-limited' as const, reasons: [] },
      thresholds: [],
    };
    expect(exitCodeOf({ ...limited, outcomes: [outcome('accepted')], acceptsLimited: true })).toBe(EXIT_CODES.passed);
  });
});

describe('exitCodeOf', () => {
  const passed: ExitInput = {
    interrupted: false,
    verdict: { verdict: 'valid', reasons: [] },
    thresholds: [],
    outcomes: [outcome('accepted')],
  };
  const thresholds: ExitInput['thresholds'] = [{ source: 'x', passed: false, unit: 'us' }];
  const degraded: ExitInput['verdict'] = { verdict: 'degraded', reasons: [] };
  const limited: ExitInput['verdict'] = { verdict: 'generator-limited', reasons: [] };

  it.each<[string, Partial<ExitInput>, number]>([
    ['a good run', {}, EXIT_CODES.passed],
    ['a failed threshold', { thresholds }, EXIT_CODES.thresholdFailed],
    ['degraded, before its thresholds', { verdict: degraded, thresholds }, EXIT_CODES.degraded],
    ['generator-limited', { verdict: limited, thresholds }, EXIT_CODES.generatorLimited],
    [
      'no answer at all',
      { outcomes: [outcome('tcp-refused'), outcome('connack-timeout')], verdict: degraded },
      EXIT_CODES.targetUnreachable,
    ],
    ['a refusal, which is an answer', { outcomes: [outcome('tcp-timeout'), outcome('refused-5')] }, EXIT_CODES.passed],
    [
      'only local limits, which say nothing of the target',
      { outcomes: [outcome('local-limit')], verdict: limited },
      EXIT_CODES.generatorLimited,
    ],
    ['nothing attempted', { outcomes: [] }, EXIT_CODES.passed],
    [
      'interrupted, before all else',
      { interrupted: true, outcomes: [outcome('tcp-refused')], verdict: degraded },
      EXIT_CODES.interrupted,
    ],
  ])('%s', (_name, input, code) => {
    expect(exitCodeOf({ ...passed, ...input })).toBe(code);
  });

  it('has words for every code', () => {
    expect(Object.values(EXIT_CODES).filter((code) => EXIT_CODE_WORDS[code] === undefined)).toEqual([]);
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

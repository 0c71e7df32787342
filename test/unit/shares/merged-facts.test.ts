import { describe, expect, it } from 'vitest';
import { startSpread } from '../../../src/metrics/judge/start-spread.ts';
import { descriptorsOf, hostResult, kernelOf, machineOf, warningsOf } from '../../../src/shares/merge/merged-facts.ts';
import type { SurveyedShare } from '../../../src/shares/merge/surveyed-share.ts';
import { keptPlan } from '../../../src/shares/record/plan-schema.ts';
import type { StartedLine } from '../../../src/shares/record/record-lines.ts';
import { smallScenario } from '../../fixtures/shares/loaded.ts';

const START = Date.parse('2026-12-01T10:00:00.000Z');
const plan = keptPlan(await smallScenario());

interface Facts extends Partial<StartedLine> {
  readonly retransmissions?: number;
  readonly lateMs?: number;
}

function share(index: number, { retransmissions, lateMs = 0, ...started }: Facts = {}): SurveyedShare {
  const kernel = retransmissions === undefined ? {} : { kernel: { synRetransmissions: 1, retransmissions } };
  return {
    folder: `share-${index}`,
    head: {
      ...{ type: 'share', format: 1, tool: '0.1.0', index, of: 3, scenarioSha256: '', lists: {}, plan, yaml: '' },
    },
    started: {
      type: 'started',
      start: new Date(START + lateMs).toISOString(),
      startedAt: new Date(START).toISOString(),
      target: 'mqtt://127.0.0.1:1883',
      workers: 1,
      hosts: [],
      machine: { node: '20', platform: 'linux', cpu: 'A', cores: 2, memoryMiB: 1_000 },
      descriptors: { used: 20, limit: 1_000 },
      warnings: [],
      ...started,
    },
    over: { type: 'over', elapsedSec: 3, finishedAt: new Date(START + 3_000).toISOString(), sha256: '', ...kernel },
    stoppedSec: undefined,
    knownSec: 3,
  };
}

describe('what several machines have in common', () => {
  it('is what each has, and the sum of what they have together', () => {
    const other = { node: '22', platform: 'linux', cpu: 'A', cores: 8, memoryMiB: 500 };
    expect(machineOf([share(1), share(2, { machine: other })])).toEqual({
      ...{ node: '20, 22', platform: 'linux', cpu: 'A', cores: 10, memoryMiB: 1_500 },
    });
  });

  it('counts a machine once that played two shares', () => {
    const shares = [share(1, { kernelId: 'a' }), share(2, { kernelId: 'a' }), share(3, { kernelId: 'b' })];
    expect(machineOf(shares).cores).toBe(4);
  });
});

describe('what the kernels counted', () => {
  it('is added up, once for shares that have one kernel', () => {
    const shares = [
      share(1, { kernelId: 'a', retransmissions: 5 }),
      share(2, { kernelId: 'a', retransmissions: 7 }),
      share(3, { kernelId: 'b', retransmissions: 100 }),
    ];
    expect(kernelOf(shares)).toEqual({ synRetransmissions: 2, retransmissions: 107 });
  });

  it('is not known where one does not tell', () => {
    expect(kernelOf([share(1, { retransmissions: 5 }), share(2)])).toBeUndefined();
  });
});

describe('descriptors', () => {
  it('are those of all processes, with a limit only where each has one', () => {
    expect(descriptorsOf([share(1), share(2)])).toEqual({ baseDescriptors: 40, descriptorLimit: 2_000 });
    expect(descriptorsOf([share(1), share(2, { descriptors: { used: 7 } })])).toEqual({
      ...{ baseDescriptors: 27, descriptorLimit: undefined },
    });
  });
});

describe('warnings', () => {
  it('are said once where all shares began with them, and with the name of the share where not', () => {
    const shares = [
      share(1, { warnings: ['a', 'b'] }),
      share(2, { warnings: ['a'] }),
      share(3, { warnings: ['a', 'b'] }),
    ];
    expect(warningsOf(shares)).toEqual(['a', 'share 1, share 3: b']);
  });
});

describe('the starts of shares', () => {
  const spreadOf = (...lateMs: readonly number[]): string[] =>
    startSpread(lateMs.map((ms, at) => hostResult(share(at + 1, { lateMs: ms }), [], START)));

  it('are one instant up to 50 ms apart', () => {
    expect(spreadOf(0, 50, 20)).toEqual([]);
    expect(spreadOf(0)).toEqual([]);
  });

  it('are told with the first and the last of them', () => {
    expect(spreadOf(20, 0, 112)).toEqual([
      expect.stringMatching(/^share 3 started 112ms after share 2, by their clocks, /),
    ]);
  });
});

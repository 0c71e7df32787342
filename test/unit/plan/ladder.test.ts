import { describe, expect, it } from 'vitest';
import { type LadderPosition, type ReconnectPolicy, retryWaitUs } from '../../../src/plan/ladder.ts';
import { DEFAULT_POLICY, findPreset, PRESETS } from '../../../src/plan/reconnect-presets.ts';

const SEC = 1_000_000;

/** The first waits of a device, in seconds. */
function waits(policy: ReconnectPolicy, count: number, device = 0): number[] {
  const list: number[] = [];
  let at: LadderPosition = { retry: 0, previousWaitUs: 0 };
  for (let retry = 0; retry < count; retry++) {
    const us = retryWaitUs(policy, at, { stream: 42, device, draw: retry });
    list.push(us / SEC);
    at = { retry: retry + 1, previousWaitUs: us };
  }
  return list;
}

function policyOf(name: string): ReconnectPolicy {
  const preset = findPreset(name);
  if (preset === undefined) throw new Error(`no preset ${name}`);
  return preset.policy;
}

/** Lowest and highest wait of each rung over many devices. */
function bounds(policy: ReconnectPolicy, count: number): [number, number][] {
  const all = Array.from({ length: 3_000 }, (_, device) => waits(policy, count, device));
  return Array.from({ length: count }, (_, rung) => {
    const rungWaits = all.map((list) => list[rung] ?? Number.NaN);
    return [Math.min(...rungWaits), Math.max(...rungWaits)];
  });
}

describe('presets without chance give the waits of the page', () => {
  it.each<[string, number[]]>([
    ['iotkit-c-3.0', [1, 2, 4, 8, 16, 32, 60, 60]],
    ['iotkit-c-3.1', [1, 2, 4, 8, 16, 30, 30]],
    ['aliyun-node', [1, 1, 1]],
    ['mqttjs-5', [1, 1, 1]],
    ['paho-python', [1, 2, 4, 8, 16, 32, 64, 120, 120]],
    ['paho-java', [1, 2, 4, 8, 16, 32, 64, 128, 128]],
    ['mosquitto', [1, 1, 1]],
    ['esp-mqtt', [10, 10, 10]],
    ['pubsubclient', [0, 5, 5, 5]],
    ['aws-ios', [1, 2, 4, 8, 16, 32, 64, 128, 128]],
  ])('%s', (name, expected) => {
    expect(waits(policyOf(name), expected.length)).toEqual(expected);
  });
});

describe('presets with chance fill the ranges of the page', () => {
  it.each<[string, [number, number][]]>([
    [
      'iotkit-c-2.3',
      [
        [1, 2],
        [2, 4],
        [4, 8],
        [8, 16],
        [16, 32],
        [32, 60],
        [60, 60],
      ],
    ],
    [
      'paho-c-async',
      [
        [1 / 1.2, 1.2],
        [2 / 1.2, 2.4],
        [4 / 1.2, 4.8],
      ],
    ],
    [
      'mosquitto-bridge',
      [
        [5, 5],
        [5, 15],
        [5, 30],
      ],
    ],
    [
      'hivemq-java',
      [
        [0.75, 1.25],
        [1.5, 2.5],
        [3, 5],
      ],
    ],
    [
      'full-jitter',
      [
        [0, 1],
        [0, 2],
        [0, 4],
        [0, 8],
      ],
    ],
    [
      'linksdk-c-4.2',
      [
        [1.5, 2.5],
        [1.5, 2.5],
        [3.5, 4.5],
        [5.5, 6.5],
      ],
    ],
  ])('%s', (name, expected) => {
    for (const [rung, [low, high]] of bounds(policyOf(name), expected.length).entries()) {
      const [expectedLow = 0, expectedHigh = 0] = expected[rung] ?? [];
      const width = expectedHigh - expectedLow;
      expect(low).toBeGreaterThanOrEqual(expectedLow);
      expect(high).toBeLessThanOrEqual(expectedHigh);
      expect(low).toBeLessThanOrEqual(expectedLow + 0.05 * width);
      expect(high).toBeGreaterThanOrEqual(expectedHigh - 0.15 * width);
    }
  });
});

describe('linksdk-c-4.2', () => {
  it('keeps one offset for the life of a device', () => {
    const [, second = 0, third = 0] = waits(policyOf('linksdk-c-4.2'), 3, 5);
    expect(third - second).toBeCloseTo(2, 6);
  });

  it('stops growing at n = 60', () => {
    const list = waits(policyOf('linksdk-c-4.2'), 80, 5);
    expect((list[79] ?? 0) - (list[61] ?? 0)).toBe(0);
    expect(list[79]).toBeGreaterThan(121);
  });
});

describe('parts of a policy', () => {
  const policy = (part: Partial<ReconnectPolicy>): ReconnectPolicy => ({ ...DEFAULT_POLICY, ...part });

  it.each<[string, Partial<ReconnectPolicy>, number[]]>([
    ['linear', { growth: 'linear', baseUs: 2 * SEC, capUs: 5 * SEC }, [2, 4, 5, 5]],
    ['quadratic', { growth: 'quadratic', baseUs: SEC, capUs: 20 * SEC }, [1, 4, 9, 16, 20]],
    ['exponential by 3', { growth: 'exponential', factor: 3 }, [1, 3, 9, 27, 60]],
    ['a first wait of its own', { first: { kind: 'fixed', us: 7 * SEC }, growth: 'linear' }, [7, 1, 2, 3]],
    ['no first wait', { first: { kind: 'none' }, growth: 'linear' }, [0, 1, 2]],
  ])('%s', (_name, part, expected) => {
    expect(waits(policy(part), expected.length)).toEqual(expected);
  });

  it('spreads a uniform first wait over its whole range', () => {
    const [[low, high] = [0, 0]] = bounds(policy({ first: { kind: 'uniform', us: 20 * SEC } }), 1);
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(19.9);
  });

  it('keeps half the wait with equal jitter', () => {
    const [[low, high] = [0, 0]] = bounds(policy({ jitter: { kind: 'equal' }, baseUs: 4 * SEC }), 1);
    expect(low).toBeGreaterThanOrEqual(2);
    expect(high).toBeLessThanOrEqual(4);
  });

  it('gives the same waits for the same device, and others for another', () => {
    const full = policyOf('full-jitter');
    expect(waits(full, 5, 1)).toEqual(waits(full, 5, 1));
    expect(waits(full, 5, 1)).not.toEqual(waits(full, 5, 2));
  });
});

describe('the table of presets', () => {
  it('has every preset of the page, once', () => {
    expect(PRESETS.map(({ name }) => name)).toEqual([
      'linksdk-c-4.2',
      'iotkit-c-3.0',
      'iotkit-c-3.1',
      'iotkit-c-2.3',
      'aliyun-node',
      'mqttjs-5',
      'paho-python',
      'paho-java',
      'paho-c-async',
      'mosquitto',
      'mosquitto-bridge',
      'esp-mqtt',
      'pubsubclient',
      'hivemq-java',
      'aws-ios',
      'full-jitter',
    ]);
  });
});

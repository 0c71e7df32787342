import { describe, expect, it } from 'vitest';
import { waitRangesUs } from '../../../../src/plan/ladder.ts';
import { PRESETS } from '../../../../src/plan/reconnect-presets.ts';
import { PRESET_WAITS, type WaitRange } from '../../../fixtures/preset-waits.ts';
import { SessionBench } from './session-bench.ts';

const SEC = 1_000_000;
const TICK_US = 1_000;

/** The gaps between the attempts of one session whose every attempt, or session, is ended at once. */
function gaps(name: string, position: number, end: (bench: SessionBench) => void, count: number): number[] {
  const policy = PRESETS.find((preset) => preset.name === name)?.policy ?? {};
  const bench = new SessionBench({ policy });
  bench.session(position).attempt(0);
  for (let retry = 0; retry < count; retry++) {
    const seen = bench.openings.length;
    end(bench);
    while (bench.openings.length === seen && bench.wheel.size > 0) bench.at(bench.wheel.nextUs() ?? 0);
    // A session that has given up opens no more.
    if (bench.openings.length === seen) break;
  }
  return bench.openings.slice(1).map((us, index) => us - (bench.openings[index] ?? 0));
}

function expectWithin(gap: number | undefined, [low, high]: WaitRange): void {
  expect(gap).toBeGreaterThanOrEqual(Math.floor(low * SEC));
  // A timer never fires early, and at most a tick late.
  expect(gap).toBeLessThanOrEqual(Math.ceil(high * SEC) + TICK_US);
}

describe.each(Object.entries(PRESET_WAITS))('%s', (name, waits) => {
  it('is drawn with the waits of the page', () => {
    const policy = PRESETS.find((preset) => preset.name === name)?.policy;
    const ranges = policy === undefined ? [] : waitRangesUs(policy, waits.length);
    expect(ranges.map((range) => range.map((us) => Math.round(us / 1_000)))).toEqual(
      waits.map((range) => range.map((sec) => Math.round(sec * 1_000))),
    );
  });

  it.each([0, 1, 2])('climbs them against a service that always refuses, device %d', (position) => {
    const found = gaps(name, position, (bench) => bench.link().fail('refused-3'), waits.length);
    expect(found).toHaveLength(name === 'mqttjs-5' ? 0 : waits.length);
    for (const [retry, gap] of found.entries()) expectWithin(gap, waits[retry] ?? [0, 0]);
  });

  it('climbs them against a service that closes before CONNACK', () => {
    const found = gaps(name, 7, (bench) => bench.link().fail('tcp-refused'), waits.length);
    expect(found).toHaveLength(waits.length);
    for (const [retry, gap] of found.entries()) expectWithin(gap, waits[retry] ?? [0, 0]);
  });

  it('starts again with each CONNACK, unless it asks for time online', () => {
    const acceptAndClose = (bench: SessionBench): void => {
      bench.link().accept();
      bench.link().lose();
    };
    const found = gaps(name, 7, acceptAndClose, waits.length);
    const rung = (retry: number): number => (name === 'aws-ios' ? retry : 0);
    for (const [retry, gap] of found.entries()) expectWithin(gap, waits[rung(retry)] ?? [0, 0]);
  });
});

it('every preset is on the page', () => {
  expect(PRESETS.map(({ name }) => name)).toEqual(Object.keys(PRESET_WAITS));
});

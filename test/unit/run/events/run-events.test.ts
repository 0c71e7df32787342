import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ToWorker } from '../../../../src/fleet/protocol.ts';
import { eventId } from '../../../../src/plan/timetable.ts';
import { RunEvents } from '../../../../src/run/events/run-events.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';

const TEXT = `
version: 1
name: states
duration: 10s
target: { emulator: { profile: "2017" } }
fleets: [{ name: meters, productKey: a1, devices: 10 }]
events:
  - { after: { online: 100% }, restart-target: { down: 1s } }
  - { after: { online: 100%, wait: 2s }, refuse: { code: 3, for: 3s } }
  - { after: { online: 100%, wait: 9s }, expire-tokens: {} }
`;
const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;
const EPOCH_NS = 1_000_000_000n;

let events: RunEvents;
let told: ToWorker[];
let sent: [sec: number, kind: string][];

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 3_000 });
  const checked = await loadScenario({ path: 'x.yaml', text: TEXT }, []);
  if (!checked.ok) throw new Error('the scenario is right');
  [told, sent] = [[], []];
  events = new RunEvents(checked.scenario, {
    workers: 2,
    control: ({ kind }) => {
      sent.push([Number(nowNs() - EPOCH_NS) / 1e9, kind]);
      return Promise.resolve(kind === 'restart' ? 10 : undefined);
    },
    broadcast: (message) => told.push(message),
    onFault: () => undefined,
    nowNs,
  });
  events.start(EPOCH_NS);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('events that wait for a state', () => {
  it('are told to the workers at once, and to the emulator at their instants when all workers know', async () => {
    events.online(0, [6]);
    expect(told).toEqual([]);
    events.online(1, [4]);
    expect(told).toEqual([
      { type: 'event', event: 0, atUs: 2_050_000 },
      { type: 'event', event: 1, atUs: 4_050_000 },
      { type: 'event', event: 2, atUs: 11_050_000 },
    ]);
    for (const event of [0, 1, 2]) for (const worker of [0, 1]) events.known(worker, eventId(event));
    await vi.advanceTimersByTimeAsync(8_000);
    expect(sent).toEqual([
      [2.05, 'restart'],
      [4.05, 'begin'],
      [7.05, 'end'],
    ]);
    expect(vi.getTimerCount()).toBe(0);
    expect(events.course.rows(8).map(({ id, startSec, endSec, met }) => [id, startSec, endSec, met])).toEqual([
      [0, 2.05, 3.05, 10],
      [1, 4.05, 7.05, undefined],
      // Too late for this run: the emulator is not told.
      [2, 11.05, undefined, undefined],
    ]);
  });

  it('happen no sooner than the last worker knows, however late that is', async () => {
    events.online(0, [10]);
    events.known(0, eventId(0));
    await vi.advanceTimersByTimeAsync(500);
    expect(sent).toEqual([]);
    events.known(1, eventId(0));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent).toEqual([[2.5, 'restart']]);
  });

  it('do not wait for a worker that is gone', async () => {
    events.workerGone(1);
    events.online(0, [10]);
    events.known(0, eventId(0));
    await vi.advanceTimersByTimeAsync(50);
    expect(sent).toEqual([[2.05, 'restart']]);
  });

  it('do not happen after a stop', async () => {
    events.online(0, [10]);
    events.stop();
    for (const worker of [0, 1]) events.known(worker, eventId(0));
    await vi.advanceTimersByTimeAsync(8_000);
    expect([sent, vi.getTimerCount()]).toEqual([[], 0]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EmulatorControl } from '../../../../src/emulator/contract/control.ts';
import { eventId } from '../../../../src/plan/timetable.ts';
import { type CommandListener, ServiceEvents, serviceCommands } from '../../../../src/run/events/service-events.ts';
import type { ScenarioEvent } from '../../../../src/scenario/event.ts';

const SEC = 1_000_000;
const REFUSE: ScenarioEvent = {
  id: eventId(1),
  kind: 'refuse',
  atUs: 2 * SEC,
  forUs: 3 * SEC,
  label: '',
  misbehaviour: { kind: 'refuse', code: 3 },
};
const EVENTS: readonly ScenarioEvent[] = [
  { id: eventId(0), kind: 'drop', atUs: 0, way: 'reset', fleet: undefined, part: { count: 1 }, count: 1, label: '' },
  REFUSE,
  { id: eventId(2), kind: 'stall-auth', atUs: 0, forUs: undefined, misbehaviour: { kind: 'stall-auth' }, label: '' },
  { id: eventId(3), kind: 'restart-target', atUs: 4 * SEC, downUs: 1.5 * SEC, label: '' },
  { id: eventId(4), kind: 'expire-tokens', atUs: 1 * SEC, label: '' },
];

describe('serviceCommands', () => {
  it('are those of the emulator alone, in the order of time', () => {
    expect(serviceCommands(EVENTS)).toEqual([
      { atUs: 0, event: 2, command: { kind: 'begin', id: 2, misbehaviour: { kind: 'stall-auth' } } },
      { atUs: SEC, event: 4, command: { kind: 'expire-tokens' } },
      { atUs: 2 * SEC, event: 1, command: { kind: 'begin', id: 1, misbehaviour: { kind: 'refuse', code: 3 } } },
      { atUs: 4 * SEC, event: 3, command: { kind: 'restart', downMs: 1_500 } },
      { atUs: 5 * SEC, event: 1, command: { kind: 'end', id: 1 } },
    ]);
  });
});

describe('ServiceEvents', () => {
  const nobody: CommandListener = { onFault: () => undefined, onMet: () => undefined, onLate: () => undefined };
  const sent: [number, string][] = [];
  const epochNs = 5_000_000_000n;
  const nowNs = (): bigint => BigInt(Date.now()) * 1_000_000n;
  const nowSec = (): number => Number(nowNs() - epochNs) / 1e9;
  const send = (command: EmulatorControl): Promise<number | undefined> => {
    sent.push([nowSec(), command.kind]);
    return Promise.resolve(command.kind === 'restart' ? 7 : undefined);
  };

  beforeEach(() => {
    sent.length = 0;
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
    vi.advanceTimersByTime(4_800);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('sends what is of the first instant before the start, the rest at its instant, never early', async () => {
    const events = new ServiceEvents(EVENTS, send, nobody, nowNs);
    await events.before();
    expect(sent.map(([, kind]) => kind)).toEqual(['begin']);
    events.start(epochNs);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(sent.slice(1)).toEqual([
      [1, 'expire-tokens'],
      [2, 'begin'],
      [4, 'restart'],
      [5, 'end'],
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('sends nothing after a stop', async () => {
    const events = new ServiceEvents(EVENTS, send, nobody, nowNs);
    events.start(epochNs);
    await vi.advanceTimersByTimeAsync(1_500);
    events.stop();
    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(sent.map(([, kind]) => kind)).toEqual(['expire-tokens']);
  });

  it('tells what was not played, and goes on', async () => {
    const faults: string[] = [];
    const fail = (command: EmulatorControl): Promise<number | undefined> =>
      command.kind === 'restart' ? Promise.reject(new Error('it is gone')) : send(command);
    const events = new ServiceEvents(EVENTS, fail, { ...nobody, onFault: (words) => faults.push(words) }, nowNs);
    events.start(epochNs);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(faults).toEqual(['the emulator did not play restart: it is gone']);
    expect(sent.at(-1)?.[1]).toBe('end');
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { EmulatorCounts } from '../../../src/emulator/contract/config.ts';
import type { EmulatorControl } from '../../../src/emulator/contract/control.ts';
import type { RunTarget } from '../../../src/host/run-target.ts';
import { lentTarget } from '../../../src/run/lent-target.ts';

const NOTHING: EmulatorCounts = {
  connections: 0,
  accepted: 0,
  refusedByCode: {},
  kicks: 0,
  online: 0,
  protocolErrors: 0,
  waiting: 0,
  tlsFailures: 0,
  authByCode: {},
  tokensIssued: 0,
  subscribed: 0,
  subscriptionsRefused: 0,
  published: 0,
};

/** A target that stays up, and what it was asked to do. */
class StandingTarget implements RunTarget {
  readonly endpoints = [{ host: '127.0.0.1', port: 1883 }];
  readonly access = { authConnections: 'own', followsResources: true, allowedHosts: [] } as const;
  readonly description = 'emulator (profile 2017)';
  died: string | undefined;
  isClosed = false;
  counted: EmulatorCounts | undefined = NOTHING;
  readonly asked: EmulatorControl[] = [];
  /** Ids that it does not answer for. */
  readonly stuck = new Set<number>();

  readonly control = (command: EmulatorControl): Promise<number | undefined> => {
    this.asked.push(command);
    if ('id' in command && this.stuck.has(command.id)) return Promise.reject(new Error('no answer'));
    return Promise.resolve(command.kind === 'restart' ? 5 : undefined);
  };

  counts(): Promise<EmulatorCounts | undefined> {
    return Promise.resolve(this.counted);
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

let standing: StandingTarget;
let told: string[];
beforeEach(() => {
  standing = new StandingTarget();
  told = [];
});

function lend(): Promise<RunTarget> {
  return lentTarget(standing, (words) => told.push(words));
}

function begin(id: number): EmulatorControl {
  return { kind: 'begin', id, misbehaviour: { kind: 'refuse', code: 3 } };
}

describe('the counts of a lent target', () => {
  it('are those since it was lent, without codes that did not come since; gauges are as they are', async () => {
    standing.counted = {
      ...NOTHING,
      connections: 9,
      accepted: 7,
      refusedByCode: { 3: 2, 4: 1 },
      online: 4,
      waiting: 2,
    };
    const target = await lend();
    standing.counted = {
      ...NOTHING,
      connections: 20,
      accepted: 12,
      refusedByCode: { 3: 2, 4: 3, 5: 1 },
      online: 5,
      waiting: 1,
      authByCode: { 200: 6 },
      tokensIssued: 6,
    };
    expect(await target.counts()).toEqual({
      ...NOTHING,
      connections: 11,
      accepted: 5,
      refusedByCode: { 4: 2, 5: 1 },
      online: 5,
      waiting: 1,
      authByCode: { 200: 6 },
      tokensIssued: 6,
    });
  });

  it('tell whom misbehaviour met that this run began, even if an earlier run used its id', async () => {
    standing.counted = { ...NOTHING, metByMisbehaviour: { 0: 10, 1: 4 } };
    const target = await lend();
    await target.control(begin(0));
    standing.counted = { ...NOTHING, metByMisbehaviour: { 0: 13, 1: 6 } };
    expect((await target.counts())?.metByMisbehaviour).toEqual({ 0: 3 });
  });

  it.each(['before', 'after'])('are unknown when the target cannot tell them %s the run', async (when) => {
    if (when === 'before') standing.counted = undefined;
    const target = await lend();
    standing.counted = when === 'before' ? NOTHING : undefined;
    expect(await target.counts()).toBeUndefined();
  });
});

describe('a lent target that is given back', () => {
  it('stays open, and what the run began and did not end is ended', async () => {
    const target = await lend();
    for (const id of [0, 1, 2]) await target.control(begin(id));
    expect(await target.control({ kind: 'restart', downMs: 10 })).toBe(5);
    await target.control({ kind: 'end', id: 1 });
    standing.asked.length = 0;
    await target.close();
    expect(standing.asked).toEqual([
      { kind: 'end', id: 0 },
      { kind: 'end', id: 2 },
    ]);
    expect([standing.isClosed, told]).toEqual([false, []]);
  });

  it('has nothing to end of what it refused to begin', async () => {
    const target = await lend();
    standing.stuck.add(0);
    await expect(target.control(begin(0))).rejects.toThrow('no answer');
    standing.asked.length = 0;
    await target.close();
    expect([standing.asked, told]).toEqual([[], []]);
  });

  it('says what could not be ended, and ends the rest', async () => {
    const target = await lend();
    for (const id of [0, 1]) await target.control(begin(id));
    standing.stuck.add(0);
    await target.close();
    expect(standing.asked.at(-1)).toEqual({ kind: 'end', id: 1 });
    expect(told).toEqual([
      'refuse, which this run began on a target that stays open, could not be ended and may affect later runs: no answer',
    ]);
  });

  it('shows that it has died while it was lent', async () => {
    const target = await lend();
    standing.died = 'killed by SIGKILL';
    expect(target.died).toBe('killed by SIGKILL');
  });
});

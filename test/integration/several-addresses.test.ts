import { describe, expect, it } from 'vitest';
import type { Spread } from '../../src/plan/spread.ts';
import type { AddressFigures } from '../../src/results/address-figures.ts';
import type { Answer } from '../fixtures/virtual/scripted-service.ts';
import { playVirtually, type VirtualPlay } from '../fixtures/virtual/virtual-run.ts';

const [FIRST, SECOND, THIRD] = ['127.0.0.1:1883', '127.0.0.1:1884', '[::1]:1885'];
const ACCEPT: Answer = { kind: 'accept', afterUs: 1_000 };
const REFUSE: Answer = { kind: 'refuse', afterUs: 500, code: 3 };
const SEC = 1_000_000;

function scenario(spread: Spread, addresses: readonly (string | undefined)[], fleets: readonly object[]) {
  return {
    version: 1,
    name: 'cluster',
    duration: '20s',
    target: { mqtt: addresses.map((address) => `mqtt://${address}`), spread },
    fleets: fleets.map((fleet, index) => ({
      name: `fleet-${index}`,
      productKey: 'a1',
      connect: { arrival: 'rate', rate: '100/s' },
      reconnect: { growth: 'fixed', base: '1s' },
      ...fleet,
    })),
  };
}

/** What each address came to, without latencies. */
async function played(play: VirtualPlay): Promise<Record<string, Omit<AddressFigures, 'address' | 'latency'>>> {
  const { figures, faults } = await playVirtually(play);
  expect(faults).toEqual([]);
  return Object.fromEntries(
    figures.byAddress().map(({ figures: { address, latency: _latency, ...counts } }) => [address, counts]),
  );
}

/** The second node is down. */
const SECOND_DEAD: VirtualPlay['service'] = {
  answer: (_nth, _atUs, { endpoint }) => (endpoint.port === 1884 ? REFUSE : ACCEPT),
};

describe('devices of a service with several addresses', () => {
  it.each([1, 2, 3, 4])('are spread in equal shares, whoever of %i workers plays them', async (workers) => {
    const fleets = [{ devices: 300 }, { devices: 31 }, { devices: 29 }];
    const service = { answer: () => ACCEPT };
    const shares = await played({ scenario: scenario('by-device', [FIRST, SECOND, THIRD], fleets), workers, service });
    const each = { outcomes: { accepted: 120 }, ended: { stopped: 120 }, online: { peak: 120, last: 120 } };
    expect(shares).toEqual({ [FIRST]: each, [SECOND]: each, [THIRD]: each });
  });

  it('keep an address that is dead, if each keeps its own', async () => {
    const shares = await played({
      scenario: scenario(
        'by-device',
        [FIRST, SECOND],
        [{ devices: 200, reconnect: { growth: 'fixed', base: '1s', maxAttempts: 3 } }],
      ),
      workers: 3,
      service: SECOND_DEAD,
    });
    expect(shares[FIRST]).toMatchObject({ outcomes: { accepted: 100 }, online: { peak: 100, last: 100 } });
    expect(shares[SECOND]).toMatchObject({ outcomes: { 'refused-3': 400 }, online: { peak: 0, last: 0 } });
  });

  it('all get on by the next address after a failure', async () => {
    const shares = await played({
      scenario: scenario('next-on-failure', [FIRST, SECOND], [{ devices: 200 }]),
      workers: 3,
      service: SECOND_DEAD,
    });
    expect(shares[FIRST]).toMatchObject({ outcomes: { accepted: 200 }, online: { peak: 200, last: 200 } });
    expect(shares[SECOND]).toMatchObject({ outcomes: { 'refused-3': 100 } });
  });

  it('go on to the next address when a node closes their sessions, and stay there when it is back', async () => {
    // The second node closes its sessions at 5 s.
    const closing: Answer = { kind: 'accept', afterUs: 1_000, staysUs: 4 * SEC };
    const shares = await played({
      scenario: scenario('next-on-failure', [FIRST, SECOND, THIRD], [{ devices: 90 }]),
      service: {
        answer: (_nth, atUs, { endpoint }) => (endpoint.port === 1884 && atUs < 5 * SEC ? closing : ACCEPT),
      },
    });
    expect(shares).toEqual({
      [FIRST]: { outcomes: { accepted: 30 }, ended: { stopped: 30 }, online: { peak: 30, last: 30 } },
      [SECOND]: { outcomes: { accepted: 30 }, ended: { 'closed-by-server': 30 }, online: { peak: 30, last: 0 } },
      [THIRD]: { outcomes: { accepted: 60 }, ended: { stopped: 60 }, online: { peak: 60, last: 60 } },
    });
  });

  it('go to each address in turn, whatever came of the last attempt', async () => {
    // Three attempts each: two refused, one accepted.
    const seen = new Map<string, number[]>();
    const shares = await played({
      scenario: scenario('in-turn', [FIRST, SECOND, THIRD], [{ devices: 60 }]),
      service: {
        answer: (_nth, _atUs, { username = '', endpoint }) => {
          const ports = seen.get(username) ?? [];
          seen.set(username, [...ports, endpoint.port]);
          return ports.length < 2 ? REFUSE : ACCEPT;
        },
      },
    });
    const each = {
      outcomes: { 'refused-3': 40, accepted: 20 },
      ended: { stopped: 20 },
      online: { peak: 20, last: 20 },
    };
    expect(shares).toEqual({ [FIRST]: each, [SECOND]: each, [THIRD]: each });
    for (const ports of seen.values()) expect(new Set(ports)).toEqual(new Set([1883, 1884, 1885]));
  });

  it('begin at one address with all their copies, so that a service of separate nodes kicks them, too', async () => {
    const ports = new Map<string, Set<number>>();
    await played({
      scenario: scenario('by-device', [FIRST, SECOND], [{ devices: 40, duplicates: { fraction: '100%', copies: 3 } }]),
      workers: 2,
      service: {
        answer: (_nth, _atUs, { username = '', endpoint }) => {
          ports.set(username, (ports.get(username) ?? new Set()).add(endpoint.port));
          return ACCEPT;
        },
      },
    });
    expect(ports.size).toBe(40);
    for (const used of ports.values()) expect(used.size).toBe(1);
  });

  it('have latencies and a course of their own at each', async () => {
    const slow: Answer = { kind: 'accept', afterUs: 50_000 };
    const { figures, timeline } = await playVirtually({
      scenario: scenario('by-device', [FIRST, SECOND], [{ devices: 100 }]),
      service: { answer: (_nth, _atUs, { endpoint }) => (endpoint.port === 1884 ? slow : ACCEPT) },
    });
    const [quick, late] = figures.byAddress().map(({ figures: { latency } }) => latency['response']?.['accepted']);
    expect(quick?.maxUs).toBeLessThan(5_000);
    expect(late?.minUs).toBeGreaterThan(49_000);
    expect(quick?.count).toBe(50);
    expect(timeline[0]?.addresses).toMatchObject({
      [FIRST]: { outcomes: { accepted: 50 }, online: 50, ended: {} },
      [SECOND]: { online: expect.any(Number), ended: {} },
    });
    expect(Object.keys(timeline.at(-1)?.addresses ?? {})).toEqual([FIRST, SECOND]);
  });

  it('count nothing by address where there is one', async () => {
    const { figures, timeline } = await playVirtually({
      scenario: scenario('by-device', [FIRST], [{ devices: 10 }]),
      service: { answer: () => ACCEPT },
    });
    expect(figures.byAddress()).toEqual([]);
    expect(timeline.every(({ addresses }) => addresses === undefined)).toBe(true);
  });
});

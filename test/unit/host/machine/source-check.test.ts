import { describe, expect, it } from 'vitest';
import { sourceRefusals, uselessSources } from '../../../../src/host/machine/source-check.ts';
import { loadScenario } from '../../../../src/scenario/load.ts';

const OWN = ['127.0.0.1', '::1', '10.0.0.5', 'fe80::1%eth0', 'fd00::5'];
const REMEDY = 'Name addresses that this machine has, or leave `sources` out.';
const REACH = 'Name addresses that reach the target, or leave `sources` out.';

describe('sources of no use', () => {
  it.each<[string, string[], string[] | undefined, string[]]>([
    ['its own address', ['10.0.0.5'], ['10.0.0.9'], []],
    ['an IPv6 address in another spelling', ['FD00:0:0::5', 'fe80::1'], ['fd00::9'], []],
    [
      'an address of somebody else',
      ['198.51.100.7'],
      ['10.0.0.9'],
      [`sources: 198.51.100.7 is not an address of this machine, so no connection can start from there. ${REMEDY}`],
    ],
    [
      'several of them',
      ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4', '198.51.100.5', '198.51.100.6', '::5'],
      undefined,
      [
        `sources: 198.51.100.1, 198.51.100.2, 198.51.100.3, 198.51.100.4, 198.51.100.5 and 2 more are not addresses of this machine, so no connection can start from there. ${REMEDY}`,
      ],
    ],
    [
      'the other family',
      ['10.0.0.5', '::1'],
      ['10.0.0.9'],
      [`sources: no connection to 10.0.0.9 can start from ::1: one is an IPv6 address, the other is not. ${REACH}`],
    ],
    [
      'loopback, and a target elsewhere',
      ['127.0.0.1'],
      ['10.0.0.9'],
      [
        `sources: no connection to 10.0.0.9 can start from 127.0.0.1: a loopback address reaches this machine only. ${REACH}`,
      ],
    ],
    [
      'an address of the network, and a target on loopback',
      ['10.0.0.5'],
      ['127.0.0.1'],
      [
        `sources: no connection to 127.0.0.1 can start from 10.0.0.5: only a loopback address reaches a loopback address. ${REACH}`,
      ],
    ],
    ['one that reaches the auth service alone', ['10.0.0.5', '::1'], ['::1', '10.0.0.9'], []],
    ['targets that nobody knows the address of', ['127.0.0.1', '::1'], undefined, []],
  ])('%s', (_name, sources, targets, refusals) => {
    expect(uselessSources(sources, { own: OWN, targets })).toEqual(refusals);
  });

  it.runIf(process.platform === 'linux')('all of 127.0.0.0/8 is this machine', () => {
    expect(uselessSources(['127.9.9.9'], { own: OWN, targets: ['127.0.0.1'] })).toEqual([]);
  });

  it('says nothing of the machine where its addresses are not known', () => {
    expect(uselessSources(['198.51.100.7'], { own: undefined, targets: ['10.0.0.9'] })).toEqual([]);
  });
});

describe('sourceRefusals', () => {
  async function refusals(settings: string[], addresses: Record<string, string>): Promise<string[]> {
    const text = `{version: 1, name: x, duration: 1s, target: {mqtt: "mqtt://\${productKey}.example:1883"}, sources: ["127.0.0.1"], fleets: [{name: a, productKey: pk, devices: 1}, {name: b, productKey: pk2, devices: 1}]}`;
    const check = await loadScenario({ path: 'x.yaml', text }, settings);
    if (!check.ok) expect.fail(JSON.stringify(check.faults));
    return await sourceRefusals(check.scenario, OWN, async (host) => {
      const address = addresses[host];
      if (address === undefined) throw new Error(`no address of ${host}`);
      return address;
    });
  }

  it('asks for the address of each host that devices connect to', async () => {
    const found = await refusals([], { 'pk.example': '10.0.0.8', 'pk2.example': '10.0.0.9' });
    expect(found).toEqual([expect.stringContaining('no connection to 10.0.0.8, 10.0.0.9 can start from 127.0.0.1')]);
    expect(await refusals([], { 'pk.example': '10.0.0.8', 'pk2.example': '127.0.0.1' })).toEqual([]);
  });

  it('leaves it to the run when a name has no address', async () => {
    expect(await refusals([], { 'pk.example': '10.0.0.8' })).toEqual([]);
  });

  it('knows where the emulator is, and asks nobody', async () => {
    expect(await refusals(['target.emulator={}'], {})).toEqual([]);
    expect(await refusals(['target.emulator={}', 'sources=["10.0.0.5"]'], {})).toHaveLength(1);
    expect(await refusals(['target.emulator={}', 'sources=auto'], {})).toEqual([]);
  });
});

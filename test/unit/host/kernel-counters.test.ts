import { platform } from 'node:os';
import { describe, expect, it } from 'vitest';
import { countedBetween, kernelCountersIn, readKernelCounters } from '../../../src/host/kernel-counters.ts';

const NETSTAT = `TcpExt: SyncookiesSent TCPSynRetrans TCPOrigDataSent
TcpExt: 1 37 912
IpExt: InNoRoutes TCPSynRetrans
IpExt: 4 5
`;
const SNMP = `Ip: Forwarding DefaultTTL
Ip: 1 64
Tcp: RtoAlgorithm RtoMin MaxConn RetransSegs InErrs
Tcp: 1 200 -1 1205 0
`;

describe('kernelCountersIn', () => {
  it('finds each counter under its name', () => {
    expect(kernelCountersIn(NETSTAT, SNMP)).toEqual({ synRetransmissions: 37, retransmissions: 1_205 });
  });

  it.each([
    ['no files, as on other systems', '', ''],
    ['an older kernel without the counter', NETSTAT.replaceAll('TCPSynRetrans', 'TCPOther'), SNMP],
    ['names without values', 'TcpExt: TCPSynRetrans\n', SNMP],
    ['a value that is no count', NETSTAT, SNMP.replace('1205', '-5')],
  ])('is undefined for %s', (_what, netstat, snmp) => {
    expect(kernelCountersIn(netstat, snmp)).toBeUndefined();
  });
});

describe('countedBetween', () => {
  const before = { synRetransmissions: 37, retransmissions: 1_205 };

  it('is the difference', () => {
    expect(countedBetween(before, { synRetransmissions: 40, retransmissions: 1_305 })).toEqual({
      ...{ synRetransmissions: 3, retransmissions: 100 },
    });
  });

  it('is undefined where one is missing or the counters began anew', () => {
    expect(countedBetween(undefined, before)).toBeUndefined();
    expect(countedBetween(before, undefined)).toBeUndefined();
    expect(countedBetween(before, { synRetransmissions: 0, retransmissions: 2_000 })).toBeUndefined();
  });
});

describe('readKernelCounters', () => {
  it.runIf(platform() === 'linux')('reads those of this machine', async () => {
    expect(await readKernelCounters()).toEqual({
      ...{ synRetransmissions: expect.any(Number), retransmissions: expect.any(Number) },
    });
  });
});

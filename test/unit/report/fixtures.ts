import type { FleetSummary } from '../../../src/results/summary/fleet-summary.ts';
import type { Percentiles } from '../../../src/results/summary/percentiles.ts';
import type { Summary } from '../../../src/results/summary/summary.ts';

function spread(count: number, p50Us: number): Percentiles {
  return {
    count,
    minUs: Math.round(p50Us / 3),
    meanUs: Math.round(p50Us * 1.2),
    p50Us,
    p90Us: Math.round(p50Us * 2.1),
    p95Us: Math.round(p50Us * 3.3),
    p99Us: Math.round(p50Us * 7.7),
    p999Us: Math.round(p50Us * 21),
    maxUs: Math.round(p50Us * 33.3),
  };
}

function acceptedLatency(count: number): FleetSummary['latency'] {
  return {
    response: { accepted: spread(count, 4_120) },
    service: { accepted: spread(count, 3_980) },
    slip: { accepted: spread(count, 88) },
    tcp: { accepted: spread(count, 310) },
    mqtt: { accepted: spread(count, 2_970) },
  };
}

const meters: FleetSummary = {
  name: 'meters',
  sessions: 1000,
  attempts: { firstPlanned: 1000, started: 1000, retries: 0, unfinished: 0 },
  outcomes: [{ outcome: 'accepted', connackCode: 0, name: 'accepted', count: 1000, share: 1, details: [] }],
  ended: { stopped: 1000 },
  online: { peak: 1000, last: 0 },
  rate: {
    plannedPeakPerSec: 100,
    startedPeakPerSec: 101,
    acceptedPeakPerSec: 101,
    plannedMeanPerSec: 100,
    acceptedMeanPerSec: 99.9,
  },
  latency: acceptedLatency(1000),
};

/** A run in which everything went well. */
export const quickstart: Summary = {
  schemaVersion: 1,
  tool: { name: 'fleetstorm', version: '0.1.0' },
  scenario: { name: 'quickstart', seed: 42, target: 'emulator 2017 on 127.0.0.1:34567', sha256: 'a'.repeat(64) },
  machine: { node: 'v20.19.0', platform: 'linux x64', cpu: 'Example CPU @ 2.0 GHz', cores: 2, memoryMiB: 7936 },
  startedAt: '2026-01-02T03:04:05.678Z',
  finishedAt: '2026-01-02T03:04:35.900Z',
  plannedDurationSec: 30,
  elapsedSec: 30.2,
  interrupted: false,
  verdict: { verdict: 'valid', reasons: [] },
  exitCode: 0,
  thresholds: [
    { source: 'response.p99 < 500ms', passed: true, actual: 31_724, unit: 'us' },
    { source: 'accepted.ratio >= 99.9%', passed: true, actual: 1, unit: 'ratio' },
  ],
  total: { ...meters, name: 'all fleets' },
  fleets: [meters],
  crossChecks: [
    { name: 'accepted', tool: 1000, emulator: 1000, rule: 'equal' },
    { name: 'connections', tool: 1000, emulator: 1000, rule: 'info' },
  ],
  workers: [
    {
      index: 0,
      state: 'finished',
      sessions: 1000,
      lostSessions: 0,
      eventLoopDelayP99Us: 1_210,
      eventLoopDelayMaxUs: 8_700,
      cpuShareMean: 0.231,
      cpuShareMax: 0.67,
    },
  ],
  warnings: [],
};

const gateways: FleetSummary = {
  name: 'gateways-in-the-northern-region-of-the-second-rollout',
  sessions: 123_456,
  devices: { planned: 123_456, started: 120_000, online: 111_110 },
  attempts: { firstPlanned: 123_456, started: 180_003, retries: 56_547, unfinished: 7 },
  outcomes: [
    { outcome: 'accepted', connackCode: 0, name: 'accepted', count: 111_110, share: 0.61729, details: [] },
    {
      outcome: 'refused-4',
      connackCode: 4,
      name: 'bad user name or password',
      count: 45_678,
      share: 0.25377,
      details: [],
    },
    {
      outcome: 'refused-1',
      connackCode: 1,
      name: 'unacceptable protocol version',
      count: 12_345,
      share: 0.06858,
      details: [],
    },
    {
      outcome: 'tcp-refused',
      count: 10_000,
      share: 0.05556,
      details: [
        { detail: 'ECONNREFUSED 127.0.0.1:1883', count: 9_000 },
        { detail: 'EHOSTUNREACH', count: 700 },
        { detail: 'ENETUNREACH', count: 200 },
        { detail: 'EPERM', count: 100 },
      ],
    },
    {
      outcome: 'closed-before-connack',
      count: 3,
      share: 0.00002,
      details: [{ detail: `closed ${'for a very long reason '.repeat(6)}`.trim(), count: 3 }],
    },
  ],
  ended: { stopped: 100_000, kicked: 11_000, 'keepalive-timeout': 110 },
  online: { peak: 110_042, last: 100_000 },
  rate: {
    plannedPeakPerSec: 12_345.678,
    startedPeakPerSec: 9_876,
    acceptedPeakPerSec: 8_765,
    plannedMeanPerSec: 6_172.8,
    acceptedMeanPerSec: 5_555.5,
  },
  latency: {
    ...acceptedLatency(111_110),
    response: {
      accepted: spread(111_110, 41_200),
      'refused-4': spread(45_678, 2_000_000),
      'tcp-refused': spread(10_000, 240),
      'closed-before-connack': spread(3, 90_000_000),
    },
  },
};

/** A run in which most things that can go wrong did, with texts that try to harm the terminal. */
export const storm: Summary = {
  ...quickstart,
  scenario: {
    name: 'storm \u001b[31mred\u0007\u202e and 设备重连',
    seed: 7,
    target: `mqtt://${'a-very-long-host-name.'.repeat(5)}example:1883`,
    sha256: 'b'.repeat(64),
  },
  interrupted: true,
  plannedDurationSec: 7_325,
  elapsedSec: 754.4,
  verdict: {
    verdict: 'degraded',
    reasons: [
      'worker 1 died and 61728 of its 61728 sessions were lost: Worker terminated due to reaching memory limit: JS heap out of memory',
      'accepted: the tool counted 111110, the emulator 111113; they must be equal',
    ],
  },
  exitCode: 130,
  thresholds: [
    { source: 'response.p99 < 500ms', passed: false, actual: 500_223, unit: 'us' },
    { source: 'tls.p99 < 1s', passed: false, unit: 'us', reason: 'no data: no accepted attempt has a tls time' },
    { source: 'connects.rate > 1000/s', passed: true, actual: 5_555.5, unit: 'per-sec' },
    { source: 'ended.kicked.count == 0', passed: false, actual: 11_000, unit: 'count' },
  ],
  total: { ...gateways, name: 'all fleets', sessions: 124_456 },
  fleets: [meters, gateways, { ...meters, name: 'idle', outcomes: [], latency: {}, online: { peak: 0, last: 0 } }],
  kernel: { synRetransmissions: 41, retransmissions: 52 },
  hints: [
    {
      ...{ hint: 'syn-retransmission', measure: 'tcp', attempts: 169_000 },
      steps: [{ fromUs: 980_000, untilUs: 1_250_000, count: 4_200, share: 0.0249 }],
      finding: 'tcp: 4,200 attempts (2.5%) took about 1s, as a connect does whose SYN was lost and sent again.',
      advice: 'Somebody drops connects: look at `nstat -az TcpExtListenDrops`, and at <every> firewall.',
    },
  ],
  neverOnline: [
    ...[3, 70, 100_000].map((index) => ({
      fleet: gateways.name,
      index,
      device: `gateway-${index}\u001b[2J`,
      attempts: 12,
      outcome: 'closed-before-connack',
      detail: `closed ${'for a very long reason '.repeat(6)}`.trim(),
    })),
    { fleet: 'idle', index: 0, device: 'idle-000001', attempts: 1 },
  ],
  crossChecks: [
    { name: 'accepted', tool: 111_110, emulator: 111_113, rule: 'equal' },
    { name: 'refused-4', tool: 45_678, emulator: 45_678, rule: 'equal' },
    { name: 'refused-1', tool: 12_345, emulator: 12_348, rule: 'equal', tolerance: 10 },
    { name: 'kicks', tool: 11_000, emulator: 11_002, rule: 'info' },
  ],
  workers: [
    ...quickstart.workers,
    {
      index: 1,
      state: 'died',
      sessions: 61_728,
      lostSessions: 61_728,
      error: 'Worker terminated due to reaching memory limit: JS heap out of memory',
      eventLoopDelayP99Us: 812_000,
      eventLoopDelayMaxUs: 2_400_000,
      cpuShareMean: 0.981,
      cpuShareMax: 1,
    },
  ],
  warnings: [
    'fleet meters: keepalive 30s is below the 60s that profile 2017 asks for; every login of the fleet will be refused with CONNACK 2',
  ],
};

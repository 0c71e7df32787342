import { US_PER_MS, US_PER_SEC } from '../time/units.ts';
import type { Growth, Jitter, ReconnectPolicy } from './ladder.ts';

/** A device SDK's reconnect behaviour, as public documents and sources show it (docs/protocol.md section 5). */
export interface ReconnectPreset {
  readonly name: string;
  /** What the policy cannot express: how the SDK connects, and when it logs in again. */
  readonly note: string;
  readonly policy: ReconnectPolicy;
}

const NO_JITTER: Jitter = { kind: 'none' };

/** The default policy: fixed 1 s, reset by CONNACK, never gives up. */
export const DEFAULT_POLICY: ReconnectPolicy = {
  first: undefined,
  growth: 'fixed',
  baseUs: US_PER_SEC,
  factor: 2,
  capUs: 60 * US_PER_SEC,
  jitter: NO_JITTER,
  from: 'loss',
  resetAfterUs: 0,
  onRefusal: { otherwise: 'retry', byCode: {} },
  maxAttempts: 0,
};

/** All presets, in the order of the page. */
export const PRESETS: readonly ReconnectPreset[] = [
  preset('linksdk-c-4.2', 'keepalive 1200 s, clean; retries at once when the last attempt is older than the wait', {
    // Counted from the last attempt, so it has already elapsed for a session that was online for longer.
    first: { kind: 'fixed', us: 2 * US_PER_SEC },
    growth: 'linear',
    baseUs: 2 * US_PER_SEC,
    // 2 s x (n + 1), n at most 60.
    capUs: 122 * US_PER_SEC,
    jitter: { kind: 'per-boot', us: 500 * US_PER_MS },
    from: 'attempt',
  }),
  preset('iotkit-c-3.0', 'keepalive 120 s, not clean', doubling(60)),
  preset('iotkit-c-3.1', 'keepalive 120 s, not clean', doubling(30)),
  preset('iotkit-c-2.3', 'keepalive 60 s; a new HTTPS login at each attempt', {
    ...doubling(60),
    jitter: { kind: 'additive' },
  }),
  preset('aliyun-node', 'MQTT.js 2 and 3; keepalive 60 s, not clean', every(1)),
  preset('mqttjs-5', 'keepalive 60 s, clean; gives up after a refused CONNACK', {
    ...every(1),
    onRefusal: { otherwise: 'stop', byCode: {} },
  }),
  preset('paho-python', 'keepalive 60 s', doubling(120)),
  preset('paho-java', 'keepalive 60 s', doubling(128)),
  preset('paho-c-async', 'keepalive 60 s', { ...doubling(60), jitter: { kind: 'factor', factor: 1.2 } }),
  preset('mosquitto', 'keepalive as the application sets it', every(1)),
  preset('mosquitto-bridge', 'keepalive 60 s', {
    first: { kind: 'fixed', us: 5 * US_PER_SEC },
    growth: 'decorrelated',
    baseUs: 5 * US_PER_SEC,
    factor: 3,
    capUs: 30 * US_PER_SEC,
  }),
  preset('esp-mqtt', 'keepalive 120 s', every(10)),
  preset('pubsubclient', 'keepalive 15 s, which the service refuses', { ...every(5), first: { kind: 'none' } }),
  preset('hivemq-java', 'keepalive as the application sets it', {
    ...doubling(120),
    jitter: { kind: 'percent', ratio: 0.25 },
  }),
  preset('aws-ios', 'keepalive 300 s; the ladder starts again after 20 s connected', {
    ...doubling(128),
    resetAfterUs: 20 * US_PER_SEC,
  }),
  preset('full-jitter', 'the textbook answer to storms', { ...doubling(60), jitter: { kind: 'full' } }),
];

/** The preset of that name. */
export function findPreset(name: string): ReconnectPreset | undefined {
  return PRESETS.find((candidate) => candidate.name === name);
}

function preset(name: string, note: string, policy: Partial<ReconnectPolicy>): ReconnectPreset {
  return { name, note, policy: { ...DEFAULT_POLICY, ...policy } };
}

function doubling(capSec: number): { growth: Growth; baseUs: number; factor: number; capUs: number } {
  return { growth: 'exponential', baseUs: US_PER_SEC, factor: 2, capUs: capSec * US_PER_SEC };
}

function every(sec: number): { growth: Growth; baseUs: number; capUs: number } {
  return { growth: 'fixed', baseUs: sec * US_PER_SEC, capUs: sec * US_PER_SEC };
}

import { expect, test } from 'vitest';
import { Greeting } from '../../../src/device/greeting.ts';
import { FleetRecorder } from '../../../src/metrics/measure/recorder.ts';

const SPEC = {
  subscribe: [{ topic: `a/\${deviceName}/#`, qos: 1 }],
  publish: [{ topic: `a/\${deviceName}/\${env:PART}`, qos: 1, bytes: 1 }],
} as const;

function refusal(deviceName: string, part: string): string | undefined {
  const greeting = new Greeting(SPEC, { PART: part }, new FleetRecorder('meters'));
  return greeting.refusalOf({ productKey: 'pk', deviceName, deviceSecret: 's' }, 0)?.detail;
}

test('a device whose name or variables make topics may send them', () => {
  expect(refusal('room-1', 'up')).toBeUndefined();
});

test.each([
  ['a wildcard in a filter', 'room#2', 'up', /^not sent: a topic filter with a wildcard/],
  ['a wildcard in a topic', '+', 'up', /^not sent: a topic with a wildcard/],
  ['a wildcard of a variable', 'room-1', '#', /^not sent: a topic with a wildcard/],
  ['U+0000', 'room-1', '\0', /^not sent: a topic that holds U\+0000/],
  ['70,000 bytes', 'room-1', 'x'.repeat(70_000), /^not sent: a topic longer than 65,535 bytes/],
])('%s is the outcome of the device', (_what, deviceName, part, detail) => {
  expect(refusal(deviceName, part)).toMatch(detail);
});

import { describe, expect, test } from 'vitest';
import { isPingresp, MAX_BODY_BYTES, ServiceFrames } from '../../../../src/link/mqtt/service-frames.ts';

/** Remaining length in as many bytes as it takes [MQTT 3.1.1 clause 2.2.3]. */
const LENGTHS: [bytes: number[], value: number][] = [
  [[0x7f], 127],
  [[0x80, 0x01], 128],
  [[0xff, 0x7f], 16_383],
  [[0x80, 0x80, 0x40], MAX_BODY_BYTES],
];

function violationIn(...bytes: number[]): string | undefined {
  return new ServiceFrames().violationIn(Buffer.from(bytes));
}

describe('what a service may send', () => {
  test.each<[what: string, bytes: number[]]>([
    ['PUBLISH of QoS 0', [0x30, 3, 0, 1, 0x61]],
    ['PUBLISH with every flag that means something', [0x3d, 5, 0, 1, 0x61, 0, 1]],
    ['PUBACK', [0x40, 2, 0, 1]],
    ['PUBREC', [0x50, 2, 0, 1]],
    ['PUBREL', [0x62, 2, 0, 1]],
    ['PUBCOMP', [0x70, 2, 0, 1]],
    ['SUBACK', [0x90, 3, 0, 1, 0x80]],
    ['UNSUBACK', [0xb0, 2, 0, 1]],
    ['PINGRESP', [0xd0, 0]],
  ])('%s, alone and after another one', (_what, bytes) => {
    expect(violationIn(...bytes)).toBeUndefined();
    expect(violationIn(...bytes, ...bytes, 0xd0, 0)).toBeUndefined();
    expect(violationIn(...bytes, 0x00)).toBe('packet type 0, which is reserved');
  });

  test.each(LENGTHS)('a length of %j is read as %i', (encoded, value) => {
    const frames = new ServiceFrames();
    expect(frames.violationIn(Buffer.from([0x30, ...encoded]))).toBeUndefined();
    expect(frames.violationIn(Buffer.alloc(value))).toBeUndefined();
    expect(frames.violationIn(Buffer.from([0xf0]))).toBe('packet type 15, which is reserved');
  });
});

describe('what it may not send is told at the byte that shows it', () => {
  test.each<[fault: string, bytes: number[]]>([
    ['packet type 0, which is reserved', [0x00]],
    ['packet type 15, which is reserved', [0xf0]],
    ['a second CONNACK', [0x20]],
    ['the service sent CONNECT', [0x10]],
    ['the service sent SUBSCRIBE', [0x82]],
    ['the service sent UNSUBSCRIBE', [0xa2]],
    ['the service sent PINGREQ', [0xc0]],
    ['the service sent DISCONNECT', [0xe0]],
    ['flags 6 of publish', [0x36]],
    ['flags 1 of puback', [0x41]],
    ['flags 0 of pubrel', [0x60]],
    ['publish of 1 bytes, at least 2 are needed', [0x30, 1]],
    ['publish of 3 bytes, at least 4 are needed', [0x32, 3]],
    ['puback of 1 bytes, at least 2 are needed', [0x40, 1]],
    ['puback of 3 bytes, at most 2 are taken', [0x40, 3]],
    ['suback of 2 bytes, at least 3 are needed', [0x90, 2]],
    ['pingresp of 1 bytes, at most 0 are taken', [0xd0, 1]],
    ['publish of 1048577 bytes, at most 1048576 are taken', [0x30, 0x81, 0x80, 0x40]],
    ['publish of 268435455 bytes, at most 1048576 are taken', [0x30, 0xff, 0xff, 0xff, 0x7f]],
    ['remaining length of more than 4 bytes', [0x30, 0x80, 0x80, 0x80, 0x80]],
  ])('%s', (fault, bytes) => {
    expect(violationIn(...bytes.slice(0, -1))).toBeUndefined();
    expect(violationIn(...bytes)).toBe(fault);
    const frames = new ServiceFrames();
    expect(bytes.map((byte) => frames.violationIn(Buffer.from([byte]))).at(-1)).toBe(fault);
  });
});

test.each<[fault: string, bytes: number[]]>([
  ['a second CONNACK, code 3', [0x20, 0x02, 0x00, 0x03]],
  ['a second CONNACK', [0x20, 0x02, 0x00]],
  ['a second CONNACK', [0x20, 0x03, 0x00, 0x84, 0x00]],
  ['the service sent DISCONNECT', [0xe0, 0x00]],
  ['the service sent DISCONNECT of MQTT 5, reason code 142, session taken over', [0xe0, 0x02, 0x8e, 0x00]],
  ['the service sent DISCONNECT', [0xe0, 0x01, 0x07]],
])('a code in the same piece is told: %s', (fault, bytes) => {
  expect(violationIn(0xd0, 0x00, ...bytes)).toBe(fault);
});

test('one whole PINGRESP is known as such', () => {
  expect(isPingresp(Buffer.from([0xd0, 0]))).toBe(true);
  for (const bytes of [[0xd0], [0xd0, 1], [0xd0, 0, 0xd0], [0xd1, 0]])
    expect(isPingresp(Buffer.from(bytes))).toBe(false);
});

import { describe, expect, test } from 'vitest';
import { ConnackReader } from '../../../../src/link/mqtt/connack.ts';

function read(...bytes: number[]) {
  return new ConnackReader().read(Uint8Array.from(bytes));
}

describe('ConnackReader', () => {
  test.each([0, 1, 2, 3, 4, 5])('reads code %i', (code) => {
    expect(read(0x20, 0x02, 0x00, code)).toEqual({ kind: 'code', code });
    expect(read(0x20, 0x02, 0x01, code)).toEqual({ kind: 'code', code });
  });

  test('waits for the rest, whatever the pieces', () => {
    const reader = new ConnackReader();
    expect(reader.read(Uint8Array.from([]))).toBeUndefined();
    expect(reader.read(Uint8Array.from([0x20]))).toBeUndefined();
    expect(reader.length).toBe(1);
    expect(reader.read(Uint8Array.from([0x02, 0x00]))).toBeUndefined();
    expect(reader.length).toBe(3);
    expect(reader.read(Uint8Array.from([0x04, 0xff]))).toEqual({ kind: 'code', code: 4 });
  });

  test.each([
    [[0x21], 'first byte 0x21 is not CONNACK'],
    [[0x30, 0xff, 0xff, 0xff], 'first byte 0x30 is not CONNACK'],
    [[0x15], 'first byte 0x15 is not CONNACK (a TLS alert: the port speaks TLS)'],
    [[0x48], 'first byte 0x48 is not CONNACK (an "H": the port may speak HTTP)'],
    [[0x20, 0x00], 'CONNACK of length 0, expected 2'],
    [[0x20, 0x03], 'CONNACK of length 3, expected 2'],
    [[0x20, 0x03, 0x02, 0x84, 0x00], 'CONNACK of length 3, expected 2'],
    [[0x20, 0x03, 0x00, 0x07, 0x00], 'CONNACK of length 3, expected 2'],
    [[0x20, 0x03, 0x00, 0x84, 0x00], 'the service answers with MQTT 5, reason code 132, unsupported protocol version'],
    [[0x20, 0x1a, 0x00, 0x9c, 0x17], 'the service answers with MQTT 5, reason code 156, use another server'],
    [[0x20, 0x83, 0x01, 0x01, 0x00, 0x80], 'the service answers with MQTT 5, reason code 0, success'],
    [[0x20, 0x80, 0x80, 0x80, 0x80, 0x01, 0x00, 0x84], 'CONNACK of length 128, expected 2'],
    [[0x20, 0x02, 0x80], 'CONNACK flags 0x80, expected 0 or 1'],
    [[0x20, 0x02, 0x00, 0x06], 'CONNACK code 6, which is reserved'],
    [[0x20, 0x02, 0x00, 0xff], 'CONNACK code 255, which is reserved'],
  ])('%j is malformed at its last judged byte', (bytes, detail) => {
    expect(read(...bytes)).toEqual({ kind: 'malformed', detail });
  });
});

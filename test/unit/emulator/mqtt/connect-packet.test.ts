import { generate, type IConnectPacket } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { decodeConnect, frameBounds, MalformedConnect } from '../../../../src/emulator/mqtt/connect-packet.ts';
import { ConnectReader } from '../../../../src/emulator/mqtt/connect-reader.ts';

const PACKET: IConnectPacket = {
  cmd: 'connect',
  protocolId: 'MQTT',
  protocolVersion: 4,
  clean: true,
  clientId: 'c|securemode=3|',
  keepalive: 300,
  username: 'd&p',
  password: Buffer.from('pass'),
};
const READ = {
  kind: 'connect',
  protocolLevel: 4,
  clientId: 'c|securemode=3|',
  keepaliveSec: 300,
  username: 'd&p',
  password: Buffer.from('pass'),
};

function body(change: Partial<IConnectPacket> = {}): Buffer {
  return generate({ ...PACKET, ...change }).subarray(2);
}

describe('decodeConnect', () => {
  test('reads what a login is decided by', () => {
    expect(decodeConnect(body())).toEqual(READ);
  });

  test('passes over a will', () => {
    const will = { topic: 'w', payload: Buffer.from('gone'), qos: 1, retain: true } as const;
    expect(decodeConnect(body({ will }))).toEqual(READ);
  });

  test('reads MQTT 3.1, in which user name and password may be announced and missing', () => {
    const old = body({ protocolId: 'MQIsdp', protocolVersion: 3 });
    const read = { ...READ, protocolLevel: 3 };
    expect(decodeConnect(old)).toEqual(read);
    const withoutPassword = old.subarray(0, old.length - 6);
    expect(decodeConnect(withoutPassword)).toEqual({ ...read, password: undefined });
    const withoutEither = withoutPassword.subarray(0, withoutPassword.length - 5);
    expect(decodeConnect(withoutEither)).toEqual({ ...read, username: undefined, password: undefined });
    expect(() => decodeConnect(old.subarray(0, old.length - 1))).toThrow('inside the password');
  });

  test.each([
    ['MQIsdp', 4],
    ['MQTT', 3],
    ['MQTT', 5],
  ])('reads no further than the version of %s %i', (protocolId, protocolVersion) => {
    const expected = { kind: 'foreign-version', protocolName: protocolId, protocolLevel: protocolVersion };
    const name = Buffer.from(protocolId);
    expect(decodeConnect(Buffer.from([0, name.length, ...name, protocolVersion, 0xff]))).toEqual(expected);
  });

  test.each([
    ['the reserved flag', 0xc3, 'reserved'],
    ['will QoS 3', 0xde, 'will QoS is 3'],
    ['will retain without will', 0xe2, 'without a will'],
    ['a password without user name', 0x42, 'without a user name'],
  ])('rejects %s', (_what, flags, words) => {
    const bytes = Buffer.from(body());
    bytes[7] = flags;
    expect(() => decodeConnect(bytes)).toThrow(words);
  });

  test('rejects text that is not UTF-8 or holds U+0000, and names the field', () => {
    const bytes = Buffer.from(body());
    bytes[12] = 0xff;
    expect(() => decodeConnect(bytes)).toThrow('client id');
    bytes[12] = 0;
    expect(() => decodeConnect(bytes)).toThrow('client id');
  });

  test('rejects a packet cut at any byte, and one with a byte too many', () => {
    const whole = body();
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => decodeConnect(whole.subarray(0, length))).toThrow(MalformedConnect);
    }
    expect(() => decodeConnect(Buffer.concat([whole, Buffer.from([0])]))).toThrow('after the last field');
  });
});

describe('frameBounds', () => {
  test.each([
    [[0x10, 0x00], { headerBytes: 2, bodyBytes: 0 }],
    [[0x10, 0x7f], { headerBytes: 2, bodyBytes: 127 }],
    [[0x10, 0x80, 0x01], { headerBytes: 3, bodyBytes: 128 }],
    [[0x10, 0xff, 0xff, 0xff, 0x7f], { headerBytes: 5, bodyBytes: 268_435_455 }],
    [[0x10], undefined],
    [[0x10, 0x80], undefined],
  ])('of %j', (bytes, expected) => {
    expect(frameBounds(Buffer.from(bytes))).toEqual(expected);
  });
});

describe('ConnectReader', () => {
  test('waits for the last byte and gives everything read, also what follows', () => {
    const bytes = Buffer.concat([generate(PACKET), Buffer.from([0xc0, 0x00])]);
    const reader = new ConnectReader();
    for (const byte of bytes.subarray(0, bytes.length - 3)) expect(reader.push(Buffer.from([byte]))).toBeUndefined();
    expect(reader.push(bytes.subarray(-3))).toEqual({ connect: READ, bytes });
  });

  test('rejects another first packet at its first byte', () => {
    expect(() => new ConnectReader().push(Buffer.from([0xc0]))).toThrow('not a CONNECT');
  });

  test('rejects a CONNECT that announces too much before it comes', () => {
    expect(() => new ConnectReader().push(Buffer.from([0x10, 0xff, 0xff, 0x7f]))).toThrow('too large');
  });
});

import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { writeConnect } from '../../../../src/link/lean/connect-writer.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 200 });

test('writes what mqtt-packet writes, byte by byte', () => {
  const fields = fc.record({
    clientId: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
    login: fc.option(fc.record({ username: fc.string({ unit: 'grapheme', minLength: 1 }), password: text }), {
      nil: undefined,
    }),
    keepaliveSec: fc.nat(65_535),
    clean: fc.boolean(),
  });
  fc.assert(
    fc.property(fields, ({ clientId, login, keepaliveSec, clean }) => {
      const { username, password } = login ?? {};
      const expected = generate({
        cmd: 'connect',
        protocolId: 'MQTT',
        protocolVersion: 4,
        clientId,
        clean,
        keepalive: keepaliveSec,
        ...(login === undefined ? {} : { username: login.username, password: Buffer.from(login.password) }),
      });
      expect(writeConnect({ clientId, username, password, connection: { keepaliveSec, clean } }).equals(expected)).toBe(
        true,
      );
    }),
  );
});

test.each([1, 2, 3])('writes a remaining length of %i bytes', (bytes) => {
  const clientId = 'x'.repeat([1, 200, 20_000][bytes - 1] ?? 0);
  const expected = generate({
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clientId,
    clean: true,
    keepalive: 0,
  });
  expect(writeConnect({ clientId, connection: { keepaliveSec: 0, clean: true } }).equals(expected)).toBe(true);
});

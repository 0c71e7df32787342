import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { directConnectFields, SIGN_METHODS } from '../../../../src/device/auth/signing.ts';
import { TokenStore } from '../../../../src/emulator/auth/issued-tokens.ts';
import { PROFILES, type Profile } from '../../../../src/emulator/contract/profiles.ts';
import { decideLogin, type LoginDecision, type Transport } from '../../../../src/emulator/login/login.ts';
import type { Registry } from '../../../../src/emulator/login/registry.ts';
import type { DirectConnect } from '../../../../src/emulator/mqtt/connect-packet.ts';

const registry: Registry = {
  find: (productKey, deviceName) => {
    if (productKey !== 'pk' || !['device', 'a&b', 'token-only'].includes(deviceName)) return undefined;
    return { deviceSecret: 'secret', mode: deviceName === 'token-only' ? 'https-token' : 'both' };
  },
};
const PROFILE = PROFILES['2017'];

/** The document's example, and what a test changes of it. */
function connect(
  change: Partial<Omit<DirectConnect, 'password'>> & { password?: string | undefined } = {},
): DirectConnect {
  const { password = 'FAFD82A3D602B37FB0FA8B7892F24A477F851A14', ...rest } = change;
  return {
    kind: 'connect',
    protocolLevel: 4,
    clientId: '12345|securemode=3,signmethod=hmacsha1,timestamp=789|',
    username: 'device&pk',
    keepaliveSec: 60,
    password: 'password' in change && change.password === undefined ? undefined : Buffer.from(password),
    ...rest,
  };
}

function decide(packet: DirectConnect, transport: Transport = 'tcp', profile: Profile = PROFILE): LoginDecision {
  return decideLogin(packet, transport, registry, profile);
}

const ACCEPTED = {
  kind: 'accept',
  identity: 'device&pk',
  device: { productKey: 'pk', deviceName: 'device' },
};

describe('accepts', () => {
  test("the document's example, its hex in capitals", () => {
    expect(decide(connect())).toEqual(ACCEPTED);
  });

  test('hex in small and in mixed letters', () => {
    expect(decide(connect({ password: 'fafd82a3d602b37fb0fa8b7892f24a477f851a14' }))).toEqual(ACCEPTED);
    expect(decide(connect({ password: 'fAFd82a3d602b37fb0fa8b7892f24a477f851A14' }))).toEqual(ACCEPTED);
  });

  test.each([60, 61, 1200])('keepalive %i s', (keepaliveSec) => {
    expect(decide(connect({ keepaliveSec }))).toEqual(ACCEPTED);
  });

  test('keepalive 30 s by profile current', () => {
    expect(decide(connect({ keepaliveSec: 30 }), 'tcp', PROFILES.current)).toEqual(ACCEPTED);
  });

  test('securemode 2 over TLS, and no securemode over either', () => {
    const tls = connect({ clientId: '12345|securemode=2,signmethod=hmacsha1,timestamp=789|' });
    const silent = connect({ clientId: '12345|signmethod=hmacsha1,timestamp=789|' });
    expect(decide(tls, 'tls')).toEqual(ACCEPTED);
    expect(decide(silent, 'tls')).toEqual(ACCEPTED);
    expect(decide(silent, 'tcp')).toEqual(ACCEPTED);
  });

  test('no sign method as hmacmd5, no timestamp as not signed', () => {
    expect(decide(connect({ clientId: '12345|securemode=3|', password: '2ce7304ec0ddd548eb1492d65ac0b334' }))).toEqual(
      ACCEPTED,
    );
  });

  test('an ampersand in the device name, since the product key has none', () => {
    const login = { deviceName: 'a&b', productKey: 'pk', deviceSecret: 'secret', clientId: 'c' } as const;
    const fields = directConnectFields({ ...login, signmethod: 'hmacsha256', securemode: 3 });
    expect(decide(connect(fields))).toMatchObject({
      kind: 'accept',
      identity: 'a&b&pk',
      device: { deviceName: 'a&b' },
    });
  });

  test('64 characters of client id, counted as characters', () => {
    const clientId = '\u{1F600}'.repeat(64);
    const login = { deviceName: 'device', productKey: 'pk', deviceSecret: 'secret', clientId } as const;
    expect(decide(connect(directConnectFields({ ...login, signmethod: 'hmacmd5', securemode: 3 })))).toEqual(ACCEPTED);
  });

  test('every vector of the protocol page', () => {
    const { direct } = JSON.parse(readFileSync(new URL('../../../fixtures/vectors.json', import.meta.url), 'utf8'));
    for (const { clientId, timestamp, signmethod, password } of direct) {
      const salt = timestamp === undefined ? '' : `,timestamp=${timestamp}`;
      const packet = connect({ clientId: `${clientId}|securemode=3,signmethod=${signmethod}${salt}|`, password });
      expect(decide(packet)).toEqual(ACCEPTED);
    }
    expect(direct).toHaveLength(7);
  });
});

describe('refuses', () => {
  test.each([
    ['no extension', { clientId: '12345' }, 'bad-client-id', 2],
    ['a malformed extension', { clientId: '12345|securemode=3' }, 'bad-client-id', 2],
    ['65 characters of client id', { clientId: `${'x'.repeat(65)}|securemode=3|` }, 'bad-client-id', 2],
    ['keepalive 59 s', { keepaliveSec: 59 }, 'bad-keepalive', 2],
    ['keepalive 0', { keepaliveSec: 0 }, 'bad-keepalive', 2],
    ['keepalive 1201 s', { keepaliveSec: 1201 }, 'bad-keepalive', 2],
    ['securemode 2 over TCP', { clientId: '12345|securemode=2|' }, 'securemode-mismatch', 2],
    ['an unknown securemode', { clientId: '12345|securemode=9|' }, 'securemode-mismatch', 2],
    ['a user name without ampersand', { username: 'device' }, 'bad-signature', 4],
    ['a user name without device', { username: '&pk' }, 'bad-signature', 4],
    ['a user name without product', { username: 'device&' }, 'bad-signature', 4],
    ['no user name', { username: undefined }, 'bad-signature', 4],
    ['an unknown device', { username: 'other&pk' }, 'unknown-device', 5],
    ['an unknown product', { username: 'device&other' }, 'unknown-device', 5],
    ['a wrong signature', { password: '0'.repeat(40) }, 'bad-signature', 4],
    ['a signature of another length', { password: 'fafd' }, 'bad-signature', 4],
    ['no password', { password: undefined }, 'bad-signature', 4],
    ['a timestamp that was not signed', { clientId: '12345|signmethod=hmacsha1,timestamp=790|' }, 'bad-signature', 4],
    ['another method than the signed', { clientId: '12345|signmethod=hmacmd5,timestamp=789|' }, 'bad-signature', 4],
  ])('%s', (_what, change, cause, code) => {
    expect(decide(connect(change))).toEqual({ kind: 'refuse', cause, code });
  });

  test('securemode 3 over TLS', () => {
    expect(decide(connect(), 'tls')).toMatchObject({ cause: 'securemode-mismatch', code: 2 });
  });

  test('MQTT 3.1, where the profile does not speak it', () => {
    expect(decide(connect({ protocolLevel: 3 }))).toEqual(ACCEPTED);
    const refusal = { kind: 'refuse', cause: 'protocol-version', code: 1 };
    expect(decide(connect({ protocolLevel: 3 }), 'tcp', { ...PROFILE, acceptsMqtt31: false })).toEqual(refusal);
  });

  test.each([
    ['MQIsdp', 4],
    ['MQTT', 5],
    ['MQTT', 0x84],
  ])('protocol %s level %i', (protocolName, protocolLevel) => {
    const packet = { kind: 'foreign-version', protocolName, protocolLevel } as const;
    expect(decideLogin(packet, 'tcp', registry, PROFILE)).toEqual({
      kind: 'refuse',
      cause: 'protocol-version',
      code: 1,
    });
  });

  test('with the code that the profile maps the cause to', () => {
    const profile = { ...PROFILE, connack: { ...PROFILE.connack, 'unknown-device': 3 } };
    expect(decide(connect({ username: 'other&pk' }), 'tcp', profile)).toMatchObject({ code: 3 });
  });
});

describe('logins by token', () => {
  const device = { productKey: 'pk', deviceName: 'device' };
  const tokens = new TokenStore({ nowUs: () => 0 }, 60);
  const { iotId, iotToken } = tokens.issue(device);
  const byToken = (change: Parameters<typeof connect>[0]): LoginDecision =>
    decideLogin(
      connect({ clientId: 'mac', username: iotId, password: iotToken, ...change }),
      'tls',
      registry,
      PROFILE,
      tokens,
    );

  test('the device is the one that the token was issued to', () => {
    expect(byToken({})).toMatchObject({ kind: 'accept', identity: 'device&pk', device });
    expect(byToken({ clientId: `${'x'.repeat(64)}|anything` })).toMatchObject({ kind: 'accept' });
  });

  test.each<[number, string, Parameters<typeof connect>[0]]>([
    [3, 'unknown id', { username: 'nobody' }],
    [3, 'wrong token', { password: iotToken.replace(/^./, 'x') }],
    [3, 'no token', { password: undefined }],
    [3, 'no user name', { username: undefined }],
    [2, 'long client id', { clientId: 'x'.repeat(65) }],
    [2, 'empty client id', { clientId: '' }],
    [2, 'short keepalive', { keepaliveSec: 59 }],
  ])('CONNACK %i: %s', (code, _what, change) => {
    expect(byToken(change)).toMatchObject({ kind: 'refuse', code });
  });

  test('direct logins are what they were', () => {
    expect(decideLogin(connect(), 'tcp', registry, PROFILE, tokens)).toEqual(ACCEPTED);
  });

  test('a device registered for tokens alone is refused like a disabled one', () => {
    expect(decide(connect({ username: 'token-only&pk' }))).toMatchObject({ code: 5, cause: 'unknown-device' });
  });
});

test('what any device signs is accepted, and with one changed digit refused', () => {
  const name = fc.string({ minLength: 1, maxLength: 32, unit: 'grapheme' });
  const bare = name.filter((text) => !text.includes('|') && [...text].length <= 64);
  fc.assert(
    fc.property(
      fc.record({
        productKey: name.filter((text) => !text.includes('&')),
        deviceName: name,
        deviceSecret: name,
        clientId: bare,
        signmethod: fc.constantFrom(...SIGN_METHODS),
        timestamp: fc.option(fc.nat().map(String), { nil: undefined }),
      }),
      (device) => {
        const only: Registry = {
          find: (key, deviceName) => {
            const isIt = key === device.productKey && deviceName === device.deviceName;
            return isIt ? { deviceSecret: device.deviceSecret, mode: 'direct' } : undefined;
          },
        };
        const fields = directConnectFields({ ...device, securemode: 3 });
        const identity = `${device.deviceName}&${device.productKey}`;
        expect(decideLogin(connect(fields), 'tcp', only, PROFILE)).toMatchObject({ kind: 'accept', identity });
        const password = (fields.password.startsWith('0') ? '1' : '0') + fields.password.slice(1);
        expect(decideLogin(connect({ ...fields, password }), 'tcp', only, PROFILE)).toMatchObject({ code: 4 });
      },
    ),
  );
});

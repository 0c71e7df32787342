import { describe, expect, it } from 'vitest';
import { directConnectFields } from '../../../../src/device/auth/signing.ts';
import { derivedSecret } from '../../../../src/device/identity.ts';
import { PROFILES } from '../../../../src/emulator/contract/profiles.ts';
import { authLine } from '../../../../src/emulator/log/explain-auth.ts';
import { connectLine } from '../../../../src/emulator/log/explain-connect.ts';
import { decideLogin } from '../../../../src/emulator/login/login.ts';
import { openRegistry } from '../../../../src/emulator/login/registry.ts';
import type { ConnectPacket, DirectConnect } from '../../../../src/emulator/mqtt/connect-packet.ts';

const SECRET = derivedSecret(42, 'a1Meters', 'meters-000001');
const registry = await openRegistry([
  { kind: 'generated', productKey: 'a1Meters', fleet: 'meters', count: 1, seed: 42 },
  { kind: 'generated', productKey: 'lower', fleet: 'meters', count: 1, seed: 42 },
  { kind: 'generated', productKey: 'tokens', fleet: 'meters', count: 1, seed: 42, mode: 'https-token' },
]);
const judges = { registry, profile: PROFILES['2017'] };

type Login = Parameters<typeof directConnectFields>[0];

function packet(change: Partial<Login> = {}, fields: Partial<DirectConnect> = {}): DirectConnect {
  const login = { productKey: 'a1Meters', deviceName: 'meters-000001', deviceSecret: SECRET, clientId: 'c' } as const;
  const { clientId, username, password } = directConnectFields({
    ...login,
    signmethod: 'hmacsha1',
    timestamp: '789',
    securemode: 3,
    ...change,
  });
  const rest = { kind: 'connect', protocolLevel: 4, keepaliveSec: 60 } as const;
  return { ...rest, clientId, username, password: Buffer.from(password), ...fields };
}

function told(connect: ConnectPacket, transport: 'tcp' | 'tls' = 'tcp'): string {
  const decision = decideLogin(connect, transport, judges.registry, judges.profile);
  const { device = 'nobody', outcome, cause } = connectLine(connect, transport, decision, judges);
  return [device, outcome, cause].filter((part) => part !== '').join(': ');
}

describe('the line of a CONNECT', () => {
  it.each<[string, ConnectPacket]>([
    ['meters-000001 of a1Meters: accepted', packet()],
    [
      'meters-000001 of a1Meters: CONNACK 4: the signature by hmacsha1 does not match: another secret, or another content than clientIdcdeviceNamemeters-000001productKeya1Meterstimestamp789',
      packet({ deviceSecret: 'wrong' }),
    ],
    [
      'meters-000001 of a1Meters: CONNACK 4: the signature does not match, but would without the timestamp between the bars',
      packet({ timestamp: undefined }, { clientId: 'c|securemode=3,signmethod=hmacsha1,timestamp=789|' }),
    ],
    [
      'meters-000001 of a1Meters: CONNACK 4: the signature does not match, but would as signmethod=hmacmd5',
      packet({ signmethod: 'hmacmd5' }, { clientId: 'c|securemode=3,signmethod=hmacsha1,timestamp=789|' }),
    ],
    ['meters-000001 of a1Meters: CONNACK 4: no password was sent', packet({}, { password: undefined })],
    ['nobody: CONNACK 4: the user name is not DEVICENAME&PRODUCTKEY', packet({}, { username: 'meter' })],
    ['nobody of a1Meters: CONNACK 5: there is no such device', packet({ deviceName: 'nobody' })],
    [
      'meters-000001 of LOWER: CONNACK 5: there is no such device; there is one in product lower',
      packet({ productKey: 'LOWER' }),
    ],
    ['meters-000001 of tokens: CONNACK 5: it is registered for the HTTPS login only', packet({ productKey: 'tokens' })],
    [
      'meters-000001 of a1Meters: CONNACK 2: a keepalive of 30 s, and 60 s to 1200 s are accepted',
      packet({}, { keepaliveSec: 30 }),
    ],
    ['meters-000001 of a1Meters: CONNACK 2: securemode=2 over TCP', packet({ securemode: 2 })],
    [
      'meters-000001 of a1Meters: CONNACK 2: the client id has 65 characters, and at most 64 are accepted',
      packet({ clientId: 'c'.repeat(65) }),
    ],
    [
      'meters-000001 of a1Meters: CONNACK 2: the client id has no part between bars: |securemode=3,signmethod=hmacsha1|',
      packet({}, { clientId: 'c' }),
    ],
    [
      'meters-000001 of a1Meters: CONNACK 2: the part of the client id between its bars is malformed',
      packet({}, { clientId: 'c|x|' }),
    ],
    [
      'nobody: CONNACK 1: MQTT level 5 is not spoken here',
      { kind: 'foreign-version', protocolName: 'MQTT', protocolLevel: 5 },
    ],
  ])('tells who, how it ended, and why: case %#', (line, connect) => {
    expect(told(connect)).toBe(line);
    expect(line).not.toContain(SECRET);
  });

  it('tells limits from scripts', () => {
    const line = (cause?: 'rate-limited') =>
      connectLine(packet(), 'tcp', { kind: 'refuse', code: 3, ...(cause === undefined ? {} : { cause }) }, judges)
        .cause;
    expect([line('rate-limited'), line()]).toEqual([
      'above the limit of logins',
      'a scripted refusal, or a token that is not valid',
    ]);
  });
});

describe('the line of an HTTPS login', () => {
  const form = new URLSearchParams({ productKey: 'LOWER', deviceName: 'meters-000001', clientId: 'c', sign: 'x' });

  it.each([
    [undefined, 'token issued', ''],
    [{ code: 401 }, 'code 401', 'the signature by hmacmd5 does not match'],
    [{ code: 429 }, 'code 429', 'above the limit of logins'],
    [{ code: 460 }, 'code 460', 'a parameter is too long, repeated, or an unknown sign method'],
    [{ code: 5001 }, 'code 5001', 'there is no such device; there is one in product lower'],
    [{ code: 6200 }, 'code 6200', 'it is registered for a signed CONNECT only'],
    [{ code: 500 }, 'code 500', 'a scripted failure: unknown error'],
    [{ httpStatus: 503 }, 'HTTP 503', 'a scripted failure'],
  ])('after %j', (failure, outcome, cause) => {
    expect(authLine(form, failure, registry)).toEqual({
      way: 'auth',
      device: 'meters-000001 of LOWER',
      outcome,
      cause,
    });
  });

  it('names what is missing', () => {
    const line = authLine(new URLSearchParams({ deviceName: 'd', clientId: 'c' }), { code: 460 }, registry);
    expect(line).toMatchObject({ device: undefined, cause: 'no productKey, no sign' });
  });
});

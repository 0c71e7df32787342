import { describe, expect, it } from 'vitest';
import type { ConnectFailure, LoginFailure } from '../../../../src/login/attempt/failure.ts';
import type { LoginSubject } from '../../../../src/login/subject/login-subject.ts';
import { chooseTrials } from '../../../../src/login/trials/choose-trials.ts';

const SUBJECT: LoginSubject = {
  fleet: 'meters',
  identity: { productKey: 'a1Meters', deviceName: 'd1', deviceSecret: 'secret' },
  index: 0,
  auth: { mode: 'direct', signmethod: 'hmacsha1', timestamp: 'now' },
  transport: 'tcp',
  endpoint: { host: '127.0.0.1', port: 1883 },
  otherEndpoints: [],
  authAddress: undefined,
  tls: undefined,
  followsResources: true,
  allowedHosts: [],
  proxy: undefined,
  connection: { connectTimeoutUs: 10_000_000, keepaliveSec: 120, clean: true },
  onConnect: undefined,
  environment: {},
  columns: [],
  target: 'mqtt://127.0.0.1:1883',
  warnings: [],
};
const TOKEN_AUTH = {
  mode: 'https-token',
  signmethod: 'hmacsha1',
  timestamp: 'now',
  resources: [],
  login: 'always',
} as const;
const AUTH_ADDRESS = { host: '127.0.0.1', port: 80, isSecure: false, path: '/auth' };

function refused(code: number): ConnectFailure {
  return { step: 'connect', side: 'mqtt', kind: 'refused', code, firstByte: -1 };
}

function names(failure: LoginFailure, change: Partial<LoginSubject> = {}, addresses: string[] = []): string[] {
  return chooseTrials({ ...SUBJECT, ...change }, failure, addresses).map(({ trial }) => trial);
}

describe('what is tried', () => {
  it('after a bad signature: how it was made', () => {
    expect(names(refused(4))).toEqual(['no-timestamp', 'signmethod-hmacmd5', 'signmethod-hmacsha256']);
    expect(names(refused(4), { authAddress: AUTH_ADDRESS })).toContain('token');
    const blank = { ...SUBJECT.identity, deviceSecret: 'secret\n' };
    expect(names(refused(4), { identity: blank })[0]).toBe('trimmed-secret');
    const unsalted = { ...SUBJECT.auth, timestamp: 'none' } as LoginSubject['auth'];
    expect(names(refused(4), { auth: unsalted })).not.toContain('no-timestamp');
  });

  it('of a user name and password: only whether a blank is in them', () => {
    const auth = { mode: 'password', clientId: 'c', username: 'u', password: 'p' } as const;
    expect(names(refused(4), { auth })).toEqual([]);
    expect(names(refused(5), { auth: { ...auth, password: 'p ' } })).toEqual(['trimmed-secret']);
  });

  it('after an unknown device: other spellings, the other kind of login', () => {
    expect(names(refused(5))).toEqual(['product-lower', 'product-upper']);
    expect(names(refused(5), { authAddress: AUTH_ADDRESS })).toEqual(['product-lower', 'product-upper', 'token']);
    expect(names(refused(5), { auth: TOKEN_AUTH })).toEqual(['product-lower', 'product-upper', 'direct']);
  });

  it('after an identifier that is rejected: keepalive, securemode, session, version', () => {
    expect(names(refused(2))).toEqual(['securemode', 'mqtt-3.1']);
    const connection = { ...SUBJECT.connection, keepaliveSec: 30, clean: false };
    expect(names(refused(2), { connection })).toEqual(['keepalive', 'securemode', 'clean', 'mqtt-3.1']);
  });

  it.each<[string, LoginFailure, string[]]>([
    ['another version', refused(1), ['mqtt-5', 'mqtt-3.1']],
    ['a code of MQTT 5', refused(132), ['mqtt-5']],
    ['an unavailable service', refused(3), ['again']],
    ['no TLS', { step: 'tls', side: 'mqtt', kind: 'timeout', reason: '' }, ['plain-hello']],
    ['an alert', { step: 'tls', side: 'mqtt', kind: 'alert', reason: 'X' }, []],
    ['no TLS of the auth service', { step: 'tls', side: 'auth', kind: 'timeout', reason: '' }, []],
    ['silence', { ...refused(0), kind: 'timeout' }, ['handshake', 'mqtt-5', 'mqtt-3.1', 'hello']],
    ['what MQTT cannot carry', { ...refused(0), kind: 'unsendable' }, []],
    ['a limit of the auth service', { step: 'auth-login', side: 'auth', kind: 'code', code: 429 }, ['again']],
    ['an unknown name', { step: 'name', side: 'mqtt', kind: 'unknown' }, []],
    ['a topic', { step: 'publish', side: 'mqtt', kind: 'closed' }, []],
  ])('after %s', (_what, failure, trials) => {
    expect(names(failure)).toEqual(trials);
  });

  it('after a closed port: the other addresses of the name, not too many', () => {
    const failure = { step: 'tcp', side: 'mqtt', kind: 'timeout' } as const;
    const addresses = ['10.0.0.1', '10.0.0.2', '::1', '10.0.0.4', '10.0.0.5'];
    expect(names(failure, {}, addresses)).toEqual(['address-10.0.0.2', 'address-::1', 'address-10.0.0.4']);
  });

  it('of a service with several addresses: the others, where the failure is one of the place', () => {
    const otherEndpoints = [1, 2, 3, 4].map((last) => ({ host: `10.0.0.${last}`, port: 1883 }));
    const elsewhere = ['place-10.0.0.1:1883', 'place-10.0.0.2:1883', 'place-10.0.0.3:1883'];
    expect(names({ step: 'tcp', side: 'mqtt', kind: 'refused' }, { otherEndpoints })).toEqual(elsewhere);
    expect(names({ ...refused(0), kind: 'timeout' }, { otherEndpoints }).slice(-3)).toEqual(elsewhere);
    expect(names(refused(4), { otherEndpoints })).toEqual(names(refused(4)));
  });

  it('after a date: what time the auth service has, or another service of that host', () => {
    const problems = [{ kind: 'expired', subject: '', isLeaf: true, untilMs: 0 }] as const;
    const failure = { step: 'certificate', side: 'mqtt', problems, certificates: 1, nowMs: 1 } as const;
    expect(names(failure, { authAddress: AUTH_ADDRESS })).toEqual(['clock']);
    expect(names(failure)).toEqual(['web-clock']);
  });
});

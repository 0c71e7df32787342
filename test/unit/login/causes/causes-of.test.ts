import { describe, expect, it } from 'vitest';
import type { ConnectFailure, LoginFailure } from '../../../../src/login/attempt/failure.ts';
import { causesOf } from '../../../../src/login/causes/causes-of.ts';
import { type Findings, type LoginTraits, SETTING_NAMES } from '../../../../src/login/causes/findings.ts';
import { connackMeaning } from '../../../../src/login/mqtt/connack-meaning.ts';
import type { TrialResult } from '../../../../src/login/trials/trial-plan.ts';

const ABOUT: LoginTraits = {
  mode: 'direct',
  transport: 'tcp',
  productKey: 'a1Meters',
  deviceName: 'd1',
  clientIdLength: 2,
  host: 'broker.example.com',
  port: 1883,
  authHost: 'auth.example.com',
  keepaliveSec: 120,
  clean: true,
  hasUsername: true,
  hasPassword: true,
  hasCertificate: false,
  hasCa: false,
  setting: (name) => SETTING_NAMES[name][0],
};

function refused(code: number): ConnectFailure {
  return { step: 'connect', side: 'mqtt', kind: 'refused', code, firstByte: -1 };
}

function unanswered(kind: ConnectFailure['kind'], firstByte = -1): ConnectFailure {
  return { step: 'connect', side: 'mqtt', kind, code: 0, firstByte };
}

function tls(kind: 'not-tls' | 'closed' | 'timeout' | 'alert' | 'other', reason = ''): LoginFailure {
  return { step: 'tls', side: 'mqtt', kind, reason };
}

function auth(kind: Extract<LoginFailure, { step: 'auth-login' }>['kind'], code = 0): LoginFailure {
  return { step: 'auth-login', side: 'auth', kind, code };
}

function tried(trial: TrialResult['trial'], change: Partial<TrialResult> = {}): TrialResult {
  return { trial, gotIn: true, failure: undefined, seen: '', ...change };
}

function names(
  failure: LoginFailure,
  more: Partial<Omit<Findings, 'about'>> & { about?: Partial<LoginTraits> } = {},
): string[] {
  const { about = {}, trials = [], clockAheadMs } = more;
  return causesOf({ failure, about: { ...ABOUT, ...about }, trials, clockAheadMs }).map(({ cause }) => cause);
}

const TOKEN = { about: { mode: 'https-token' } } as const;
const PASSWORD = { about: { mode: 'password' } } as const;

describe('the causes of a failure', () => {
  it.each<[string, LoginFailure, Parameters<typeof names>[1], string[]]>([
    ['CONNACK 1', refused(1), {}, ['mqtt-version']],
    [
      'CONNACK 2 with a keepalive outside',
      refused(2),
      { about: { keepaliveSec: 30 } },
      ['keepalive-out-of-bounds', 'securemode-mismatch', 'client-id'],
    ],
    ['CONNACK 2 otherwise', refused(2), {}, ['securemode-mismatch', 'client-id']],
    [
      'CONNACK 2 with a long client id',
      refused(2),
      { about: { clientIdLength: 65 } },
      ['client-id-too-long', 'securemode-mismatch', 'client-id'],
    ],
    ['CONNACK 2 at any broker', refused(2), PASSWORD, ['client-id']],
    ['CONNACK 3', refused(3), {}, ['rate-limited', 'unavailable']],
    ['CONNACK 3 to a token', refused(3), TOKEN, ['wrong-token', 'rate-limited', 'unavailable']],
    [
      'CONNACK 3 to a token, not to a new one',
      refused(3),
      { ...TOKEN, trials: [tried('again')] },
      ['wrong-token', 'rate-limited'],
    ],
    ['CONNACK 3 once', refused(3), { trials: [tried('again')] }, ['rate-limited', 'unavailable']],
    ['CONNACK 4', refused(4), {}, ['wrong-secret', 'signature-differs']],
    [
      'CONNACK 4 to a secret that the auth service takes',
      refused(4),
      { trials: [tried('token')] },
      ['signature-differs'],
    ],
    ['CONNACK 4 to a user', refused(4), PASSWORD, ['wrong-password', 'client-not-allowed']],
    ['CONNACK 5', refused(5), {}, ['unknown-device', 'other-region', 'disabled-device', 'other-login-mode']],
    [
      'CONNACK 5 to a device that gets a token',
      refused(5),
      { trials: [tried('token')] },
      ['other-login-mode', 'disabled-device'],
    ],
    [
      'CONNACK 5 to a device that the auth service does not know',
      refused(5),
      { trials: [tried('token', { gotIn: false, failure: auth('code', 5001) })] },
      ['unknown-device', 'other-region'],
    ],
    ['CONNACK 5 to a user', refused(5), PASSWORD, ['wrong-password', 'client-not-allowed']],
    [
      'CONNACK 5 to nobody',
      refused(5),
      { about: { mode: 'password', hasUsername: false, hasPassword: false } },
      ['credentials-wanted', 'wrong-password', 'client-not-allowed'],
    ],
    ['a code of MQTT 5', refused(132), {}, ['mqtt-version']],
    ['a code that nobody knows', refused(77), {}, ['refused']],
    ['no CONNACK', unanswered('timeout'), {}, ['service-hangs', 'other-service']],
    ['a port that does a handshake', unanswered('timeout'), { trials: [tried('handshake')] }, ['tls-port']],
    ['a close', unanswered('closed'), {}, ['closes-on-refusal', 'other-service', 'nothing-behind']],
    ['a TLS alert', unanswered('stranger', 0x15), {}, ['tls-port']],
    ['HTTP', unanswered('stranger', 0x48), {}, ['other-service']],
    ['a login that MQTT cannot carry', unanswered('unsendable'), {}, ['unsendable']],
    [
      'an alert that asks for a certificate',
      tls('alert', 'TLSV13_ALERT_CERTIFICATE_REQUIRED'),
      {},
      ['client-certificate-wanted'],
    ],
    [
      'an alert of TLS 1.2 without one',
      tls('alert', 'SSLV3_ALERT_HANDSHAKE_FAILURE'),
      {},
      ['client-certificate-wanted', 'no-common-cipher'],
    ],
    [
      'an alert about the one that was shown',
      tls('alert', 'TLSV1_ALERT_UNKNOWN_CA'),
      { about: { hasCertificate: true } },
      ['client-certificate-refused'],
    ],
    ['an alert about the name', tls('alert', 'TLSV1_UNRECOGNIZED_NAME_ALERT_UNRECOGNIZED_NAME'), {}, ['server-name']],
    ['an alert about the version', tls('alert', 'TLSV1_ALERT_PROTOCOL_VERSION'), {}, ['tls-version']],
    ['an alert about protocols', tls('alert', 'TLSV1_ALERT_NO_APPLICATION_PROTOCOL'), {}, ['alpn']],
    ['what is not TLS', tls('not-tls'), {}, ['plain-port', 'other-protocol']],
    ['a plain port', tls('timeout'), { trials: [tried('plain-hello')] }, ['plain-port']],
    ['keys that are too short', tls('other', 'DH_KEY_TOO_SMALL'), {}, ['weak-tls', 'other-protocol']],
    ['a refused connection', { step: 'tcp', side: 'mqtt', kind: 'refused' }, {}, ['port-closed', 'firewall-rejects']],
    ['silence', { step: 'tcp', side: 'mqtt', kind: 'timeout' }, {}, ['filtered', 'host-down']],
    ['no way', { step: 'tcp', side: 'mqtt', kind: 'unreachable' }, {}, ['no-route', 'host-down', 'filtered']],
    [
      'another address that works',
      { step: 'tcp', side: 'mqtt', kind: 'timeout' },
      { trials: [tried('address-192.0.2.2')] },
      ['dead-address'],
    ],
    [
      'an unknown name',
      { step: 'name', side: 'mqtt', kind: 'unknown' },
      {},
      ['name-unknown', 'name-of-another-network', 'no-resolver'],
    ],
    [
      'no answer about a name',
      { step: 'name', side: 'mqtt', kind: 'no-answer' },
      {},
      ['no-resolver', 'name-unknown', 'name-of-another-network'],
    ],
    ['a stray name', { step: 'name', side: 'auth', kind: 'stray' }, {}, ['stray-name']],
    ['code 401', auth('code', 401), TOKEN, ['wrong-secret', 'signature-differs']],
    ['code 460', auth('code', 460), TOKEN, ['bad-parameter']],
    ['code 5001', auth('code', 5001), TOKEN, ['unknown-device', 'other-region']],
    ['code 6200', auth('code', 6200), TOKEN, ['other-login-mode']],
    ['code 429', auth('code', 429), TOKEN, ['rate-limited']],
    ['code 500', auth('code', 500), TOKEN, ['service-error']],
    ['HTTP 404', auth('status', 404), TOKEN, ['wrong-path', 'other-service']],
    ['HTTP 503', auth('status', 503), TOKEN, ['service-error', 'other-service']],
    ['a redirect', auth('redirect', 302), TOKEN, ['other-service']],
    ['no HTTP', auth('not-http'), TOKEN, ['other-protocol', 'other-service']],
    ['no reply', auth('timeout'), TOKEN, ['service-hangs', 'other-service']],
    ['a host that is not allowed', auth('forbidden-host'), TOKEN, ['forbidden-host']],
    ['a filter that is refused', { step: 'subscribe', side: 'mqtt', kind: 'refused' }, {}, ['topic-not-allowed']],
    [
      'a close at a publication',
      { step: 'publish', side: 'mqtt', kind: 'closed' },
      {},
      ['topic-not-allowed', 'kicked'],
    ],
    ['no answer to a ping', { step: 'ping', side: 'mqtt', kind: 'timeout' }, {}, ['service-hangs']],
    ['a certificate of its own that is of no use', { step: 'own-certificate', side: 'mqtt' }, {}, ['own-certificate']],
  ])('of %s', (_what, failure, more, causes) => {
    expect(names(failure, more)).toEqual(causes);
  });

  it.each([
    ['trimmed-secret', 'blank-in-secret'],
    ['trimmed-names', 'blank-in-name'],
    ['product-lower', 'product-key-case'],
    ['no-timestamp', 'timestamp-not-signed'],
    ['signmethod-hmacmd5', 'other-signmethod'],
    ['securemode', 'securemode-elsewhere'],
    ['keepalive', 'keepalive-out-of-bounds'],
    ['clean', 'no-kept-sessions'],
    ['mqtt-5', 'mqtt-5-only'],
    ['mqtt-3.1', 'mqtt-3.1-only'],
    ['direct', 'other-login-mode'],
    ['place-10.0.0.2:1883', 'place-fails'],
  ] as const)('are one, shown, when the trial %s gets in', (trial, cause) => {
    const trials = [tried('clean', { gotIn: false, failure: refused(4) }), tried(trial)];
    const found = causesOf({ failure: refused(4), about: ABOUT, trials, clockAheadMs: undefined });
    expect(found).toMatchObject([{ cause, certainty: 'shown' }]);
  });

  it('are likely first, then possible', () => {
    const found = causesOf({ failure: refused(4), about: ABOUT, trials: [], clockAheadMs: undefined });
    expect(found.map(({ certainty }) => certainty)).toEqual(['likely', 'possible']);
  });
});

describe('a certificate whose date does not fit', () => {
  const DAY_MS = 86_400_000;

  /** Certificates that ended, or begin, at 0; `days`: what this machine takes for now. */
  function dated(kind: 'expired' | 'not-yet-valid', days: number, others: 'fit' | 'do not' = 'fit'): LoginFailure {
    const leaf = { kind, subject: 'CN=service', isLeaf: true, untilMs: 0, fromMs: 0 };
    const ca = { ...leaf, subject: 'CN=ca', isLeaf: false };
    const problems = others === 'fit' ? [leaf] : [leaf, ca];
    return { step: 'certificate', side: 'mqtt', problems, certificates: 2, nowMs: days * DAY_MS };
  }

  it.each<[string, LoginFailure, number | undefined, string[]]>([
    ['has expired', dated('expired', 1), undefined, ['certificate-expired', 'clock']],
    ['expired long ago, unlike its CA', dated('expired', 365), undefined, ['certificate-expired', 'clock']],
    ['has expired, and so has its CA', dated('expired', 1, 'do not'), undefined, ['certificate-expired', 'clock']],
    [
      'expired long ago, and so did its CA: nobody serves that for long',
      dated('expired', 365, 'do not'),
      undefined,
      ['clock', 'certificate-expired'],
    ],
    [
      'is one of the future: nobody serves that',
      dated('not-yet-valid', -1),
      undefined,
      ['clock', 'certificate-not-yet-valid'],
    ],
    ['has expired, and the service has the same time', dated('expired', 1), 2_000, ['certificate-expired']],
    [
      'is one of the future, and the service has the same time',
      dated('not-yet-valid', -1),
      -2_000,
      ['certificate-not-yet-valid'],
    ],
    [
      'has expired, and the service has a time at which it had not',
      dated('expired', 365),
      -400 * DAY_MS,
      ['clock', 'certificate-expired'],
    ],
    [
      'has expired at the time of the service too, whatever this machine says',
      dated('expired', 365),
      -100 * DAY_MS,
      ['certificate-expired'],
    ],
    [
      'expired within the hours that the clock is ahead',
      dated('expired', 0.1),
      -0.2 * DAY_MS,
      ['clock', 'certificate-expired'],
    ],
    [
      'begins within the days that the clock is behind',
      dated('not-yet-valid', -365),
      400 * DAY_MS,
      ['clock', 'certificate-not-yet-valid'],
    ],
  ])('%s', (_what, failure, clockAheadMs, causes) => {
    expect(names(failure, { ...(clockAheadMs === undefined ? {} : { clockAheadMs }) })).toEqual(causes);
  });

  it('says by how much the clock is off, and in which direction', () => {
    const words = (failure: LoginFailure, clockAheadMs?: number): string | undefined =>
      causesOf({ failure, about: ABOUT, trials: [], clockAheadMs }).find(({ cause }) => cause === 'clock')?.words;
    expect(words(dated('expired', 365), -400 * DAY_MS)).toContain('400 days ahead');
    expect(words(dated('not-yet-valid', -0.1), 0.2 * DAY_MS)).toContain('288 minutes behind');
    expect(words(dated('expired', 365, 'do not'))).toContain('it says 1971-01-01, which is after all 2 certificates');
  });
});

it('says what each code means here', () => {
  expect(connackMeaning('direct', 4)).toContain('signature');
  expect(connackMeaning('https-token', 3)).toContain('iotToken');
  expect(connackMeaning('password', 5)).toContain('password');
  expect(connackMeaning('password', 135)).toBe('MQTT 5, reason code 135, not authorized');
});

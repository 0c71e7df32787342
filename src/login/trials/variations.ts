import type { AuthSpec } from '../../device/auth/auth.ts';
import { SIGN_METHODS } from '../../device/auth/signing.ts';
import { addressOf } from '../../link/failures.ts';
import { US_PER_SEC } from '../../time/units.ts';
import { USUAL_MANNER } from '../mqtt/connect-fields.ts';
import type { LoginSubject } from '../subject/login-subject.ts';
import type { TrialName, TrialPlan } from './trial-plan.ts';

/** Makes the trials of a name for a device; none where they would change nothing. */
export type Variation = (subject: LoginSubject) => TrialPlan[];

/** A keepalive that every service takes (docs/protocol.md section 4). */
const USUAL_KEEPALIVE_SEC = 120;

export const trimmedSecret: Variation = (subject) => {
  const changed = trimmed(subject);
  return changed === undefined
    ? []
    : [login('trimmed-secret', 'cut blanks, line ends and byte-order marks off the secret', changed)];
};

export const trimmedNames: Variation = (subject) => {
  const { productKey, deviceName } = subject.identity;
  const identity = { ...subject.identity, productKey: productKey.trim(), deviceName: deviceName.trim() };
  const isSame = identity.productKey === productKey && identity.deviceName === deviceName;
  return isSame ? [] : [login('trimmed-names', 'cut blanks off product key and device name', { ...subject, identity })];
};

export const withoutTimestamp: Variation = (subject) => {
  const { auth } = subject;
  if (auth.mode === 'password' || auth.timestamp === 'none') return [];
  return [login('no-timestamp', 'sign without a timestamp', { ...subject, auth: { ...auth, timestamp: 'none' } })];
};

export const otherSignmethods: Variation = (subject) => {
  const { auth } = subject;
  if (auth.mode === 'password') return [];
  return SIGN_METHODS.filter((method) => method !== auth.signmethod).map((signmethod) =>
    login(`signmethod-${signmethod}`, `sign with ${signmethod}`, { ...subject, auth: { ...auth, signmethod } }),
  );
};

export const otherCase: Variation = (subject) => {
  const { productKey } = subject.identity;
  if (subject.auth.mode === 'password') return [];
  const spellings = [
    ['product-lower', productKey.toLowerCase()],
    ['product-upper', productKey.toUpperCase()],
  ] as const;
  return spellings
    .filter(([, spelling]) => spelling !== productKey)
    .map(([trial, spelling]) =>
      login(trial, `write the product key as ${spelling}`, {
        ...subject,
        identity: { ...subject.identity, productKey: spelling },
      }),
    );
};

/** Where TLS ends before the service, it may expect the securemode of TCP. */
export const otherSecuremode: Variation = (subject) => {
  if (subject.auth.mode !== 'direct') return [];
  const securemode = subject.transport === 'tls' ? 3 : 2;
  const plan = login('securemode', `say securemode=${securemode} instead`, subject);
  return [{ ...plan, manner: { ...USUAL_MANNER, securemode } }];
};

export const keepaliveInside: Variation = (subject) => {
  const { keepaliveSec } = subject.connection;
  if (keepaliveSec === USUAL_KEEPALIVE_SEC) return [];
  const connection = { ...subject.connection, keepaliveSec: USUAL_KEEPALIVE_SEC };
  return [login('keepalive', `a keepalive of ${USUAL_KEEPALIVE_SEC} s`, { ...subject, connection })];
};

/** A session that is kept may hold what the service chokes on; some brokers keep none. */
export const cleanSession: Variation = (subject) => {
  if (subject.connection.clean) return [];
  const connection = { ...subject.connection, clean: true };
  return [login('clean', 'with a clean session', { ...subject, connection })];
};

export const mqtt5: Variation = (subject) => [{ ...login('mqtt-5', 'speak MQTT 5', subject), manner: { version: 5 } }];

export const mqtt31: Variation = (subject) => [
  { ...login('mqtt-3.1', 'speak MQTT 3.1', subject), manner: { version: 3 } },
];

export const again: Variation = (subject) => [login('again', 'the same once more', subject)];

/** A token needs HTTPS, or an auth service that has none. */
export const askToken: Variation = (subject) => {
  const { authAddress, auth, tls } = subject;
  if (auth.mode !== 'direct' || authAddress === undefined || (authAddress.isSecure && tls === undefined)) return [];
  const { signmethod, timestamp } = auth;
  const asking: AuthSpec = { mode: 'https-token', signmethod, timestamp, resources: [], login: 'always' };
  const words = 'ask the auth service for a token';
  return [{ trial: 'token', how: 'token', words, subject: { ...subject, auth: asking } }];
};

/** The signed CONNECT of a device that is set up for tokens. */
export const directLogin: Variation = (subject) => {
  const { auth } = subject;
  if (auth.mode !== 'https-token') return [];
  const { signmethod, timestamp } = auth;
  return [
    login('direct', 'log in by a signed CONNECT', { ...subject, auth: { mode: 'direct', signmethod, timestamp } }),
  ];
};

/** The most other addresses of a service that are tried. */
const MOST_PLACES = 3;

/** Whether the device gets in where other devices go. */
export const otherPlaces: Variation = (subject) =>
  subject.otherEndpoints.slice(0, MOST_PLACES).map((endpoint) => {
    const where = addressOf(endpoint);
    return login(`place-${where}`, `log in at ${where}, another address of the service`, { ...subject, endpoint });
  });

export const plainHello: Variation = () => [
  { trial: 'plain-hello', how: 'plain-hello', words: 'a CONNECT of nobody to that port without TLS' },
];

export const hello: Variation = () => [{ trial: 'hello', how: 'hello', words: 'a CONNECT of nobody, with MQTT 3.1.1' }];

export const handshake: Variation = ({ transport }) => [
  {
    trial: 'handshake',
    how: 'handshake',
    words: transport === 'tls' ? 'a TLS handshake, and then only listening' : 'a TLS handshake on that port',
  },
];

/** Another clock than that of this machine: the auth service's, or where there is none, one that the same host may tell by HTTP. */
export const askTime: Variation = ({ authAddress, endpoint }) => [
  authAddress === undefined
    ? { trial: 'web-clock', how: 'web-clock', words: `ask ${endpoint.host} for its time by HTTP, without any secret` }
    : { trial: 'clock', how: 'clock', words: 'ask the auth service for its time, without any secret' },
];

function login(trial: TrialName, words: string, subject: LoginSubject): Extract<TrialPlan, { how: 'login' }> {
  return { trial, how: 'login', words, subject, manner: USUAL_MANNER };
}

/** The device with every text of its credentials trimmed; undefined if they are as they should be. JavaScript's blanks include the BOM. */
function trimmed(subject: LoginSubject): LoginSubject | undefined {
  const { identity, environment, auth } = subject;
  const secret = { ...identity, deviceSecret: identity.deviceSecret.trim(), columns: identity.columns?.map(cut) };
  const variables = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, value.trim()]));
  const credentials =
    auth.mode === 'password' ? { ...auth, username: auth.username?.trim(), password: auth.password?.trim() } : auth;
  const before = [identity.deviceSecret, identity.columns, environment, auth];
  const after = [secret.deviceSecret, secret.columns, variables, credentials];
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  return { ...subject, identity: secret, environment: variables, auth: credentials };
}

function cut(text: string): string {
  return text.trim();
}

/** How long a trial may take: less than a device waits, as there may be many. */
export const TRIAL_US = 4 * US_PER_SEC;

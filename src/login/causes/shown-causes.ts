import type { CauseRow } from './cause-row.ts';
import type { Findings } from './findings.ts';

type Shown = (findings: Findings, trial: string) => Omit<CauseRow, 'certainty'>;

/** What it shows that a trial got in; the key is the beginning of its name. */
const SHOWN_BY: readonly (readonly [trial: string, shown: Shown])[] = [
  [
    'trimmed-secret',
    ({ about }) => ({
      cause: 'blank-in-secret',
      words:
        'the secret has a blank, a line end or a byte-order mark at its beginning or end, and that is signed with it',
      mend: `cut it off ${about.setting('secret')}; echo -n writes no line end, and a file saved as UTF-8 without BOM has no mark`,
    }),
  ],
  [
    'trimmed-names',
    () => ({
      cause: 'blank-in-name',
      words: 'the product key or the device name has a blank at its beginning or end',
      mend: 'cut it off',
    }),
  ],
  [
    'product-',
    ({ about }, trial) => ({
      cause: 'product-key-case',
      words: `the product key is ${otherCase(about.productKey, trial)}: upper and lower case matter`,
      mend: `write ${about.setting('productKey')} as ${otherCase(about.productKey, trial)}`,
    }),
  ],
  [
    'no-timestamp',
    ({ about }) => ({
      cause: 'timestamp-not-signed',
      words: 'the service takes the signature only without a timestamp',
      mend: `set ${about.setting('timestamp')} to none; firmware must leave it out of client id and content alike`,
    }),
  ],
  [
    'signmethod-',
    ({ about }, trial) => ({
      cause: 'other-signmethod',
      words: `the service takes the signature by ${trial.replace('signmethod-', '')}`,
      mend: `set ${about.setting('signmethod')} to ${trial.replace('signmethod-', '')}`,
    }),
  ],
  [
    'securemode',
    ({ about }) => ({
      cause: 'securemode-elsewhere',
      words: `the service takes this connection for one over ${about.transport === 'tls' ? 'TCP: TLS ends before it, at a load balancer' : 'TLS: something before it speaks TLS'}`,
      mend: `have the firmware say securemode=${about.transport === 'tls' ? 3 : 2} there, or lead the connection to the service itself`,
    }),
  ],
  [
    'keepalive',
    ({ about }) => ({
      cause: 'keepalive-out-of-bounds',
      words: `the service does not take a keepalive of ${about.keepaliveSec} s: the platform's document wants more than 60 s, at most 1200 s`,
      mend: `set ${about.setting('keepalive')} to 120s, say`,
    }),
  ],
  [
    'clean',
    ({ about }) => ({
      cause: 'no-kept-sessions',
      words: 'the service takes the login only with a clean session',
      mend: `leave ${about.setting('clean')} as it is by default, or delete the session that the service has kept`,
    }),
  ],
  [
    'mqtt-5',
    () => ({
      cause: 'mqtt-5-only',
      words: 'the service takes MQTT 5 only',
      mend: 'let it accept MQTT 3.1.1, which these devices speak, or use firmware that speaks MQTT 5',
    }),
  ],
  [
    'mqtt-3.1',
    () => ({
      cause: 'mqtt-3.1-only',
      words: 'the service takes MQTT 3.1 (MQIsdp) only',
      mend: 'let it accept MQTT 3.1.1, which these devices speak',
    }),
  ],
  [
    'direct',
    ({ about }) => ({
      cause: 'other-login-mode',
      words: 'the device is registered for a signed CONNECT, not for the HTTPS login',
      mend: `set ${about.setting('mode')} to direct${about.setting('mode').startsWith('--') ? ': leave it out' : ''}, or register it for the HTTPS login`,
    }),
  ],
  [
    'place-',
    ({ about }, trial) => ({
      cause: 'place-fails',
      words: `the service is not to be had at ${about.host}:${about.port}, and is at ${trial.replace('place-', '')}`,
      mend: `mend what stands at that address, or take it out of ${about.setting('mqtt')}`,
    }),
  ],
  [
    'address-',
    ({ about }, trial) => ({
      cause: 'dead-address',
      words: `one address of ${about.host} is dead, and ${trial.replace('address-', '')} answers: devices use the first one`,
      mend: 'take the dead address out of DNS, or bring it back',
    }),
  ],
];

/** The cause that a trial shows by having got in; undefined if it shows none by itself. */
export function shownCause(findings: Findings): CauseRow | undefined {
  const { trial } = findings.trials.find((one) => one.gotIn) ?? {};
  if (trial === undefined) return undefined;
  const [, shown] = SHOWN_BY.find(([name]) => trial.startsWith(name)) ?? [];
  return shown === undefined ? undefined : { ...shown(findings, trial), certainty: 'shown' };
}

function otherCase(productKey: string, trial: string): string {
  return trial === 'product-lower' ? productKey.toLowerCase() : productKey.toUpperCase();
}

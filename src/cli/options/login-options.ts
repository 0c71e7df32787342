import type { Argv } from 'yargs';
import { SIGN_METHODS, type SignMethod } from '../../device/auth/signing.ts';
import { parseDurationUs } from '../../time/units.ts';
import { allowRemote } from './allow-remote.ts';
import { DEVICE_SECRET_VARIABLE } from './device-secret.ts';

/** Arguments of `login`: a scenario and one of its devices, or a device and its service. */
export interface LoginArgs {
  readonly file?: string | undefined;
  readonly set: readonly string[];
  readonly fleet?: string | undefined;
  readonly device?: string | undefined;
  readonly 'product-key'?: string | undefined;
  readonly mqtt?: string | undefined;
  readonly auth?: string | undefined;
  readonly 'login-mode'?: 'direct' | 'https-token' | undefined;
  readonly 'client-id'?: string | undefined;
  readonly signmethod?: SignMethod | undefined;
  readonly timestamp?: string | undefined;
  readonly keepalive?: string | undefined;
  readonly clean?: boolean | undefined;
  readonly ca?: string | undefined;
  readonly 'server-name'?: string | undefined;
  readonly 'client-cert'?: string | undefined;
  readonly 'client-key'?: string | undefined;
  readonly timeout?: string | undefined;
  readonly once?: boolean | undefined;
  readonly spacing?: string | undefined;
  readonly json?: boolean | undefined;
  readonly 'allow-remote': readonly string[];
}

/** Options that describe a device without a scenario. */
const OF_A_DEVICE = [
  ...([
    'product-key',
    'mqtt',
    'auth',
    'login-mode',
    'client-id',
    'signmethod',
    'timestamp',
    'keepalive',
    'clean',
  ] as const),
  ...(['ca', 'server-name', 'client-cert', 'client-key'] as const),
];

/** The options of `login`, with what `--help` says of each. */
export function loginOptions(yargs: Argv): Argv<LoginArgs> {
  return deviceOptions(scenarioPart(yargs))
    .option('once', {
      type: 'boolean',
      describe: 'Only the login itself: after a failure, nothing is tried to tell causes apart',
    })
    .option('spacing', {
      type: 'string',
      describe: 'Time between two logins of the device [default: 13s, none if the service is on this machine]',
    })
    .option('timeout', { type: 'string', describe: 'Longest time up to CONNACK [default: that of the fleet, or 10s]' })
    .option('json', { type: 'boolean', default: false, describe: 'Print what was seen as JSON' })
    .option('allow-remote', allowRemote('Allow this host'));
}

function scenarioPart(yargs: Argv) {
  return yargs
    .positional('file', { type: 'string', describe: 'Scenario file (YAML or JSON)' })
    .option('set', {
      type: 'string',
      array: true,
      nargs: 1,
      default: [] as string[],
      defaultDescription: 'none',
      describe: 'Override a value of the scenario; may be repeated',
    })
    .option('device', {
      type: 'string',
      describe: 'Name of the device [default: the first of the scenario]',
    })
    .option('fleet', { type: 'string', describe: 'Fleet of the device, if two have one of that name' });
}

function deviceOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('product-key', {
      type: 'string',
      describe: `Without a scenario: product of the device, whose secret is read from ${DEVICE_SECRET_VARIABLE}, a prompt, or stdin`,
    })
    .option('mqtt', { type: 'string', describe: 'Its MQTT service, mqtt://HOST[:PORT] or mqtts:// for TLS' })
    .option('auth', { type: 'string', describe: 'Where it logs in over HTTPS, https://HOST[:PORT][/PATH]' })
    .option('login-mode', {
      choices: ['direct', 'https-token'] as const,
      describe: 'How it logs in [default: https-token with --auth, else direct]',
    })
    .option('client-id', { type: 'string', describe: 'Its client id [default: its name]' })
    .option('signmethod', { choices: SIGN_METHODS, describe: 'HMAC to sign with [default: hmacsha1]' })
    .option('timestamp', {
      type: 'string',
      describe: 'Milliseconds to sign as salt, now, or none [default: now]',
    })
    .option('keepalive', { type: 'string', describe: 'Keepalive of CONNECT [default: 120s]' })
    .option('clean', {
      type: 'boolean',
      describe: 'Clean session; --no-clean: a session that is kept [default: clean]',
    })
    .option('ca', { type: 'string', describe: 'PEM file of the CAs to trust instead of those of the system' })
    .option('server-name', { type: 'string', describe: 'Name to ask for by TLS, and to expect in the certificate' })
    .option('client-cert', { type: 'string', describe: 'PEM file of the certificate that the device shows' })
    .option('client-key', { type: 'string', describe: 'PEM file of its private key' });
}

/** All faults in the arguments, in words. */
export function loginFaults(args: LoginArgs): string[] {
  const faults = args.file === undefined ? deviceFaults(args) : scenarioFaults(args);
  for (const name of ['spacing', 'timeout'] as const) {
    const text = args[name];
    if (text !== undefined && parseDurationUs(text) === undefined)
      faults.push(`--${name} takes a duration such as 13s, not ${text}`);
  }
  return faults;
}

function deviceFaults(args: LoginArgs): string[] {
  if (args['product-key'] === undefined) {
    return ['name a scenario file, or a device with --product-key, --device and --mqtt'];
  }
  const missing = (['device', 'mqtt'] as const).filter((name) => args[name] === undefined);
  const faults = missing.map((name) => `--product-key needs --${name}`);
  if (args.set.length > 0) faults.push('--set needs a scenario file');
  if (args.fleet !== undefined) faults.push('--fleet needs a scenario file');
  if (args['login-mode'] === 'https-token' && args.auth === undefined)
    faults.push('--login-mode https-token needs --auth');
  if (args.device?.trim() === '') faults.push('--device must not be empty');
  return faults;
}

function scenarioFaults(args: LoginArgs): string[] {
  return OF_A_DEVICE.filter((name) => args[name] !== undefined && name !== 'client-id').map(
    (name) => `--${name} is for a device without a scenario: change the scenario with --set, or leave out ${args.file}`,
  );
}

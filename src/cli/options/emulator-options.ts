import type { Argv } from 'yargs';
import { LOGIN_MODES, type LoginMode } from '../../device/list/login-mode.ts';
import type { RegistrySource, StandingLimits } from '../../emulator/contract/config.ts';
import { PROFILE_NAMES, PROFILES, type Profile, type ProfileName } from '../../emulator/contract/profiles.ts';
import { parseDurationUs, parseRatePerSec, US_PER_SEC } from '../../time/units.ts';

/** Default devices: those of the quickstart scenario. */
const DEFAULTS = { product: 'a1Meters', fleet: 'meters', devices: 1000, seed: 42 } as const;

const SEC_PER_MIN = 60;

/** Arguments of `emulator`. */
export interface EmulatorArgs {
  readonly host: string;
  readonly port: number;
  readonly profile: ProfileName;
  readonly product?: string | undefined;
  readonly fleet?: string | undefined;
  readonly devices?: number | undefined;
  readonly seed?: number | undefined;
  readonly devicesCsv?: string | undefined;
  readonly loginMode?: LoginMode | undefined;
  readonly mqtt31?: boolean | undefined;
  readonly ownTopics?: boolean | undefined;
  /** TLS and, behind it, HTTPS logins. */
  readonly tls: boolean;
  readonly tlsPort: number;
  readonly authPort: number;
  readonly state?: string | undefined;
  readonly name?: readonly string[] | undefined;
  readonly tokenTtl: string;
  readonly authErrors: 'body' | 'status';
  readonly limit?: string | undefined;
  readonly deviceLimit?: string | undefined;
  readonly authLimit?: string | undefined;
  readonly log?: boolean | undefined;
}

/** The same as written on the command line; yargs provides both spellings. */
export type EmulatorOptions = Omit<EmulatorArgs, 'tlsPort' | 'authPort' | 'tokenTtl' | 'authErrors' | 'ownTopics'> & {
  readonly 'own-topics': boolean;
  readonly 'tls-port': number;
  readonly 'auth-port': number;
  readonly 'token-ttl': string;
  readonly 'auth-errors': 'body' | 'status';
};

/** The options of `emulator`, with what `--help` says of each. */
export function emulatorOptions(yargs: Argv): Argv<EmulatorOptions> {
  return tlsOptions(deviceOptions(yargs))
    .option('host', { type: 'string', default: '127.0.0.1', requiresArg: true, describe: 'Address to listen on' })
    .option('port', {
      type: 'number',
      default: 1883,
      requiresArg: true,
      describe: 'Port of MQTT, plain and TLS; 0 lets the system choose',
    })
    .option('profile', {
      choices: PROFILE_NAMES,
      default: '2017' as ProfileName,
      describe: 'Year of the service to emulate',
    })
    .option('mqtt31', {
      type: 'boolean',
      default: true,
      describe: 'Accept MQTT 3.1 besides 3.1.1',
    })
    .option('own-topics', {
      type: 'boolean',
      default: true,
      describe: "Keep devices from each other's topics; --no-own-topics lets each read and write all",
    })
    .option('limit', {
      type: 'string',
      requiresArg: true,
      describe: 'Most accepted logins of all devices together, such as 500/s; more are refused [default: none]',
    })
    .option('device-limit', {
      type: 'string',
      requiresArg: true,
      describe: 'Most accepted logins of each device, such as 5/m [default: none]',
    })
    .option('auth-limit', {
      type: 'string',
      requiresArg: true,
      describe: 'Most HTTPS logins, such as 100/s; more get 429 [default: none]',
    })
    .option('log', {
      type: 'boolean',
      describe: 'Print a line for each login: device, outcome, and why it was refused',
    });
}

function deviceOptions(yargs: Argv) {
  return yargs
    .option('product', {
      type: 'string',
      requiresArg: true,
      describe: `Product key of the devices [default: ${DEFAULTS.product}]`,
    })
    .option('fleet', {
      type: 'string',
      requiresArg: true,
      describe: `First part of the generated names [default: ${DEFAULTS.fleet}]`,
    })
    .option('devices', {
      type: 'number',
      requiresArg: true,
      describe: `Number of generated devices [default: ${DEFAULTS.devices.toLocaleString('en-US')}]`,
    })
    .option('seed', {
      type: 'number',
      requiresArg: true,
      describe: `Seed for their secrets [default: ${DEFAULTS.seed}]`,
    })
    .option('devices-csv', {
      type: 'string',
      requiresArg: true,
      describe:
        'CSV file with DeviceName, DeviceSecret, ProductKey columns; generates no devices unless --devices is given too',
    })
    .option('login-mode', {
      choices: LOGIN_MODES,
      default: 'both' as LoginMode,
      describe:
        'How devices may log in, unless their row has a LoginMode: an HTTPS login of a direct one gets 6200, a direct login of an https-token one CONNACK 5',
    });
}

function tlsOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('tls', { type: 'boolean', default: true, describe: 'Speak TLS, and let devices log in over HTTPS' })
    .option('tls-port', {
      type: 'number',
      default: 0,
      requiresArg: true,
      describe: 'Port for MQTT over TLS alone; 0 lets the system choose',
    })
    .option('auth-port', {
      type: 'number',
      default: 0,
      requiresArg: true,
      describe: 'Port of the HTTPS login; 0 lets the system choose',
    })
    .option('state', {
      type: 'string',
      requiresArg: true,
      describe: 'Folder to keep the CAs (EC and RSA) and certificates in [default: new ones each time]',
    })
    .option('name', {
      type: 'string',
      array: true,
      requiresArg: true,
      describe: 'Further host name or address for the certificate; may be repeated',
    })
    .option('token-ttl', {
      type: 'string',
      default: '7d',
      requiresArg: true,
      describe: 'How long a token of an HTTPS login is valid',
    })
    .option('auth-errors', {
      choices: ['body', 'status'] as const,
      default: 'body' as const,
      describe: 'Failed HTTPS logins: code in the body of an HTTP 200, or the nearest HTTP status too',
    });
}

/** All faults in the arguments, in words. */
export function emulatorFaults(args: EmulatorArgs): string[] {
  const { host, port, tlsPort, authPort, devices, seed, product, fleet } = args;
  const faults: string[] = [];
  if (host === '') faults.push('--host must not be empty');
  for (const [option, value] of Object.entries({ port, 'tls-port': tlsPort, 'auth-port': authPort })) {
    if (!isWhole(value, 0, 65_535)) faults.push(`--${option} must be a whole number from 0 to 65,535`);
  }
  if (devices !== undefined && !isWhole(devices, 1, 100_000_000)) {
    faults.push('--devices must be a whole number from 1 to 100,000,000');
  }
  if (seed !== undefined && !Number.isSafeInteger(seed)) faults.push('--seed must be a whole number');
  if (product === '' || product?.includes('&')) faults.push('--product must not be empty or contain "&"');
  if (fleet === '') faults.push('--fleet must not be empty');
  if (args.loginMode === 'https-token' && !args.tls) {
    faults.push('--login-mode https-token needs the HTTPS login: leave out --no-tls');
  }
  if (args.state === '') faults.push('--state must not be empty');
  if (!((parseDurationUs(args.tokenTtl) ?? 0) > 0)) {
    faults.push(`--token-ttl must be a duration above 0, such as 7d or 90s, not ${args.tokenTtl}`);
  }
  const rates = { limit: args.limit, 'device-limit': args.deviceLimit, 'auth-limit': args.authLimit };
  for (const [option, rate] of Object.entries(rates)) {
    const isRight = rate === undefined || (parseRatePerSec(rate) ?? 0) > 0;
    if (!isRight) faults.push(`--${option} must be a rate above 0, such as 500/s or 5/m, not ${rate}`);
  }
  return faults;
}

/** How long a token is valid, in seconds. The arguments must be free of faults. */
export function tokenTtlSecOf({ tokenTtl }: EmulatorArgs): number {
  return (parseDurationUs(tokenTtl) ?? 0) / US_PER_SEC;
}

/** The limits that were asked for. The arguments must be free of faults. */
export function limitsOf({ limit, deviceLimit, authLimit }: EmulatorArgs): StandingLimits {
  const perSec = (rate: string | undefined): number | undefined =>
    rate === undefined ? undefined : parseRatePerSec(rate);
  const devicePerSec = perSec(deviceLimit);
  return {
    accountPerSec: perSec(limit),
    devicePerMin: devicePerSec === undefined ? undefined : devicePerSec * SEC_PER_MIN,
    authPerSec: perSec(authLimit),
  };
}

/** The rules that were asked for. */
export function profileOf({ profile, mqtt31, ownTopics }: EmulatorArgs): Profile {
  const { acceptsMqtt31, ownTopicsOnly, ...rules } = PROFILES[profile];
  return { ...rules, acceptsMqtt31: mqtt31 ?? acceptsMqtt31, ownTopicsOnly: ownTopics ?? ownTopicsOnly };
}

/** The devices that were asked for. */
export function registryOf({
  product,
  fleet,
  devices,
  seed,
  devicesCsv,
  loginMode: mode,
}: EmulatorArgs): RegistrySource[] {
  const sources: RegistrySource[] = [];
  if (devicesCsv === undefined || devices !== undefined) {
    sources.push({
      kind: 'generated',
      productKey: product ?? DEFAULTS.product,
      fleet: fleet ?? DEFAULTS.fleet,
      count: devices ?? DEFAULTS.devices,
      seed: seed ?? DEFAULTS.seed,
      mode,
    });
  }
  if (devicesCsv !== undefined) sources.push({ kind: 'csv', path: devicesCsv, productKey: product, mode });
  return sources;
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

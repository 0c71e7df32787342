import { isIPv4 } from 'node:net';
import { derivedSecret, generatedDeviceName } from '../device/identity.ts';
import { directConnectFields } from '../device/signing.ts';
import type { EmulatorCounts, RegistrySource } from '../emulator/config.ts';
import { PROFILES, type ProfileName } from '../emulator/profiles.ts';
import type { Emulator } from '../emulator/server.ts';
import { CONNACK_NAMES } from '../metrics/outcome.ts';

type Generated = Extract<RegistrySource, { kind: 'generated' }>;

/** True for addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

/** Where the emulator listens, which devices it knows and how one of them logs in. */
export function describeEmulator(
  { host, port }: Pick<Emulator, 'host' | 'port'>,
  profileName: ProfileName,
  registry: readonly RegistrySource[],
): string {
  const { keepaliveMinSec, keepaliveMaxSec } = PROFILES[profileName];
  const generated = registry.find((source) => source.kind === 'generated');
  return [
    `emulator  mqtt://${host.includes(':') ? `[${host}]` : host}:${port}`,
    `profile   ${profileName}: keepalive ${keepaliveMinSec} to ${keepaliveMaxSec} s`,
    ...registry.map((source) => `devices   ${describeSource(source)}`),
    '',
    ...(generated === undefined ? signHint() : loginExample(generated, host, port)),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

function describeSource(source: RegistrySource): string {
  if (source.kind === 'csv') return `of ${source.path}`;
  const { fleet, count, productKey, seed } = source;
  const last = generatedDeviceName(fleet, count - 1);
  return `${generatedDeviceName(fleet, 0)} to ${last} of product ${productKey}, secrets from seed ${seed}`;
}

function signHint(): string[] {
  return [
    'To log in, get the CONNECT fields of a device by:',
    '',
    '  fleetstorm sign --product-key KEY --device-name NAME --client-id ID',
  ];
}

/** A line for the shell: the first generated device, signed. The bars of the client id need the quotes. */
function loginExample({ productKey, fleet, seed }: Generated, host: string, port: number): string[] {
  const deviceName = generatedDeviceName(fleet, 0);
  const fields = directConnectFields({
    productKey,
    deviceName,
    deviceSecret: derivedSecret(seed, productKey, deviceName),
    clientId: 'my-first-device',
    signmethod: 'hmacsha1',
    securemode: 3,
  });
  const words = [
    'mosquitto_pub',
    '-h',
    reachable(host),
    '-p',
    String(port),
    '-i',
    fields.clientId,
    '-u',
    fields.username,
  ]
    .concat(['-P', fields.password, '-q', '1', '-t', `/${productKey}/${deviceName}/update`, '-m', 'hello'])
    .map(shellQuoted);
  return [`To log in as ${deviceName}:`, '', `  ${words.join(' ')}`];
}

/** An address a client on this machine can use for one that means "all". */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  return host === '::' ? '::1' : host;
}

function shellQuoted(word: string): string {
  return /^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** What the emulator counted, for the end of its life. */
export function describeCounts(counts: EmulatorCounts): string {
  const rows: [string, string | number][] = [
    ['connections', counts.connections],
    ['accepted', counts.accepted],
    ...Object.entries(counts.refusedByCode).map(([code, count]): [string, string] => [
      'refused',
      `${count} with CONNACK ${code} (${CONNACK_NAMES[Number(code)] ?? 'no standard name'})`,
    ]),
    ['kicks', counts.kicks],
    ['protocol errors', counts.protocolErrors],
  ];
  return `\n${rows.map(([name, value]) => `${name.padEnd(16)} ${value}\n`).join('')}`;
}

import { generatedDeviceName } from '../../device/identity.ts';
import { AUTH_MESSAGES } from '../../emulator/contract/auth-messages.ts';
import type { EmulatorAddresses, EmulatorCounts, RegistrySource } from '../../emulator/contract/config.ts';
import { PROFILES, type ProfileName } from '../../emulator/contract/profiles.ts';
import { CONNACK_NAMES } from '../../results/outcome.ts';
import { grouped } from '../../text/counts.ts';
import { loginExamples } from './login-examples.ts';

/** Where the emulator listens, which devices it knows and how one of them logs in. */
export function describeEmulator(
  addresses: EmulatorAddresses,
  profileName: ProfileName,
  registry: readonly RegistrySource[],
): string {
  const { keepaliveMinSec, keepaliveMaxSec } = PROFILES[profileName];
  const generated = registry.find((source) => source.kind === 'generated');
  return [
    ...describeAddresses(addresses),
    `profile   ${profileName}: keepalive ${keepaliveMinSec} to ${keepaliveMaxSec} s`,
    ...registry.map((source) => `devices   ${describeSource(source)}`),
    '',
    ...(generated === undefined ? signHint() : loginExamples(generated, addresses)),
    '',
    'Ctrl-C ends it.',
    '',
  ].join('\n');
}

function describeAddresses({ host, port, tls, auth }: EmulatorAddresses): string[] {
  const name = host.includes(':') ? `[${host}]` : host;
  const rows = [`emulator  mqtt://${name}:${port}`];
  if (tls !== undefined) rows.push(`          mqtts://${name}:${port} and, for TLS only, mqtts://${name}:${tls.port}`);
  if (auth !== undefined) rows.push(`auth      ${auth.url}`);
  if (tls?.caFile !== undefined) rows.push(`CA        ${tls.caFile}`);
  return rows;
}

function describeSource(source: RegistrySource): string {
  const { mode = 'both' } = source;
  const way = mode === 'both' ? '' : `, ${mode} logins only`;
  if (source.kind === 'csv') return `of ${source.path}${way}`;
  const { fleet, count, productKey, seed } = source;
  const last = generatedDeviceName(fleet, count - 1);
  return `${generatedDeviceName(fleet, 0)} to ${last} of product ${productKey}, secrets from seed ${seed}${way}`;
}

function signHint(): string[] {
  return [
    'To log in, get the CONNECT fields of a device with:',
    '',
    '  fleetstorm sign --product-key KEY --device-name NAME --client-id ID',
  ];
}

/** What the emulator counted, for when it ends. */
export function describeCounts(counts: EmulatorCounts): string {
  const refused = Object.entries(counts.refusedByCode);
  const auth = Object.entries(counts.authByCode);
  const rows: [string, string | number][] = [
    ['connections', counts.connections],
    ['accepted', counts.accepted],
    ...refused.map(([code, count]): [string, string] => [
      'refused',
      `${grouped(count)} with CONNACK ${code} (${CONNACK_NAMES[Number(code)] ?? 'no standard name'})`,
    ]),
    ['kicks', counts.kicks],
    ['protocol errors', counts.protocolErrors],
    ['TLS failures', counts.tlsFailures],
    ...auth.map(([code, count]): [string, string] => ['HTTPS logins', `${grouped(count)} with ${authCodeName(code)}`]),
  ];
  return `\n${rows.map(([name, value]) => `${name.padEnd(16)} ${typeof value === 'number' ? grouped(value) : value}\n`).join('')}`;
}

function authCodeName(code: string): string {
  const httpStatus = /^http-(\d+)$/.exec(code)?.[1];
  if (httpStatus !== undefined) return `HTTP status ${httpStatus}`;
  const message = AUTH_MESSAGES[Number(code)];
  return `code ${code}${message === undefined ? '' : ` (${message})`}`;
}

import { readFile } from 'node:fs/promises';
import type { EmulatorAddresses } from '../../emulator/contract/config.ts';
import type { ServiceAccess } from '../../fleet/protocol.ts';
import type { AuthAddress } from '../../link/auth/auth-client.ts';
import type { ClientCertificate } from '../../link/socket/client-certificate.ts';
import { isLoopbackHost } from '../../link/socket/loopback.ts';
import type { TlsSettings } from '../../link/socket/tls.ts';
import { passphraseOf } from '../../scenario/checks/passphrase.ts';
import type { Environment } from '../../scenario/environment.ts';
import type { MqttTarget, Scenario, ServiceUse, TlsFiles } from '../../scenario/scenario.ts';
import { hasTokenLogins, needsTls } from '../../scenario/transport.ts';

/**
 * How devices reach a real service. `allowed`: hosts that the user named; `environment` holds the passphrase of private keys. Rejects when
 * a certificate's file cannot be read.
 */
export async function realAccess(
  scenario: Scenario,
  target: MqttTarget,
  allowed: readonly string[],
  environment: Environment,
): Promise<ServiceAccess> {
  const auth = hasTokenLogins(scenario) ? target.auth : undefined;
  const tls = needsTls(scenario) ? await tlsSettings(target.tls, undefined, environment) : undefined;
  return { ...useOf(target), tls, auth, allowedHosts: [...allowed, ...ownHosts(scenario, target)] };
}

/** How devices reach the embedded emulator, which has made a CA of its own; `host` is what they reach it by. */
export async function emulatorAccess(
  { target }: Scenario,
  { host, tls, auth }: EmulatorAddresses,
  allowed: readonly string[],
  environment: Environment,
): Promise<ServiceAccess> {
  return {
    ...useOf(target),
    tls: tls === undefined ? undefined : await tlsSettings(target.tls, tls.ca, environment),
    auth: auth === undefined ? undefined : { ...addressOf(new URL(auth.url)), host },
    // Its own replies send devices back to it.
    allowedHosts: isLoopbackHost(host) ? allowed : [...allowed, host],
  };
}

/** How devices use the service, real or emulated. */
export function useOf({
  authConnections,
  followsResources,
}: ServiceUse): Pick<ServiceUse, 'authConnections' | 'followsResources'> {
  return { authConnections, followsResources };
}

/** Hosts that the scenario itself names: since they may be loaded, replies may send devices back to them. */
function ownHosts({ fleets }: Scenario, { addresses, auth }: MqttTarget): string[] {
  const mqttHosts = addresses.flatMap(({ host }) =>
    fleets.map(({ productKey = '' }) => host.replaceAll(`\${productKey}`, productKey)),
  );
  return auth === undefined ? mqttHosts : [...mqttHosts, auth.host];
}

async function tlsSettings(
  files: TlsFiles,
  emulatorCa: string | undefined,
  environment: Environment,
): Promise<TlsSettings> {
  const { caPath, clientCertPath, clientKeyPath, clientPfxPath, clientKeyPassphrase, ...rules } = files;
  const ca = caPath === undefined ? emulatorCa : await readFile(caPath, 'utf8');
  const client = await readClient(clientCertPath, clientKeyPath, clientPfxPath);
  const passphrase = clientKeyPassphrase === undefined ? undefined : passphraseOf(clientKeyPassphrase, environment);
  return { ...rules, ca, client, passphrase };
}

async function readClient(
  certPath: string | undefined,
  keyPath: string | undefined,
  pfxPath: string | undefined,
): Promise<ClientCertificate | undefined> {
  if (pfxPath !== undefined) return { pfx: await readFile(pfxPath) };
  if (certPath === undefined || keyPath === undefined) return undefined;
  const [cert, key] = await Promise.all([readFile(certPath, 'utf8'), readFile(keyPath, 'utf8')]);
  return { cert, key };
}

function addressOf(url: URL): AuthAddress {
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, isSecure, path: url.pathname };
}

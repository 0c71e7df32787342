import { readFile } from 'node:fs/promises';
import type { EmulatorAddresses } from '../emulator/config.ts';
import type { ServiceAccess } from '../fleet/service-access.ts';
import type { AuthAddress } from '../link/auth-service.ts';
import type { TlsSettings } from '../link/tls.ts';
import type { MqttTarget, Scenario, ServiceUse, TlsFiles } from '../scenario/scenario.ts';
import { hasTokenLogins, needsTls } from '../scenario/transport.ts';

/** How devices reach a real service. `allowed`: hosts that the user named. Rejects when a certificate's file cannot be read. */
export async function realAccess(
  scenario: Scenario,
  target: MqttTarget,
  allowed: readonly string[],
): Promise<ServiceAccess> {
  const auth = hasTokenLogins(scenario) ? target.auth : undefined;
  const tls = needsTls(scenario) ? await tlsSettings(target.tls, undefined) : undefined;
  return { ...useOf(target), tls, auth, allowedHosts: [...allowed, ...ownHosts(scenario, target)] };
}

/** How devices reach the embedded emulator, which has made a CA of its own. */
export async function emulatorAccess(
  scenario: Scenario,
  { tls, auth }: EmulatorAddresses,
  allowed: readonly string[],
): Promise<ServiceAccess> {
  return {
    ...useOf(scenario.target),
    tls: tls === undefined ? undefined : await tlsSettings(scenario.target.tls, tls.ca),
    auth: auth === undefined ? undefined : addressOf(new URL(auth.url)),
    allowedHosts: allowed,
  };
}

/** How devices use the service, whichever it is. */
export function useOf({
  authConnections,
  followsResources,
}: ServiceUse): Pick<ServiceUse, 'authConnections' | 'followsResources'> {
  return { authConnections, followsResources };
}

/** Hosts that the scenario names itself: whoever may load them may be sent back to them. */
function ownHosts({ fleets }: Scenario, { host, auth }: MqttTarget): string[] {
  const mqttHosts = fleets.map(({ productKey = '' }) => host.replaceAll(`\${productKey}`, productKey));
  return auth === undefined ? mqttHosts : [...mqttHosts, auth.host];
}

async function tlsSettings(files: TlsFiles, emulatorCa: string | undefined): Promise<TlsSettings> {
  const { caPath, clientCertPath, clientKeyPath, ...rules } = files;
  const [ca, cert, key] = await Promise.all([caPath, clientCertPath, clientKeyPath].map(readOptional));
  const client = cert === undefined || key === undefined ? undefined : { cert, key };
  return { ...rules, ca: ca ?? emulatorCa, client };
}

async function readOptional(path: string | undefined): Promise<string | undefined> {
  return path === undefined ? undefined : await readFile(path, 'utf8');
}

function addressOf(url: URL): AuthAddress {
  const isSecure = url.protocol === 'https:';
  const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, isSecure, path: url.pathname };
}

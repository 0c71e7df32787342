import { addressOf } from '../link/failures.ts';
import { exactDuration, exactRate, US_PER_SEC } from '../time/units.ts';
import { withoutLiterals } from './checks/removed-secrets.ts';
import type { EmulatorListen, EmulatorTarget, MqttTarget, ServiceUse, Target } from './scenario.ts';

/** The target as in a scenario file, with settings and defaults filled in, files by absolute path. */
export function effectiveTarget(target: Target): object {
  const service = target.kind === 'emulator' ? { emulator: emulatorOf(target) } : addressesOf(target);
  return { ...service, ...useOf(target) };
}

/** A single address without its `spread`, which means nothing there. */
function addressesOf({ transport, addresses, spread, auth, proxyProtocol }: MqttTarget): object {
  const urls = addresses.map((address) => `${transport === 'tls' ? 'mqtts' : 'mqtt'}://${addressOf(address)}`);
  const mqtt = urls.length === 1 ? { mqtt: urls[0] } : { mqtt: urls, spread };
  const proxy = proxyProtocol === undefined ? {} : { proxyProtocol };
  if (auth === undefined) return { ...mqtt, ...proxy };
  const login = `${auth.isSecure ? 'https' : 'http'}://${addressOf(auth)}${auth.path}`;
  return { ...mqtt, auth: login, ...proxy };
}

function emulatorOf({ profile, listen, transport, tokens, limits }: EmulatorTarget): object {
  const { name, keepaliveMinSec, keepaliveMaxSec, connack, ...rules } = profile;
  return {
    profile: name,
    keepalive: { min: `${keepaliveMinSec}s`, max: `${keepaliveMaxSec}s` },
    ...rules,
    connack,
    ...(transport === undefined ? {} : { tls: transport === 'tls' }),
    ...(listen === undefined ? {} : listenOf(listen)),
    tokens: tokensOf(tokens),
    limits: limitsOf(limits),
  };
}

function listenOf({ host, port, reachableAs }: EmulatorListen): object {
  const listen = port === 0 ? bracketed(host) : addressOf({ host, port });
  return { listen, ...(reachableAs === undefined ? {} : { reachableAs }) };
}

function tokensOf({ tokenTtlSec, ...rules }: EmulatorTarget['tokens']): object {
  return { ...rules, ...(tokenTtlSec === undefined ? {} : { life: exactDuration(tokenTtlSec * US_PER_SEC) }) };
}

function limitsOf({ authPerSec, accountPerSec, devicePerMin }: EmulatorTarget['limits']): object {
  return {
    ...(authPerSec === undefined ? {} : { logins: exactRate(authPerSec) }),
    ...(accountPerSec === undefined ? {} : { connects: exactRate(accountPerSec) }),
    ...(devicePerMin === undefined ? {} : { deviceConnects: exactRate(devicePerMin / 60) }),
  };
}

function useOf({ tls, authConnections, followsResources }: ServiceUse): object {
  const { caPath, clientCertPath, clientKeyPath, clientPfxPath, clientKeyPassphrase, ...rules } = tls;
  return {
    tls: {
      ...(caPath === undefined ? {} : { ca: caPath }),
      ...rules,
      ...(clientCertPath === undefined ? {} : { clientCert: clientCertPath }),
      ...(clientKeyPath === undefined ? {} : { clientKey: clientKeyPath }),
      ...(clientPfxPath === undefined ? {} : { clientPfx: clientPfxPath }),
      ...(clientKeyPassphrase === undefined ? {} : { clientKeyPassphrase: withoutLiterals(clientKeyPassphrase) }),
    },
    authConnections,
    followResources: followsResources,
  };
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

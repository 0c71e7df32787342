import type { ServerCertificates } from '../certificates/certificate-state.ts';
import { type AuthAddress, type AuthConfig, EMULATOR_DEFAULTS, type EmulatorConfig } from '../contract/config.ts';
import { EmulatorError } from '../contract/emulator-error.ts';
import { Listener } from '../listener.ts';
import type { LoginLog } from '../log/login-log.ts';
import { bucketOfOneSecond } from '../login/connect-limits.ts';
import type { Registry } from '../login/registry.ts';
import type { ActiveAuthMisbehaviour } from '../misbehaviour/auth-misbehaviour.ts';
import type { Counts } from '../service-counts.ts';
import { authServer } from './auth-server.ts';
import { AUTH_PATH, type AuthServiceOptions } from './auth-service.ts';
import type { TokenStore } from './issued-tokens.ts';

/** What the auth service gets from the rest of the emulator. */
export interface AuthSurroundings {
  readonly registry: Registry;
  readonly tokens: TokenStore;
  readonly counts: Counts;
  readonly misbehaviour: ActiveAuthMisbehaviour;
  readonly nowUs: () => number;
  readonly log?: LoginLog | undefined;
  readonly certificates: ServerCertificates | undefined;
  /** The port that devices are told to connect to. */
  readonly mqttPort: () => number;
}

/** Throws EmulatorError when the auth service is to speak HTTPS without `tls`. */
export function checkAuth({ auth, tls }: EmulatorConfig): void {
  if (auth === undefined || auth.http === true || tls !== undefined) return;
  throw new EmulatorError('start-failed', 'the auth service speaks HTTPS, which needs tls; give it, or choose http');
}

/** The auth service and its port, which is not open yet. */
export function authListener(config: EmulatorConfig, auth: AuthConfig, surroundings: AuthSurroundings): Listener {
  const { certificates, mqttPort, ...parts } = surroundings;
  const server = authServer({
    ...parts,
    limit: bucketOfOneSecond(config.limits?.authPerSec),
    maxClientIdLength: config.profile.maxClientIdLength,
    errorStatus: auth.errorStatus ?? 'body',
    mqttAddress: (request) => ({ host: auth.mqttHost ?? calledAddress(request), port: mqttPort() }),
    certificates: auth.http === true ? undefined : certificates?.server,
    requestTimeoutMs: config.connectTimeoutMs ?? EMULATOR_DEFAULTS.connectTimeoutMs,
    handshakeTimeoutMs: config.tls?.handshakeTimeoutMs ?? EMULATOR_DEFAULTS.handshakeTimeoutMs,
  });
  return new Listener(server, config.host, auth.port);
}

/** Where an auth service is. A host that means "all" becomes `localhost`. */
export function authAddress(host: string, port: number, auth: AuthConfig): AuthAddress {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  const scheme = auth.http === true ? 'http' : 'https';
  return { port, url: `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}${AUTH_PATH}` };
}

/** The address of this machine that the client called, which it can reach for MQTT too. */
function calledAddress(request: Parameters<AuthServiceOptions['mqttAddress']>[0]): string {
  return (request.socket.localAddress ?? 'localhost').replace(/^::ffff:/, '');
}

import { hrtime } from 'node:process';
import { runClock } from '../time/clock.ts';
import { authAddress, authListener, checkAuth } from './auth/auth-part.ts';
import { TokenStore } from './auth/issued-tokens.ts';
import { TokenSessions } from './auth/token-sessions.ts';
import { openCertificates, type ServerCertificates } from './certificates/certificate-state.ts';
import {
  EMULATOR_DEFAULTS,
  type EmulatorAddresses,
  type EmulatorConfig,
  type EmulatorCounts,
} from './contract/config.ts';
import type { EmulatorControl } from './contract/control.ts';
import type { Listener } from './listener.ts';
import type { LoginLog } from './log/login-log.ts';
import { ConnectLimits } from './login/connect-limits.ts';
import { openRegistry } from './login/registry.ts';
import { ActiveAuthMisbehaviour } from './misbehaviour/auth-misbehaviour.ts';
import { Controls } from './misbehaviour/controls.ts';
import { ActiveLoginMisbehaviour } from './misbehaviour/login-misbehaviour.ts';
import { Restarts } from './misbehaviour/restarts.ts';
import { type MqttService, mqttService } from './mqtt/mqtt-service.ts';
import { Counts } from './service-counts.ts';

/** A running emulator. */
export interface Emulator extends EmulatorAddresses {
  counts(): EmulatorCounts;
  /** Settles when the command is in force, with the number it affected if known at once. Rejects with EmulatorError `bad-control`. */
  control(command: EmulatorControl): Promise<number | undefined>;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/**
 * Starts an emulator in this process; `log` takes a line for each login. Throws EmulatorError when a devices file, the state folder or an
 * address cannot be used.
 */
export async function startEmulator(config: EmulatorConfig, log?: LoginLog): Promise<Emulator> {
  checkAuth(config);
  const clock = runClock(hrtime.bigint());
  const [registry, certificates] = await Promise.all([
    openRegistry(config.registry),
    config.tls && openCertificates(config.host, config.tls),
  ]);
  const counts = new Counts();
  const loginMisbehaviour = new ActiveLoginMisbehaviour(clock, config.seed ?? 0, counts);
  const authMisbehaviour = new ActiveAuthMisbehaviour(clock, config.seed ?? 0, counts);
  const tokens = new TokenStore(clock, config.auth?.tokenTtlSec ?? EMULATOR_DEFAULTS.tokenTtlSec);
  const tokenSessions = config.auth?.survivesExpiry === false ? new TokenSessions(tokens) : undefined;

  const gateOptions = {
    registry,
    profile: config.profile,
    limits: new ConnectLimits(config.limits ?? {}, clock),
    misbehaviour: loginMisbehaviour,
    counts,
    connectTimeoutMs: config.connectTimeoutMs ?? EMULATOR_DEFAULTS.connectTimeoutMs,
    tokens: config.auth && tokens,
    tokenSessions,
    log,
  };
  const mqtt = await mqttService(config, gateOptions, certificates);
  const mqttPort = (): number => (mqtt.tlsListener ?? mqtt.listener).port;
  const nowUs = (): number => clock.nowUs();
  const surroundings = { registry, tokens, counts, misbehaviour: authMisbehaviour, nowUs, certificates, mqttPort, log };
  const auth = config.auth && authListener(config, config.auth, surroundings);

  const mqttListeners = present([mqtt.listener, mqtt.tlsListener]);
  const listeners = present([...mqttListeners, auth]);
  const restarts = new Restarts({ mqtt: mqttListeners, auth: present([auth]) });
  const controls = new Controls({
    loginMisbehaviour,
    authMisbehaviour,
    restarts,
    mqttListeners,
    tokens,
    tokenSessions,
  });
  const close = async (): Promise<void> => {
    restarts.cancel();
    tokenSessions?.stop();
    await Promise.all(listeners.map((listener) => listener.close('fin')));
    await mqtt.closeBroker();
  };
  try {
    for (const listener of listeners) await listener.open();
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...addressesOf(config, mqtt, auth, certificates),
    counts: () => counts.snapshot(),
    control: (command) => controls.apply(command),
    close,
  };
}

function addressesOf(
  { host, auth }: EmulatorConfig,
  mqtt: MqttService,
  authPart: Listener | undefined,
  certificates: ServerCertificates | undefined,
): EmulatorAddresses {
  const { tlsListener } = mqtt;
  const hasTls = certificates !== undefined && tlsListener !== undefined;
  return {
    host,
    port: mqtt.listener.port,
    tls: hasTls ? { port: tlsListener.port, ca: certificates.ca, caFile: certificates.caFile } : undefined,
    auth: authPart && auth && authAddress(host, authPart.port, auth),
  };
}

function present(listeners: readonly (Listener | undefined)[]): Listener[] {
  return listeners.filter((listener) => listener !== undefined);
}

import { hrtime } from 'node:process';
import { runClock } from '../time/clock.ts';
import { AuthFaults } from './auth-faults.ts';
import { authAddress, authListener, checkAuth } from './auth-part.ts';
import { openCertificates } from './certificate-state.ts';
import { EMULATOR_DEFAULTS, type EmulatorAddresses, type EmulatorConfig, type EmulatorCounts } from './config.ts';
import { ConnectLimits } from './connect-limits.ts';
import type { EmulatorControl } from './control.ts';
import { Controls } from './controls.ts';
import { Counts } from './counts.ts';
import type { Listener } from './listener.ts';
import { LoginFaults } from './login-faults.ts';
import { mqttService } from './mqtt-service.ts';
import { openRegistry } from './registry.ts';
import { Restarts } from './restarts.ts';
import { TokenSessions } from './token-sessions.ts';
import { TokenStore } from './tokens.ts';

/** A running emulator. */
export interface Emulator extends EmulatorAddresses {
  counts(): EmulatorCounts;
  /** Settles when the command is in force. Rejects with EmulatorFault `bad-control`. */
  control(command: EmulatorControl): Promise<void>;
  /** Stops listening and closes every connection. */
  close(): Promise<void>;
}

/** Starts an emulator in this process. Throws EmulatorFault when a devices file, the state folder or an address cannot be used. */
export async function startEmulator(config: EmulatorConfig): Promise<Emulator> {
  checkAuth(config);
  const clock = runClock(hrtime.bigint());
  const registry = await openRegistry(config.registry);
  const certificates = config.tls && (await openCertificates(config.host, config.tls));
  const counts = new Counts();
  const loginFaults = new LoginFaults(clock, config.seed ?? 0);
  const authFaults = new AuthFaults(clock);
  const tokens = new TokenStore(clock, config.auth?.tokenTtlSec ?? EMULATOR_DEFAULTS.tokenTtlSec);
  const tokenSessions = config.auth?.survivesExpiry === false ? new TokenSessions(tokens) : undefined;

  const gateOptions = {
    registry,
    profile: config.profile,
    limits: new ConnectLimits(config.limits ?? {}, clock),
    faults: loginFaults,
    counts,
    connectTimeoutMs: config.connectTimeoutMs ?? EMULATOR_DEFAULTS.connectTimeoutMs,
    tokens: config.auth && tokens,
    tokenSessions,
  };
  const mqtt = await mqttService(config, gateOptions, certificates);
  const mqttPort = (): number => (mqtt.tlsListener ?? mqtt.listener).port;
  const nowUs = (): number => clock.nowUs();
  const surroundings = { registry, tokens, counts, faults: authFaults, nowUs, certificates, mqttPort };
  const auth = config.auth && authListener(config, config.auth, surroundings);

  const mqttListeners = present([mqtt.listener, mqtt.tlsListener]);
  const listeners = present([...mqttListeners, auth]);
  const restarts = new Restarts({ mqtt: mqttListeners, auth: present([auth]) });
  const controls = new Controls({
    loginFaults,
    authFaults,
    restarts,
    dropAll: async (how) => {
      await Promise.all(mqttListeners.map((listener) => listener.endConnections(how)));
    },
    expireTokens: () => {
      tokens.expireAll();
      tokenSessions?.closeExpired();
    },
    advanceClock: (bySec) => {
      tokens.advance(bySec);
      tokenSessions?.closeExpired();
    },
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
    host: config.host,
    port: mqtt.listener.port,
    tls:
      certificates && mqtt.tlsListener
        ? { port: mqtt.tlsListener.port, ca: certificates.ca, caFile: certificates.caFile }
        : undefined,
    auth: auth && config.auth && authAddress(config.host, auth.port, config.auth),
    counts: () => counts.snapshot(),
    control: (command) => controls.apply(command),
    close,
  };
}

function present(listeners: readonly (Listener | undefined)[]): Listener[] {
  return listeners.filter((listener) => listener !== undefined);
}

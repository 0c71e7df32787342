import { createServer } from 'node:net';
import type { ServerCertificates } from '../certificates/certificate-state.ts';
import { EMULATOR_DEFAULTS, type EmulatorConfig } from '../contract/config.ts';
import { Listener } from '../listener.ts';
import { Gate, type GateOptions } from '../login/login-gate.ts';
import { Broker } from './broker.ts';
import { FrontDoor } from './front-door.ts';

/** The MQTT side of an emulator: its ports and what is behind them. */
export interface MqttService {
  /** Plain MQTT, and TLS too when there are certificates. */
  readonly listener: Listener;
  /** TLS alone; undefined without certificates. */
  readonly tlsListener: Listener | undefined;
  /** Closes all sessions. */
  closeBroker(): Promise<void>;
}

/** Makes the MQTT side; its ports are not open yet. */
export async function mqttService(
  config: EmulatorConfig,
  gateOptions: Omit<GateOptions, 'handOver'>,
  certificates: ServerCertificates | undefined,
): Promise<MqttService> {
  const { counts, connectTimeoutMs } = gateOptions;
  const broker = await Broker.start(config.profile, counts);
  const handOver: GateOptions['handOver'] = (connection, login) => broker.handOver(connection, login);
  const gate = new Gate({ ...gateOptions, handOver });
  const closeBroker = (): Promise<void> => broker.close();
  if (certificates === undefined || config.tls === undefined) {
    const server = createServer({ noDelay: true }, (socket) => {
      counts.countConnection();
      gate.take(socket, 'tcp');
    });
    return { listener: new Listener(server, config.host, config.port), tlsListener: undefined, closeBroker };
  }
  const door = new FrontDoor({
    certificates,
    counts,
    log: gateOptions.log,
    firstByteTimeoutMs: connectTimeoutMs,
    handshakeTimeoutMs: config.tls.handshakeTimeoutMs ?? EMULATOR_DEFAULTS.handshakeTimeoutMs,
    enter: (socket, transport) => gate.take(socket, transport),
  });
  const either = createServer({ noDelay: true }, (socket) => {
    counts.countConnection();
    door.takeEither(socket);
  });
  const tlsAlone = createServer({ noDelay: true }, (socket) => {
    counts.countConnection();
    door.takeTls(socket);
  });
  return {
    listener: new Listener(either, config.host, config.port),
    tlsListener: new Listener(tlsAlone, config.host, config.tls.port),
    closeBroker,
  };
}

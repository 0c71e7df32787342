import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { generate, type IConnectPacket, type Packet, parser } from 'mqtt-packet';
import { directConnectFields, type SecureMode } from '../../src/device/auth/signing.ts';
import { derivedSecret, generatedDeviceName } from '../../src/device/identity.ts';
import type { EmulatorConfig, EmulatorCounts } from '../../src/emulator/contract/config.ts';
import { PROFILES } from '../../src/emulator/contract/profiles.ts';

export const PRODUCT = 'a1Test';
export const FLEET = 'lamp';
export const SEED = 7;

/** What a new emulator has counted. */
export const NO_COUNTS: EmulatorCounts = {
  connections: 0,
  accepted: 0,
  refusedByCode: {},
  kicks: 0,
  online: 0,
  protocolErrors: 0,
  waiting: 0,
  tlsFailures: 0,
  authByCode: {},
  tokensIssued: 0,
  subscribed: 0,
  subscriptionsRefused: 0,
  published: 0,
};

/** An emulator for tests: 1,000,000 generated devices, port of the system's choice, and no RSA keys, which take time to find, unless asked for. */
export function testConfig({ tls, ...change }: Partial<EmulatorConfig> = {}): EmulatorConfig {
  const registry = [{ kind: 'generated', productKey: PRODUCT, fleet: FLEET, count: 1_000_000, seed: SEED } as const];
  return {
    host: '127.0.0.1',
    port: 0,
    profile: PROFILES['2017'],
    registry,
    tls: tls && { keyKinds: ['ec'], ...tls },
    ...change,
  };
}

/** The right CONNECT of a device by its 0-based index, changed as a test wants it. Securemode 3 is for TCP, 2 for TLS. */
export function writeConnect(
  index: number,
  change: Partial<IConnectPacket> = {},
  securemode: SecureMode = 3,
): IConnectPacket {
  const deviceName = generatedDeviceName(FLEET, index);
  const { password, ...fields } = directConnectFields({
    productKey: PRODUCT,
    deviceName,
    deviceSecret: derivedSecret(SEED, PRODUCT, deviceName),
    clientId: `client-${index}`,
    signmethod: 'hmacsha256',
    securemode,
  });
  const rest = { protocolId: 'MQTT', protocolVersion: 4, clean: true, keepalive: 60 } as const;
  return { cmd: 'connect', ...rest, ...fields, password: Buffer.from(password), ...change };
}

/** A client of a few lines that shows every packet and the end of its connection. */
export class TestClient {
  readonly socket: Socket;
  readonly packets: Packet[] = [];
  readonly closed: Promise<void>;
  #wake: () => void = () => undefined;
  #isClosed = false;

  /** `ca`: over TLS, by which the server is verified. */
  constructor(port: number, ca?: string) {
    const at = { host: '127.0.0.1', port };
    this.socket = ca === undefined ? connect({ ...at, noDelay: true }) : connectTls({ ...at, ca });
    const incoming = parser();
    incoming.on('packet', (packet) => {
      this.packets.push(packet);
      this.#wake();
    });
    this.socket.on('data', (chunk) => incoming.parse(chunk));
    // The server may reset the connection while we still write; 'close' is what tests look at.
    this.socket.on('error', () => this.socket.destroy());
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.#isClosed = true;
        this.#wake();
        resolve();
      });
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  send(packet: Packet): void {
    this.sendBytes(generate(packet));
  }

  sendBytes(bytes: Uint8Array): void {
    this.socket.write(bytes);
  }

  /** The next packet that was not taken yet, or undefined when the connection ended before. */
  async next(): Promise<Packet | undefined> {
    while (this.packets.length === 0 && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.packets.shift();
  }
}

/** Logs in and gives the CONNACK code, or undefined when the server closed without one. */
export async function login(
  port: number,
  packet: IConnectPacket,
  ca?: string,
): Promise<{ client: TestClient; code: number | undefined }> {
  const client = new TestClient(port, ca);
  client.send(packet);
  const answer = await client.next();
  return { client, code: answer?.cmd === 'connack' ? answer.returnCode : undefined };
}

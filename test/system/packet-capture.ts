import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the wire shows of one connection, in microseconds of the capture's clock; -1 where it did not happen. */
export interface WitnessedConnection {
  /** Of the client. */
  readonly address: string;
  synUs: number;
  synAckUs: number;
  connectUs: number;
  connackUs: number;
}

/** A capture of one port by Debian's tcpdump, until `stop`. */
export class PacketCapture {
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #port: number;

  private constructor(child: ChildProcess, folder: string, port: number) {
    this.#child = child;
    this.#folder = folder;
    this.#port = port;
  }

  static async start(port: number, device = 'lo'): Promise<PacketCapture> {
    const folder = await mkdtemp(join(tmpdir(), 'capture-'));
    // -B: a buffer for the whole test, so that no packet is lost; -s: headers and the first bytes of MQTT.
    const args = [
      '-i',
      device,
      '-U',
      '-B',
      '65536',
      '-s',
      '96',
      '-w',
      join(folder, 'pcap'),
      'tcp',
      'port',
      String(port),
    ];
    const child = spawn('tcpdump', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve, reject) => {
      let words = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        words += text;
        if (words.includes('listening on')) resolve();
      });
      child.once('error', reject);
      child.once('close', () => reject(new Error(`tcpdump ended: ${words}`)));
    });
    return new PacketCapture(child, folder, port);
  }

  /** Ends the capture and gives its connections, in the order of their SYN. */
  async stop(): Promise<WitnessedConnection[]> {
    const ended = new Promise<void>((resolve) => this.#child.once('close', () => resolve()));
    this.#child.kill('SIGINT');
    await ended;
    const pcap = await readFile(join(this.#folder, 'pcap'));
    await rm(this.#folder, { recursive: true });
    return connectionsOf(pcap, this.#port);
  }
}

const [FILE_HEADER, RECORD_HEADER, ETHERNET] = [24, 16, 14];
const [SYN, ACK] = [0x02, 0x10];
const [CONNECT, CONNACK] = [0x10, 0x20];

function connectionsOf(pcap: Buffer, port: number): WitnessedConnection[] {
  if (pcap.readUInt32LE(0) !== 0xa1b2c3d4) throw new Error('not a little-endian pcap file in microseconds');
  const connections = new Map<string, WitnessedConnection>();
  for (let at = FILE_HEADER; at + RECORD_HEADER <= pcap.length; ) {
    const atUs = pcap.readUInt32LE(at) * 1e6 + pcap.readUInt32LE(at + 4);
    const length = pcap.readUInt32LE(at + 8);
    const packet = pcap.subarray(at + RECORD_HEADER, at + RECORD_HEADER + length);
    at += RECORD_HEADER + length;
    addPacket(connections, packet.subarray(ETHERNET), atUs, port);
  }
  return [...connections.values()];
}

/** Each event counts when it is seen first: a repeated SYN is part of the wait. */
function addPacket(connections: Map<string, WitnessedConnection>, ip: Buffer, atUs: number, port: number): void {
  const ipLength = ((ip[0] ?? 0) & 0x0f) * 4;
  const tcp = ip.subarray(ipLength);
  const isFromClient = tcp.readUInt16BE(2) === port;
  const address = isFromClient ? ip.subarray(12, 16) : ip.subarray(16, 20);
  const client = address.join('.');
  const key = `${client}:${tcp.readUInt16BE(isFromClient ? 0 : 2)}`;
  const seen = connections.get(key) ?? { address: client, synUs: -1, synAckUs: -1, connectUs: -1, connackUs: -1 };
  connections.set(key, seen);
  const flags = tcp[13] ?? 0;
  const firstByte = tcp[((tcp[12] ?? 0) >> 4) * 4];
  const hasBody = ip.readUInt16BE(2) > ipLength + ((tcp[12] ?? 0) >> 4) * 4;
  if ((flags & SYN) !== 0 && (flags & ACK) === 0 && seen.synUs < 0) seen.synUs = atUs;
  else if ((flags & SYN) !== 0 && seen.synAckUs < 0) seen.synAckUs = atUs;
  else if (hasBody && isFromClient && firstByte === CONNECT && seen.connectUs < 0) seen.connectUs = atUs;
  else if (hasBody && !isFromClient && firstByte === CONNACK && seen.connackUs < 0) seen.connackUs = atUs;
}

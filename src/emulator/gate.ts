import type { Socket } from 'node:net';
import { type ConnectPacket, MalformedConnect } from './connect-packet.ts';
import { ConnectReader, type ReadConnect } from './connect-reader.ts';
import { Connection } from './connection.ts';
import type { Counts } from './counts.ts';
import { DuplicateLogins } from './duplicate-logins.ts';
import { decideLogin } from './login.ts';
import type { Profile } from './profiles.ts';
import type { Registry } from './registry.ts';

/** What a gate works with. */
export interface GateOptions {
  readonly registry: Registry;
  readonly profile: Profile;
  readonly counts: Counts;
  readonly connectTimeoutMs: number;
  /** Takes an accepted connection, whose unread bytes begin with its CONNECT. */
  readonly handOver: (connection: Connection, identity: string) => void;
}

/**
 * Stands before the broker: reads each connection's CONNECT, decides the login, answers refusals itself and hands only accepted
 * connections over, so that garbage, half-open sockets and refused logins cost the broker nothing.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #duplicates = new DuplicateLogins();

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /** Takes a new socket. */
  take(socket: Socket): void {
    const connection = new Connection(socket, this.#options.counts);
    const reader = new ConnectReader();
    const timeout = setTimeout(() => socket.destroy(), this.#options.connectTimeoutMs);
    const read = (chunk: Buffer): void => {
      const connect = readOrClose(reader, chunk, connection);
      if (connect === undefined) return;
      clearTimeout(timeout);
      socket.off('data', read);
      // Held back until the answer: what follows the CONNECT is the broker's to read.
      socket.pause();
      socket.unshift(connect.bytes);
      this.#answer(connection, connect.connect).catch((error: Error) => socket.destroy(error));
    };
    socket.on('data', read);
    socket.once('close', () => clearTimeout(timeout));
  }

  /** Decides, waits if it must, then answers: the one place where a login meets its fate. */
  async #answer(connection: Connection, connect: ConnectPacket): Promise<void> {
    const { registry, profile, handOver } = this.#options;
    const decision = decideLogin(connect, 'tcp', registry, profile);
    if (decision.kind === 'refuse') {
      connection.refuse(decision.code);
      return;
    }
    await this.#duplicates.takeOver(decision.identity, connection);
    if (!connection.isClosed) handOver(connection, decision.identity);
  }
}

function readOrClose(reader: ConnectReader, chunk: Buffer, connection: Connection): ReadConnect | undefined {
  try {
    return reader.push(chunk);
  } catch (error) {
    if (!(error instanceof MalformedConnect)) throw error;
    connection.closeForProtocolError();
    return undefined;
  }
}

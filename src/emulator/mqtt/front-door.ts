import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type Server as TlsServer } from 'node:tls';
import type { ServerCertificates } from '../certificates/certificate-state.ts';
import { serverTls } from '../certificates/server-tls.ts';
import { handshakeLine } from '../log/handshake-line.ts';
import type { LoginLog } from '../log/login-log.ts';
import type { Transport } from '../login/login.ts';
import type { Counts } from '../service-counts.ts';

/** Content type of a TLS handshake record: the first byte of every ClientHello (RFC 8446, 5.1). No MQTT packet begins with it. */
const TLS_HANDSHAKE = 0x16;

/** What a front door works with. */
export interface FrontDoorOptions {
  readonly certificates: ServerCertificates;
  readonly counts: Counts;
  /** How long a socket may take to send its first byte. */
  readonly firstByteTimeoutMs: number;
  readonly handshakeTimeoutMs: number;
  /** Absent: handshakes that fail are not told. */
  readonly log?: LoginLog | undefined;
  /** Gets a connection on which MQTT follows. */
  readonly enter: (socket: Socket, transport: Transport) => void;
}

/** Accepts connections of a port that speaks both TLS and plain MQTT, distinguished by their first byte, and of one that speaks only TLS. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  readonly #tls: TlsServer;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.#tls = tlsServer(options);
  }

  /** Takes a socket that may speak either. */
  takeEither(socket: Socket): void {
    const { firstByteTimeoutMs, enter } = this.#options;
    const giveUp = (): void => void socket.destroy();
    const timeout = setTimeout(giveUp, firstByteTimeoutMs);
    const stop = (): void => clearTimeout(timeout);
    // A reset before the first byte is a normal end.
    socket.once('close', stop).once('error', giveUp);
    socket.once('data', (chunk: Buffer) => {
      stop();
      socket.off('close', stop).off('error', giveUp).pause().unshift(chunk);
      if (chunk[0] === TLS_HANDSHAKE) {
        this.takeTls(socket);
        return;
      }
      enter(socket, 'tcp');
      socket.resume();
    });
  }

  /** Takes a socket that must speak TLS. */
  takeTls(socket: Socket): void {
    // The TLS server ends the encrypted side, where errors of the socket below are reported too.
    socket.on('error', () => socket.destroy());
    this.#tls.emit('connection', socket);
  }
}

/** A TLS server that does not listen: connections are handed to it. A handshake that fails or takes too long ends only its own connection. */
function tlsServer({ certificates, counts, handshakeTimeoutMs, enter, log }: FrontDoorOptions): TlsServer {
  const server = createTlsServer({ ...serverTls(certificates.server), handshakeTimeout: handshakeTimeoutMs });
  server.on('secureConnection', (socket) => enter(socket, 'tls'));
  server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
    counts.countTlsFailure();
    log?.(handshakeLine(error, 'MQTT'));
    socket.destroy();
  });
  return server;
}

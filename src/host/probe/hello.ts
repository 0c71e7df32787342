import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { closedEarly, deadlineFailure, failureOf } from '../../link/failures.ts';
import { writeConnect } from '../../link/lean/connect-writer.ts';
import { ConnackReader } from '../../link/mqtt/connack.ts';
import type { Endpoint, LinkFailure } from '../../link/port.ts';
import { US_PER_MS } from '../../time/units.ts';

/** Keepalive of the probe's own session, which ends with its answer. */
const KEEPALIVE_SEC = 60;
/** DISCONNECT [MQTT 3.1.1 clause 3.14]. */
const DISCONNECT = Buffer.from([0xe0, 0x00]);

/**
 * Sends CONNECT on an open connection and waits for an answer. It uses a client id that no device has, a clean session, and no user name
 * or password, so that no device is kicked and no device's login is used up. Any CONNACK counts as an answer, even a refusal. Returns
 * undefined if there was one, otherwise what came instead. Closes the connection. Settles within `withinMs`.
 */
export function sayHello(socket: Socket, endpoint: Endpoint, withinMs: number): Promise<LinkFailure | undefined> {
  return new Promise((resolve) => {
    const reader = new ConnackReader();
    const end = (failure: LinkFailure | undefined, isAccepted = false): void => {
      clearTimeout(timer);
      if (isAccepted) socket.end(DISCONNECT);
      socket.destroySoon();
      resolve(failure);
    };
    const timer = setTimeout(
      () => end(deadlineFailure('mqtt', endpoint, withinMs * US_PER_MS, reader.length)),
      withinMs,
    );
    socket.on('data', (piece: Buffer) => {
      const reading = reader.read(piece);
      if (reading === undefined) return;
      if (reading.kind === 'code') return end(undefined, reading.code === 0);
      // A CONNACK that is malformed after its first byte, as one of another MQTT version would be, still counts.
      const isConnack = reader.length > 0;
      end(isConnack ? undefined : { outcome: 'protocol-error', phase: 'mqtt', detail: reading.detail });
    });
    socket.on('error', (error) => end(failureOf(error, 'mqtt', endpoint)));
    socket.on('end', () => end(closedEarly('FIN from', 'mqtt', endpoint, reader.length)));
    socket.on('close', () => end(closedEarly('socket closed to', 'mqtt', endpoint, reader.length)));
    socket.write(writeConnect({ clientId: probeClientId(), connection: { keepaliveSec: KEEPALIVE_SEC, clean: true } }));
  });
}

/** 23 letters and digits: what every service must accept [MQTT 3.1.1 clause 3.1.3.1]. */
function probeClientId(): string {
  return `fleetstormprobe${randomBytes(4).toString('hex')}`;
}

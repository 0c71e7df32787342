import type { Socket } from 'node:net';

/**
 * Bytes of answers that may wait in this process until the service reads them: above what one read of the socket can ask for, and far
 * above what a service that reads at all leaves behind, as the system's own buffers are full by then.
 */
export const MAX_UNSENT_ANSWER_BYTES = 65_536;
/** PUBACK, PUBREC and PUBCOMP [MQTT 3.1.1 clauses 3.4 to 3.7]. */
const ANSWER_BYTES = 4;

/** How the session of a service ends that sends messages and reads none of the answers. */
export const UNREAD_ANSWERS = 'the service does not read: 64 KiB of answers to its messages wait to be sent';

/**
 * Follows the answers that a session owes its service. A service that sends messages of QoS 1 without end and never reads would fill the
 * memory with PUBACKs. Made for a session that answers messages.
 */
export class AnswerBacklog {
  readonly #socket: Socket;
  /** Answers since everything that was written had been handed to the system. */
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** One more answer is due: true when too many wait already. Messages of the session's own do not count. */
  isTooLong(): boolean {
    const waiting = this.#socket.writableLength;
    if (waiting === 0) this.#bytes = 0;
    this.#bytes += ANSWER_BYTES;
    return this.#bytes > MAX_UNSENT_ANSWER_BYTES && waiting > MAX_UNSENT_ANSWER_BYTES;
  }
}

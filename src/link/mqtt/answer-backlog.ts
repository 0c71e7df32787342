import type { Socket } from 'node:net';

/**
 * How many bytes of answers may wait in this process for the service to read: more than one read of the socket can demand, and far more
 * than a service that reads at all leaves waiting, since the system's own buffers are already full by then.
 */
export const MAX_UNSENT_ANSWER_BYTES = 65_536;
/** PUBACK, PUBREC and PUBCOMP [MQTT 3.1.1 clauses 3.4 to 3.7]. */
const ANSWER_BYTES = 4;

/** How a session ends if the service sends messages but reads none of the answers. */
export const UNREAD_ANSWERS = 'the service does not read: 64 KiB of answers to its messages wait to be sent';

/**
 * Follows the answers that a session owes its service. A service that keeps sending messages of QoS 1 and never reads would fill the
 * memory with PUBACKs. Created for a session that answers messages.
 */
export class AnswerBacklog {
  readonly #socket: Socket;
  /** Bytes of answers since the socket's buffer was last empty. */
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Counts one more answer; true if too many are already waiting. The session's own messages do not count. */
  isTooLong(): boolean {
    const waiting = this.#socket.writableLength;
    if (waiting === 0) this.#bytes = 0;
    this.#bytes += ANSWER_BYTES;
    return this.#bytes > MAX_UNSENT_ANSWER_BYTES && waiting > MAX_UNSENT_ANSWER_BYTES;
  }
}

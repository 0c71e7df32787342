import type { Connection } from '../mqtt/connection.ts';

/**
 * One session per device (docs/protocol.md section 4): knows each device's newest accepted login, and admits logins of one device one at a time.
 * Only the identity tells devices apart, not the client id.
 */
export class DuplicateLogins {
  readonly #newest = new Map<string, Connection>();

  /**
   * Makes this login the device's newest at once, and settles when its turn has come: the login before it has its CONNACK and, if it got
   * online, has been kicked, once. Never rejects.
   */
  async takeOver(identity: string, login: Connection): Promise<void> {
    const older = this.#newest.get(identity);
    this.#newest.set(identity, login);
    login.socket.once('close', () => this.#forget(identity, login));
    if (older === undefined) return;
    await older.answered;
    if (older.isOnline) await older.kick();
  }

  #forget(identity: string, login: Connection): void {
    if (this.#newest.get(identity) === login) this.#newest.delete(identity);
  }
}

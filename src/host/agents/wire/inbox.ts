/**
 * The other end of an `Outbox`: accepts each message once and in order, whatever is lost, repeated or sent again on its way. Pure.
 */
export class Inbox {
  #newest = 0;

  /** Everything up to this number has arrived. */
  get newest(): number {
    return this.#newest;
  }

  /**
   * Whether a message is the next one. One that came before is a repetition; one that leaves a gap is dropped, as its sender, who gets no
   * confirmation for what is missing, sends both again.
   */
  accepts(number: number): boolean {
    if (number !== this.#newest + 1) return false;
    this.#newest = number;
    return true;
  }
}

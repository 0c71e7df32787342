/** Things that are opened one after the other: if one cannot be opened, those before it must not stay open. */
export class OpenedTogether {
  readonly #opened: { close(): Promise<void> }[] = [];

  /** Waits for one of them, and returns it; nothing is to be closed for one that was not asked for. */
  async add<T extends { close(): Promise<void> } | undefined>(opening: Promise<T>): Promise<T> {
    const opened = await opening;
    if (opened !== undefined) this.#opened.push(opened);
    return opened;
  }

  /** Closes all that have been opened so far. */
  async close(): Promise<void> {
    await Promise.all(this.#opened.map((one) => one.close()));
  }
}

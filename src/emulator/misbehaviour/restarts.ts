import type { EmulatorPart } from '../contract/control.ts';
import type { Listener } from '../listener.ts';

/** Takes parts of the emulator down for some time. */
export class Restarts {
  readonly #listeners: Readonly<Record<EmulatorPart, readonly Listener[]>>;
  readonly #pending = new Map<Listener, NodeJS.Timeout>();

  constructor(listeners: Readonly<Record<EmulatorPart, readonly Listener[]>>) {
    this.#listeners = listeners;
  }

  /** Settles when the ports are closed, with the number of connections it reset; they reopen by themselves. */
  async restart(parts: readonly EmulatorPart[], downMs: number): Promise<number> {
    const listeners = parts.flatMap((part) => this.#listeners[part]);
    for (const listener of listeners) clearTimeout(this.#pending.get(listener));
    const connections = listeners.reduce((sum, listener) => sum + listener.connections, 0);
    await Promise.all(listeners.map((listener) => listener.close('reset')));
    for (const listener of listeners) {
      this.#pending.set(
        listener,
        setTimeout(() => this.#reopen(listener), downMs),
      );
    }
    return connections;
  }

  /** From now on, nothing reopens. */
  cancel(): void {
    for (const timer of this.#pending.values()) clearTimeout(timer);
    this.#pending.clear();
  }

  #reopen(listener: Listener): void {
    this.#pending.delete(listener);
    listener.reopen().catch((error: unknown) => {
      // Without its port the emulator is useless; the process ends with this error on stderr, and its parent is notified.
      queueMicrotask(() => {
        throw error;
      });
    });
  }
}

import type { CliResult } from './cli.ts';

/** What a program has printed so far, for those who wait for some of it. */
export class Printed {
  stdout = '';
  stderr = '';
  readonly #watchers = new Set<() => void>();

  get all(): string {
    return this.stdout + this.stderr;
  }

  add(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const watcher of this.#watchers) watcher();
  }

  /** Settles when both streams together hold the text; rejects when the program ends without it. */
  waitFor(text: string | RegExp, ended: Promise<CliResult>): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (typeof text === 'string' ? !this.all.includes(text) : !text.test(this.all)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
      void ended.then(({ code }) =>
        reject(new Error(`ended with ${code} before ${text}:\n${this.stdout}\n${this.stderr}`)),
      );
    });
  }
}

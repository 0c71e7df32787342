import { fileCause } from '../files/system-error.ts';
import { writeJunit } from '../report/junit.ts';
import type { Summary } from '../results/summary/summary.ts';
import type { RunObserver } from '../run/observer.ts';

/** Writes the thresholds of a finished run as JUnit test cases. */
export class JunitFile implements RunObserver {
  readonly title = 'the JUnit file';
  readonly #path: string;
  readonly #tell: (words: string) => void;
  #isWritten = true;

  /** `tell` receives the reason if it could not be written. */
  constructor(path: string, tell: (words: string) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  /** False once it could not be written. */
  get isWritten(): boolean {
    return this.#isWritten;
  }

  async finished(summary: Summary): Promise<void> {
    try {
      await writeJunit(summary, this.#path);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#isWritten = false;
      this.#tell(`${this.#path} could not be written: ${fileCause(error)}`);
    }
  }
}

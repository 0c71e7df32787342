import type { EmulatorAddresses, EmulatorConfig, EmulatorCounts } from '../../emulator/contract/config.ts';
import type { EmulatorControl } from '../../emulator/contract/control.ts';
import { EmulatorError } from '../../emulator/contract/emulator-error.ts';
import { ChildProgram } from '../child/child-program.ts';
import { ALL_TUNINGS, type Tuning } from '../machine/tuning.ts';
import type { Answer, FromEmulator, Question, ToEmulator } from './process-messages.ts';

/** Several times what a devices file of a million rows takes. */
const START_DEADLINE_MS = 60_000;
const ANSWER_DEADLINE_MS = 5_000;
const CLOSE_DEADLINE_MS = 5_000;

const ENTRY = new URL('./emulator-process.js', import.meta.url);

/** An emulator in a process of its own. */
export interface EmulatorProcess extends EmulatorAddresses {
  readonly pid: number;
  /** Rejects with EmulatorError `died` or `no-answer` (5 s). */
  counts(): Promise<EmulatorCounts>;
  /**
   * Settles when the command is in force, with the number it affected if known at once. Rejects with EmulatorError `bad-control`, `died` or
   * `no-answer` (5 s).
   */
  control(command: EmulatorControl): Promise<number | undefined>;
  /** Calls the listener when the process ends without having been closed, with the reason in words; at once if it already has. */
  onExit(listener: (reason: string) => void): void;
  /** Ends the process, by force if it does not answer within this time (5 s). Never rejects; may be called again. */
  close(withinMs?: number): Promise<void>;
}

/** Starts an emulator as a process of its own, so that its descriptors and CPU are not the caller's. Throws EmulatorError. */
export async function spawnEmulator(config: EmulatorConfig, tuning: Tuning = ALL_TUNINGS): Promise<EmulatorProcess> {
  const child = new EmulatorChild();
  try {
    return await child.start(config, tuning);
  } catch (error) {
    await child.close();
    throw error;
  }
}

/** A promise settled by one message or the process's end. */
interface Pending {
  resolve(answer: Answer): void;
  reject(error: EmulatorError): void;
}

class EmulatorChild {
  readonly #program: ChildProgram<ToEmulator, FromEmulator>;
  readonly #pending = new Map<number, Pending>();
  readonly #exitListeners: ((reason: string) => void)[] = [];
  #asked = 0;
  #isClosing = false;

  constructor() {
    // The emulator needs nothing of the caller's environment or flags, which may contain secrets.
    this.#program = new ChildProgram(
      ENTRY,
      {},
      {
        onMessage: (message) => this.#receive(message),
        onEnd: (how) => this.#ended(how),
      },
    );
  }

  async start(config: EmulatorConfig, tuning: Tuning): Promise<EmulatorProcess> {
    const question = { kind: 'start', config, tuning: [...tuning] } as const;
    const { addresses } = await this.#ask('ready', question, START_DEADLINE_MS);
    return {
      ...addresses,
      pid: this.#program.pid,
      counts: async () => (await this.#ask('counts', { kind: 'get-counts' })).counts,
      control: async (command) => (await this.#ask('controlled', { kind: 'control', command })).met,
      onExit: (listener) => this.#onExit(listener),
      close: (withinMs) => this.close(withinMs),
    };
  }

  async close(withinMs = CLOSE_DEADLINE_MS): Promise<void> {
    this.#isClosing = true;
    await this.#program.close({ kind: 'close' }, withinMs);
  }

  /** Asks; settles by the answer, the deadline or the process's end, whichever comes first. */
  async #ask<Kind extends Answer['kind']>(
    kind: Kind,
    question: Question,
    deadlineMs = ANSWER_DEADLINE_MS,
  ): Promise<Extract<Answer, { kind: Kind }>> {
    const answer = await this.#answerOf(question, deadlineMs);
    if (!isAnswer(answer, kind)) throw new Error(`the emulator's process answered ${answer.kind} instead of ${kind}`);
    return answer;
  }

  #answerOf(question: Question, deadlineMs: number): Promise<Answer> {
    if (this.#program.end !== undefined) return Promise.reject(diedError(this.#program.end));
    const ask = this.#asked++;
    return new Promise<Answer>((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#pending.delete(ask);
        reject(new EmulatorError('no-answer', `the emulator's process did not answer within ${deadlineMs / 1_000} s`));
      }, deadlineMs);
      const done = (): void => {
        clearTimeout(deadline);
        this.#pending.delete(ask);
      };
      this.#pending.set(ask, {
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      });
      this.#program.send({ ...question, ask });
    });
  }

  #receive(message: FromEmulator): void {
    if (message.kind === 'closed') return;
    const pending = this.#pending.get(message.ask);
    if (message.kind === 'failed') pending?.reject(new EmulatorError(message.code, message.message));
    else pending?.resolve(message);
  }

  #onExit(listener: (reason: string) => void): void {
    const { end } = this.#program;
    if (end === undefined) this.#exitListeners.push(listener);
    else if (!this.#isClosing) listener(diedError(end).message);
  }

  #ended(how: string): void {
    const error = diedError(how);
    for (const pending of [...this.#pending.values()]) pending.reject(error);
    if (!this.#isClosing) for (const listener of this.#exitListeners.splice(0)) listener(error.message);
  }
}

function isAnswer<Kind extends Answer['kind']>(answer: Answer, kind: Kind): answer is Extract<Answer, { kind: Kind }> {
  return answer.kind === kind;
}

function diedError(how: string): EmulatorError {
  return new EmulatorError('died', `the emulator's process ended ${how}`);
}

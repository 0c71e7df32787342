import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EmulatorAddresses, EmulatorConfig, EmulatorCounts } from '../../emulator/contract/config.ts';
import type { EmulatorControl } from '../../emulator/contract/control.ts';
import { EmulatorError } from '../../emulator/contract/emulator-error.ts';
import { ALL_TUNINGS, type Tuning } from '../machine/tuning.ts';
import type { Answer, FromEmulator, Question, ToEmulator } from './process-messages.ts';

/** Several times what a devices file of a million rows takes. */
const START_DEADLINE_MS = 60_000;
const ANSWER_DEADLINE_MS = 5_000;
const CLOSE_DEADLINE_MS = 5_000;

/** Last part of the process's stderr, kept to tell why it died. */
const STDERR_TAIL_CHARS = 2_000;

/** How an emulator's process ended. `detail` is the end of its stderr. */
interface EmulatorExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly detail: string;
}

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
  readonly #process: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  readonly #exitListeners: ((reason: string) => void)[] = [];
  #asked = 0;
  #exit: EmulatorExit | undefined;
  #stderrTail = '';
  #isClosing = false;

  constructor() {
    this.#process = fork(fileURLToPath(new URL('./emulator-process.js', import.meta.url)), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Signals to the caller's whole process group (Ctrl-C, `timeout`, CI runners) are for the caller to handle.
      detached: true,
      // The emulator needs nothing of the caller's environment or flags, which may contain secrets.
      env: {},
      execArgv: [],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-STDERR_TAIL_CHARS);
    });
    this.#process.on('message', (message) => this.#receive(message as FromEmulator));
    this.#exited = new Promise((resolve) => {
      // A failed fork emits only 'error'; after an 'error' from a send, 'close' still comes.
      this.#process.on('error', (error) => {
        this.#stderrTail ||= error.message;
        if (this.#process.pid === undefined) this.#ended(null, null, resolve);
      });
      this.#process.on('close', (code, signal) => this.#ended(code, signal, resolve));
    });
  }

  async start(config: EmulatorConfig, tuning: Tuning): Promise<EmulatorProcess> {
    const question = { kind: 'start', config, tuning: [...tuning] } as const;
    const { addresses } = await this.#ask('ready', question, START_DEADLINE_MS);
    return {
      ...addresses,
      pid: this.#process.pid ?? -1,
      counts: async () => (await this.#ask('counts', { kind: 'get-counts' })).counts,
      control: async (command) => (await this.#ask('controlled', { kind: 'control', command })).met,
      onExit: (listener) => this.#onExit(listener),
      close: (withinMs) => this.close(withinMs),
    };
  }

  async close(withinMs = CLOSE_DEADLINE_MS): Promise<void> {
    this.#isClosing = true;
    if (this.#exit !== undefined) return;
    const force = setTimeout(() => this.#process.kill('SIGKILL'), withinMs);
    this.#send({ kind: 'close' });
    await this.#exited;
    clearTimeout(force);
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
    if (this.#exit !== undefined) return Promise.reject(diedError(this.#exit));
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
      this.#send({ ...question, ask });
    });
  }

  #send(message: ToEmulator): void {
    // A send to a process that is gone reports an error here; its 'close' event is what settles the promises.
    if (this.#process.connected) this.#process.send(message, (error) => this.#noteSendError(error));
  }

  #noteSendError(error: Error | null): void {
    if (error !== null) this.#stderrTail ||= error.message;
  }

  #receive(message: FromEmulator): void {
    if (message.kind === 'closed') return;
    const pending = this.#pending.get(message.ask);
    if (message.kind === 'failed') pending?.reject(new EmulatorError(message.code, message.message));
    else pending?.resolve(message);
  }

  #onExit(listener: (reason: string) => void): void {
    if (this.#exit === undefined) this.#exitListeners.push(listener);
    else if (!this.#isClosing) listener(diedError(this.#exit).message);
  }

  #ended(code: number | null, signal: NodeJS.Signals | null, settle: () => void): void {
    if (this.#exit !== undefined) return;
    const exit = { code, signal, detail: this.#stderrTail.trim() };
    this.#exit = exit;
    settle();
    const error = diedError(exit);
    for (const pending of [...this.#pending.values()]) pending.reject(error);
    if (!this.#isClosing) for (const listener of this.#exitListeners.splice(0)) listener(error.message);
  }
}

function isAnswer<Kind extends Answer['kind']>(answer: Answer, kind: Kind): answer is Extract<Answer, { kind: Kind }> {
  return answer.kind === kind;
}

function diedError({ code, signal, detail }: EmulatorExit): EmulatorError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return new EmulatorError('died', `the emulator's process ended (${how})${detail === '' ? '' : `: ${detail}`}`);
}

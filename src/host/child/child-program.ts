import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Last part of a child's stderr, kept to tell why it died. */
const STDERR_TAIL_CHARS = 2_000;

/** What a parent hears of its child. */
export interface ChildListener<Received> {
  onMessage(message: Received): void;
  /** The child has ended, whether or not it was asked to; called once. `how`: as `end` has it. */
  onEnd(how: string): void;
}

/** One of this program's own files, run as a child process that is spoken to over Node's IPC. */
export class ChildProgram<Sent, Received> {
  readonly #process: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #listener: ChildListener<Received>;
  #end: string | undefined;
  #stderrTail = '';

  /** `env`: its whole environment; what it does not need may contain secrets, and so may the options of this process. */
  constructor(file: URL, env: Readonly<Record<string, string>>, listener: ChildListener<Received>) {
    this.#listener = listener;
    this.#process = fork(fileURLToPath(file), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // Signals to the caller's whole process group (Ctrl-C, `timeout`, CI runners) are for the caller to handle.
      detached: true,
      env,
      execArgv: [],
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderrTail = (this.#stderrTail + text).slice(-STDERR_TAIL_CHARS);
    });
    this.#process.on('message', (message) => this.#listener.onMessage(message as Received));
    this.#ended = new Promise((resolve) => {
      // A failed fork emits only 'error'; after an 'error' from a send, 'close' still comes.
      this.#process.on('error', (error) => {
        this.#stderrTail ||= error.message;
        if (this.#process.pid === undefined) this.#note(null, null, resolve);
      });
      this.#process.on('close', (code, signal) => this.#note(code, signal, resolve));
    });
  }

  get pid(): number {
    return this.#process.pid ?? -1;
  }

  /** How it ended: `(signal SIGKILL)`, `(exit code 1): ` and the end of its stderr; undefined while it runs. */
  get end(): string | undefined {
    return this.#end;
  }

  /** Nothing is sent to a child that is gone: its end is what `onEnd` reports. */
  send(message: Sent): void {
    if (!this.#process.connected) return;
    this.#process.send(message as Parameters<ChildProcess['send']>[0], (error) => {
      if (error !== null) this.#stderrTail ||= error.message;
    });
  }

  /** Sends the message that asks it to end, and kills it if it has not within this time. Never rejects; may be called again. */
  async close(message: Sent, withinMs: number): Promise<void> {
    if (this.#end !== undefined) return;
    const force = setTimeout(() => this.#process.kill('SIGKILL'), withinMs);
    this.send(message);
    await this.#ended;
    clearTimeout(force);
  }

  #note(code: number | null, signal: NodeJS.Signals | null, settle: () => void): void {
    if (this.#end !== undefined) return;
    const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
    const detail = this.#stderrTail.trim();
    this.#end = `(${how})${detail === '' ? '' : `: ${detail}`}`;
    settle();
    this.#listener.onEnd(this.#end);
  }
}

import { PassThrough } from 'node:stream';
import type { Io, Output } from '../../../src/cli/io/io.ts';

/** An Io whose streams are texts, whose stdin a test writes to and whose signals a test sends. */
export class FakeIo implements Io {
  readonly argv: readonly string[] = [];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input = new PassThrough();
  readonly stdin: NodeJS.ReadStream;
  readonly rawModes: boolean[] = [];
  out = '';
  err = '';
  readonly stdout = output((text) => {
    this.out += text;
  });
  readonly stderr = output((text) => {
    this.err += text;
  });
  readonly #listeners = new Set<(signal: 'SIGINT' | 'SIGTERM') => void>();

  /** Without an environment of the test's own, nothing is warmed up: that takes a second of processor time each. */
  constructor({
    env = { FLEETSTORM_TUNING: 'off' },
    isTTY = false,
  }: { env?: Record<string, string>; isTTY?: boolean } = {}) {
    this.env = env;
    const terminal = { isTTY, setRawMode: (isRaw: boolean) => void this.rawModes.push(isRaw) };
    this.stdin = Object.assign(this.input, terminal) as unknown as NodeJS.ReadStream;
  }

  get signalListeners(): number {
    return this.#listeners.size;
  }

  onExit(): () => void {
    return () => undefined;
  }

  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  signal(signal: 'SIGINT' | 'SIGTERM'): void {
    for (const listener of this.#listeners) listener(signal);
  }

  exitNow(code: number): void {
    throw new Error(`exit ${code} was not expected`);
  }
}

function output(write: (text: string) => void): Output {
  return { write, isTTY: false, columns: 80 };
}

/** Everything of the process that a command may touch. Built once in `bin.ts`, replaced in tests. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadStream;
  /** Calls the listener at each SIGINT and SIGTERM; returns what takes it off again. */
  onSignal(listener: (signal: 'SIGINT' | 'SIGTERM') => void): () => void;
  /** Calls the listener when the process ends, however it does but by SIGKILL; returns what takes it off again. */
  onExit(listener: () => void): () => void;
  /** Ends the process at once, whatever is under way: the second Ctrl-C. */
  exitNow(code: number): void;
}

/** A stream that text is written to. */
export interface Output {
  write(text: string): void;
  readonly isTTY: boolean;
  readonly columns: number;
}

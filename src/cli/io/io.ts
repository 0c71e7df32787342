import type { machineHost } from '../../host/machine-host.ts';

/** Everything of the process that a command may touch. Built once in `bin.ts`, replaced in tests. */
export interface Io {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: NodeJS.ReadStream;
  /** Calls the listener at each signal that asks the program to end; returns what removes it. */
  onSignal(listener: (signal: EndSignal) => void): () => void;
  /** Calls the listener when the process ends in any way except SIGKILL; returns what removes it. */
  onExit(listener: () => void): () => void;
  /** Ends the process at once, whatever is under way: the last resort of Ctrl-C. */
  exitNow(code: number): void;
  /** Makes the host of runs on this machine; undefined: its threads, or processes of its own. */
  readonly machineHost?: typeof machineHost | undefined;
}

/** Ctrl-C; the end of a service, a job or a container; the end of the terminal. */
export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** A stream for text. What cannot be written is lost, without further harm. */
export interface Output {
  /** Writes a text, with control characters escaped, except colours. */
  write(text: string): void;
  /** Writes a text with codes that move the cursor, for the owner of the terminal. Only a terminal has it. */
  readonly draw?: ((text: string) => void) | undefined;
  readonly isTTY: boolean;
  readonly columns: number;
  /** Height of a terminal, in lines; undefined if unknown. */
  readonly rows?: number | undefined;
}

import type { EndSignal } from './io.ts';

/** The part of the process that is needed. */
export interface SignalSource {
  on(signal: EndSignal, listener: (signal: EndSignal) => void): unknown;
  off(signal: EndSignal, listener: (signal: EndSignal) => void): unknown;
}

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** How soon a machine repeats a signal: `timeout` signals the process and then its group; a shell and the kernel both report a closed terminal. */
const REPEAT_MS = 1_000;

/** Calls the listener at each signal that asks the program to end; returns what removes it. Only Ctrl-C counts again at once. */
export function onEndSignal(
  source: SignalSource,
  listener: (signal: EndSignal) => void,
  nowMs: () => number = () => performance.now(),
): () => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  const heard = (signal: EndSignal): void => {
    const isRepeat = signal !== 'SIGINT' && nowMs() - lastMs < REPEAT_MS;
    lastMs = nowMs();
    if (!isRepeat) listener(signal);
  };
  for (const signal of SIGNALS) source.on(signal, heard);
  return () => {
    for (const signal of SIGNALS) source.off(signal, heard);
  };
}

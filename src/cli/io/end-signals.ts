import type { EndSignal } from './io.ts';

/** What is needed of the process. */
export interface SignalSource {
  on(signal: EndSignal, listener: (signal: EndSignal) => void): unknown;
  off(signal: EndSignal, listener: (signal: EndSignal) => void): unknown;
}

const SIGNALS: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** How soon a machine repeats itself: `timeout` signals the process and then its group, a shell and the kernel both tell of a terminal that is gone. */
const REPEAT_MS = 1_000;

/** Calls the listener at each signal that asks the program to end; returns what takes it off again. Only Ctrl-C counts again at once. */
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

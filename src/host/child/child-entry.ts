import process from 'node:process';

/**
 * Serves the parent that forked this process: passes its messages on, and calls `onOrphaned` once it has gone. A handler that fails ends
 * the process with its error on stderr, where the parent finds it.
 */
export function serveParent<Received>(obey: (message: Received) => Promise<void>, onOrphaned: () => void): void {
  // A signal that ends the parent too (systemd signals every process of a service) must end the run in order first; the parent closes this process last.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('disconnect', onOrphaned);
  // The parent may have gone while this file was loading, when nobody listened.
  if (!process.connected) onOrphaned();
  process.on('message', (message: Received) => {
    obey(message).catch((error: unknown) => {
      throw error;
    });
  });
}

/** Sends the parent a message; `onSent` is called once it has left this process. */
export function tellParent(message: unknown, onSent?: () => void): void {
  process.send?.(message, undefined, undefined, () => onSent?.());
}

/** Ends this process. */
export function endChild(code: number): void {
  process.exit(code);
}

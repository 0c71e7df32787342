/**
 * Entry of the emulator's own process: `spawn.ts` forks this file. It serves until its parent says `close` or goes away.
 */
import { EmulatorFault } from './fault.ts';
import type { FromEmulator, ToEmulator } from './messages.ts';
import { type Emulator, startEmulator } from './server.ts';

let emulator: Emulator | undefined;

// Ctrl-C reaches the whole process group; the parent ends the run in order and closes this process last.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit(0));
process.on('message', (message: ToEmulator) => {
  answer(message).catch((error: unknown) => fail(error));
});

async function answer(message: ToEmulator): Promise<void> {
  switch (message.kind) {
    case 'start':
      emulator = await startEmulator(message.config);
      send({ kind: 'ready', host: emulator.host, port: emulator.port });
      return;
    case 'get-counts':
      if (emulator !== undefined) send({ kind: 'counts', counts: emulator.counts() });
      return;
    case 'close':
      await emulator?.close();
      send({ kind: 'closed' }, () => process.exit(0));
      return;
    default:
      message satisfies never;
  }
}

function fail(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof EmulatorFault ? error.code : 'start-failed';
  send({ kind: 'failed', code, message }, () => process.exit(1));
}

function send(message: FromEmulator, onSent?: () => void): void {
  process.send?.(message, undefined, undefined, () => onSent?.());
}

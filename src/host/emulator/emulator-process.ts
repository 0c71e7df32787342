/**
 * Entry of the emulator's own process: `spawn.ts` forks this file. It serves until its parent says `close` or goes away.
 */

import type { EmulatorAddresses } from '../../emulator/contract/config.ts';
import { EmulatorError } from '../../emulator/contract/emulator-error.ts';
import type { Emulator } from '../../emulator/emulator-server.ts';
import { endChild, serveParent, tellParent } from '../child/child-entry.ts';
import type { Answer, FromEmulator, Question, ToEmulator } from './process-messages.ts';
import { startTuned } from './tuned-start.ts';

// At each login aedes makes Node abort a stream with an error that nobody reads; its stack trace costs a tenth of the login.
Error.stackTraceLimit = 0;

let emulator: Emulator | undefined;

serveParent(obey, () => endChild(0));

async function obey(message: ToEmulator): Promise<void> {
  if (message.kind === 'close') {
    await emulator?.close();
    send({ kind: 'closed' }, () => endChild(0));
    return;
  }
  const { ask } = message;
  try {
    send(await answer(ask, message));
  } catch (error) {
    const isStart = message.kind === 'start';
    send(failure(ask, error), () => {
      if (isStart) endChild(1);
    });
  }
}

async function answer(ask: number, question: Question): Promise<Answer> {
  switch (question.kind) {
    case 'start':
      emulator = await startTuned(question.config, new Set(question.tuning));
      return { kind: 'ready', ask, addresses: addressesOf(emulator) };
    case 'get-counts':
      return { kind: 'counts', ask, counts: started().counts() };
    case 'control':
      return { kind: 'controlled', ask, met: await started().control(question.command) };
    default:
      return question satisfies never;
  }
}

function started(): Emulator {
  if (emulator === undefined) throw new EmulatorError('start-failed', 'the emulator has not been started');
  return emulator;
}

/** An emulator's functions cannot be sent to the parent. */
function addressesOf({ host, port, tls, auth }: Emulator): EmulatorAddresses {
  return { host, port, tls, auth };
}

function failure(ask: number, error: unknown): FromEmulator {
  const message = error instanceof Error ? error.message : String(error);
  return { kind: 'failed', ask, code: error instanceof EmulatorError ? error.code : 'start-failed', message };
}

function send(message: FromEmulator, onSent?: () => void): void {
  tellParent(message, onSent);
}

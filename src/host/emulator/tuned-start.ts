import { execArgv } from 'node:process';
import type { EmulatorConfig } from '../../emulator/contract/config.ts';
import { type Emulator, startEmulator } from '../../emulator/emulator-server.ts';
import { startWarm } from '../../emulator/emulator-warm-up.ts';
import { lowerCompilerThreads } from '../machine/compiler-threads.ts';
import { growDescriptorTable } from '../machine/descriptor-table.ts';
import type { Tuning } from '../machine/tuning.ts';

/** Connections taken without a delay; beyond these, the table of open files grows as they arrive. */
const CONNECTIONS = 16_384;

/** Starts the emulator in this process, which is its own. Rejects with an `EmulatorError` if it cannot serve. */
export async function startTuned(config: EmulatorConfig, tuning: Tuning): Promise<Emulator> {
  if (tuning.has('descriptor-table')) growDescriptorTable(CONNECTIONS);
  if (tuning.has('compiler-threads')) lowerCompilerThreads(execArgv);
  return await (tuning.has('emulator-warm-up') ? startWarm(config) : startEmulator(config));
}

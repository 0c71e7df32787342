import type { EmulatorAddresses, EmulatorConfig, EmulatorCounts } from '../../emulator/contract/config.ts';
import type { EmulatorControl } from '../../emulator/contract/control.ts';
import type { EmulatorErrorCode } from '../../emulator/contract/emulator-error.ts';
import type { TuningName } from '../machine/tuning.ts';

/** What the parent asks of the emulator's process. The configuration comes this way because it may hold a seed or paths. */
export type Question =
  | { readonly kind: 'start'; readonly config: EmulatorConfig; readonly tuning: readonly TuningName[] }
  | { readonly kind: 'get-counts' }
  | { readonly kind: 'control'; readonly command: EmulatorControl };

/** What the parent says to the emulator's process. `ask` names the question for its answer. */
export type ToEmulator = ({ readonly ask: number } & Question) | { readonly kind: 'close' };

/** What the emulator's process answers. */
export type FromEmulator =
  | { readonly kind: 'ready'; readonly ask: number; readonly addresses: EmulatorAddresses }
  | { readonly kind: 'counts'; readonly ask: number; readonly counts: EmulatorCounts }
  | { readonly kind: 'controlled'; readonly ask: number; readonly met: number | undefined }
  | { readonly kind: 'failed'; readonly ask: number; readonly code: EmulatorErrorCode; readonly message: string }
  | { readonly kind: 'closed' };

/** The answer that a question gets when it does not fail. */
export type Answer = Exclude<FromEmulator, { kind: 'failed' | 'closed' }>;

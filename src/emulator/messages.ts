import type { EmulatorConfig, EmulatorCounts } from './config.ts';
import type { EmulatorFaultCode } from './fault.ts';

/** What the parent says to the emulator's process. The configuration comes this way because it may hold a seed or paths. */
export type ToEmulator =
  | { readonly kind: 'start'; readonly config: EmulatorConfig }
  | { readonly kind: 'get-counts' }
  | { readonly kind: 'close' };

/** What the emulator's process answers. Answers to `get-counts` come in the order of the questions. */
export type FromEmulator =
  | { readonly kind: 'ready'; readonly host: string; readonly port: number }
  | { readonly kind: 'failed'; readonly code: EmulatorFaultCode; readonly message: string }
  | { readonly kind: 'counts'; readonly counts: EmulatorCounts }
  | { readonly kind: 'closed' };

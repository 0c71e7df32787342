import { escapeControls } from '../../text/safe-text.ts';

/** A login at the emulator: device, outcome and cause are as a client wrote them. */
export interface ShownLogin {
  readonly way: string;
  readonly device: string | undefined;
  readonly outcome: string;
  readonly cause: string;
}

/** `2026-11-27T03:31:00.123Z mqtt meters-000001 of a1Meters: CONNACK 4: the signature does not match`, ended by a newline. */
export function loginLine({ way, device, outcome, cause }: ShownLogin, at: Date): string {
  const parts = [...(device === undefined ? [] : [device]), outcome, ...(cause === '' ? [] : [cause])];
  return `${at.toISOString()} ${way} ${escapeControls(parts.join(': '))}\n`;
}

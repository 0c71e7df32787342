/** Devices take turns: session `i` is that of device `from + i`, and after the last of `of` devices comes the first again. */
export interface DeviceTurns {
  readonly from: number;
  readonly of: number;
}

/** Which device plays a session. */
export function deviceAtTurn(session: number, { from, of }: DeviceTurns): number {
  return (from + session) % of;
}

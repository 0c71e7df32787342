/** A login, as the emulator saw it. Free of secrets. */
export interface LoginLine {
  /** `mqtt`: a CONNECT; `auth`: an HTTPS login; `tls`: a handshake that failed. */
  readonly way: 'mqtt' | 'auth' | 'tls';
  /** `meters-000001 of a1Meters`; undefined if it named none. */
  readonly device: string | undefined;
  /** `accepted`, `CONNACK 4`, `code 401`, `closed`. */
  readonly outcome: string;
  /** Why, in words; empty for what was accepted. */
  readonly cause: string;
}

/** Takes a line for each login, when it is answered. */
export type LoginLog = (line: LoginLine) => void;

/** A device as lines name it. */
export function shownDevice({
  productKey,
  deviceName,
}: {
  readonly productKey: string;
  readonly deviceName: string;
}): string {
  return `${deviceName} of ${productKey}`;
}

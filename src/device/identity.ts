import type { PemCertificate } from '../link/socket/client-certificate.ts';
import { hmacHex } from './auth/hmac.ts';

/** A device is this triple; `productKey` + `deviceName` is its identity (docs/protocol.md section 1). */
export interface DeviceIdentity {
  readonly productKey: string;
  readonly deviceName: string;
  readonly deviceSecret: string;
  /** Fields of further columns of its row, in the order in which the fleet's templates name them. */
  readonly columns?: readonly string[] | undefined;
  /** Certificate and private key, PEM, that the device shows under TLS. */
  readonly certificate?: PemCertificate | undefined;
  /** Why the device's own certificate could not be read: this device cannot connect, all others can. */
  readonly certificateFault?: string | undefined;
}

/** Name of the device with this 0-based index in a generated fleet: `meters-000001` for index 0. */
export function generatedDeviceName(fleetName: string, index: number): string {
  return `${fleetName}-${String(index + 1).padStart(6, '0')}`;
}

/** Secret of a generated device: 32 hex digits that follow from the scenario's seed and the device's identity alone. */
export function derivedSecret(seed: number, productKey: string, deviceName: string): string {
  return hmacHex('sha256', `fleetstorm-seed-${seed}`, `${productKey}/${deviceName}`).slice(0, 32);
}

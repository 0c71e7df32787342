/** A device as named in a login. */
export interface NamedDevice {
  readonly productKey: string;
  readonly deviceName: string;
}

/** One text per device, as in a direct login's user name: a product key contains no `&`. */
export function identityOf({ productKey, deviceName }: NamedDevice): string {
  return `${deviceName}&${productKey}`;
}

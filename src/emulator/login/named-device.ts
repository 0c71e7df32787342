/** A device that was named in a login. */
export interface NamedDevice {
  readonly productKey: string;
  readonly deviceName: string;
}

/** One text a device, as it stands in a direct login's user name: a product key holds no `&`. */
export function identityOf({ productKey, deviceName }: NamedDevice): string {
  return `${deviceName}&${productKey}`;
}

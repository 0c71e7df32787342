import type { FleetInput } from '../schema/fleet-schema.ts';

/** Finds the fleet, if any, whose generated devices include this one. */
export type GeneratedOwner = (productKey: string, deviceName: string) => string | undefined;

/** Finds the fleet that generates a device of a given name, from the names alone: `meters-000017` is device 17 of `meters`. */
export function generatedOwner(fleets: readonly (FleetInput | undefined)[]): GeneratedOwner {
  const generated = new Map<string, FleetInput>();
  for (const fleet of fleets) if (typeof fleet?.devices === 'number') generated.set(fleet.name, fleet);
  if (generated.size === 0) return () => undefined;
  return (productKey, deviceName) => {
    const [, fleetName = '', digits = ''] = /^(.+)-(\d{6,7})$/.exec(deviceName) ?? [];
    const fleet = generated.get(fleetName);
    if (fleet === undefined || fleet.productKey !== productKey || typeof fleet.devices !== 'number') return undefined;
    const number = Number(digits);
    // Generated names are padded to six digits: 0000017 is none.
    const isWritten = digits === String(number).padStart(6, '0');
    return isWritten && number >= 1 && number <= fleet.devices ? fleetName : undefined;
  };
}

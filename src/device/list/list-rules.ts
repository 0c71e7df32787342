import type { Fleet } from '../fleet.ts';
import { type TemplatedFleet, templatesOf } from '../fleet-templates.ts';
import { columnNameOf, placeholdersOf } from '../template.ts';

/** Columns of a device list with a predefined meaning. */
export type DeviceColumn = 'DeviceName' | 'DeviceSecret' | 'ProductKey';

/** What the device list of a fleet must hold. */
export interface ListRules {
  /** The fleet's product, for rows that name none. */
  readonly productKey?: string | undefined;
  /** Columns without which the devices cannot log in. */
  readonly needed: readonly DeviceColumn[];
  /**
   * Whether the platform's length limits apply (docs/protocol.md section 1); MQTT's own limits are checked where the fleet's templates are known.
   */
  readonly isPlatform: boolean;
  /** Further columns that templates name, as `columnName` has them. */
  readonly columns: readonly string[];
}

/** Devices of the platform: each is a whole triple. */
export function platformRules(productKey: string | undefined): ListRules {
  return { productKey, needed: ['DeviceName', 'DeviceSecret', 'ProductKey'], isPlatform: true, columns: [] };
}

/** A fleet whose devices may come from a list. */
export type ListedFleet = TemplatedFleet & Pick<Fleet, 'productKey'>;

/** What the list of a fleet must hold. `targetHosts` may hold `${productKey}`. */
export function listRulesOf(fleet: ListedFleet, targetHosts: readonly string[]): ListRules {
  const columns = columnsOf(fleet);
  if (fleet.auth.mode !== 'password') return { ...platformRules(fleet.productKey), columns };
  const used = new Set(templatesOf(fleet).flatMap(({ text }) => placeholdersOf(text)));
  const needed: DeviceColumn[] = [];
  if (used.has('deviceName')) needed.push('DeviceName');
  if (used.has('deviceSecret')) needed.push('DeviceSecret');
  if (needsProductKey(fleet, targetHosts)) needed.push('ProductKey');
  return { productKey: fleet.productKey, needed, isPlatform: false, columns };
}

/** Whether anything uses the product key of the fleet's devices. */
export function needsProductKey(fleet: TemplatedFleet, targetHosts: readonly string[]): boolean {
  if (fleet.auth.mode !== 'password') return true;
  const texts = [...targetHosts, ...templatesOf(fleet).map(({ text }) => text)];
  return texts.some((text) => placeholdersOf(text).includes('productKey'));
}

/** Further columns of the device list that the fleet's templates name, each once. */
export function columnsOf(fleet: TemplatedFleet): string[] {
  const names = templatesOf(fleet).flatMap(({ text }) => placeholdersOf(text).map(columnNameOf));
  return [...new Set(names.filter((name) => name !== undefined))];
}

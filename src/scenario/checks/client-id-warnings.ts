import type { Fleet } from '../../device/fleet.ts';
import { generatedDeviceName } from '../../device/identity.ts';
import { scanDeviceCsv } from '../../device/list/device-csv.ts';
import { isRefusal } from '../../device/list/device-csv-row.ts';
import { type ListRules, listRulesOf } from '../../device/list/list-rules.ts';
import { generatedRoster } from '../../device/list/roster.ts';
import { placeholdersOf, type TemplateValues } from '../../device/template.ts';
import { counted, grouped } from '../../text/counts.ts';
import type { Environment } from '../environment.ts';
import type { Scenario } from '../scenario.ts';
import type { Fault } from '../text/fault.ts';
import { faultAt, nodeAt, type RawNode } from '../text/raw.ts';
import { DeviceSet, NOBODY } from './device-set.ts';
import { FleetTexts } from './fleet-texts.ts';

/** Client ids shared by two fleets, or by rows of one list. */
interface Shared {
  count: number;
  /** The first of them. */
  readonly example: string;
}

/**
 * Warnings about client ids, made from templates, that several devices share: when one logs in, the service closes the session of the
 * other. Only 53 bits of each are remembered, so among several million, one may be reported that is not shared.
 */
export async function clientIdWarnings(
  root: RawNode,
  scenario: Scenario,
  environment: Environment | undefined,
): Promise<Fault[]> {
  const { fleets, target } = scenario;
  const own = fleets.filter(({ auth }) => auth.mode === 'password');
  // In a single fleet of generated devices, the template alone shows whether ids are shared.
  if (own.length < 2 && own.every(({ devices }) => devices.kind === 'generated')) return [];
  const hosts = target.kind === 'mqtt' ? target.addresses.map(({ host }) => host) : [];
  const seen = new DeviceSet();
  const warnings: Fault[] = [];
  for (const [index, fleet] of fleets.entries()) {
    if (fleet.auth.mode !== 'password') continue;
    const rules = listRulesOf(fleet, hosts);
    const shared = new Map<number, Shared>();
    for await (const clientId of clientIdsOf(fleet, rules, environment, scenario.seed)) {
      const owner = seen.add('', clientId, index);
      if (owner === NOBODY) continue;
      const found = shared.get(owner);
      if (found === undefined) shared.set(owner, { count: 1, example: clientId });
      else found.count++;
    }
    for (const [owner, found] of shared) warnings.push(warningOf(root, fleets, index, owner, found));
  }
  return warnings;
}

/** The client ids of a fleet; just one if all are the same, which has a warning of its own. Empty ones are skipped: the service makes one up. */
async function* clientIdsOf(
  fleet: Fleet,
  rules: ListRules,
  environment: Environment | undefined,
  seed: number,
): AsyncGenerator<string, void, undefined> {
  const texts = new FleetTexts(fleet, fleet.connection.clean, environment, rules.columns);
  if (texts.hasOwnClientIds === undefined) return;
  for await (const values of valuesOf(fleet, rules, seed)) {
    const clientId = texts.clientIdOf(values);
    if (clientId !== undefined && clientId !== '') yield clientId;
    if (!texts.hasOwnClientIds) return;
  }
}

async function* valuesOf(
  fleet: Fleet,
  rules: ListRules,
  seed: number,
): AsyncGenerator<TemplateValues, void, undefined> {
  const { devices, name, productKey = '' } = fleet;
  if (devices.kind === 'generated') {
    const roster = generatedRoster(name, productKey, devices.count, seed);
    const hasSecret = fleet.auth.mode === 'password' && fleet.auth.clientId.includes('deviceSecret');
    for (let index = 0; index < devices.count; index++) {
      const deviceName = generatedDeviceName(name, index);
      const device = hasSecret ? roster.deviceAt(index) : { deviceName, productKey, deviceSecret: '' };
      yield { ...device, index: String(index + 1) };
    }
    return;
  }
  let index = 0;
  for await (const row of scanDeviceCsv(devices.path, rules)) {
    if (!isRefusal(row)) yield { ...row, index: String(++index) };
  }
}

function warningOf(root: RawNode, fleets: readonly Fleet[], index: number, owner: number, shared: Shared): Fault {
  const path = ['fleets', index, 'auth', 'clientId'];
  const place = nodeAt(root, path) === undefined ? ['fleets', index] : path;
  const isPlain = [index, owner].every((fleet) => hasPlainIds(fleets[fleet]));
  const such = isPlain ? `, such as ${shared.example}` : '';
  if (owner === index) {
    const rows =
      shared.count === 1 ? '1 row of the device list has' : `${grouped(shared.count)} rows of the device list have`;
    return faultAt(root, place, {
      message: `${rows} the client id of an earlier row${such}: sessions that share one close each other`,
    });
  }
  const ids = `${counted(shared.count, 'client id')} ${shared.count === 1 ? 'is' : 'are'}`;
  const message = `${ids} also used by fleet ${fleets[owner]?.name}${such}: their sessions close each other`;
  const hint = usesIndex(fleets[index]) ? `\${index} starts at 1 in each fleet` : undefined;
  return faultAt(root, place, { message, hint });
}

/** Whether client ids may be shown: they contain nothing from a list or the environment. */
function hasPlainIds(fleet: Fleet | undefined): boolean {
  return (
    clientIdPlaceholders(fleet).every((name) => name === 'index' || name === 'deviceName' || name === 'productKey') &&
    fleet?.devices.kind === 'generated'
  );
}

function usesIndex(fleet: Fleet | undefined): boolean {
  return clientIdPlaceholders(fleet).includes('index');
}

function clientIdPlaceholders(fleet: Fleet | undefined): string[] {
  return fleet?.auth.mode === 'password' ? placeholdersOf(fleet.auth.clientId) : [];
}

import { columnNameOf, placeholdersOf } from '../../../device/template.ts';
import type { FleetShard, ServiceAccess } from '../../../fleet/protocol.ts';
import { hasLiterals, secretTemplate } from '../../../scenario/checks/removed-secrets.ts';
import type { AgentShare } from './agent-share.ts';

/** What of a share is secret, in words, each once; empty if nothing is. Devices that are generated from the seed have no secrets. */
export function secretsOf({ plans, access, environment }: AgentShare): string[] {
  const shards = plans.flatMap(({ fleets }) => fleets);
  return [
    ...new Set([
      ...shards.flatMap(loginSecrets),
      ...shards.flatMap(listSecrets),
      ...Object.keys(environment).map((name) => `the value of the environment variable ${name}`),
      ...accessSecrets(access),
    ]),
  ];
}

/** Passwords written in the scenario, and user names without a password, which some services use as tokens. */
function loginSecrets({ fleet }: FleetShard): string[] {
  const template = secretTemplate(fleet.auth);
  return template === undefined || !hasLiterals(template.text)
    ? []
    : [`the ${template.field === 'password' ? 'password' : 'user name without a password'} of fleet ${fleet.name}`];
}

function listSecrets({ fleet, rows = [] }: FleetShard): string[] {
  if (fleet.devices.kind !== 'csv') return [];
  const { path } = fleet.devices;
  const found: string[] = [];
  if (rows.some(({ deviceSecret }) => deviceSecret !== '')) found.push(`the device secrets of ${path}`);
  if (rows.some(({ certificate }) => certificate !== undefined)) found.push(`the private keys of ${path}`);
  const columns = placeholdersOf(secretTemplate(fleet.auth)?.text ?? '').map(columnNameOf);
  for (const column of columns) if (column !== undefined) found.push(`the column ${column} of ${path}`);
  return found;
}

function accessSecrets({ tls }: ServiceAccess): string[] {
  const found: string[] = [];
  if (tls?.client !== undefined)
    found.push(`the private key of target.tls.${'pfx' in tls.client ? 'clientPfx' : 'clientKey'}`);
  if (tls?.passphrase !== undefined) found.push('the passphrase of target.tls.clientKeyPassphrase');
  return found;
}

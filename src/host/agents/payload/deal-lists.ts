import { basename, dirname } from 'node:path';
import type { Fleet } from '../../../device/fleet.ts';
import { templatesOf } from '../../../device/fleet-templates.ts';
import type { DeviceIdentity } from '../../../device/identity.ts';
import { readDeviceCsv } from '../../../device/list/device-csv.ts';
import type { CsvDevice } from '../../../device/list/device-csv-row.ts';
import { isCertificateFile } from '../../../device/list/row-certificate.ts';
import { placeholdersOf } from '../../../device/template.ts';
import { showsCertificates } from '../../../fleet/fleet-access.ts';
import { listRulesFor } from '../../../fleet/fleet-addresses.ts';
import { identityOf } from '../../../fleet/fleet-roster.ts';
import type { FleetShard, PlannedShard } from '../../../fleet/protocol.ts';
import { grouped } from '../../../text/counts.ts';
import type { ListFile } from './agent-share.ts';
import { listFileOf } from './list-file.ts';
import { AgentListError } from './share-error.ts';

const MIB = 1_024 * 1_024;

/** How much of device lists is sent, in bytes of JSON. */
export interface ListLimits {
  /** To one agent. */
  readonly perShare: number;
  /** To all agents of a run: the coordinator holds it all at once, and so does Redis. */
  readonly perRun: number;
}

export const LIST_LIMITS: ListLimits = { perShare: 64 * MIB, perRun: 256 * MIB };

/** The plans of agents with their devices, as far as these travel. */
export interface DealtLists {
  /** Agent by agent, as they were given. */
  readonly shares: readonly (readonly PlannedShard[])[];
  /** Lists that must lie on each agent. */
  readonly files: readonly ListFile[];
}

/**
 * Reads the device lists of a run, each once, and gives the plan of every worker its own rows: no agent gets those of another. What a login
 * does not use of them (secrets, certificates) stays here. A list that would make a share too large is left out as a whole, and told by
 * name and SHA-256 instead. `shares`: the plans of each agent. Throws an `AgentListError` in words.
 */
export async function dealLists(
  shares: readonly (readonly PlannedShard[])[],
  limits: ListLimits = LIST_LIMITS,
): Promise<DealtLists> {
  const dealer = new Dealer(shares, limits);
  for (const fleet of shares.flat()[0]?.fleets.keys() ?? []) await dealer.deal(fleet);
  return dealer.dealt();
}

/** The rows of one worker's share of a fleet. */
interface Pile {
  /** Whose agent's. */
  readonly share: number;
  readonly shard: FleetShard;
  readonly rows: DeviceIdentity[];
}

/** A list as its fleet names it. */
interface List {
  readonly path: string;
  readonly count: number;
}

class Dealer {
  readonly #shares: readonly (readonly PlannedShard[])[];
  readonly #limits: ListLimits;
  /** Bytes of the lists that travel, by agent. */
  readonly #bytes: number[];
  /** By base name. */
  readonly #files = new Map<string, ListFile>();
  readonly #rows = new Map<FleetShard, readonly DeviceIdentity[]>();

  constructor(shares: readonly (readonly PlannedShard[])[], limits: ListLimits) {
    this.#shares = shares;
    this.#limits = limits;
    this.#bytes = shares.map(() => 0);
  }

  async deal(fleet: number): Promise<void> {
    const piles = this.#pilesOf(fleet);
    const shard = piles[0]?.shard;
    if (shard === undefined || shard.fleet.devices.kind === 'generated') return;
    const list = shard.fleet.devices;
    if (await this.#fill(piles, shard, list)) for (const pile of piles) this.#rows.set(pile.shard, pile.rows);
    else await this.#leave(shard, list);
  }

  dealt(): DealtLists {
    const shares = this.#shares.map((plans) =>
      plans.map((plan) => ({ ...plan, fleets: plan.fleets.map((shard) => this.#withRows(shard)) })),
    );
    return { shares, files: [...this.#files.values()] };
  }

  #pilesOf(fleet: number): Pile[] {
    return this.#shares.flatMap((plans, share) =>
      plans.flatMap(({ fleets }): Pile[] => {
        const shard = fleets[fleet];
        return shard === undefined ? [] : [{ share, shard, rows: [] }];
      }),
    );
  }

  #withRows(shard: FleetShard): FleetShard {
    const rows = this.#rows.get(shard);
    const fleet = withoutFolder(shard.fleet);
    return rows === undefined ? { ...shard, fleet } : { ...shard, fleet, rows };
  }

  /** Deals out the rows of a list; false, and none is dealt, if that would be too much. */
  async #fill(piles: readonly Pile[], shard: FleetShard, { path, count }: List): Promise<boolean> {
    const ownerOf = owners(piles);
    const parts = usedParts(shard);
    const bytes = [...this.#bytes];
    let index = 0;
    for await (const device of readDeviceCsv(path, listRulesFor(shard))) {
      const pile = ownerOf(index++);
      if (pile === undefined) continue;
      const row = await rowOf(device, dirname(path), parts);
      pile.rows.push(row);
      bytes[pile.share] = (bytes[pile.share] ?? 0) + Buffer.byteLength(JSON.stringify(row));
      if (!this.#fits(bytes, pile.share)) return false;
    }
    if (index !== count) throw changed(path, index, count);
    this.#bytes.splice(0, bytes.length, ...bytes);
    return true;
  }

  #fits(bytes: readonly number[], share: number): boolean {
    if ((bytes[share] ?? 0) > this.#limits.perShare) return false;
    return bytes.reduce((sum, own) => sum + own, 0) <= this.#limits.perRun;
  }

  /** Tells a list by what identifies it. */
  async #leave(shard: FleetShard, { path }: List): Promise<void> {
    if (usedParts(shard).certificates) await refuseCertificateFiles(path, shard);
    const file = await listFileOf(path);
    const other = this.#files.get(file.name);
    if (other !== undefined && other.sha256 !== file.sha256) throw sameName(file.name);
    this.#files.set(file.name, file);
  }
}

/** Tells whose a device is. All shares of a fleet are of one cycle. */
function owners(piles: readonly Pile[]): (index: number) => Pile | undefined {
  const step = piles[0]?.shard.share.step ?? 1;
  const bySlot = new Array<Pile | undefined>(step).fill(undefined);
  for (const pile of piles) {
    if (pile.shard.share.step !== step) throw new Error('the shares of a fleet are of several splits');
    for (const offset of pile.shard.share.offsets) bySlot[offset] = pile;
  }
  return (index) => bySlot[index % step];
}

/** What of a row its device uses. */
interface UsedParts {
  readonly secret: boolean;
  readonly certificates: boolean;
}

function usedParts(shard: FleetShard): UsedParts {
  const { auth } = shard.fleet;
  const texts = templatesOf(shard.fleet).map(({ text }) => text);
  return {
    secret: auth.mode !== 'password' || texts.flatMap(placeholdersOf).includes('deviceSecret'),
    certificates: showsCertificates(shard),
  };
}

async function rowOf(device: CsvDevice, folder: string, { secret, certificates }: UsedParts): Promise<DeviceIdentity> {
  const { clientCert: _cert, clientKey: _key, ...bare } = device;
  const used = certificates ? device : bare;
  return await identityOf(secret ? used : { ...used, deviceSecret: '' }, folder);
}

/** Files beside a list that lies on an agent would be read there, unchecked. */
async function refuseCertificateFiles(path: string, shard: FleetShard): Promise<void> {
  for await (const device of readDeviceCsv(path, listRulesFor(shard))) {
    if (!isCertificateFile(device)) continue;
    throw new AgentListError(
      `${path}:${device.line}: names files of a certificate, and the list is too large to be sent to agents with what it names: put the PEM itself into ClientCert and ClientKey`,
    );
  }
}

/** Where a list lies on this machine is nobody else's business. */
function withoutFolder(fleet: Fleet): Fleet {
  const { devices } = fleet;
  return devices.kind === 'generated' ? fleet : { ...fleet, devices: { ...devices, path: basename(devices.path) } };
}

function changed(path: string, found: number, expected: number): AgentListError {
  return new AgentListError(
    `${path} was changed since the scenario was checked: ${grouped(found)} devices instead of ${grouped(expected)}`,
  );
}

function sameName(name: string): AgentListError {
  return new AgentListError(
    `two lists that are too large to send are both called ${name}, and an agent finds lists by their names: rename one`,
  );
}

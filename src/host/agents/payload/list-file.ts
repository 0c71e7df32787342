import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, join, sep } from 'node:path';
import { refuseSpecialFile } from '../../../files/regular-file.ts';
import { causeOf } from '../../../files/system-error.ts';
import type { PlannedShard } from '../../../fleet/protocol.ts';
import { grouped } from '../../../text/counts.ts';
import type { AgentShare, ListFile } from './agent-share.ts';
import { AgentListError } from './share-error.ts';

const MIB = 1_024 * 1_024;

/** What identifies a list that is too large to send. Throws an `AgentListError` if it cannot be read. */
export async function listFileOf(path: string): Promise<ListFile> {
  try {
    await refuseSpecialFile(path);
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of createReadStream(path)) {
      hash.update(chunk);
      bytes += chunk.length;
    }
    return { name: basename(path), bytes, sha256: hash.digest('hex') };
  } catch (error) {
    throw new AgentListError(`${path}: ${causeOf(error)}`, { cause: error });
  }
}

/**
 * The share with the lists that lie on this machine found in `folder`, an agent's `--data`: each must be the coordinator's to the last byte,
 * and in that folder itself. Throws an `AgentListError` in words.
 */
export async function withListFiles(share: AgentShare, folder: string | undefined): Promise<AgentShare> {
  if (share.files.length === 0) return share;
  const paths = new Map<string, string>();
  for (const file of share.files) paths.set(file.name, await foundIn(folder, file));
  return { ...share, plans: share.plans.map((plan) => withPaths(plan, paths)) };
}

async function foundIn(folder: string | undefined, file: ListFile): Promise<string> {
  const { name, sha256, bytes } = file;
  const size = `${grouped(Math.ceil(bytes / MIB))} MiB`;
  if (folder === undefined) {
    throw new AgentListError(
      `${name} (${size}) is too large to be sent, and this agent was given no folder with it: start it with --data DIR`,
    );
  }
  const path = await ownPath(folder, name);
  const found = await listFileOf(path);
  if (found.sha256 === sha256) return path;
  throw new AgentListError(
    `${path} is not the list of this run: SHA-256 ${found.sha256}, expected ${sha256}; copy ${name} (${size}) there anew`,
  );
}

/** The path of a file in the folder; links may lead anywhere in it, but not out of it. */
async function ownPath(folder: string, name: string): Promise<string> {
  const path = join(folder, basename(name));
  try {
    const [inside, found] = await Promise.all([realpath(folder), realpath(path)]);
    if (found.startsWith(inside.endsWith(sep) ? inside : `${inside}${sep}`)) return found;
  } catch (error) {
    throw new AgentListError(`${path}: ${causeOf(error)}; the list is too large to be sent, so copy it there`, {
      cause: error,
    });
  }
  throw new AgentListError(`${path} leads out of ${folder}: put the file itself there`);
}

function withPaths(plan: PlannedShard, paths: ReadonlyMap<string, string>): PlannedShard {
  const fleets = plan.fleets.map((shard) => {
    const { devices } = shard.fleet;
    const path = devices.kind === 'generated' || shard.rows !== undefined ? undefined : paths.get(devices.path);
    if (devices.kind === 'generated' || path === undefined) return shard;
    return { ...shard, fleet: { ...shard.fleet, devices: { ...devices, path } } };
  });
  return { ...plan, fleets };
}

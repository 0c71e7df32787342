import { once } from 'node:events';
import type { Server } from 'node:http';
import { statsOf } from '../../files/what-is-there.ts';
import { claimFolder } from '../../outlets/folder/claim.ts';
import { type ListenAddress, LOOPBACK, listenOn, PortError } from '../../outlets/listen.ts';
import { parseListenAddress } from '../../outlets/listen-address.ts';
import { dashboardPort } from './export-options.ts';
import type { OutletArgs } from './run-outlets.ts';

/** What a run would need and something else holds now: ports and the folder of the results, in words. All of it is let go again. */
export async function busyFaults({ out, dashboard, prometheus }: OutletArgs): Promise<string[]> {
  const dashboardAt = dashboard === undefined ? undefined : dashboardPort(dashboard);
  const metrics = prometheus === undefined ? undefined : parseListenAddress(prometheus, '--prometheus');
  const faults = [
    dashboardAt === undefined ? undefined : await portFault({ host: LOOPBACK, port: dashboardAt }, '--dashboard'),
    metrics?.ok === true ? await portFault(metrics.address, '--prometheus') : undefined,
    out === undefined ? undefined : await folderBusy(out),
  ];
  return faults.filter((fault) => fault !== undefined);
}

async function portFault(address: ListenAddress, option: string): Promise<string | undefined> {
  if (address.port === 0 && address.host === LOOPBACK) return undefined;
  let server: Server;
  try {
    server = await listenOn(address, option);
  } catch (error) {
    if (error instanceof PortError) return error.message;
    throw error;
  }
  server.close();
  await once(server, 'close');
  return undefined;
}

async function folderBusy(path: string): Promise<string | undefined> {
  const there = await statsOf(path).catch(() => undefined);
  if (there?.isDirectory() !== true) return undefined;
  const claim = await claimFolder(path);
  claim?.letGo();
  return claim === undefined ? `--out ${path} cannot take the results: another run is writing to it` : undefined;
}

import { connectAsync } from 'mqtt';

/** What a mosquitto says of its clients, without the one that asks. */
export interface SysCounts {
  readonly connected: number;
  readonly maximum: number;
}

/**
 * Follows `$SYS` of a broker on this machine, which must be started with `sys_interval 1`. It tells counts only when they have changed, and
 * at most once a second.
 */
export async function sysCountsOf(port: number): Promise<{ counts(): SysCounts; close(): Promise<void> }> {
  const client = await connectAsync(`mqtt://127.0.0.1:${port}`, { clientId: 'sys-counts' });
  const told = { connected: 1, maximum: 1 };
  client.on('message', (topic, payload) => {
    if (topic.endsWith('/connected')) told.connected = Number(payload.toString());
    if (topic.endsWith('/maximum')) told.maximum = Number(payload.toString());
  });
  await client.subscribeAsync(['$SYS/broker/clients/connected', '$SYS/broker/clients/maximum']);
  return {
    counts: () => ({ connected: told.connected - 1, maximum: told.maximum - 1 }),
    close: () => client.endAsync(),
  };
}

import { expect, it } from 'vitest';
import { RedisLink } from '../../src/host/agents/redis/redis-link.ts';
import { startRedis } from './redis.ts';

it('makes no copy of a connection for BullMQ anew once it is closed, so that the program can end', async () => {
  const redis = await startRedis();
  const address = { host: '127.0.0.1', port: redis.port, db: 0, isSecure: false, words: redis.url };
  const link = await RedisLink.open(address);
  const connection = link.queueConnection();
  const copy = connection.duplicate();
  copy.on('error', () => undefined);
  await copy.ping();
  await redis.stop();
  // While the link is open, it is tried again and again, with an error each time.
  await new Promise<void>((resolve) => copy.once('reconnecting', () => resolve()));
  connection.disconnect();
  link.close();
  await expect.poll(() => copy.status).toBe('end');
  await redis.close();
});
